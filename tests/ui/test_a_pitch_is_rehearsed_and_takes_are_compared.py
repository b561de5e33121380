"""The pages of a rehearsal: before, afterwards, and two takes side by side. The prompter itself is in `tests/e2e`."""

from __future__ import annotations

import pytest
from nicegui import ui
from nicegui.testing import User

from engine.clock import wall
from engine.messages import Said
from engine.records import Pitch
from engine.store import Store
from tests.rehearsal.saying import said
from ui.components.rehearse_link import TakePair, TakeScript
from ui.components.text import Text
from ui.pages.rehearse import read_length

TEXT = "Good morning. Our cups keep tea warm. Will you try one?"
AS_WRITTEN = "good morning our cups keep tea warm will you try one"
OTHERWISE = "good morning our mugs keep tea warm I made one myself"


@pytest.fixture
def pitch(store: Store) -> Pitch:
    return store.add_pitch("Cups", TEXT)


def taken(store: Store, pitch: Pitch, text: str, id: str) -> str:
    store.takes.begin(id, pitch, budget=10, record=False)
    words = tuple(said(text))
    line = Said(speaker="user", text=text, start=words[0].start, end=words[-1].end, words=words)
    store.add_line(id, line, wall())
    return id


def links(user: User) -> list[str]:
    return [str(link.props["href"]) for link in user.find(ui.link).elements]


def told(user: User) -> list[str]:
    return [each.text for each in user.find(Text).elements]


async def test_every_pitch_can_be_rehearsed(user: User, pitch: Pitch) -> None:
    await user.open("/pitches")
    assert f"/rehearse/{pitch.id}" in links(user)
    await user.open(f"/pitch/{pitch.id}")
    assert f"/rehearse/{pitch.id}" in links(user)


async def test_the_first_take_is_begun_with_a_length_and_without_a_recording(
    user: User, store: Store, pitch: Pitch
) -> None:
    await user.open(f"/rehearse/{pitch.id}")
    await user.should_see("None yet.")
    user.find(ui.input).clear().type("1:30")
    user.find("Start").click()
    (id,) = store.takes.ids(pitch.id)
    assert store.takes.take(id).budget == 90
    assert not store.sessions.aim(id).record
    await user.open(f"/rehearse/{pitch.id}")
    assert next(iter(user.find(ui.input).elements)).value == "1:30", "it is asked for again"


async def test_a_length_that_is_none_is_told_and_nothing_begun(user: User, store: Store, pitch: Pitch) -> None:
    await user.open(f"/rehearse/{pitch.id}")
    user.find(ui.input).clear().type("soon")
    user.find("Start").click()
    await user.should_see("Write a length such as 1:30")
    assert store.takes.ids(pitch.id) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1:30", 90), ("90", 90), (" 0:45 ", 45), ("9", None), ("", None), ("1:2:3", None), ("99:00", None), ("-5", None)],
)
def test_lengths(written: str, seconds: float | None) -> None:
    assert read_length(written) == seconds


async def test_takes_are_listed_compared_and_deleted(user: User, store: Store, pitch: Pitch) -> None:
    first = taken(store, pitch, OTHERWISE, "one")
    second = taken(store, pitch, AS_WRITTEN, "two")
    await user.open(f"/rehearse/{pitch.id}")
    await user.should_see("100 % as written")
    await user.should_see("50 % as written, to sentence 2 of 3")
    assert f"/takes/{second}/{first}" in links(user)
    user.find("Delete").click()
    await user.should_see("Delete this take?")
    user.find("Delete it").click()
    await user.should_not_see("100 % as written")
    await user.should_see("50 % as written, to sentence 2 of 3")


async def test_a_take_is_shown_sentence_by_sentence(user: User, store: Store, pitch: Pitch) -> None:
    id = taken(store, pitch, OTHERWISE, "one")
    await user.open(f"/takes/{id}")
    await user.should_see("1 changed, 1 added, 1 not reached")
    (script,) = user.find(TakeScript).elements
    rows = script.props["rows"]
    assert [row["fate"] for row in rows] == ["said", "changed", "added", "unreached"]
    assert [piece for piece in rows[1]["pieces"] if piece["kind"] == "swapped"] == [
        {"kind": "swapped", "script": "cups", "said": "mugs"}
    ]
    assert f"/report/{id}" in links(user)


async def test_a_silent_take_says_so(user: User, store: Store, pitch: Pitch) -> None:
    store.takes.begin("quiet", pitch, budget=10, record=False)
    await user.open("/takes/quiet")
    await user.should_see("Nothing was understood in this take")


async def test_two_takes_stand_side_by_side_the_older_one_first(user: User, store: Store, pitch: Pitch) -> None:
    first, second = taken(store, pitch, OTHERWISE, "one"), taken(store, pitch, AS_WRITTEN, "two")
    await user.open(f"/takes/{second}/{first}")
    (pair,) = user.find(TakePair).elements
    fates = [[row["fate"] for row in column["rows"]] for column in pair.props["columns"]]
    assert fates == [["said", "changed", "unreached"], ["said", "said", "said"]]


async def test_takes_of_different_scripts_are_not_laid_beside_each_other(
    user: User, store: Store, pitch: Pitch
) -> None:
    first = taken(store, pitch, OTHERWISE, "one")
    second = taken(store, store.change_pitch(pitch.id, text="Good morning. That is all."), "good morning", "two")
    await user.open(f"/takes/{second}/{first}")
    await user.should_see("The pitch was changed between these takes")


@pytest.mark.parametrize("path", ["/rehearse/nobody", "/takes/nobody", "/takes/no/body", "/rehearse/rostrum/nobody"])
async def test_what_is_not_there_leads_back(user: User, path: str) -> None:
    await user.open(path)
    await user.should_see("is not here")
    assert "/pitches" in links(user)


async def test_the_history_leads_to_the_take(user: User, store: Store, pitch: Pitch) -> None:
    id = taken(store, pitch, AS_WRITTEN, "one")
    await user.open("/history?kind=rehearsal")
    await user.should_see("Cups")
    assert f"/takes/{id}" in links(user)
