"""What a pitch gives reason to ask: found on its page, each with why, asked aloud, or dismissed for good."""

import pytest
from nicegui import ui
from nicegui.testing import User

from engine import asking
from engine.errors import NotFound
from engine.followups.values import FollowUp
from engine.messages import QuestionAsked
from engine.store import Store

TEXT = "Our sensor saves farmers 40 % of their water. Everyone loves it."


async def test_what_they_may_ask_is_found_with_why_and_where_it_comes_from(user: User, store: Store) -> None:
    pitch = store.add_pitch("Water", TEXT)
    await user.open(f"/pitches/{pitch.id}/edit")
    user.find("What may they ask?").click()
    await user.should_see("They may ask")
    await user.should_see("A number without its source is the first thing to be doubted.")
    await user.should_see("Our sensor saves farmers 40 % of their water.")
    await user.should_see("Look again")
    number = next(one for one in store.questions(pitch.id) if "40 %" in one.text)
    assert f"/talk/asks-{number.id}?start=1" in {link.props["href"] for link in user.find(kind=ui.link).elements}
    await user.open(f"/pitch/{pitch.id}")
    await user.should_see("They may ask")


async def test_where_nothing_is_found_it_says_so(user: User, store: Store) -> None:
    pitch = store.pitch("rostrum")
    await user.open(f"/pitches/{pitch.id}/edit")
    user.find("What may they ask?").click()
    await user.should_see("Look again")


def found(*texts: str) -> list[FollowUp]:
    return [FollowUp(text=text, why="Because.", sentence="Everyone loves it.") for text in texts]


def test_dismissed_it_does_not_come_back_and_asked_it_is_a_question_like_any(store: Store) -> None:
    pitch = store.add_pitch("Water", TEXT).id
    first, _ = store.asked.add_follow_ups(pitch, found("Who says so?", "What does it cost?"))
    assert (first.text, first.generated, first.answered, first.why) == ("Who says so?", True, False, "Because.")
    store.remove_question(first.id)
    with pytest.raises(NotFound):
        store.asked.question(first.id)
    again = store.asked.add_follow_ups(pitch, found("who says so", "What does it cost?", "And why?"))
    assert [one.text for one in again] == ["What does it cost?", "And why?"]
    asked = store.add_question(pitch, QuestionAsked(text="What does it cost", answer="Ten.", answered=True))
    assert (asked.generated, asked.answered) == (False, True)
    kept = store.asked.add_follow_ups(pitch, found("What does it cost?"))
    assert [(one.text, one.generated) for one in kept] == [("What does it cost", False)]
    with pytest.raises(NotFound):
        store.asked.add_follow_ups("nowhere", found("Why?"))


def test_who_asks_it_begins_with_it_and_goes_on_with_the_others(store: Store) -> None:
    pitch = store.add_pitch("Water", TEXT).id
    first, second, third = store.asked.add_follow_ups(pitch, found("Who says so?", "What does it cost?", "And why?"))
    persona = asking.somebody(store, asking.id_of(second))
    assert (persona.opening, persona.questions) == (second.text, (first.text, third.text))
    assert "Water" in persona.scene
    assert asking.somebody(store, "partner").id == "partner"
    for id in ("asks-999", "asks-x", "asks-"):
        with pytest.raises(NotFound):
            asking.somebody(store, id)


async def test_its_stage_says_who_asks_and_one_that_is_gone_leads_back(user: User, store: Store) -> None:
    [question] = store.asked.add_follow_ups("rostrum", found("Who says so?"))
    await user.open(f"/talk/{asking.id_of(question)}")
    assert user.client and user.client.title == "Talk with A listener · Rostrum"
    store.remove_question(question.id)
    await user.open(f"/talk/{asking.id_of(question)}")
    await user.should_see("There is nobody here by that name")
