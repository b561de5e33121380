"""The detector of voices, and the scripted one of tests, pass the suite of all."""

from __future__ import annotations

import pytest

from engine.audio import HEARING_RATE, Pcm, resample
from engine.providers.offline_vad import SileroVad
from engine.providers.scripted import ScriptedActivity
from tests.providers.hearing import said
from tests.providers.voice_activity_conformance import VoiceActivityConformance


class TestSileroVad(VoiceActivityConformance):
    @pytest.fixture
    def activity(self) -> SileroVad:
        return SileroVad()

    @pytest.fixture
    async def speech(self) -> Pcm:
        clip = resample(await said("We are now going all around the world in one hour"), HEARING_RATE)
        return clip.cut(0.35, clip.seconds - 0.1)


class TestScriptedActivity(VoiceActivityConformance):
    @pytest.fixture
    def activity(self) -> ScriptedActivity:
        return ScriptedActivity()

    @pytest.fixture
    def speech(self) -> Pcm:
        return Pcm(b"\x00\x10" * 24_000, HEARING_RATE)
