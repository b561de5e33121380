"""`GET /api/v1/export`: all that is kept, as one ZIP file."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from collections.abc import Callable

import httpx
import pytest
from starlette.testclient import TestClient

from engine import personas
from engine.bills import Item
from engine.desk import Desk
from engine.exports.everything import as_zip
from engine.store import Store
from tests.exports.sessions import write as finished
from tests.rest.test_past_meetings_over_http import talked

EXPORT = "/api/v1/export"


def opened(data: bytes) -> zipfile.ZipFile:
    file = zipfile.ZipFile(io.BytesIO(data))
    assert file.testzip() is None
    return file


async def test_sessions_recordings_pitches_people_and_words_are_all_in_it(api: httpx.AsyncClient, store: Store) -> None:
    coached, recorded = finished(store), talked(store, "Hello, Ümit.", recorded=True)
    store.bills.add(coached, [Item(provider="deepgram", label="nova-3", unit="seconds heard", amount=60, usd=0.01)])
    pitch = store.add_pitch("Cups & <saucers>", "Buy cups.", "They cost ten euros.")
    fields = personas.to_fields(store.people.all()[0])
    own = store.people.add(fields | {"name": "Somebody new"})
    Desk(store).set_own_fillers(["super"], ["so"])

    answer = await api.get(EXPORT)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="rostrum-')
    file = opened(answer.content)
    kept = json.loads(file.read("rostrum.json"))
    assert [(each["id"], each["notes"]) for each in kept["pitches"]] == [(pitch.id, "They cost ten euros.")]
    assert [(each["id"], each["name"]) for each in kept["personas"]] == [(own.id, "Somebody new")]
    assert kept["words"] == {"count_as_fillers": ["super"], "let_pass": ["so"]}

    sessions = {
        json.loads(file.read(name))["session"]["id"]: name
        for name in file.namelist()
        if name[-4:] == "json" and name.startswith("sessions/")
    }
    assert sessions.keys() == {coached, recorded}
    assert json.loads(file.read(sessions[coached]))["bill"][0]["usd"] == 0.01
    assert "# " in file.read(sessions[coached].replace(".json", ".md")).decode()
    with wave.open(io.BytesIO(file.read(sessions[recorded].replace(".json", ".wav")))) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() > 0
    assert sessions[coached].replace(".json", ".wav") not in file.namelist()
    assert "left-out.txt" not in file.namelist()


async def test_an_empty_studio_gives_a_file_all_the_same(api: httpx.AsyncClient) -> None:
    assert opened((await api.get(EXPORT)).content).namelist() == ["rostrum.json"]


async def test_a_damaged_recording_is_left_out_and_named(api: httpx.AsyncClient, store: Store) -> None:
    id = talked(store, recorded=True)
    for path in store.archive.recordings.folder.glob("*"):
        path.write_bytes(b"no sound at all")
    file = opened((await api.get(EXPORT)).content)
    assert id in file.read("left-out.txt").decode()
    assert [name for name in file.namelist() if name.endswith(".md")], "what was said is there"


def test_who_goes_away_in_the_middle_of_a_recording_leaves_nothing_open(store: Store) -> None:
    talked(store, recorded=True)
    pieces = as_zip(store, Desk(store))
    for _ in range(3):
        next(pieces)
    pieces.close()


def test_it_asks_for_the_access_token(make_client: Callable[..., TestClient]) -> None:
    client = make_client(access_token="sesame")
    assert client.get(EXPORT).status_code == 401
    assert client.get(EXPORT, params={"token": "sesame"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example"])
async def test_no_page_from_elsewhere_can_read_it(api: httpx.AsyncClient, origin: str) -> None:
    answer = await api.get(EXPORT, headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
