"""The sample pitch, read aloud with one sentence skipped, one word changed and one sentence added, through the real
server, the real detector and the real recogniser."""

import asyncio
import json
from itertools import pairwise

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, SAMPLE_BYTES
from engine.rehearsal.alike import keys, tokens
from tests.e2e.browser import server
from tests.rehearsal.reading import ADDED, AFTER, CHANGED, IS, SKIPPED, WAS, departing, followed, read

PIECE = 0.1
"""Seconds of sound in a frame."""
LAST = 3.0
"""Seconds before the end of the reading after which its last words end."""
FINISHED_WITHIN = 120


def words(text):
    return [key for token in tokens(text) for key in keys(token)]


async def delivered(url, take, pcm):
    """Give the take the whole reading, as a file comes: a busy machine would stutter, and what it holds up is silence.
    The places that the prompter was at."""
    places = []
    async with websockets.connect(f"{url.replace('http', 'ws')}/ws/{take}") as socket:
        await socket.send(json.dumps({"type": "config", "interim": True}))

        async def listen():
            async for message in socket:
                event = json.loads(message)
                if event["type"] == "transcript" and event["end"] > pcm.seconds - LAST:
                    return
                assert event["type"] != "error", event
                if event["type"] == "place":
                    places.append((event["sentence"], event["words"]))

        async with asyncio.timeout(FINISHED_WITHIN), asyncio.TaskGroup() as tasks:
            tasks.create_task(listen())
            size = round(PIECE * HEARING_RATE) * SAMPLE_BYTES
            for at in range(0, len(pcm.data), size):
                await socket.send(pcm.data[at : at + size])
    return places


async def test_one_skipped_one_changed_one_added(tmp_path):
    pcm = await read(departing())
    with server(tmp_path) as running:
        async with httpx.AsyncClient(base_url=running.url, timeout=FINISHED_WITHIN) as http:
            begun = (await http.post("/api/v1/pitches/rostrum/takes", json={"budget": 60})).json()
            places = await delivered(running.url, begun["id"], pcm)
            assert (await http.post(f"/session/{begun['id']}/finish")).status_code == 200
            take = (await http.get(f"/api/v1/takes/{begun['id']}")).json()
            listed = (await http.get("/api/v1/pitches/rostrum/takes")).json()
    told = [(each["index"], each["fate"]) for each in take["sentences"] if each["fate"] != "said"]
    assert told == [(CHANGED, "changed"), (SKIPPED, "skipped")]
    changes = [piece for piece in take["sentences"][CHANGED - 1]["pieces"] if piece["kind"] != "said"]
    assert [(each["kind"], each["script"], each["said"]) for each in changes] == [("swapped", WAS, IS)]
    assert [(each["after"], words(each["text"])) for each in take["additions"]] == [(AFTER, words(ADDED))]
    assert (take["said"], take["changed"], take["skipped"], take["added"], take["unreached"]) == (12, 1, 1, 1, 0)
    assert listed == [{name: take[name] for name in listed[0]}]
    _timed(take, pcm)
    followed(places)


def _timed(take, pcm):
    """In order, without overlap, and together as long as the reading was."""
    said = [each for each in take["sentences"] if each["fate"] != "skipped"]
    assert all(one["end"] <= other["start"] for one, other in pairwise(said))
    assert pcm.seconds - 4 < take["took"] < pcm.seconds
    assert sum(each["budget"] for each in take["sentences"]) == pytest.approx(60)
