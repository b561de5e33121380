"""Thinking ahead with a language model over its wire: what is not wanted is closed there at once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.messages import ANSWER, LineBegan, Pause, Said, Typed
from engine.providers.base import EndOfTurn
from engine.providers.openai_chat import OpenAiChat
from engine.providers.scripted import ScriptedEars, ScriptedSpeech
from tests.core.scene import talking
from tests.vendors.openai import Delays, openai

MONEY = "it is about money"
LATE = 30.0
"""Seconds until a first token that nobody waits for."""


@asynccontextmanager
async def talk(*, token=0.0, says=(MONEY,), final_after=0.0):
    async with openai(delays=Delays(token=token), replies=[("I see.",)]) as server:
        model = OpenAiChat(base_url=server.url, model="m")
        await model.warm()
        ears, speech = ScriptedEars(says=list(says), final_after=final_after), ScriptedSpeech(word_seconds=0.02)
        async with (
            talking(mind=model, ears=ears, speech=speech, ahead=True, patience=0.4) as stage,
            asyncio.timeout(20),
        ):
            await stage.until(Said, 2)  # the opening
            yield server, stage
        await model.close()


async def asked(server, stage):
    """Say something, and wait until the model is asked about it."""
    await stage.say(0.3, pause_after=0.16)
    stage.understand(MONEY, EndOfTurn.LIKELY)
    while not server.requests:
        await asyncio.sleep(0.005)
    (request,) = server.requests
    assert request.json["messages"][-1] == {"role": "user", "content": MONEY}
    return request


async def _typed(stage):
    stage.talk.post(Typed(text="never mind"))


async def _cough(stage):
    await stage.say(0, pause_after=0.5)


async def _goes_on(stage):
    await stage.say(0.2, pause_after=0.0)


async def _paused(stage):
    stage.talk.post(Pause())


async def _resumed(stage):
    stage.understand(MONEY, EndOfTurn.RESUMED)


@pytest.mark.parametrize(
    ("happens", "final"), [(_typed, MONEY), (_cough, ""), (_goes_on, MONEY), (_paused, MONEY), (_resumed, MONEY)]
)
async def test_what_is_not_wanted_any_more_is_closed_at_the_vendor(happens, final):
    async with talk(token=LATE, says=(final,)) as (server, stage):
        request = await asked(server, stage)
        await happens(stage)
        await asyncio.wait_for(request.gone.wait(), 5)


async def test_so_it_is_when_the_conversation_ends():
    async with talk(token=LATE) as (server, stage):
        request = await asked(server, stage)
    assert request.gone.is_set()
    assert server.open == 0


async def test_the_reply_that_was_begun_is_the_one_that_is_given():
    async with talk(final_after=0.2) as (server, stage):
        await asked(server, stage)
        assert not any(line.mark == ANSWER for line in stage.all(LineBegan))
        await stage.say(0, pause_after=0.7)
        await stage.until(Said, 4)
        assert [said.text for said in stage.all(Said)][2:] == [MONEY, "I see."]
        assert len(server.requests) == 1
