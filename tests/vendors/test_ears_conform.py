"""Every vendor's ears pass the suite of all ears, over real sockets."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from engine.providers.elevenlabs_ears import ElevenLabsEars
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_live_ears import OpenAiLiveEars
from tests.providers.speech_to_text_conformance import SpeechToTextConformance, Subject
from tests.vendors import elevenlabs
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, Deepgram
from tests.vendors.elevenlabs import ElevenLabs
from tests.vendors.elsewhere import elsewhere
from tests.vendors.levels import level
from tests.vendors.openai import OpenAi

PATIENT = HearingDeadlines(handshake=10, no_result=10, final=10, quiet=0.1)


@asynccontextmanager
async def hearing(server, make, clip, **known):
    """Ears at `server`, which runs elsewhere."""
    async with elsewhere(server):
        ears = make(server)
        yield Subject(ears=ears, clip=clip, lost=clip, connections=lambda: server.open, **known)
        await ears.close()


class TestDeepgramEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return DeepgramEars(key=KEY, base_url=server.url, deadlines=PATIENT)

        async with hearing(Deepgram(), make, uttered) as heard:
            yield heard


class TestDeepgramFlux(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return DeepgramFlux(key=KEY, base_url=server.url, deadlines=PATIENT)

        async with hearing(Deepgram(), make, uttered) as heard:
            yield heard


class TestElevenLabsEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return ElevenLabsEars(key=elevenlabs.KEY, base_url=server.base, deadlines=PATIENT)

        async with hearing(ElevenLabs(levels=True), make, level) as heard:
            yield heard


class TestOpenAiEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return OpenAiEars(base_url=server.url, deadlines=PATIENT)

        async with hearing(OpenAi(levels=True), make, level, timed=False) as heard:
            yield heard


class TestOpenAiEarsThatTimeWords(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return OpenAiEars(base_url=server.url, model="whisper-1", deadlines=PATIENT)

        async with hearing(OpenAi(levels=True), make, level) as heard:
            yield heard


class TestOpenAiLiveEars(SpeechToTextConformance):
    @pytest.fixture
    async def heard(self):
        def make(server):
            return OpenAiLiveEars(base_url=server.url, deadlines=PATIENT)

        async with hearing(OpenAi(levels=True), make, level, timed=False) as heard:
            yield heard
