"""Practising with the offline partner without sound: what was said on both sides, line by line."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from engine import personas
from engine.providers.base import ChatLine, Parting, Prompt
from engine.providers.offline_partner import OfflinePartner

DIALOGUES = tomllib.loads((Path(__file__).parent / "dialogues.toml").read_text("utf-8"))["dialogue"]


def persona(id):
    return next(each for each in personas.shipped() if each.id == id)


@dataclass
class Practice:
    """`lines`: the history; `parted`: the partner has said goodbye."""

    who: object
    lines: list[ChatLine] = field(default_factory=list)
    parted: bool = False

    def __post_init__(self):
        self.lines = self.lines or [ChatLine(role="assistant", text=self.who.opening)]

    async def say(self, text, *, heard=None):
        """The partner's reply; `heard`: how much of it was heard, as the history has it."""
        prompt = Prompt(instructions="", question=text, history=tuple(self.lines), persona=self.who)
        pieces = [piece async for piece in OfflinePartner().reply(prompt)]
        self.parted = any(isinstance(piece, Parting) for piece in pieces)
        reply = " ".join("".join(f" {piece}" if isinstance(piece, Parting) else piece for piece in pieces).split())
        self.lines += [ChatLine(role="user", text=text), ChatLine(role="assistant", text=heard or reply)]
        return reply

    @property
    def replies(self):
        return [line.text for line in self.lines[1:] if line.role == "assistant"]


@cache
def practised(number):
    """The whole of dialogue `number`."""

    async def run():
        dialogue = DIALOGUES[number]
        practice = Practice(persona(dialogue["persona"]))
        for text in dialogue["says"]:
            await practice.say(text)
            if practice.parted:
                break
        return practice

    return asyncio.run(run())


def transcript(practice):
    return "\n".join(f"{'me' if line.role == 'user' else practice.who.name}: {line.text}" for line in practice.lines)
