"""sherpa-onnx in its own process, on a tiny model of the real shape; skipped where the optional package is absent."""

from pathlib import Path

import pytest

from engine.audio import silence
from engine.errors import ProviderFailed
from engine.providers.base import Expectation
from engine.providers.child_worker import HeardWord
from engine.providers.local_sherpa_ears import SherpaEars
from engine.providers.sherpa_worker import words
from tests.providers.fake_sense_voice import write_sense_voice
from tests.providers.hearing import hear

CLIP = silence(3.0, 16_000)


async def test_a_turn_is_heard_with_its_words_times(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    ears = SherpaEars(write_sense_voice(tmp_path / "tiny-sense-voice"))
    try:
        await ears.warm()
        async with ears.listen(Expectation()) as listening:
            first = await hear(listening, CLIP, 1)
            second = await hear(listening, CLIP, 2)
    finally:
        await ears.close()
    assert first.text == second.text == "hello world"
    assert [word.text for word in first.words] == ["hello", "world"]
    assert [round(word.start, 2) for word in first.words] == [0.3, 0.6]
    assert first.words[0].end == first.words[1].start


async def test_a_broken_model_is_a_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    folder = write_sense_voice(tmp_path / "tiny-sense-voice")
    (folder / "model.int8.onnx").write_bytes(b"half a download")
    ears = SherpaEars(folder)
    try:
        with pytest.raises(ProviderFailed, match=r"Local recogniser \(tiny-sense-voice\) died"):
            await ears.warm()
    finally:
        await ears.close()


def test_pieces_become_words() -> None:
    heard = words(["\u2581HE", "LLO", "\u2581WORLD"], [0.1, 0.2, 3.0], offset=10.0)
    assert heard == (
        HeardWord(text="hello", start=10.1, end=10.7, confidence=1.0),
        HeardWord(text="world", start=13.0, end=13.5, confidence=1.0),
    )
    assert words([" a", " b"], []) == ()
