import re

import pytest
from nicegui import ui
from nicegui.testing import User

from engine.store import Store
from tests.ui.conftest import DRAFT


async def test_a_pitch_is_listed_with_its_length(user: User, store: Store) -> None:
    store.add_pitch("Garden", "We plant trees. They grow.")
    await user.open("/pitches")
    await user.should_see("Garden")
    await user.should_see("2 sentences, about 2 s")


async def test_deleting_asks_first_and_then_deletes(user: User, store: Store) -> None:
    await user.open("/pitches")
    user.find("Delete").click()
    await user.should_see("cannot be brought back")
    assert store.pitches(), "deleted without being asked"
    user.find("Delete it").click()
    await user.should_see("No pitch yet")
    assert not store.pitches()


async def test_deleting_can_be_taken_back(user: User, store: Store) -> None:
    await user.open("/pitches")
    user.find("Delete").click()
    dialog = next(iter(user.find(ui.dialog).elements))
    user.find("Keep it").click()
    assert not dialog.value
    assert store.pitches()


async def test_sentences_appear_while_the_pitch_is_written(user: User) -> None:
    await user.open("/pitches/new")
    await user.should_see("Your sentences appear here")
    script(user).set_value("Dr. Smith paid $3.50. Is 3 < 4? Yes.")
    await user.should_see("3 sentences")
    shown = next(html.content for html in user.find(ui.html).elements if "<ol>" in html.content)
    assert "<span>Dr. Smith paid $3.50.</span>" in shown
    assert "<span>Is 3 &lt; 4?</span>" in shown


async def test_a_new_pitch_is_saved_with_its_notes_and_put_on_stage(user: User, store: Store) -> None:
    await user.open("/pitches/new")
    title, text, notes = fields(user)
    title.set_value("Garden")
    text.set_value("We plant trees.")
    notes.set_value("Q: Which?\nA: Oaks.")
    user.find("Save and hear it").click()
    await user.should_see("Questions")
    kept = store.pitches()[0]
    assert (kept.title, kept.text, kept.notes) == ("Garden", "We plant trees.", "Q: Which?\nA: Oaks.")


async def test_a_pitch_without_a_title_is_named_by_its_first_words(user: User, store: Store) -> None:
    await user.open("/pitches/new")
    script(user).set_value("One two three four five six seven eight nine ten. More.")
    user.find("Save and hear it").click()
    await user.should_see("Questions")
    assert store.pitches()[0].title == "One two three four five six seven eight"


@pytest.mark.parametrize("title", ["", "Only a title"])
async def test_an_empty_pitch_is_refused_beside_its_field(user: User, store: Store, title: str) -> None:
    before = store.pitches()
    await user.open("/pitches/new")
    fields(user)[0].set_value(title)
    user.find("Save and hear it").click()
    await user.should_see("Not saved")
    assert "at least one sentence" in str(script(user).error)
    assert store.pitches() == before


async def test_a_change_is_kept(user: User, store: Store) -> None:
    await user.open("/pitches/rostrum/edit")
    script(user).set_value("Something else.")
    user.find("Save").click()
    await user.should_see("Questions")
    assert [sentence.text for sentence in store.pitch("rostrum").sentences] == ["Something else."]


async def test_words_that_were_never_saved_come_back(user: User) -> None:
    user.javascript_rules[re.compile(DRAFT)] = lambda _: {"title": "Draft", "text": "Half a thought.", "notes": None}
    await user.open("/pitches/new")
    await user.should_see("Unsaved words from last time are back")
    assert script(user).value == "Half a thought."


@pytest.mark.parametrize("path", ["/pitch/nowhere", "/pitches/nowhere/edit"])
async def test_a_pitch_that_is_gone_says_so(user: User, path: str) -> None:
    await user.open(path)
    await user.should_see("This pitch is not here")


@pytest.mark.parametrize("path", ["/", "/pitches", "/pitches/new", "/pitches/rostrum/edit", "/pitch/rostrum"])
async def test_pages_stay_small_enough_not_to_stall_live_audio(user: User, store: Store, path: str) -> None:
    for number in range(60):
        store.add_pitch(f"Pitch {number}", " ".join(f"Sentence {i} of many." for i in range(100)))
    client = await user.open(path)
    assert len(client.elements) < 300


def fields(user: User) -> list[ui.input]:
    """Title, pitch, notes."""
    found = {*user.find(ui.input).elements, *user.find(ui.textarea).elements}
    return sorted(found, key=lambda field: field.id)


def script(user: User) -> ui.input:
    return fields(user)[1]
