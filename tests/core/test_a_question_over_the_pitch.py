"""The order of events that the engine promises when somebody cuts in with a question."""

from engine.messages import ANSWER, Clear, Ended, QuestionAsked, Resumed, Speech, State
from tests.core.scene import stage
from tests.virtual_time import run


def test_the_pitch_goes_on_at_the_start_of_the_sentence_that_was_cut():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)  # in the middle of the second sentence
            await s.say(0.6)
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]
            assert [r.reason for r in s.all(Resumed)] == ["answered"]
            assert len(s.all(Ended)) == 1
            assert s.all(QuestionAsked)[-1].text == "how much does it cost"

    run(scene())


def test_silence_the_instant_the_listener_speaks():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)
            await s.say(0.6)
            cleared = s.when(Clear)[0]
            assert 3.0 <= cleared <= 3.0 + 0.06 + 0.02 + 1e-6, "onset after 60 ms, found with the next frame"
            before_answer = next(at for at in s.when(Speech) if at > cleared)
            assert before_answer > 3.6, "nothing sounds over the listener"

    run(scene())


def test_the_transcript_holds_what_was_heard_and_nothing_more():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)  # one second into the second sentence: four of its words are over
            await s.say(0.6)
            await s.until(Ended)
            assert s.transcript == [
                ("agent", "One two three four five six seven eight.", False),
                ("agent", "Alpha beta gamma delta", True),
                ("user", "how much does it cost", False),
                ("agent", "It is free.", False),
                ("agent", "Alpha beta gamma delta epsilon zeta eta theta.", False),
                ("agent", "Red orange yellow green blue indigo violet white.", False),
                ("agent", "North east south west up down left right.", False),
            ]

    run(scene())


def test_the_state_is_told_as_a_person_would_say_it():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)
            await s.say(0.6)
            await s.until(Ended)
            assert s.states == [State.SPEAKING, State.LISTENING, State.THINKING, State.SPEAKING, State.ENDED]

    run(scene())


def test_two_questions_in_a_row_keep_the_place():
    async def scene():
        async with stage() as s:
            s.mind.text = "That is a long story about many things."
            s.play()
            await s.at(3.0)
            await s.say(0.6)
            await s.at(5.5)  # over the answer
            await s.say(0.6)
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, ANSWER, 2, 3, 4]

    run(scene())


def test_a_question_after_the_end_is_answered_and_the_end_is_told_once():
    async def scene():
        async with stage(sentences=("Only one.",)) as s:
            s.play()
            await s.until(Ended)
            await s.say(0.6, pause_after=3.0)
            assert s.marks == [1, ANSWER]
            assert len(s.all(Ended)) == 1

    run(scene())


def test_a_question_before_the_start_is_answered_and_nothing_begins():
    async def scene():
        async with stage() as s:
            await s.say(0.6, pause_after=4.0)
            assert s.marks == [ANSWER]
            assert not s.all(Ended)

    run(scene())
