"""What a persona of one's own has read, how hard it cuts in, and a persona from a file: on the pages."""

import json

from nicegui import ui
from nicegui.testing import User

from engine import persona_file
from engine.store import Store
from ui.components.talk_link import TalkLink
from ui.pages.persona_material import Piece, asks

CV = "- Led a team of five engineers at Acme"
NORA = {"name": "Nora", "who": "You are Nora.", "questions": ["Why?"]}


def stage(user: User) -> TalkLink:
    [link] = user.find(kind=TalkLink).elements
    return link


async def test_material_is_pasted_shown_as_it_will_be_asked_and_kept(user: User, store: Store) -> None:
    nora = store.people.add(NORA)
    await user.open(f"/talk/people/{nora.id}")
    user.find("Add material").click()
    await user.should_see("Add more")
    area = next(f for f in user.find(kind=ui.textarea).elements if f.props.get("aria-label") == "Text of piece 1")
    area.set_value(CV)
    await user.should_see("What was your part in it?")
    user.find("Save and talk").click()
    await user.should_see(kind=TalkLink)
    [kept] = store.people.persona(nora.id).material
    assert (kept.kind, kept.text) == ("cv", CV)


async def test_material_that_cannot_be_kept_is_said_and_nothing_is_lost(user: User, store: Store) -> None:
    nora = store.people.add(NORA | {"material": [{"kind": "cv", "text": CV}]})
    await user.open(f"/talk/people/{nora.id}")
    area = next(f for f in user.find(kind=ui.textarea).elements if f.props.get("aria-label") == "Text of piece 1")
    area.set_value("a b " * 9_000)
    user.find("Save and talk").click()
    await user.should_see("35,999 characters are too many, at most 30,000 are kept.")
    assert store.people.persona(nora.id).material[0].text == CV
    user.find("Remove").click()
    await user.should_see("Add material")


def test_what_cannot_be_quoted_is_said_to_be_so() -> None:
    assert asks(Piece("cv", "Jane Doe")).startswith("Nothing in it can be asked about")
    assert asks(Piece("cv", " ")) == ""


async def test_how_hard_they_cut_in_is_the_personas_until_one_chooses(user: User, store: Store) -> None:
    nora = store.people.add(NORA | {"interrupts": "gentle"})
    await user.open(f"/talk/{nora.id}")
    assert stage(user).props["hardness"] == "gentle"
    await user.open("/talk")
    [choice] = user.find(kind=ui.radio).elements
    choice.set_value("firm")
    await user.should_see("Up to twice in one answer.")
    await user.open(f"/talk/{nora.id}")
    assert stage(user).props["hardness"] == "firm"
    await user.open("/talk")
    next(iter(user.find(kind=ui.radio).elements)).set_value("")
    await user.open("/talk/partner")
    assert stage(user).props["hardness"] == "off"


async def test_somebody_is_exported_and_imported(user: User, store: Store) -> None:
    nora = store.people.add(NORA)
    await user.open("/talk")
    links = {str(link.props["href"]) for link in user.find(kind=ui.link).elements}
    assert {f"/api/v1/personas/{nora.id}/file", "/api/v1/personas/partner/file"} <= links
    fields = persona_file.read(persona_file.written(nora).encode())
    assert store.people.add(fields).name == "Nora"
    assert json.loads(persona_file.written(nora))["who"] == NORA["who"]
