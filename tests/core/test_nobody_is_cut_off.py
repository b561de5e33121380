"""The listener's turn: thinking pauses, push to talk, microphones that stop, words that come late or twice."""

import asyncio

from engine.audio import HEARING_RATE, silence
from engine.messages import ANSWER, Clip, Ended, MicAudio, QuestionAsked, Said, Speech, TalkPressed, TalkReleased, Typed
from engine.providers.base import Transcript
from engine.providers.scripted import ScriptedActivity, ScriptedEars
from tests.core.scene import FRAME, stage, voice
from tests.virtual_time import run


def questions(s):
    return [said.text for said in s.all(Said) if said.speaker == "user"]


def test_a_thinking_pause_within_patience_is_one_turn():
    async def scene():
        async with stage(ears=ScriptedEars(says=["all of it", "never"]), patience=0.6) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.4)
            await s.say(0.5, pause_after=1.5)
            assert questions(s) == ["all of it"]

    run(scene())


def test_going_on_while_the_words_are_awaited_loses_neither_part():
    async def scene():
        ears = ScriptedEars(says=["how much", "does it cost"], final_after=1.0)
        async with stage(ears=ears, patience=0.2) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.5)  # the turn has ended, its words are on their way
            await s.say(0.5, pause_after=4.0)
            assert questions(s) == ["how much does it cost"]
            assert s.marks.count(ANSWER) == 1

    run(scene())


def test_the_soft_first_sound_before_the_onset_is_heard_too():
    async def scene():
        async with stage(activity=ScriptedActivity(onset_after=0.2)) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5)
            heard = sum(pcm.seconds for pcm in s.ears.heard[1] if any(pcm.data))
            assert abs(heard - 0.5) < 1e-9, "all that was said, with what came before it was detected"

    run(scene())


def test_push_to_talk_takes_everything_between_press_and_release():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            s.talk.post(TalkPressed())
            await s.say(0.3, pause_after=2.0)  # far beyond patience: only the key decides
            assert not questions(s)
            s.talk.post(MicAudio(pcm=voice(FRAME)))
            s.talk.post(TalkReleased())
            await asyncio.sleep(0.1)
            assert questions(s) == ["how much does it cost"]
            voiced = sum(pcm.seconds for pcm in s.ears.heard[1] if any(pcm.data))
            assert abs(voiced - 0.3 - FRAME) < 1e-9

    run(scene())


def test_a_microphone_that_stops_sending_ends_the_turn():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            await asyncio.sleep(1.0)
            assert questions(s) == ["how much does it cost"]

    run(scene())


def test_a_machine_that_stands_still_for_a_while_does_not_end_the_turn():
    async def scene():
        async with stage(ears=ScriptedEars(says=["all of it", "never"])) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            asyncio.get_running_loop().stall(2.0)
            await asyncio.sleep(0.01)  # what was said meanwhile is read after what is due
            await s.say(0.5, pause_after=1.5)
            assert questions(s) == ["all of it"]

    run(scene())


def test_a_voice_that_never_ends_is_taken_at_the_longest_turn():
    async def scene():
        async with stage(longest_turn=3.0) as s:
            s.play()
            await s.at(1.0)
            await s.say(5.0, pause_after=0.0)
            assert questions(s)[0] == "how much does it cost"

    run(scene())


def test_a_final_for_an_older_turn_or_a_second_one_changes_nothing():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5)
            for turn in (1, 1, 7, 0):
                s.talk.post(Transcript(turn=turn, text="once more", final=True))
            await s.until(Ended)
            assert questions(s) == ["how much does it cost"]
            assert s.marks.count(ANSWER) == 1

    run(scene())


def test_the_words_of_a_long_upload_may_take_longer():
    async def scene():
        ears = ScriptedEars(says=["how much does it cost"], final_after=9.0)
        async with stage(ears=ears, transcript_wait=6.0, upload_wait=0.5) as s:
            s.play()
            await s.at(1.0)
            s.send_clip(8.0)
            await s.until(Ended)
            assert questions(s) == ["how much does it cost"]

    run(scene())


def test_words_that_never_come_end_in_what_was_understood_so_far():
    async def scene():
        async with stage(ears=ScriptedEars(stuck=True), transcript_wait=2.0) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Transcript(turn=1, text="what does it", final=False))
            await s.until(Ended)
            assert questions(s) == ["what does it"]

    run(scene())


def test_words_that_never_come_and_none_understood_resume():
    async def scene():
        async with stage(ears=ScriptedEars(stuck=True), transcript_wait=2.0) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5)
            await s.until(Ended)
            assert s.marks == [1, 1, 2, 3, 4]

    run(scene())


def test_writing_ends_whatever_was_being_said():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.1)
            s.talk.post(Typed(text="never mind, how old is it?"))
            await s.until(Ended)
            assert questions(s) == ["never mind, how old is it?"]
            assert s.marks == [1, ANSWER, 1, 2, 3, 4]

    run(scene())


def test_a_whole_clip_is_a_turn_at_once_and_an_open_one_waits_for_more():
    async def scene():
        async with stage(ears=ScriptedEars(says=["first", "second"])) as s:
            s.play()
            await s.at(1.0)
            s.send_clip(1.5)
            await asyncio.sleep(0.01)
            assert questions(s) == ["first"]
            s.send_clip(0.8, whole=False)
            await asyncio.sleep(0.3)
            s.talk.post(MicAudio(pcm=voice(0.3)))
            await asyncio.sleep(0.5)
            assert questions(s) == ["first"], "more may follow within 0.7 s"
            await asyncio.sleep(0.3)
            assert questions(s) == ["first", "second"]

    run(scene())


def test_a_clip_without_speech_interrupts_and_resumes():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            s.send_clip(2.0, voiced=False)
            await s.until(Ended)
            assert s.marks == [1, 1, 2, 3, 4]
            assert not s.all(QuestionAsked)
            assert not s.ears.heard, "silence is not sent to speech to text"

    run(scene())


def test_a_reply_never_starts_over_the_listener():
    async def scene():
        from engine.providers.scripted import ScriptedMind

        async with stage(mind=ScriptedMind(first_after=1.0), ears=ScriptedEars(says=["one", "two"])) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.4, pause_after=0.8)  # the reply is being thought of
            began = s.scenario and s.talk.journal.elapsed
            await s.say(2.0, pause_after=0.0)  # … and would be ready in the middle of this
            spoke_until = s.talk.journal.elapsed
            assert not [at for at in s.when(Speech) if began < at <= spoke_until]
            await asyncio.sleep(3.0)
            assert questions(s) == ["one", "two"]

    run(scene())


def test_audio_that_is_too_much_is_refused_and_the_conversation_goes_on():
    async def scene():
        import pytest

        from engine.errors import TooLarge

        async with stage() as s:
            s.play()
            await s.at(0.5)
            s.talk.post(Clip(pcm=silence(100, HEARING_RATE), whole=True))
            with pytest.raises(TooLarge):
                s.talk.post(Clip(pcm=silence(100, HEARING_RATE), whole=True))
            await s.until(Ended)

    run(scene())
