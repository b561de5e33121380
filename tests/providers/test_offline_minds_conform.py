"""What thinks without a network, and the scripted mind of tests, pass the suite of all language models."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.personas import shipped
from engine.providers.base import ChatLine, Parting
from engine.providers.offline_brain import OfflineBrain
from engine.providers.offline_partner import OfflinePartner
from engine.providers.scripted import ScriptedMind
from tests.providers.language_model_conformance import PROMPT, LanguageModelConformance, Subject, pieces


class TestOfflineBrain(LanguageModelConformance):
    @pytest.fixture
    def thinker(self) -> Subject:
        reply = "Your notes say: It costs 5 € a month. Größe — 日本語 🎉 is free."
        return Subject(model=OfflineBrain(), reply=reply)


class TestOfflinePartner(LanguageModelConformance):
    @pytest.fixture
    def thinker(self) -> Subject:
        return Subject(model=OfflinePartner(), prompt=replace(PROMPT, persona=shipped()[0], passages=()))


class TestOfflinePartnerThatTakesLeave(LanguageModelConformance):
    @pytest.fixture
    def thinker(self) -> Subject:
        lines = [ChatLine(role=role, text=f"We made {i} loaves.") for i in range(40) for role in ("user", "assistant")]
        prompt = replace(PROMPT, persona=shipped()[0], passages=(), history=lines, question="Goodbye!")
        return Subject(model=OfflinePartner(), prompt=prompt)

    async def test_it_does(self, thinker: Subject) -> None:
        assert any(isinstance(piece, Parting) for piece in await pieces(thinker.model, thinker.prompt))


class TestScriptedMind(LanguageModelConformance):
    @pytest.fixture
    def thinker(self) -> Subject:
        return Subject(model=ScriptedMind(text="It is 5 €. 日本語 🎉!"), reply="It is 5 €. 日本語 🎉!")
