"""The voice that tests use keeps what all voices promise."""

from __future__ import annotations

import pytest

from engine.providers.scripted import ScriptedSpeech
from tests.providers.text_to_speech_conformance import TextToSpeechConformance


class TestScriptedSpeech(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self) -> ScriptedSpeech:
        return ScriptedSpeech()
