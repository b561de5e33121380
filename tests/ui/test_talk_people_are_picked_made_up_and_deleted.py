from dataclasses import replace

import pytest
from nicegui import ui
from nicegui.testing import User

from engine import personas
from engine.store import Store
from ui.pages.persona_editor import kindly
from ui.pages.talk import introduced


async def test_everybody_is_one_click_from_speaking(user: User) -> None:
    await user.open("/talk")
    for persona in personas.shipped():
        await user.should_see(persona.name)
        assert f"/talk/{persona.id}?start=1" in targets(user)


@pytest.mark.parametrize(
    ("summary", "card"),
    [
        ("Sceptical investor: wants numbers", ("Sceptical investor", "Ada", "Wants numbers")),
        ("A friend from school", ("Ada", "", "A friend from school")),
        ("", ("Ada", "", "")),
        ("Editor:", ("Ada", "", "Editor:")),
        ("Editor:terse", ("Ada", "", "Editor:terse")),
        (
            "Somebody who has told me more than once already: no",
            ("Ada", "", "Somebody who has told me more than once already: no"),
        ),
    ],
)
def test_a_card_says_the_role_before_the_name_where_there_is_one(summary: str, card: tuple[str, str, str]) -> None:
    assert introduced(replace(personas.shipped()[0], name="Ada", summary=summary)) == card


async def test_somebody_made_up_is_kept_and_talked_with(user: User, store: Store) -> None:
    await user.open("/talk/people/new")
    form = list(user.find(kind=ui.input).elements) + list(user.find(kind=ui.textarea).elements)
    by_hint = {str(field.props["placeholder"]): field for field in form}
    by_hint["Nora Lind"].set_value("Ada")
    by_hint["An editor who has no time"].set_value("A friend from school")
    next(field for hint, field in by_hint.items() if hint.startswith("You are Nora")).set_value("You are Ada.")
    next(field for hint, field in by_hint.items() if "in one sentence?" in hint).set_value(
        "How are you?\n\nWhat is new?"
    )
    user.find("Save and talk").click()
    await user.should_see(content="", kind=ui.element)
    [ada] = [one for one in store.people.all() if one.own]
    assert (ada.name, ada.questions, ada.closing) == ("Ada", ("How are you?", "What is new?"), personas.CLOSING)
    await user.open("/talk")
    await user.should_see("A friend from school")


async def test_what_cannot_be_kept_is_marked_and_nothing_is_lost(user: User, store: Store) -> None:
    await user.open("/talk/people/new")
    user.find("Save and talk").click()
    await user.should_see("Not saved: see above.")
    await user.should_see("This needs 1 to 60 characters with a word in them.")
    assert not [one for one in store.people.all() if one.own]


def test_what_is_wrong_with_a_field_is_a_sentence() -> None:
    assert kindly("the same as questions[1]") == "This is the same as questions[1]."
    assert (
        kindly("70 characters are too many, at most 60 are kept") == "70 characters are too many, at most 60 are kept."
    )


async def test_a_copy_is_changed_and_the_one_that_ships_stays(user: User, store: Store) -> None:
    await user.open("/talk/people/new?like=partner")
    user.find("Save and talk").click()
    await user.should_see(content="", kind=ui.element)
    [copy] = [one for one in store.people.all() if one.own]
    original = store.people.persona("partner")
    assert (copy.name, copy.questions, copy.probes) == (original.name, original.questions, original.probes)
    assert copy.id != original.id


async def test_an_own_one_is_deleted_after_asking(user: User, store: Store) -> None:
    ada = store.people.add(
        {"name": "Ada", "summary": "A friend from school", "who": "You are Ada.", "questions": ["How are you?"]}
    )
    await user.open("/talk")
    user.find("Delete").click()
    await user.should_see("Delete Ada?")
    user.find("Delete them").click()
    await user.should_not_see("A friend from school")
    assert ada.id not in [one.id for one in store.people.all()]


async def test_nobody_of_that_name_leads_back_to_everybody(user: User) -> None:
    await user.open("/talk/nobody")
    await user.should_see("There is nobody here by that name")
    assert "/talk" in targets(user)


async def test_home_leads_to_a_talk_in_one_click(user: User) -> None:
    await user.open("/")
    assert "/talk/partner?start=1" in targets(user)


def targets(user: User) -> list[str]:
    return [str(link.props["href"]) for link in user.find(ui.link).elements]
