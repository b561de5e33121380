"""A real sherpa-onnx, with a tiny model of our own in the place of a real voice. Skipped where it is not installed."""

import sys
import threading
from contextlib import aclosing
from pathlib import Path

import pytest
from fake_piper_voice import RATE, write_piper_voice
from text_to_speech_conformance import TextToSpeechConformance, hear

from engine.errors import ProviderFailed
from engine.providers.base import Voice
from engine.providers.local_sherpa_voice import SherpaVoice
from engine.providers.local_speaking import phonemes

pytest.importorskip("sherpa_onnx")


class TestSherpa(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, tmp_path: Path) -> SherpaVoice:
        return SherpaVoice(write_piper_voice(tmp_path / "vits-piper-en_US-test"))


async def test_it_is_loaded_at_the_first_sentence_and_then_kept(tmp_path: Path) -> None:
    write_piper_voice(tmp_path)
    voice = SherpaVoice(tmp_path)
    assert voice._engine is None
    assert (await hear(voice, "Hello.")).rate == RATE
    engine = voice._engine
    await hear(voice, "Again.")
    assert voice._engine is engine


async def test_each_sentence_is_a_chunk_of_its_own_so_that_the_first_sounds_early(tmp_path: Path) -> None:
    text = "The first sentence comes early, long before the others. " * 4
    chunks = [chunk async for chunk in SherpaVoice(write_piper_voice(tmp_path)).speak(text, Voice())]
    assert len(chunks) > 1
    assert all(chunk.words for chunk in chunks)


async def test_leaving_stops_before_the_next_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = SherpaVoice(write_piper_voice(tmp_path))
    pieces: list[str] = []
    synthesize = voice._synthesize

    def counted(text: str, speaker: int, speed: float, stop: threading.Event):
        pieces.append(text)
        return synthesize(text, speaker, speed, stop)

    monkeypatch.setattr(voice, "_synthesize", counted)
    async with aclosing(voice.speak("One sentence after the other is being spoken here. " * 20, Voice())) as chunks:
        await anext(chunks)
    assert len(pieces) == 1


async def test_a_file_that_is_no_model_is_said_in_words_to_show(tmp_path: Path) -> None:
    write_piper_voice(tmp_path / "broken")
    next((tmp_path / "broken").glob("*.onnx")).write_bytes(b"no model at all" * 100)
    with pytest.raises(ProviderFailed, match="broken is no vits voice that sherpa-onnx can use"):
        await hear(SherpaVoice(tmp_path / "broken"), "Hello.")


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.providers.local_sherpa_voice.find_spec", lambda _name: None)
    assert "sherpa_onnx" in sys.modules
    with pytest.raises(ProviderFailed, match="pip install 'sherpa-onnx"):
        SherpaVoice(write_piper_voice(tmp_path))


def test_sounds_keep_the_punctuation_that_carries_the_melody() -> None:
    assert phonemes("Hello there, my friend. Ready?", "en-us") == "həlˈoʊ ðˈɛɹ, maɪ fɹˈɛnd. ɹˈɛdi?"
