"""Piper's voices as they are downloaded, run by onnxruntime: a tiny model that the test makes in the place of one."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from engine.errors import ProviderFailed
from engine.local_models import check
from engine.providers import local_piper_voice
from engine.providers.base import Voice
from engine.providers.local_piper_voice import BEGIN, END, PAD, PiperVoice, find_models, numbers
from engine.providers.local_speaking import phonemes
from engine.providers.registry import choose
from engine.settings import Settings
from tests.providers.fake_piper_voice import RATE, write_plain_piper_voice
from tests.providers.text_to_speech_conformance import TextToSpeechConformance, hear


class TestPiperVoice(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, tmp_path: Path) -> PiperVoice:
        return PiperVoice(write_plain_piper_voice(tmp_path))


class TestPiperVoicesWithManySpeakers(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, tmp_path: Path) -> PiperVoice:
        write_plain_piper_voice(tmp_path / "en", num_speakers=2, speaker_id_map={"ada": 0, "bob": 1})
        write_plain_piper_voice(tmp_path / "gb", name="en_GB-other-low", espeak={"voice": "en-gb-x-rp"})
        return PiperVoice(tmp_path)


def test_each_speaker_of_each_voice_has_a_name(tmp_path: Path) -> None:
    write_plain_piper_voice(tmp_path, num_speakers=2, speaker_id_map={"ada": 0, "bob": 1})
    write_plain_piper_voice(tmp_path, name="fr_FR-other-low", num_speakers=3)
    assert list(PiperVoice(tmp_path).voices()) == [
        "en_US-test-low ada",
        "en_US-test-low bob",
        *(f"fr_FR-other-low {number}" for number in (1, 2, 3)),
    ]


def test_a_text_becomes_the_numbers_of_its_sounds_with_padding_between(tmp_path: Path) -> None:
    (model,) = find_models(write_plain_piper_voice(tmp_path))
    assert isinstance(model, local_piper_voice.Model)
    (begin,), (pad,), (end,) = (model.sounds[sign] for sign in (BEGIN, PAD, END))
    sounds = [model.sounds[sound][0] for sound in phonemes("Hello.", "en-us")]
    assert numbers(model, "Hello.") == [begin, pad, *(each for sound in sounds for each in (sound, pad)), end]


def test_a_voice_that_reads_letters_gets_letters(tmp_path: Path) -> None:
    (model,) = find_models(write_plain_piper_voice(tmp_path, phoneme_type="text"))
    assert isinstance(model, local_piper_voice.Model)
    assert numbers(model, "Ab")[2:-1:2] == [model.sounds["a"][0], model.sounds["b"][0]]


async def test_it_is_loaded_at_the_first_sentence_and_then_kept(tmp_path: Path) -> None:
    voice = PiperVoice(write_plain_piper_voice(tmp_path))
    assert not voice._loaded
    assert (await hear(voice, "Hello.")).rate == RATE
    (session,) = voice._loaded.values()
    await hear(voice, "Again.")
    assert list(voice._loaded.values()) == [session]


async def test_leaving_stops_before_the_next_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice, pieces = PiperVoice(write_plain_piper_voice(tmp_path)), []
    synthesize = voice._synthesize
    monkeypatch.setattr(voice, "_synthesize", lambda text, *rest: pieces.append(text) or synthesize(text, *rest))
    async with aclosing(voice.speak("One sentence after the other is being spoken here. " * 20, Voice())) as chunks:
        await anext(chunks)
    assert len(pieces) == 1


async def test_a_file_that_is_no_model_is_said_in_words_to_show(tmp_path: Path) -> None:
    (write_plain_piper_voice(tmp_path) / "en_US-test-low.onnx").write_bytes(b"half a download" * 100)
    with pytest.raises(ProviderFailed, match="en_US-test-low is no Piper voice that can be used"):
        await hear(PiperVoice(tmp_path), "Hello.")


async def test_an_accent_that_espeak_does_not_know_is_said(tmp_path: Path) -> None:
    voice = PiperVoice(write_plain_piper_voice(tmp_path, espeak={"voice": "xx-nowhere"}))
    with pytest.raises(ProviderFailed, match="no voice xx-nowhere"):
        await hear(voice, "Hello.")


def test_what_is_there_or_missing_is_said_in_one_line(tmp_path: Path) -> None:
    assert "no voice in it" in check(tmp_path)[1]
    write_plain_piper_voice(tmp_path / "voice")
    assert check(tmp_path)[1] == "speaking: en_US-test-low: a Piper voice"
    (tmp_path / "voice" / "en_US-test-low.onnx").unlink()
    assert check(tmp_path)[1].endswith("the voice itself, en_US-test-low.onnx, is missing beside it")
    write_plain_piper_voice(tmp_path / "voice", phoneme_type="pinyin")
    assert "wants to be pronounced in another way" in check(tmp_path)[1]
    (tmp_path / "voice" / "en_US-test-low.onnx.json").write_text("{}")
    with pytest.raises(ProviderFailed, match="no voice of Piper's"):
        PiperVoice(tmp_path)


@pytest.mark.parametrize("wanted", ["auto", "models"])
def test_a_directory_in_the_settings_is_enough(tmp_path: Path, wanted: str) -> None:
    write_plain_piper_voice(tmp_path)
    chosen = choose(Settings(_env_file=None, speech_models=str(tmp_path), offline_voice=wanted))
    assert chosen.speech.about.label == "en_US-test-low"
