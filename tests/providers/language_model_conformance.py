"""What every LanguageModel must do: subclass it in a test file and give it a `thinker` fixture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from engine.personas import shipped
from engine.providers.base import ChatLine, LanguageModel, Parting, Passage, Prompt

DEADLINE = 15.0
LEAVES = 2.0
"""Seconds within which a reply is left; one is promised, and this machine may be busy."""
PROMPT = Prompt(
    instructions="You answer questions about a pitch.",
    question="How much does it cost?",
    passages=(Passage(text="It costs 5 € a month. Größe — 日本語 🎉 is free.", source="notes", score=3.0),),
    history=(ChatLine(role="user", text="Hello."), ChatLine(role="assistant", text="Hello —")),
)


@dataclass(kw_only=True)
class Subject:
    """A model, and what it replies to `prompt`: None where that is its own affair. `connections` counts those to a
    vendor; `kept`: how many of them it may keep between replies."""

    model: LanguageModel
    reply: str | None = None
    prompt: Prompt = PROMPT
    connections: Callable[[], int] = lambda: 0
    kept: int = 0

    async def close(self) -> None:
        if hasattr(self.model, "close"):
            await self.model.close()


async def pieces(model: LanguageModel, prompt: Prompt) -> list[str]:
    async with asyncio.timeout(DEADLINE):
        return [piece async for piece in model.reply(prompt)]


async def said(thinker: Subject, prompt: Prompt | None = None) -> str:
    found = await pieces(thinker.model, prompt or thinker.prompt)
    assert all(isinstance(piece, str) for piece in found)
    return "".join(found)


class LanguageModelConformance:
    def test_it_says_what_it_is(self, thinker: Subject) -> None:
        assert thinker.model.about.name
        assert thinker.model.about.label

    async def test_a_reply_comes_whole(self, thinker: Subject) -> None:
        reply = await said(thinker)
        assert reply.strip()
        assert thinker.reply is None or reply == thinker.reply
        assert "\ufffd" not in reply, "no character was split"
        assert await said(thinker) == reply, "and again"

    async def test_taking_leave_begins_a_sentence(self, thinker: Subject) -> None:
        before = ""
        for piece in await pieces(thinker.model, thinker.prompt):
            assert not isinstance(piece, Parting) or not before.strip() or before.rstrip()[-1] in ".?!”\"'…"
            before += piece

    async def test_several_reply_at_a_time_without_mixing(self, thinker: Subject) -> None:
        reply = await said(thinker)
        assert await asyncio.gather(*(said(thinker) for _ in range(4))) == [reply] * 4

    async def test_a_reply_that_is_left_half_way_leaves_nothing_behind(self, thinker: Subject) -> None:
        reply, before = await said(thinker), asyncio.all_tasks()
        async with asyncio.timeout(LEAVES):
            for _ in range(5):
                async with aclosing(thinker.model.reply(thinker.prompt)) as left:
                    assert await anext(left)
        await self._nothing_left(thinker, before)
        assert await said(thinker) == reply

    async def test_a_reply_that_is_cancelled_before_its_first_word_leaves_nothing_behind(
        self, thinker: Subject
    ) -> None:
        reply, before = await said(thinker), asyncio.all_tasks()
        for waits in (0.0, 0.001, 0.01):
            waiting = asyncio.ensure_future(said(thinker))
            await asyncio.sleep(waits)
            waiting.cancel()
            async with asyncio.timeout(LEAVES):
                await asyncio.wait([waiting])
        await self._nothing_left(thinker, before)
        assert await said(thinker) == reply

    async def _nothing_left(self, thinker: Subject, before: set[asyncio.Task[object]]) -> None:
        async with asyncio.timeout(LEAVES):
            while thinker.connections() > thinker.kept or len(asyncio.all_tasks()) > len(before):
                await asyncio.sleep(0.01)

    async def test_closing_hangs_up(self, thinker: Subject) -> None:
        before = asyncio.all_tasks()
        await said(thinker)
        async with asyncio.timeout(LEAVES):
            await thinker.close()
            while thinker.connections() or asyncio.all_tasks() - before:
                await asyncio.sleep(0.01)

    @pytest.mark.parametrize(
        "prompt",
        [
            Prompt(instructions="", question=""),
            Prompt(instructions="", question="Größe? 日本語 🎉 \u202e “…”", language="de"),
            Prompt(instructions="x" * 20_000, question="And? " * 2_000),
            Prompt(
                instructions="You are Pat.",
                question="I sell bread.",
                persona=shipped()[0],
                history=[ChatLine(role=role, text=f"Line {i}.") for i in range(200) for role in ("user", "assistant")],
            ),
            Prompt(
                instructions="Be short.",
                question="What?",
                temperature=0.7,
                most_tokens=100,
                schema={
                    "type": "object",
                    "properties": {"cue": {"type": "string"}},
                    "required": ["cue"],
                    "additionalProperties": False,
                },
            ),
        ],
        ids=["nothing", "unicode", "long", "a long talk", "a schema"],
    )
    async def test_any_prompt_gets_a_reply(self, thinker: Subject, prompt: Prompt) -> None:
        assert (await said(thinker, prompt)).strip()
