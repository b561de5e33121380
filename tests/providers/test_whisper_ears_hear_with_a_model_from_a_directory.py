"""faster-whisper in its own process, on a tiny model that the test makes; skipped where the package is absent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree

import pytest

from engine.audio import silence
from engine.errors import ProviderFailed
from engine.local_models import check
from engine.providers import local_whisper_ears
from engine.providers.base import Expectation
from engine.providers.local_whisper_ears import WhisperEars, find_model
from engine.providers.registry import choose
from engine.settings import Settings
from tests.providers.hearing import hear, said
from tests.providers.speech_to_text_conformance import SpeechToTextConformance, Subject

pytest.importorskip("faster_whisper")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.providers.fake_whisper import write_whisper

    return write_whisper(tmp_path_factory.mktemp("models") / "faster-whisper-tiny.en")


class TestWhisperEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self, folder: Path) -> AsyncIterator[Subject]:
        clip = await said("Who is it for?")
        heard = Subject(ears=WhisperEars(folder), clip=lambda _: clip, lost=lambda _: clip, texts=("hello world.",) * 3)
        yield heard
        await heard.close()


async def test_a_turn_is_heard_with_its_words_times_and_silence_is_not(folder: Path) -> None:
    ears = WhisperEars(folder.parent)
    try:
        await ears.warm()
        async with ears.listen(Expectation(sentences=("We sell Oatly bars.",))) as listening:
            first = await hear(listening, await said("Who is it for?"), 1)
            second = await hear(listening, silence(2.0, 16_000), 2)
    finally:
        await ears.close()
    assert first.text == "hello world."
    assert [word.text for word in first.words] == ["hello", "world."]
    assert 0.0 <= first.words[0].start < first.words[0].end <= first.words[1].start < first.words[1].end < 2.0
    assert (second.text, second.words) == ("", ())


async def test_a_broken_model_is_a_clear_error(folder: Path, tmp_path: Path) -> None:
    broken = copytree(folder, tmp_path / "broken")
    (broken / "model.bin").write_bytes(b"half a download")
    ears = WhisperEars(broken)
    try:
        with pytest.raises(ProviderFailed, match=r"Local recogniser \(broken\) died"):
            await ears.warm()
    finally:
        await ears.close()


def test_it_is_found_and_what_it_lacks_is_named(folder: Path, tmp_path: Path) -> None:
    assert check(folder.parent)[0] == (
        "hearing: faster-whisper-tiny.en: a whisper recogniser, hears when one has spoken"
    )
    half = tmp_path / "half"
    half.mkdir()
    for name in ("model.bin", "config.json"):
        (half / name).write_bytes((folder / name).read_bytes())
    assert check(tmp_path)[0] == "hearing: half: an incomplete Whisper, tokenizer.json, vocabulary.txt missing"
    (half / "config.json").write_text('{"bos_token": "<s>"}')
    assert "no recogniser in it" in check(tmp_path)[0], "a translator is none"
    with pytest.raises(ProviderFailed, match="No local recogniser"):
        WhisperEars(tmp_path)


def test_without_the_package_it_is_said_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_whisper_ears, "find_spec", lambda _: None)
    assert "pip install 'faster-whisper" in check(folder)[0]
    with pytest.raises(ProviderFailed, match="pip install"):
        WhisperEars(folder)


def test_a_directory_in_the_settings_is_enough(folder: Path) -> None:
    chosen = choose(Settings(_env_file=None, speech_models=str(folder.parent)))
    assert chosen.ears.about.label == "Local recogniser (faster-whisper-tiny.en)"
    assert find_model(folder) == folder
