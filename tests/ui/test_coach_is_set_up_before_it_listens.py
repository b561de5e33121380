"""Before a session: what it is for, how to be coached, and what to say to the other person first."""

import pytest
from nicegui import ui
from nicegui.testing import User

from engine.analysis.bands import MODES
from engine.clock import wall
from engine.messages import Said
from engine.records import Aim
from engine.store import Store
from ui.pages.coach_live import first_name
from ui.pages.coach_setup import EXAMPLES, KEPT, Setup, last, title


def aims(store: Store) -> list[Aim]:
    """Of all sessions that were created, newest first; the list of past ones has only those in which somebody spoke."""
    rows = store._file.query("SELECT id FROM meetings WHERE scenario = 'coach' ORDER BY rowid DESC", [])
    return [store.sessions.aim(row["id"]) for row in rows]


def fields(user: User) -> dict[str, ui.input]:
    found = [*user.find(kind=ui.input).elements, *user.find(kind=ui.textarea).elements]
    return {str(field.props["placeholder"]): field for field in found}


async def test_an_example_and_one_click_begin_a_session(user: User, store: Store) -> None:
    await user.open("/coach")
    user.find("Networking at a hackathon").click()
    fields(user)["Alex"].set_value("Asha")
    user.find("Start without a check").click()
    await user.should_see(content="", kind=ui.element)
    [aim] = aims(store)
    example = EXAMPLES[0]
    assert (aim.context, aim.goal, aim.mode) == (example.context, example.goal, "networking")
    assert (aim.user_name, aim.record) == ("Asha", False)


async def test_the_first_time_leads_to_the_check_and_the_next_time_starts(user: User, store: Store) -> None:
    await user.open("/coach")
    user.find("Check and start").click()
    await user.should_see("Can it hear you?")
    await user.should_see("Some recogniser")
    await user.should_see("On this machine, rough hearing")
    assert not aims(store), "nothing is created before it starts"
    user.find("Start").click()
    await user.should_see(content="", kind=ui.element)
    assert len(aims(store)) == 1
    await user.open("/coach")
    await user.should_not_see("Check and start")
    await user.should_see("Check the sound")


async def test_what_was_said_of_oneself_is_remembered(user: User, store: Store) -> None:
    await user.open("/coach")
    fields(user)["Alex"].set_value("Asha")
    choices = list(user.find(kind=ui.radio).elements)
    next(choice for choice in choices if "normal" in choice.options).set_value("normal")
    user.find("Check and start").click()
    await user.should_see("Can it hear you?")
    await user.open("/coach")
    assert fields(user)["Alex"].value == "Asha"
    await user.should_see("at most every 20 seconds")


async def test_what_to_say_first_is_true_of_the_recording(user: User, store: Store) -> None:
    await user.open("/coach")
    await user.should_see("Nothing we say leaves this device.")
    await user.should_not_see("It keeps a recording")
    for switch in user.find(kind=ui.switch).elements:
        assert switch.value is False, "nothing is recorded, and nothing left out, before somebody chose it"
        switch.set_value(True)
    await user.should_see("It keeps a recording")
    user.find("Start without a check").click()
    await user.should_see(content="", kind=ui.element)
    assert aims(store)[0].record


async def test_sessions_are_listed_with_the_way_to_their_report_and_back_into_them(user: User, store: Store) -> None:
    for number, name in ((1, "A meetup"), (2, "An interview")):
        store.sessions.begin(f"s{number}", Aim(), wall(), name)
        store.add_line(f"s{number}", Said(speaker="user", text="Hello.", start=0.0, end=70.0), wall())
    store.sessions.end("s2")
    await user.open("/coach")
    await user.should_see("A meetup")
    links = [str(link.props["href"]) for link in user.find(ui.link).elements]
    assert {"/report/s1", "/report/s2", "/coach/s1?start=1"} <= set(links)
    assert "/coach/s2?start=1" not in links


@pytest.mark.parametrize("session", ["nothing", "talk"])
async def test_what_is_no_coached_session_leads_back(user: User, store: Store, session: str) -> None:
    store.begin_meeting("talk", None, id="talk")
    await user.open(f"/coach/{session}")
    await user.should_see("There is no such session")


async def test_home_offers_the_coach_in_one_click(user: User) -> None:
    await user.open("/")
    await user.should_see("Take a coach along")


@pytest.mark.parametrize("kept", [None, 7, {"mode": "opera", "cues": 3, "ear": "yes", "user_name": None}])
def test_settings_that_cannot_be_read_are_the_usual_ones(store: Store, kept: object) -> None:
    store.set_preference(KEPT, kept)  # type: ignore[arg-type]

    class Kept:
        pass

    studio = Kept()
    studio.store = store  # type: ignore[attr-defined]
    assert last(studio) == Setup()  # type: ignore[arg-type]


def test_every_example_is_of_a_mode_that_there_is() -> None:
    assert {example.mode for example in EXAMPLES} <= set(MODES)


@pytest.mark.parametrize(
    ("participants", "name"),
    [
        ("Maya, runs a lab", "Maya"),
        ("Sam Okafor", "Sam"),
        ("Maya and Sam", ""),
        ("Maya, Sam", ""),
        ("two investors", ""),
        ("", ""),
        ("Wolfeschlegelsteinhausen", ""),
    ],
)
def test_captions_use_a_name_only_where_there_is_one(participants: str, name: str) -> None:
    assert first_name(participants) == name


def test_a_session_is_called_by_its_situation() -> None:
    assert title(Setup(context="A first interview.")) == "A first interview"
    assert title(Setup(mode="sales")) == "Sales call"
    long = title(Setup(context="word " * 40))
    assert len(long) < 65
    assert long.endswith("word …")
