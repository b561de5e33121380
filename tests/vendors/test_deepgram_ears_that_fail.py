"""Whatever happens to the connection, each turn has its one final, words are not lost where they need not be, and the
listener is told once."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_ears import DeepgramEars
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, deepgram
from tests.vendors.test_deepgram_hears_over_the_wire import BOTH, FIRST, SECOND, listening, push, understood, until

HASTY = HearingDeadlines(handshake=0.3, no_result=0.3, final=0.3, catch_up=0.0, quiet=0.2, backoff=0.01, close=0.2)
STUBBORN = HearingDeadlines(handshake=0.3, no_result=0.3, final=15, quiet=15, backoff=0.01, close=0.2)
"""Waits for words until the connection is back."""


async def all_of(ear, turn):
    """What is told up to the final transcript of `turn`: transcripts, and failures in their place."""
    told = []
    async with asyncio.timeout(20):
        while not (told and not isinstance(told[-1], Exception) and told[-1].final and told[-1].turn == turn):
            try:
                told.append(await anext(ear))
            except ProviderFailed as error:
                assert KEY not in str(error)
                assert "secret" not in str(error)
                told.append(error)
    return told


def failures(told):
    return [str(each) for each in told if isinstance(each, Exception)]


ONCE = [{"cut": 2}, {"stall": 2}, {"clean_early_end": 2}, {"silent_peer": True}, {"error_event": True}]


@BOTH
@pytest.mark.parametrize("faults", ONCE, ids=[next(iter(each)) for each in ONCE])
async def test_a_turn_that_was_lost_with_its_connection_is_sent_again(kind, faults):
    async with deepgram(times=1, **faults) as server, listening(kind, server, deadlines=STUBBORN) as ear:
        begun = f"{FIRST} {SECOND}"
        push(ear, uttered(begun), 1)
        await until(lambda: len(server.sessions) == 2)
        push(ear, uttered("There is more."), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert told[-1].text == f"{begun} There is more.", "nothing is lost, nothing twice"
        assert [word.start for word in told[-1].words][:2] == pytest.approx([0.0, 0.25], abs=0.01)
        assert await understood(ear, uttered("And on it goes."), 2) == "And on it goes."
        assert len(server.sessions) == 2


REFUSED = [
    ({"rate_limited": 0}, "too many requests"),
    ({"server_error": True}, "having trouble"),
    ({"bad_gateway_html": True}, "having trouble"),
    ({"slow_headers": 30}, "did not answer in time"),
]


@BOTH
@pytest.mark.parametrize(("faults", "says"), REFUSED, ids=[next(iter(each[0])) for each in REFUSED])
async def test_a_vendor_that_comes_back_hears_what_was_said_meanwhile(kind, faults, says):
    async with deepgram(times=2, **faults) as server, listening(kind, server, deadlines=STUBBORN) as ear:
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert told[-1].text == FIRST
        (said,) = failures(told)
        assert says in said
        assert len(server.requests) == 3


@BOTH
async def test_a_vendor_that_asks_for_a_long_pause_is_left_alone(kind):
    async with (
        deepgram(rate_limited=600) as server,
        listening(kind, server, deadlines=HearingDeadlines(final=1.0)) as ear,
    ):
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert told[-1].text == ""
        assert failures(told) == [f"{label(kind)} has too many requests just now"]
        assert len(server.requests) == 1


def label(kind):
    return kind(key="").about.label.replace("Deepgram", "127.0.0.1")


@BOTH
async def test_a_wrong_key_is_told_once_and_not_tried_again(kind):
    async with deepgram(key="another") as server, listening(kind, server, deadlines=STUBBORN) as ear:
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert failures(told) == [f"{label(kind)} refused the key (DEEPGRAM_API_KEY)"]
        assert not told[0].retryable
        ear.finish(2)
        assert [heard.text for heard in await all_of(ear, 2)] == [""]
        assert len(server.requests) == 1


@BOTH
@pytest.mark.parametrize("faults", [{"silent_peer": True}, {"stall": 0}], ids=["silent", "mute"])
async def test_nobody_who_answers_is_a_failure_that_may_pass_and_an_empty_final(kind, faults):
    async with deepgram(**faults) as server, listening(kind, server, deadlines=HASTY) as ear:
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert isinstance(told[0], ProviderTimeout), "first the failure: somebody else may still be asked"
        assert told[0].retryable
        assert told[-1].text == ""
        await until(lambda: len(server.sessions) >= 2)


@BOTH
async def test_what_was_understood_before_the_end_is_final_when_no_more_comes(kind):
    async with deepgram(cut=4) as server, listening(kind, server, deadlines=HASTY) as ear:
        push(ear, uttered(FIRST), 1)
        async with asyncio.timeout(5):
            shown = (await anext(ear)).text
        server.faults.unauthorized = False
        ear.finish(1)
        told = await all_of(ear, 1)
        assert told[-1].text.startswith(shown)
        assert FIRST.startswith(told[-1].text)


@BOTH
async def test_a_connection_that_is_lost_while_nobody_speaks_is_nobodys_business(kind):
    async with deepgram(session_limit=0.1, times=1) as server, listening(kind, server, deadlines=STUBBORN) as ear:
        await until(lambda: len(server.sessions) == 2)
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        assert failures(await all_of(ear, 1)) == []


@BOTH
async def test_messages_that_are_none_are_passed_over(kind):
    async with deepgram(malformed_frame=True) as server, listening(kind, server, deadlines=STUBBORN) as ear:
        assert await understood(ear, uttered(FIRST), 1) == FIRST
        assert len(server.sessions) == 1


@BOTH
async def test_nobody_there_is_told_once_and_looked_for_less_and_less_often(kind):
    async with deepgram() as server:
        pass
    waits = HearingDeadlines(final=1.0, backoff=0.02)
    async with listening(kind, server, deadlines=waits) as ear:
        push(ear, uttered(FIRST), 1)
        ear.finish(1)
        told = await all_of(ear, 1)
        assert failures(told) == [f"{label(kind)} cannot be reached"]
        assert told[-1].text == ""


async def test_a_connection_that_breaks_again_and_again_is_opened_less_and_less_often():
    waits = HearingDeadlines(backoff=0.05, longest_backoff=10)
    async with deepgram(session_limit=0.001) as server, listening(DeepgramEars, server, deadlines=waits):
        await until(lambda: len(server.sessions) >= 4)
        opened = [session.opened for session in server.sessions[:4]]
        pauses = [later - before for before, later in pairwise(opened)]
        assert pauses[0] >= 0.05
        assert pauses[1] >= 0.1
        assert pauses[2] >= 0.2


@BOTH
@pytest.mark.parametrize("steps", range(0, 12, 2))
async def test_leaving_in_the_moment_of_a_loss_is_leaving(kind, steps):
    """Before Python 3.13 a task group that fails while it is cancelled tells of one of the two only."""
    async with deepgram() as server:
        async with asyncio.timeout(10), listening(kind, server, deadlines=STUBBORN) as ear:
            assert await understood(ear, uttered(FIRST), 1) == FIRST
            ear._socket.link.abort()
            for _ in range(steps):
                await asyncio.sleep(0)
        await until(lambda: server.open == 0)
