from nicegui.testing import User

from engine.messages import QuestionAsked
from engine.store import Store
from ui.components.voice_link import VoiceLink


async def test_the_stage_gets_the_pitch_and_the_place_that_was_left(user: User, store: Store) -> None:
    meeting = store.begin_meeting("pitch", "rostrum")
    store.set_place(meeting.id, 3, False)
    await user.open("/pitch/rostrum")
    props = stage(user).props
    assert (props["pitch"], props["mark"], props["autoplay"]) == ("rostrum", 3, False)
    assert props["sentences"] == [sentence.text for sentence in store.pitch("rostrum").sentences]


async def test_the_address_may_name_the_sentence_and_begin_at_once(user: User) -> None:
    await user.open("/pitch/rostrum?play=1&mark=999")
    assert (stage(user).props["mark"], stage(user).props["autoplay"]) == (14, True)


async def test_a_question_appears_when_the_stage_reports_it(user: User, store: Store) -> None:
    await user.open("/pitch/rostrum")
    await user.should_not_see("Who pays?")
    store.add_question("rostrum", QuestionAsked(text="Who pays?", answer="", answered=False))
    user.find(VoiceLink).trigger("question")
    await user.should_see("Who pays?")
    await user.should_see("To prepare, 1")


async def test_a_question_can_be_removed(user: User, store: Store) -> None:
    store.add_question("rostrum", QuestionAsked(text="Who pays?", answer="", answered=False))
    await user.open("/pitch/rostrum")
    user.find("Remove").click()
    await user.should_not_see("Who pays?")
    assert not store.questions("rostrum")


def stage(user: User) -> VoiceLink:
    return next(iter(user.find(VoiceLink).elements))
