"""Ears without a network, and the scripted ones of tests, pass the suite of all ears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.audio import Pcm
from engine.providers.local_sherpa_ears import SherpaEars
from engine.providers.offline_sphinx import SphinxEars
from engine.providers.scripted import ScriptedEars
from tests.providers.fake_sense_voice import write_sense_voice
from tests.providers.hearing import UNHURRIED, said
from tests.providers.speech_to_text_conformance import SpeechToTextConformance, Subject

SOUND = Pcm(b"\x00\x10" * 32_000, 16_000)


class TestSphinxEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self) -> AsyncIterator[Subject]:
        clips = {text: await said(text) for text in Subject.texts}
        heard = Subject(ears=SphinxEars(children=1, limits=UNHURRIED), clip=clips.__getitem__, lost=clips.__getitem__)
        yield heard
        await heard.close()


class TestSherpaEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self, tmp_path: Path) -> AsyncIterator[Subject]:
        pytest.importorskip("sherpa_onnx")
        ears = SherpaEars(write_sense_voice(tmp_path / "tiny-sense-voice"))
        always = ("hello world",) * 3
        heard = Subject(ears=ears, clip=lambda _: SOUND, lost=lambda _: SOUND, texts=always, silent=False)
        yield heard
        await heard.close()


class TestScriptedEars(SpeechToTextConformance):
    @pytest.fixture
    def heard(self) -> Subject:
        ears = ScriptedEars()

        def clip(text: str) -> Pcm:
            ears.says.append(text)
            return SOUND

        return Subject(ears=ears, clip=clip, lost=lambda _: SOUND)
