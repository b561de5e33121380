"""Every vendor's language model passes the suite of all, over real sockets."""

from __future__ import annotations

import pytest

from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.elevenlabs_agent import ElevenLabsAgent
from engine.providers.openai_chat import OpenAiChat
from engine.providers.openai_responses import OpenAiResponses
from tests.providers.language_model_conformance import LanguageModelConformance, Subject
from tests.vendors.elevenlabs import KEY
from tests.vendors.elevenlabs_agents import AGENT, Agents
from tests.vendors.elsewhere import elsewhere
from tests.vendors.openai import OpenAi

PATIENT = ThinkingDeadlines(connect=10, first=10, between=10)
REPLY = ("It costs ", "5 ", "€ a month.", " Größe", " — 日本", "語 🎉", " is", " free", ".")


class OverTheWire(LanguageModelConformance):
    kind: type

    @pytest.fixture
    async def thinker(self):
        async with elsewhere(OpenAi(replies=[REPLY])) as server:
            model = self.kind(base_url=server.url, deadlines=PATIENT)
            yield Subject(model=model, reply="".join(REPLY), connections=lambda: server.open, kept=4)
            await model.close()


class TestOpenAiChat(OverTheWire):
    kind = OpenAiChat


class TestOpenAiResponses(OverTheWire):
    kind = OpenAiResponses


class TestElevenLabsAgent(LanguageModelConformance):
    @pytest.fixture
    async def thinker(self):
        async with elsewhere(Agents(replies=[REPLY])) as server:
            model = ElevenLabsAgent(key=KEY, base_url=server.base, agent=AGENT, deadlines=PATIENT)
            await model.warm()
            yield Subject(model=model, reply="".join(REPLY), connections=lambda: server.open, kept=8)
            await model.close()
