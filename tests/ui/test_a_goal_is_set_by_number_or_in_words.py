"""The goal of a coached session: typed or chosen, and what is understood of it."""

import pytest
from nicegui import ui
from nicegui.testing import User

from engine.report.goals import targets
from engine.store import Store
from ui.pages.coach_goal import COUNTABLE, sentence, understood


@pytest.mark.parametrize("measure", COUNTABLE)
def test_what_is_chosen_is_understood_as_it_is_written(measure: str) -> None:
    chosen = COUNTABLE[measure]
    for value in range(chosen.least, chosen.most + 1, chosen.step):
        [target] = targets(sentence(measure, value))
        assert value in (target.at_least, target.at_most) or target.at_least == value - 15


def test_it_says_what_is_counted_and_what_is_not() -> None:
    assert understood("Be friendly and ask at least 3 questions") == (
        "Counted, and watched while you talk: questions, at least 3. Kept as it is: “Be friendly”."
    )
    assert understood("pace 120 to 150").endswith("pace, 120 to 150.")
    assert understood("Be friendly").startswith("No number in it can be counted")
    assert understood(" ") == ""


async def test_a_number_is_added_to_the_goal_and_replaces_its_like(user: User, store: Store) -> None:
    await user.open("/coach")
    goal = next(f for f in user.find(kind=ui.textarea).elements if "come across" in str(f.props["placeholder"]))
    goal.set_value("Be friendly")
    await user.should_see("No number in it can be counted")
    user.find("Add to the goal").click()
    await user.should_see("fillers a minute, at most 3")
    number = next(iter(user.find(kind=ui.number).elements))
    number.set_value(5)
    user.find("Add to the goal").click()
    assert goal.value == "Be friendly; at most 5 fillers a minute"
    number.set_value(None)
    user.find("Add to the goal").click()
    await user.should_see("Choose a number from 0 to 12 first.")
    assert goal.value == "Be friendly; at most 5 fillers a minute"
