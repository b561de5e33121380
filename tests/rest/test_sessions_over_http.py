"""Sessions over HTTP: the list and its search, the numbers, the report, files, corrections, and forgetting."""

from __future__ import annotations

import csv
import io
import wave
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
import pytest

from engine.bills import Item
from engine.desk import Desk
from engine.messages import Said
from engine.records import Aim
from engine.store import Store
from tests.exports.sessions import AIM, REPORT, conversation
from tests.exports.sessions import write as finished

SESSIONS = "/api/v1/sessions"
BEGUN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def said(store: Store, title: str, *texts: str, scenario: str = "talk", after: int = 0, mode: str = "") -> str:
    """A session that began `after` minutes later; its id."""
    begun = BEGUN + timedelta(minutes=after)
    if scenario == "coach":
        id = f"session{after}"
        store.sessions.begin(id, Aim(goal="Ask for the price", mode=mode or "conversation"), begun, title)
    else:
        id = store.begin_meeting(scenario, None, None, begun, None, title).id
    for place, text in enumerate(texts):
        store.add_line(id, Said(speaker="user", text=text, start=place * 3.0, end=place * 3.0 + 2.5), begun)
    return id


async def ids(api: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await api.get(f"{SESSIONS}{query}")
    assert answer.status_code == 200
    return [each["id"] for each in answer.json()]


async def test_sessions_of_all_kinds_are_listed_newest_first(api: httpx.AsyncClient, store: Store) -> None:
    talk = said(store, "Morgan", "Hello.")
    coached = said(store, "Sam", "Hello.", scenario="coach", after=1, mode="networking")
    pitched = said(store, "Cups", "Buy cups.", scenario="pitch", after=2)
    said(store, "Nobody", after=3)  # nothing was said in it

    assert await ids(api) == [pitched, coached, talk]
    assert await ids(api, "?scenario=coach") == [coached]
    assert await ids(api, "?mode=conversation") == [talk]
    assert await ids(api, "?mode=networking&scenario=talk") == []
    assert await ids(api, "?limit=1&offset=1") == [coached]
    assert (await api.get(SESSIONS)).json()[1] == {
        "id": coached,
        "scenario": "coach",
        "mode": "networking",
        "title": "Sam",
        "begun": "2026-11-21T09:31:00Z",
        "seconds": 2.5,
        "turns": 1,
        "finished": False,
        "recorded": False,
    }


async def test_sessions_are_found_by_what_was_said_in_any_case_and_by_their_title_and_goal(
    api: httpx.AsyncClient, store: Store
) -> None:
    first = said(store, "Übung", "The tea costs 100 % more.", "Ask Maya.")
    second = said(store, "Cups", "Tea under_score and GRÜSSE.", scenario="coach", after=1)
    for text, expected in [
        ("tea", [second, first]),
        ("TEA maya", [first]),
        ("übung", [first]),
        ("ÜBUNG", [first]),
        ("grüsse", [second]),
        ("price", [second]),
        ("100 %", [first]),
        ("%", [first]),
        ("_", [second]),
        ("'", []),
        ("goal", []),
        ("coffee", []),
        ("", [second, first]),
    ]:
        answer = await api.get(SESSIONS, params={"text": text})
        assert ([each["id"] for each in answer.json()], text) == (expected, text)


async def test_one_session_says_what_it_cost(api: httpx.AsyncClient, store: Store) -> None:
    id = finished(store)
    assert (await api.get(f"{SESSIONS}/{id}")).json()["cost"] == {"items": [], "usd": 0.0, "told": ""}
    heard = {"provider": "deepgram", "label": "nova-3", "unit": "seconds heard", "amount": 126.0, "usd": 0.03}
    store.bills.add(id, [Item(**heard)])
    cost = (await api.get(f"{SESSIONS}/{id}")).json()["cost"]
    assert cost == {"items": [heard], "usd": 0.03, "told": "About $0.03: 2.1 minutes heard by nova-3"}


async def test_one_session_has_its_transcript_and_its_numbers(api: httpx.AsyncClient, store: Store) -> None:
    answer = await api.get(f"{SESSIONS}/{finished(store)}")
    assert "no-store" in answer.headers["cache-control"]
    found = answer.json()
    assert found["session"]["goal"] == AIM.goal
    assert found["reported"] is True
    assert found["lines"][1]["words"][4]["text"] == "Asha."
    fillers = found["metrics"]["filler_percentage"]
    assert fillers["value"] == pytest.approx(100 * 7 / 152)
    assert fillers["evidence"][0]["text"] == "um"
    assert found["metrics"]["volume"]["value"] is None


async def test_the_report_is_as_finish_answered_it(api: httpx.AsyncClient, store: Store) -> None:
    found = (await api.get(f"{SESSIONS}/{finished(store)}/report")).json()
    assert found["stars"] == [star.text for star in REPORT.stars]
    assert found["filler_percentage"] == 3.2
    assert {line["speaker"] for line in found["transcript"]} == {"user", "partner"}
    unfinished = await api.get(f"{SESSIONS}/{said(store, 'Sam', 'Hello.', scenario='coach')}/report")
    assert unfinished.status_code == 409
    assert "no report of this session yet" in unfinished.json()["detail"]


async def test_the_report_of_any_session_is_written_when_asked_for(api: httpx.AsyncClient, store: Store) -> None:
    texts = ["I um think that we can sell these cups to everybody in the whole town."] * 4
    id = said(store, "Morgan", *texts)
    written = await api.post(f"{SESSIONS}/{id}/report")
    assert (written.status_code, len(written.json()["stars"])) == (200, 2)
    assert (await api.get(f"{SESSIONS}/{id}/report")).json() == written.json()
    assert (await api.post(f"{SESSIONS}/nobody/report")).status_code == 404


@pytest.mark.parametrize(
    ("ending", "media_type", "begins"),
    [
        ("json", "application/json", b'{\n  "stars"'),
        ("md", "text/markdown; charset=utf-8", b"# Sam Okafor at the bike meetup"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("srt", "application/x-subrip", b"1\n00:00:00,"),
        ("vtt", "text/vtt; charset=utf-8", b"WEBVTT\n\n00:00:00."),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfline,speaker,word"),
    ],
)
async def test_a_session_is_a_file_of_each_kind(
    api: httpx.AsyncClient, store: Store, ending: str, media_type: str, begins: bytes
) -> None:
    answer = await api.get(f"{SESSIONS}/{finished(store)}/export.{ending}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(begins)
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="rostrum-')
    assert disposition.endswith(f'-sam-okafor-at-the-bike-meetup.{ending}"')
    assert "no-store" in answer.headers["cache-control"]


async def test_subtitles_are_word_for_word_or_clean(api: httpx.AsyncClient, store: Store) -> None:
    address = f"{SESSIONS}/{finished(store)}/export.vtt"
    verbatim, clean = (await api.get(address)).text, (await api.get(f"{address}?clean=1")).text
    assert "I um I write" in verbatim.replace("\n", " ")
    assert "I I write" in clean.replace("\n", " ")


async def test_the_sound_is_a_stereo_file_of_known_length(api: httpx.AsyncClient, store: Store) -> None:
    answer = await api.get(f"{SESSIONS}/{finished(store, sound=True)}/export.wav")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with wave.open(io.BytesIO(answer.content)) as file:
        last = max(line.end for line in conversation())
        assert (file.getnchannels(), file.getnframes() / file.getframerate()) == (2, pytest.approx(last, abs=0.1))


async def test_what_was_not_recorded_says_so(api: httpx.AsyncClient, store: Store) -> None:
    id = finished(store)
    for answer in (await api.get(f"{SESSIONS}/{id}/export.wav"), await api.delete(f"{SESSIONS}/{id}/audio")):
        assert (answer.status_code, answer.json()) == (404, {"detail": "This conversation was not recorded."})


async def test_a_corrected_line_changes_the_numbers_at_once(api: httpx.AsyncClient, store: Store) -> None:
    id = finished(store)
    before = (await api.get(f"{SESSIONS}/{id}")).json()
    line = before["lines"][1]
    answer = await api.patch(f"{SESSIONS}/{id}/lines/{line['id']}", json={"text": line["text"].replace(" um", "")})
    after = answer.json()
    assert answer.status_code == 200
    assert "um" not in after["lines"][1]["text"].split()
    assert after["metrics"]["filler_percentage"]["value"] < before["metrics"]["filler_percentage"]["value"]
    assert after["session"]["revision"] == before["session"]["revision"] + 1

    moved = await api.patch(f"{SESSIONS}/{id}/lines/{line['id']}", json={"speaker": "partner"})
    assert moved.json()["lines"][1]["speaker"] == "partner"
    assert moved.json()["metrics"]["filler_percentage"]["n"] < after["metrics"]["filler_percentage"]["n"]


async def test_the_two_speakers_can_be_swapped(api: httpx.AsyncClient, store: Store) -> None:
    id = finished(store)
    before = (await api.get(f"{SESSIONS}/{id}")).json()["lines"]
    after = (await api.post(f"{SESSIONS}/{id}/swap")).json()["lines"]
    other = {"user": "partner", "partner": "user"}
    assert [line["speaker"] for line in after] == [other[line["speaker"]] for line in before]


async def test_the_sound_is_swapped_with_the_speakers(api: httpx.AsyncClient, store: Store) -> None:
    id = finished(store, sound=True)
    store.sessions.set_heard(id, separate=True)

    async def begins() -> list[int]:
        """At which sample either side is first heard."""
        with wave.open(io.BytesIO((await api.get(f"{SESSIONS}/{id}/export.wav")).content)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return [int(np.argmax(np.abs(samples[:, side].astype(int)) > 1000)) for side in (0, 1)]

    user, partner = await begins()
    assert user > partner  # Sam says hello
    await api.post(f"{SESSIONS}/{id}/swap")
    assert await begins() == [partner, user]
    await api.post(f"{SESSIONS}/{id}/swap")
    assert await begins() == [user, partner]


async def test_nobody_takes_the_part_of_rostrum(api: httpx.AsyncClient, store: Store) -> None:
    answer = await api.post(f"{SESSIONS}/{said(store, 'Morgan', 'Hello.')}/swap")
    assert answer.status_code == 422
    assert "nothing to swap" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "  "}, {"text": "a" * 10_001}, {"speaker": "coach"}, {"text": 3}, {"words": []}, []],
)
async def test_a_correction_that_cannot_be_is_refused(api: httpx.AsyncClient, store: Store, body: object) -> None:
    id = finished(store)
    answer = await api.patch(f"{SESSIONS}/{id}/lines/1", json=body)
    assert answer.status_code == 422
    assert {"type", "loc", "msg"} == set(answer.json()["detail"][0])


async def test_a_line_of_another_session_is_not_changed(api: httpx.AsyncClient, store: Store) -> None:
    first, second = said(store, "A", "Mine."), said(store, "B", "Yours.", after=1)
    line = store.lines(second)[0].id
    answer = await api.patch(f"{SESSIONS}/{first}/lines/{line}", json={"text": "Ours."})
    assert answer.status_code == 404
    assert "no such line in this session" in answer.json()["detail"]
    assert store.lines(second)[0].text == "Yours."


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/report"),
        ("GET", "/export.json"),
        ("GET", "/export.pdf"),
        ("GET", "/export.wav"),
        ("POST", "/swap"),
        ("PATCH", "/lines/1"),
        ("DELETE", ""),
        ("DELETE", "/audio"),
    ],
)
async def test_a_session_that_is_not_there_is_said_to_be_not_there(
    api: httpx.AsyncClient, method: str, path: str
) -> None:
    body = {"json": {"text": "x"}} if method == "PATCH" else {}
    answer = await api.request(method, f"{SESSIONS}/nobody{path}", **body)
    assert answer.status_code == 404
    assert answer.json()["detail"] in {"Meeting not found", "Session not found"}


async def test_an_unknown_kind_of_file_is_not_there(api: httpx.AsyncClient, store: Store) -> None:
    assert (await api.get(f"{SESSIONS}/{finished(store)}/export.docx")).status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "scenario=party", f"text={'a' * 201}"])
async def test_a_list_that_cannot_be_is_refused(api: httpx.AsyncClient, query: str) -> None:
    answer = await api.get(f"{SESSIONS}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]


async def test_a_recording_a_session_or_all_can_be_forgotten(api: httpx.AsyncClient, store: Store) -> None:
    first, second, third = (finished(store, sound=True) for _ in range(3))
    assert (await api.delete(f"{SESSIONS}/{first}/audio")).status_code == 204
    assert (await api.get(f"{SESSIONS}/{first}")).json()["session"]["recorded"] is False
    assert (await api.get(f"{SESSIONS}/{first}/report")).status_code == 200
    assert (await api.delete(f"{SESSIONS}/{second}")).status_code == 204
    assert (await api.get(f"{SESSIONS}/{second}")).status_code == 404
    assert sorted(await ids(api)) == sorted([first, third])
    assert (await api.delete(SESSIONS)).status_code == 204
    assert await ids(api) == []
    assert list(store.archive.recordings.folder.iterdir()) == []
    assert store.sessions.summaries() == []


async def test_a_spreadsheet_says_who_spoke(api: httpx.AsyncClient, store: Store) -> None:
    text = (await api.get(f"{SESSIONS}/{finished(store)}/export.csv")).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["speaker"] for row in rows} == {"Asha", "Sam Okafor"}


async def test_a_talk_is_measured_like_a_coached_session(api: httpx.AsyncClient, store: Store) -> None:
    id = said(store, "Morgan", *["I um think that we can sell these cups to everybody in the whole town."] * 4)
    dossier = Desk(store).dossier(id)
    found = (await api.get(f"{SESSIONS}/{id}")).json()
    assert found["metrics"]["filler_percentage"]["n"] == dossier.analysis.measures["filler_percentage"].n >= 30
