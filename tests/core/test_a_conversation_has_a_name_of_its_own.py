"""Records and recordings go by a conversation's id: no two that are going on share one, and there are not too many."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine import meetings
from engine.errors import TooMany
from engine.meetings import Held, Meetings
from engine.messages import Left, Typed
from tests.virtual_time import run

NAME = "a-name-of-its-clients-own"


class Face:
    def put(self, output):
        pass

    def part(self, reason, *, broken=False):
        pass


class Talk:
    def __init__(self):
        self.told = []

    def post(self, message):
        self.told.append(message)


def opens(closing=0.0):
    @asynccontextmanager
    async def hold(id, emit):
        yield Held(talk=Talk())
        await asyncio.sleep(closing)

    return hold


def test_two_wires_never_hold_conversations_of_one_name():
    async def scene():
        async with (
            Meetings() as going,
            going.join("one", NAME, Face(), opens()) as (first, _),
            going.join("other", NAME, Face(), opens()) as (second, returned),
        ):
            assert first.id == NAME
            assert second.id != NAME
            assert not returned

    run(scene())


def test_two_wires_that_ask_for_one_name_at_once_do_not_share_it():
    async def scene():
        async def join(sort):
            async with going.join(sort, NAME, Face(), opens()) as (meeting, _):
                await asyncio.sleep(1)
                return meeting.id

        async with Meetings() as going:
            assert len(set(await asyncio.gather(join("one"), join("other")))) == 2

    run(scene())


def test_a_name_is_free_again_only_when_its_conversation_has_ended_altogether():
    async def scene():
        async def join():
            face = Face()
            async with going.join("one", NAME, face, opens(closing=2.0)) as (meeting, returned):
                assert not returned
                meeting.go(face, for_good=True)
                return meeting.id

        async with Meetings() as going:
            assert await join() == NAME
            await asyncio.sleep(0.5)
            assert await join() != NAME, "what is kept of it is still being written"
            await asyncio.sleep(5.0)
            assert await join() == NAME

    run(scene())


def test_nobody_else_comes_back_to_somebodys_conversation():
    async def scene():
        async with Meetings() as going, going.join("wire ann", NAME, Face(), opens()) as (hers, _):
            for sort in ("wire", "wire bob", "wire ann 2"):
                async with going.join(sort, NAME, Face(), opens()) as (other, returned):
                    assert (other is hers, returned) == (False, False)
            async with going.join("wire ann", NAME, Face(), opens()) as (again, returned):
                assert (again is hers, returned) == (True, True)

    run(scene())


def test_who_was_taken_over_from_is_not_heard_any_more():
    async def scene():
        mine, theirs = Face(), Face()
        async with (
            Meetings() as going,
            going.join("wire", NAME, mine, opens()) as (meeting, _),
            going.join("wire", NAME, theirs, opens()),
        ):
            told = meeting.held.talk.told
            assert told == [Left()]
            meeting.take(Typed(text="still me"), mine)
            meeting.take(Typed(text="me now"), theirs)
            assert told == [Left(), Typed(text="me now")]

    run(scene())


def test_more_than_a_server_holds_are_refused_until_one_has_ended(monkeypatch):
    monkeypatch.setattr(meetings, "MOST", 2)

    async def scene():
        async with Meetings() as going, going.join("wire ann", None, Face(), opens()):
            face = Face()
            async with going.join("wire", NAME, face, opens()) as (second, _):
                assert going.count("wire") == 2
                with pytest.raises(TooMany, match="2 conversations are going on"):
                    await going.join("wire", None, Face(), opens()).__aenter__()
                async with going.join("wire", NAME, Face(), opens()) as (_, returned):
                    assert returned, "who was there may come back"
                async with going.join("other", None, Face(), opens()):
                    pass  # other wires go on
                face = second.face
            await asyncio.sleep(meetings.GRACE + 1)
            async with going.join("wire", None, Face(), opens()):
                pass

    run(scene())
