from nicegui import ui
from nicegui.testing import User

from engine.messages import QuestionAsked, Said
from engine.store import Store


async def test_the_first_visit_offers_the_sample_pitch_from_its_start(user: User) -> None:
    await user.open("/")
    await user.should_see("Hear the sample pitch")
    assert "/pitch/rostrum?play=1&mark=1" in targets(user)
    await user.should_not_see("Last sessions")


async def test_the_next_visit_carries_on_at_the_sentence_that_was_left(user: User, store: Store) -> None:
    meeting = store.begin_meeting("pitch", "rostrum")
    store.set_place(meeting.id, 4, False)
    await user.open("/")
    await user.should_see("Carry on")
    await user.should_see("From sentence 4")
    assert "/pitch/rostrum?play=1&mark=4" in targets(user)
    await user.should_see("3 of 14 sentences")


async def test_a_pitch_that_was_only_opened_is_no_session(user: User, store: Store) -> None:
    store.begin_meeting("pitch", "rostrum")
    await user.open("/")
    await user.should_see("Hear the sample pitch")
    await user.should_not_see("Last sessions")


async def test_a_pitch_heard_to_its_end_is_offered_again_from_its_start(user: User, store: Store) -> None:
    meeting = store.begin_meeting("pitch", "rostrum")
    store.set_place(meeting.id, None, True)
    await user.open("/")
    await user.should_see("Hear it again")
    await user.should_see("heard to the end")


async def test_a_talk_is_among_the_last_sessions(user: User, store: Store) -> None:
    meeting = store.begin_meeting("talk", None, persona="investor", title="Victor Hale")
    store.add_line(meeting.id, Said(speaker="user", text="hello", start=0.0, end=1.0), meeting.begun)
    await user.open("/")
    await user.should_see("Victor Hale")
    await user.should_see("1 turn")
    await user.should_see("Hear the sample pitch")
    assert f"/history/{meeting.id}" in targets(user)


async def test_questions_without_an_answer_are_listed_to_prepare(user: User, store: Store) -> None:
    store.add_question("rostrum", QuestionAsked(text="Who pays for it?", answer="", answered=False))
    store.add_question("rostrum", QuestionAsked(text="What does it cost?", answer="Nothing.", answered=True))
    await user.open("/")
    await user.should_see("Who pays for it?")
    await user.should_not_see("What does it cost?")


async def test_without_any_pitch_the_way_leads_to_writing_one(user: User, store: Store) -> None:
    store.remove_pitch("rostrum")
    await user.open("/")
    await user.should_see("Write your pitch")
    assert "/pitches/new" in targets(user)


async def test_the_badge_says_who_is_at_work_and_their_limits(user: User) -> None:
    await user.open("/")
    await user.should_see("Offline, rough hearing")


def targets(user: User) -> list[str]:
    """Where the links on the page lead."""
    return [str(link.props["href"]) for link in user.find(ui.link).elements]
