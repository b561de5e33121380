"""Takes of a pitch: begun, listed, read and forgotten."""

import pytest

from engine.clock import wall
from engine.messages import Said
from tests.rehearsal.saying import said

TEXT = "Good morning. Our cups keep tea warm. Will you try one?"
HEARD = "good morning our mugs keep tea warm I made one will you try one"


@pytest.fixture
def pitch(store):
    return store.add_pitch("Cups", TEXT)


async def begun(api, pitch, **wanted):
    answer = await api.post(f"/api/v1/pitches/{pitch.id}/takes", json=wanted)
    assert answer.status_code == 201
    return answer.json()


def spoken(store, id, text=HEARD, start=0.0):
    words = said(text, start)
    line = Said(speaker="user", text=text, start=words[0].start, end=words[-1].end, words=tuple(words))
    store.add_line(id, line, wall())


async def test_a_take_is_begun_with_a_length_of_its_own(api, pitch):
    assert (await begun(api, pitch))["budget"] == 10
    assert (await begun(api, pitch, budget=42.5))["budget"] == 42.5


@pytest.mark.parametrize("wanted", [{"budget": 3}, {"budget": 99999}, {"budget": "long"}, {"record": "perhaps"}])
async def test_what_cannot_be_a_take_is_refused(api, pitch, wanted):
    assert (await api.post(f"/api/v1/pitches/{pitch.id}/takes", json=wanted)).status_code == 422


async def test_takes_of_a_pitch_newest_first_those_in_which_something_was_said(api, store, pitch):
    ids = [(await begun(api, pitch))["id"] for _ in range(3)]
    for id in ids[:2]:
        spoken(store, id)
    listed = (await api.get(f"/api/v1/pitches/{pitch.id}/takes")).json()
    assert [take["id"] for take in listed] == [ids[1], ids[0]]
    assert {name: listed[0][name] for name in ("said", "changed", "skipped", "unreached", "added", "title")} == {
        "said": 2, "changed": 1, "skipped": 0, "unreached": 0, "added": 1, "title": "Cups",
    }  # fmt: skip
    assert len((await api.get(f"/api/v1/pitches/{pitch.id}/takes?limit=1")).json()) == 1


async def test_one_take_sentence_by_sentence(api, store, pitch):
    id = (await begun(api, pitch, budget=30))["id"]
    spoken(store, id)
    take = (await api.get(f"/api/v1/takes/{id}")).json()
    assert [each["fate"] for each in take["sentences"]] == ["said", "changed", "said"]
    swapped = [piece for piece in take["sentences"][1]["pieces"] if piece["kind"] == "swapped"]
    assert [(piece["script"], piece["said"]) for piece in swapped] == [("cups", "mugs")]
    assert [(each["after"], each["text"]) for each in take["additions"]] == [(2, "I made one")]
    assert sum(each["budget"] for each in take["sentences"]) == pytest.approx(30)
    assert take["took"] == pytest.approx(14 * 0.3 - 0.1, abs=0.01)


async def test_a_corrected_line_changes_what_was_said_of_the_script(api, store, pitch):
    id = (await begun(api, pitch))["id"]
    spoken(store, id)
    (line,) = store.lines(id)
    corrected = await api.patch(f"/api/v1/sessions/{id}/lines/{line.id}", json={"text": HEARD.replace("mugs", "cups")})
    assert corrected.status_code == 200
    assert [each["fate"] for each in (await api.get(f"/api/v1/takes/{id}")).json()["sentences"]] == ["said"] * 3


async def test_a_take_is_a_session_like_others(api, store, pitch):
    id = (await begun(api, pitch))["id"]
    spoken(store, id)
    listed = (await api.get("/api/v1/sessions?scenario=rehearsal")).json()
    assert [(each["id"], each["mode"]) for each in listed] == [(id, "pitch")]
    assert (await api.get(f"/api/v1/sessions/{id}/export.md")).status_code == 200


async def test_a_forgotten_take_is_gone(api, store, pitch):
    id = (await begun(api, pitch))["id"]
    spoken(store, id)
    assert (await api.delete(f"/api/v1/takes/{id}")).status_code == 204
    assert (await api.get(f"/api/v1/takes/{id}")).status_code == 404
    assert (await api.delete(f"/api/v1/takes/{id}")).status_code == 404
    assert (await api.get(f"/api/v1/pitches/{pitch.id}/takes")).json() == []


async def test_what_is_no_take_is_not_forgotten_by_this_way(api, store, pitch):
    meeting = store.begin_meeting("pitch", pitch.id)
    assert (await api.delete(f"/api/v1/takes/{meeting.id}")).status_code == 404
    assert store.meeting(meeting.id)


async def test_nobody_s_pitch_has_no_takes(api):
    assert (await api.get("/api/v1/pitches/nobody/takes")).status_code == 404
    assert (await api.post("/api/v1/pitches/nobody/takes", json={})).status_code == 404


async def test_a_take_outlives_its_pitch(api, store, pitch):
    id = (await begun(api, pitch))["id"]
    spoken(store, id)
    store.remove_pitch(pitch.id)
    take = (await api.get(f"/api/v1/takes/{id}")).json()
    assert (take["pitch"], take["title"], take["said"]) == (None, "Cups", 2)
