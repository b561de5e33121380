"""A page whose connection breaks and that comes back goes on where it was; one that has left begins anew."""

import asyncio
import json
import struct
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import websockets

from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.core.scene import PAT
from tests.wire.serving import serving

OPENING = "Hello! I am Sam. What would you like to talk about?"
SAM = replace(PAT, opening=OPENING)
SLOW = 0.1
"""Seconds a word: the opening takes 1.1 s, "I am Sam." begins at 0.1 s."""
ENOUGH = 5.0


class Page:
    """A page: plays what it gets in real time, says what it has played, keeps all that it is told."""

    def __init__(self, socket):
        self.socket, self.told = socket, []
        self.generation, self.got, self.played = 0, 0.0, 0.0
        self.news = asyncio.Event()
        self.tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._play())]
        self.closed = None

    @classmethod
    async def open(cls, server, **hello):
        socket = await websockets.connect(f"ws://127.0.0.1:{server.port}/voice", max_size=None)
        await socket.send(json.dumps({"type": "hello", "talk": "partner", **hello}))
        page = cls(socket)
        page.ready = await page.until("ready")
        return page

    async def _read(self):
        try:
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    generation, rate = struct.unpack("<II", frame[:8])
                    if generation != self.generation:
                        self.generation, self.got, self.played = generation, 0.0, 0.0
                    self.got += (len(frame) - 8) / 2 / rate
                else:
                    self.told.append(json.loads(frame))
                self.news.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            self.closed = self.socket.close_code
            self.news.set()

    async def _play(self):
        try:
            while self.closed is None:
                await asyncio.sleep(0.02)
                self.played = min(self.got, self.played + 0.02)
                if self.generation:
                    await self.send("played", generation=self.generation, seconds=self.played)
        except websockets.ConnectionClosed:
            pass

    async def send(self, kind, **rest):
        await self.socket.send(json.dumps({"type": kind, **rest}))

    async def until(self, kind, **like):
        async with asyncio.timeout(ENOUGH):
            while True:
                for event in self.told:
                    if event["type"] == kind and like.items() <= event.items():
                        return event
                assert self.closed is None, f"closed with {self.closed} {self.socket.close_reason}"
                self.news.clear()
                await self.news.wait()

    async def until_closed(self):
        async with asyncio.timeout(ENOUGH):
            while self.closed is None:
                self.news.clear()
                await self.news.wait()
        return self.closed

    def all(self, kind):
        return [event for event in self.told if event["type"] == kind]

    @property
    def said(self):
        return [(event["speaker"], event["text"]) for event in self.all("said")]

    async def break_off(self):
        """As when the network goes: no Close frame."""
        self.socket.transport.abort()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def leave(self):
        await self.socket.close()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@asynccontextmanager
async def talk_at(folder, **rest):
    mind, speech = ScriptedMind(text="That is fine."), ScriptedSpeech(word_seconds=SLOW)
    async with serving(folder, mind=mind, speech=speech, **rest) as server:
        server.studio.persona = lambda id=None: SAM
        yield server


def going(server):
    return list(server.studio.meetings._going.values())


async def gone(server):
    async with asyncio.timeout(ENOUGH):
        while going(server):
            await asyncio.sleep(0.01)


async def test_a_page_that_comes_back_goes_on_at_the_word_and_nothing_is_said_twice(tmp_path):
    async with talk_at(tmp_path) as server:
        first = await Page.open(server)
        assert not first.ready["returned"]
        await first.send("play")
        await first.until("said", text="Hello!")
        await asyncio.sleep(0.15)  # within "I am Sam."
        await first.break_off()
        id, heard = first.ready["conversation"], first.played
        second = await Page.open(server, conversation=id, generation=first.generation, seconds=heard)
        assert second.ready["conversation"] == id
        assert second.ready["returned"]
        [line] = [await second.until("line")]
        assert line["text"] == "I am Sam."
        assert line["at"] == 0.0
        assert line["offset"] == pytest.approx(int((heard - SLOW) / SLOW + 1e-6) * SLOW), "a word's beginning"
        words = (await second.until("words", line=line["line"]))["words"]
        assert len(words) == 3, "all of them are told anew"
        await second.until("reply")
        whole = [text for _, text in first.said + second.said]
        assert " ".join(whole) == OPENING
        await second.leave()


async def test_the_history_is_kept_and_the_partner_thinks_of_it(tmp_path):
    async with talk_at(tmp_path) as server:
        first = await Page.open(server)
        await first.send("ask", text="I have two sisters.")
        await first.until("reply", complete=True)
        await first.break_off()
        second = await Page.open(server, conversation=first.ready["conversation"])
        assert (await second.until("state"))["state"] == "idle"
        await second.send("ask", text="How many are they?")
        await second.until("reply", complete=True)
        history = [line.text for line in server.studio.providers.partner.asked[-1].history]
        assert history == ["I have two sisters.", "That is fine."]
        await second.leave()
        await gone(server)
        assert await asyncio.to_thread(server.studio.store.flush, 2)
        kept = [line.text for line in server.studio.store.lines(first.ready["conversation"])]
        assert kept == ["I have two sisters.", "That is fine.", "How many are they?", "That is fine."]


async def test_a_reply_that_was_made_meanwhile_is_heard_by_who_comes_back(tmp_path):
    async with talk_at(tmp_path) as server:
        server.studio.providers.partner.first_after = 0.3
        first = await Page.open(server)
        await first.send("ask", text="Anything?")
        await first.until("said", text="Anything?")
        await first.break_off()
        await asyncio.sleep(0.5)
        second = await Page.open(server, conversation=first.ready["conversation"])
        await second.until("said", text="That is fine.")
        assert second.all("line")[0]["offset"] == 0.0
        assert second.got == pytest.approx(3 * SLOW)
        await second.leave()


async def test_a_second_connection_takes_the_conversation_over(tmp_path):
    async with talk_at(tmp_path) as server:
        first = await Page.open(server)
        await first.send("play")
        await first.until("said", text="Hello!")
        second = await Page.open(server, conversation=first.ready["conversation"])
        assert second.ready["returned"]
        assert await first.until_closed() == 1000
        assert "another connection" in first.socket.close_reason
        await second.until("reply", complete=True)
        assert " ".join(text for _, text in first.said + second.said) == OPENING
        assert len(going(server)) == 1
        await second.leave()
        await gone(server)
        await asyncio.gather(*first.tasks, return_exceptions=True)


async def test_after_the_grace_it_is_another_conversation(tmp_path):
    async with talk_at(tmp_path) as server:
        first = await Page.open(server)
        [meeting] = going(server)
        meeting.grace = 0.1
        await first.send("ask", text="I have two sisters.")
        await first.until("reply", complete=True)
        await first.break_off()
        await gone(server)
        assert await asyncio.to_thread(server.studio.store.flush, 2)
        second = await Page.open(server, conversation=first.ready["conversation"])
        assert not second.ready["returned"]
        assert second.ready["conversation"] != first.ready["conversation"], "the old one's record is not written over"
        await second.send("ask", text="How many are they?")
        await second.until("reply", complete=True)
        assert not server.studio.providers.partner.asked[-1].history
        assert not second.all("error")
        await second.leave()


async def test_leaving_on_purpose_ends_it_at_once(tmp_path):
    async with talk_at(tmp_path) as server:
        first = await Page.open(server)
        await first.send("play")
        await first.until("line")
        await first.leave()
        await gone(server)
        second = await Page.open(server, conversation=first.ready["conversation"])
        assert not second.ready["returned"]
        await second.leave()


async def test_an_id_of_the_pages_own_is_taken_and_a_short_one_is_not(tmp_path):
    async with talk_at(tmp_path) as server:
        for own, taken in (("a-name-of-my-own-0001", True), ("mine", False), ("no/slashes/in/an/id", False)):
            page = await Page.open(server, conversation=own)
            assert (page.ready["conversation"] == own) is taken
            assert not page.ready["returned"]
            await page.leave()
            await gone(server)


async def test_what_was_being_said_into_the_microphone_when_it_broke_is_answered_after_the_return(tmp_path):
    ears = ScriptedEars(says=["can you hear me"])
    async with talk_at(tmp_path, ears=ears) as server:
        first = await Page.open(server)
        for _ in range(20):
            await first.socket.send(b"\x00\x20" * 320)
            await asyncio.sleep(0.02)
        await first.until("state", state="listening")
        await first.break_off()
        second = await Page.open(server, conversation=first.ready["conversation"])
        await second.until("said", text="can you hear me")
        await second.until("reply", complete=True)
        assert len(second.all("judged")) == 1
        await second.leave()


async def test_a_page_that_breaks_off_while_it_joins_leaves_nothing_behind(tmp_path):
    async with talk_at(tmp_path) as server:
        socket = await websockets.connect(f"ws://127.0.0.1:{server.port}/voice", max_size=None)
        await socket.send(json.dumps({"type": "hello", "talk": "partner", "conversation": "a-name-of-my-own-0002"}))
        socket.transport.abort()
        for _ in range(3):
            page = await Page.open(server, conversation="a-name-of-my-own-0002")
            await page.break_off()
        page = await Page.open(server, conversation="a-name-of-my-own-0002")
        await page.send("play")
        await page.until("reply", complete=True)
        assert len(going(server)) == 1
        await page.leave()
        await gone(server)
