import pytest
from text_to_speech_conformance import TextToSpeechConformance

from engine.providers.offline_espeak import EspeakVoice


class TestEspeak(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self) -> EspeakVoice:
        return EspeakVoice()
