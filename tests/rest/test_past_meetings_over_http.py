"""The list of meetings, one of them, its sound with ranges, and forgetting, over HTTP."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import av
import httpx
import pytest

from engine.audio import HEARING_RATE
from engine.messages import Said
from engine.recording import Track
from engine.store import Store
from tests.store.sound import tone

MEETINGS = "/api/v1/meetings"
BEGUN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def talked(store: Store, text: str = "Hello.", *, after: int = 0, recorded: bool = False) -> str:
    """A talk that began `after` minutes later; its id."""
    begun = BEGUN + timedelta(minutes=after)
    meeting = store.begin_meeting("talk", None, None, begun, "investor", "Morgan Reed").id
    store.add_line(meeting, Said(speaker="agent", text="What does", start=0.5, end=1.5, interrupted=True), begun)
    store.add_line(meeting, Said(speaker="user", text=text, start=1.25, end=2.5), begun)
    if recorded:
        folder = store.archive.recordings.folder
        folder.mkdir(exist_ok=True)
        track = Track(folder / f"{meeting}.user.ogg", HEARING_RATE)
        for second in range(10):
            track.push(tone(1.0), second + 1.0)
        track.close()
    return meeting


async def test_meetings_are_listed_newest_first_by_page_and_by_kind(api: httpx.AsyncClient, store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.").id
    talks = [talked(store, after=minute) for minute in range(5)]
    pitched = store.begin_meeting("pitch", pitch, None, BEGUN + timedelta(hours=1)).id
    store.add_line(pitched, Said(speaker="agent", text="Buy cups.", start=0.0, end=1.0, mark=1), BEGUN)
    store.begin_meeting("talk", None)  # nothing was said in it

    every = (await api.get(MEETINGS)).json()
    assert [meeting["id"] for meeting in every] == [pitched, *talks[::-1]]
    assert [meeting["id"] for meeting in (await api.get(f"{MEETINGS}?scenario=pitch")).json()] == [pitched]
    page = (await api.get(f"{MEETINGS}?scenario=talk&limit=2&offset=1")).json()
    assert [meeting["id"] for meeting in page] == [talks[3], talks[2]]
    assert (
        (await api.get(f"{MEETINGS}/{talks[0]}")).json()
        == every[-1]
        == {
            "id": talks[0],
            "scenario": "talk",
            "title": "Morgan Reed",
            "pitch": None,
            "persona": "investor",
            "begun": "2026-11-21T09:30:00Z",
            "seconds": 2.5,
            "turns": 1,
            "mark": None,
            "finished": False,
            "recorded": False,
        }
    )


async def test_a_transcript_is_also_a_text_for_people(api: httpx.AsyncClient, store: Store) -> None:
    answer = await api.get(f"{MEETINGS}/{talked(store, 'Grüße, ja.')}/transcript.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "A talk with Morgan Reed, 2026-11-21 09:30 UTC\n\n[0:00] Morgan Reed: What does —\n[0:01] You: Grüße, ja.\n"
    )


async def test_the_sound_can_be_had_whole_and_in_ranges(api: httpx.AsyncClient, store: Store) -> None:
    address = f"{MEETINGS}/{talked(store, recorded=True)}/audio"
    whole = await api.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/ogg")
    assert whole.headers["accept-ranges"] == "bytes"
    assert "no-store" in whole.headers["cache-control"]
    with av.open(io.BytesIO(whole.content)) as source:
        [stream] = source.streams
        assert (stream.codec_context.name, stream.channels) == ("opus", 2)
        assert source.duration == pytest.approx(10e6, abs=20e3)

    some = await api.get(address, headers={"Range": "bytes=100-299"})
    assert some.status_code == 206
    assert some.headers["content-range"] == f"bytes 100-299/{len(whole.content)}"
    assert some.content == whole.content[100:300]
    assert (await api.get(address, headers={"Range": "bytes=-50"})).content == whole.content[-50:]
    assert (await api.get(address, headers={"Range": "bytes=99999999-"})).status_code == 416
    head = await api.head(address)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")


async def test_a_recording_or_a_meeting_or_all_can_be_forgotten(api: httpx.AsyncClient, store: Store) -> None:
    first, second, third = (talked(store, recorded=True) for _ in range(3))
    assert (await api.delete(f"{MEETINGS}/{first}/audio")).status_code == 204
    assert (await api.get(f"{MEETINGS}/{first}")).json()["recorded"] is False
    assert len((await api.get(f"{MEETINGS}/{first}/transcript")).json()) == 2
    assert (await api.delete(f"{MEETINGS}/{second}")).status_code == 204
    assert (await api.get(f"{MEETINGS}/{second}/transcript")).status_code == 404
    assert [each["id"] for each in (await api.get(MEETINGS)).json()] == [third, first]
    assert (await api.delete(MEETINGS)).status_code == 204
    assert (await api.get(MEETINGS)).json() == []
    assert list(store.archive.recordings.folder.iterdir()) == []


@pytest.mark.parametrize("path", ["", "/audio", "/transcript.txt"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_what_is_not_there_is_said_to_be_not_there(api: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await api.request(method, f"{MEETINGS}/nobody{path}")
    if (method, path) == ("DELETE", "/transcript.txt"):
        assert answer.status_code == 405
    else:
        assert (answer.status_code, answer.json()) == (404, {"detail": "Meeting not found"})


async def test_a_meeting_that_was_not_recorded_says_so(api: httpx.AsyncClient, store: Store) -> None:
    for method in ("GET", "DELETE"):
        answer = await api.request(method, f"{MEETINGS}/{talked(store)}/audio")
        assert (answer.status_code, answer.json()) == (404, {"detail": "This conversation was not recorded."})


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=many", "offset=-1", "scenario=party"])
async def test_a_page_that_cannot_be_is_refused(api: httpx.AsyncClient, query: str) -> None:
    answer = await api.get(f"{MEETINGS}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]
