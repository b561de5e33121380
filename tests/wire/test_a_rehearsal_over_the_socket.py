"""A take over a real socket: followed, gone back in, kept whatever happens, and held against its script."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, silence
from engine.providers.scripted import ScriptedEars
from engine.store import Store
from tests.wire.serving import FOUR, serving, voice

SENTENCES = ["one two three", "four five six", "seven eight nine", "ten eleven twelve"]
PIECE = 8192


class Taking:
    """A client of one take."""

    def __init__(self, served, http, id):
        self.served, self.http, self.id, self.got, self.socket = served, http, id, [], None

    @asynccontextmanager
    async def connected(self):
        async with websockets.connect(f"ws://127.0.0.1:{self.served.port}/ws/{self.id}") as self.socket:
            await self.send(type="config", interim=True)
            yield self

    async def send(self, **message):
        await self.socket.send(json.dumps(message))

    async def speak(self, *seconds):
        """Seconds of voice, and, negative, of silence."""
        data = b"".join((voice(s) if s > 0 else silence(-s, HEARING_RATE)).data for s in seconds)
        for at in range(0, len(data), PIECE):
            await self.socket.send(data[at : at + PIECE])

    async def until(self, kind, times=1):
        async with asyncio.timeout(10):
            while len(found := [each for each in self.got if each["type"] == kind]) < times:
                self.got.append(json.loads(await self.socket.recv()))
        return found[times - 1]

    async def finished(self):
        assert (await self.http.post(f"/session/{self.id}/finish")).status_code == 200
        return (await self.http.get(f"/api/v1/takes/{self.id}")).json()


@asynccontextmanager
async def take(folder, says, **wanted):
    async with (
        serving(folder, ears=ScriptedEars(says=list(says))) as served,
        httpx.AsyncClient(base_url=served.http(""), timeout=20) as http,
    ):
        begun = await http.post(f"/api/v1/pitches/{served.pitch}/takes", json=wanted)
        assert begun.status_code == 201
        yield Taking(served, http, begun.json()["id"])


def fates(whole):
    return [sentence["fate"] for sentence in whole["sentences"]]


async def test_it_is_followed_and_held_against_the_script(tmp_path):
    says = [SENTENCES[0], SENTENCES[2], "ten eleven thirteen"]
    async with take(tmp_path, says, budget=30) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0, 1.0, -1.0, 1.0, -1.0)
            await taking.until("transcript", 3)
            places = [(each["sentence"], each["words"]) for each in taking.got if each["type"] == "place"]
        whole = await taking.finished()
    assert places == sorted(places)
    assert places[-1][0] >= 4
    assert fates(whole) == ["said", "skipped", "said", "changed"]
    assert (whole["budget"], whole["said"], whole["skipped"], whole["changed"]) == (30, 2, 1, 1)
    assert whole["sentences"][3]["pieces"][-1] | {"start": 0, "end": 0} == {
        "kind": "swapped", "script": "twelve.", "said": "thirteen", "start": 0, "end": 0,
    }  # fmt: skip
    assert whole["finished"]


async def test_again_from_here_moves_the_prompter_and_counts_the_second_attempt(tmp_path):
    says = ["one two two", "four five", *SENTENCES]
    async with take(tmp_path, says) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0, 1.0, -1.0)
            await taking.until("transcript", 2)
            taking.got.clear()
            await taking.send(type="again", sentence=1)
            assert await taking.until("place") == {"type": "place", "sentence": 1, "words": 0}
            await taking.speak(1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0)
            await taking.until("transcript", 4)
        whole = await taking.finished()
    assert fates(whole) == ["said"] * 4
    assert whole["sentences"][0]["attempts"] == 2
    assert (whole["restarts"], whole["additions"]) == (1, [])


async def test_what_was_said_is_kept_when_the_client_goes_in_mid_sentence(tmp_path):
    async with take(tmp_path, SENTENCES) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0, 1.0)
            await taking.until("transcript")
        whole = await taking.finished()
    assert fates(whole)[:2] == ["said", "said"]
    assert whole["unreached"] == 2


async def test_what_was_said_is_on_disk_while_the_take_goes_on(tmp_path):
    async with take(tmp_path, SENTENCES) as taking, taking.connected():
        await taking.speak(1.0, -1.0)
        await taking.until("transcript")
        other = Store(tmp_path / "rostrum.db")
        try:
            assert [line.text for line in other.lines(taking.id)] == SENTENCES[:1]
        finally:
            other.close()


async def test_a_client_that_comes_back_is_told_its_place(tmp_path):
    async with take(tmp_path, SENTENCES) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0)
            await taking.until("transcript")
            taking.socket.transport.abort()
        taking.got.clear()
        async with taking.connected():
            place = await taking.until("place")
            assert (place["sentence"], place["words"]) == (2, 0)
            assert [line["text"] for line in (await taking.until("ready"))["lines"]] == SENTENCES[:1]


@pytest.mark.parametrize("sentence", [0, -1, "2", None, True, 2.5, len(SENTENCES) + 1])
async def test_a_sentence_that_is_not_there_is_refused_and_nothing_lost(tmp_path, sentence):
    async with take(tmp_path, SENTENCES) as taking, taking.connected():
        await taking.send(type="again", sentence=sentence)
        assert "sentence" in (await taking.until("error"))["message"]
        await taking.speak(1.0, -1.0)
        assert (await taking.until("transcript"))["text"] == SENTENCES[0]


async def test_it_is_recorded_only_where_it_was_asked_for(tmp_path):
    async with take(tmp_path, SENTENCES, record=True) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0)
            await taking.until("transcript")
        assert (await taking.finished())["recorded"]
    async with take(tmp_path / "other", SENTENCES) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0)
            await taking.until("transcript")
        assert not (await taking.finished())["recorded"]


async def test_its_script_is_the_one_it_was_held_with(tmp_path):
    async with take(tmp_path, SENTENCES) as taking:
        async with taking.connected():
            await taking.speak(1.0, -1.0)
            await taking.until("transcript")
        taking.served.studio.store.change_pitch(taking.served.pitch, text="Something else.")
        assert " ".join(each["text"] for each in (await taking.finished())["sentences"]) == FOUR
