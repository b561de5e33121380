"""Whatever is pressed, said or sent at whatever moment: nobody stays deaf or silent, nothing is said twice."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from engine.audio import HEARING_RATE, Pcm, silence
from engine.errors import ProviderFailed, TooLarge
from engine.messages import (
    ANSWER,
    Clip,
    Ended,
    Fault,
    LineBegan,
    MarkPlayed,
    MicAudio,
    Pause,
    Play,
    Played,
    Resumed,
    Said,
    Seek,
    Speech,
    State,
    TalkPressed,
    TalkReleased,
    Typed,
    WordsTimed,
)
from engine.playout import Delivery
from engine.providers.base import Transcript
from engine.providers.scripted import (
    ScriptedActivity,
    ScriptedEars,
    ScriptedListening,
    ScriptedMind,
    ScriptedSpeech,
)
from engine.scenario import Line
from tests.core.scene import ReportingClient, stage, voice
from tests.virtual_time import run

WHOLE = Delivery(chunk=None, lead=0.3, allowance=0.25, always_clear=True)


class LimitedEars(ScriptedEars):
    """A turn may last a minute."""

    @asynccontextmanager
    async def listen(self, expect):
        async with ScriptedEars.listen(self, expect) as inner:
            yield _Limited(self, inner)


class _Limited(ScriptedListening):
    def __init__(self, ears, inner):
        super().__init__(ears)
        self.__dict__.update(inner.__dict__)
        self.seconds = Counter()

    def push(self, pcm, turn):
        self.seconds[turn] += pcm.seconds
        if self.seconds[turn] > 60:
            raise TooLarge("One turn of speech may last 60 seconds")
        super().push(pcm, turn)


def questions(s):
    return [said.text for said in s.all(Said) if said.speaker == "user"]


def test_an_open_clip_that_ends_in_a_short_silence_is_a_turn():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            pcm = Pcm(voice(1.0).data + silence(0.15, HEARING_RATE).data, HEARING_RATE)
            s.talk.post(Clip(pcm=pcm, whole=False))
            await s.at(3.0)
            assert questions(s) == ["how much does it cost"]

    run(scene())


def test_a_turn_that_is_too_long_for_the_ears_ends_and_is_answered():
    async def scene():
        async with stage(ears=LimitedEars(says=["a long story"])) as s:
            s.play()
            await s.at(1.0)
            await s.say(70.0)
            await s.until(Ended)
            assert questions(s)[0] == "a long story"

    run(scene())


def test_after_writing_while_speaking_the_ear_is_free_for_the_next_speech():
    async def scene():
        async with stage(ears=LimitedEars(says=["a question"] * 9)) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Typed(text="never mind"))
            await s.say(0, pause_after=70.0)
            await s.say(1.0)
            assert questions(s) == ["never mind", "a question"]

    run(scene())


def test_a_written_question_is_not_answered_over_the_listener_who_still_speaks():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Typed(text="never mind"))
            wrote = s.talk.journal.elapsed
            await s.say(2.0, pause_after=0.0)
            spoke_until = s.talk.journal.elapsed
            await s.say(0, pause_after=1.0)
            assert not [at for at in s.when(Speech) if wrote < at < spoke_until]
            assert [at for at in s.when(Speech) if at > spoke_until]

    run(scene())


def test_a_voice_with_pauses_is_taken_at_the_longest_turn_too():
    async def scene():
        async with stage(longest_turn=10.0) as s:
            s.play()
            await s.at(1.0)
            for _ in range(16):
                await s.say(0.5, pause_after=0.3)
            assert questions(s)

    run(scene())


def test_the_key_pressed_again_while_words_are_awaited_leaves_no_key_held():
    async def scene():
        async with stage(ears=ScriptedEars(says=["how much", "does it", "cost"], final_after=1.0)) as s:
            s.play()
            await s.at(1.0)
            for seconds, pause in ((0.5, 0.2), (0.3, 0.6)):
                s.talk.post(TalkPressed())
                await s.say(seconds, pause_after=0.0)
                s.talk.post(TalkReleased())
                await s.say(0, pause_after=pause)
            await s.say(0.5, pause_after=5.0)
            assert questions(s) == ["how much does it"], "the last words belong to the second turn: within patience"

    run(scene())


def test_the_key_pressed_again_at_once_hears_nothing_twice():
    async def scene():
        async with stage(ears=ScriptedEars(says=["a b", "c d"], final_after=1.0)) as s:
            s.play()
            await s.at(1.0)
            for _ in range(2):
                s.talk.post(TalkPressed())
                await s.say(0.5, pause_after=0.0)
                s.talk.post(TalkReleased())
            await asyncio.sleep(5)
            voiced = sum(pcm.seconds for heard in s.ears.heard.values() for pcm in heard if any(pcm.data))
            assert voiced == pytest.approx(1.0)

    run(scene())


def test_a_key_whose_release_never_came_does_not_make_deaf():
    async def scene():
        async with stage(longest_turn=5.0) as s:
            s.play()
            s.talk.post(TalkPressed())
            await s.say(0.5, pause_after=8.0)
            assert len(questions(s)) == 1
            await s.say(0.5, pause_after=2.0)
            assert len(questions(s)) == 2

    run(scene())


def test_ears_that_die_while_the_key_is_held_end_the_turn():
    class Dying(ScriptedEars):
        @asynccontextmanager
        async def listen(self, expect):
            async with ScriptedEars.listen(self, expect) as inner:

                async def die():
                    await asyncio.sleep(2.0)
                    raise ProviderFailed("ears", "died")
                    yield

                inner.__class__ = type("Dead", (ScriptedListening,), {"__aiter__": lambda _: die()})
                yield inner

    async def scene():
        async with stage(ears=Dying()) as s:
            s.play()
            await s.at(1.0)
            s.talk.post(TalkPressed())
            await s.say(2.0, pause_after=0.0)
            await s.until(Ended)
            assert s.marks == [1, 1, 2, 3, 4]

    run(scene())


def test_a_provider_that_fails_when_cancelled_starts_nothing():
    class Rude(ScriptedSpeech):
        async def speak(self, text, voice):
            try:
                async for chunk in ScriptedSpeech.speak(self, text, voice):
                    yield chunk
            except asyncio.CancelledError:
                raise ProviderFailed("scripted speech", "connection lost") from None

    async def scene():
        async with stage(speech=Rude(chunk_every=0.2), mind=ScriptedMind(first_after=1.0)) as s:
            s.play()
            await s.at(1.0)
            s.talk.post(Typed(text="q"))
            await s.until(Ended)
            assert s.marks == [1, ANSWER, 1, 2, 3, 4]

    run(scene())


@pytest.mark.parametrize("then", ["to the end", "and a second question"])
def test_seeking_during_an_answer_ends_the_pause_from_before(then):
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)
            s.talk.post(Pause())
            s.talk.post(Typed(text="and the price?"))
            await asyncio.sleep(0.3)
            s.talk.post(Seek(mark=3))
            if then != "to the end":
                await asyncio.sleep(0.5)
                s.talk.post(Typed(text="second?"))
            await s.until(Ended)
            assert s.marks[-1] == 4

    run(scene())


def test_skipping_past_the_last_sentence_is_the_end():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(7.0)
            s.talk.post(Seek(mark=5))
            await s.at(12.0)
            assert s.states[-1] is State.ENDED
            assert len(s.all(Ended)) == 1

    run(scene())


def test_a_voice_that_fails_once_is_tried_again():
    class Once(ScriptedSpeech):
        async def speak(self, text, voice):
            if text.startswith("Red") and text not in self.spoken:
                self.spoken.append(text)
                raise ProviderFailed("scripted speech", "hiccup", retryable=True)
            async for chunk in ScriptedSpeech.speak(self, text, voice):
                yield chunk

    async def scene():
        async with stage(speech=Once()) as s:
            s.play()
            await s.until(Ended)
            assert [said.mark for said in s.all(Said)] == [1, 2, 3, 4]

    run(scene())


def test_a_pause_for_want_of_a_voice_ends_with_the_next_question():
    async def scene():
        async with stage(speech=ScriptedSpeech(fails="Red")) as s:
            s.play()
            await s.until(Fault)
            await s.at(10.0)
            assert s.states[-1] is State.PAUSED
            s.speech.fails = None
            s.talk.post(Typed(text="are you there?"))
            await s.until(Ended)

    run(scene())


def test_a_pause_while_words_are_awaited_is_meant_for_the_answer_too():
    async def scene():
        async with stage(ears=ScriptedEars(says=["how much is it"], final_after=1.0)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5, pause_after=0.8)
            s.talk.post(Pause())
            paused = s.talk.journal.elapsed
            await s.at(15.0)
            assert not [at for at in s.when(Speech) if at > paused]
            s.talk.post(Play())
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]

    run(scene())


def test_a_pause_meant_for_an_answer_does_not_silence_the_next_one_when_nothing_was_said():
    async def scene():
        async with stage(ears=ScriptedEars(says=[""], final_after=1.0)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5, pause_after=0.8)
            s.talk.post(Pause())
            await s.at(8.0)
            s.talk.post(Typed(text="how much is it?"))
            await s.at(12.0)
            assert s.marks == [1, 2, ANSWER]
            assert s.states[-1] is State.PAUSED

    run(scene())


def test_a_cough_while_paused_resumes_nothing():
    async def scene():
        async with stage(ears=ScriptedEars(says=[""])) as s:
            s.play()
            await s.at(3.0)
            s.talk.post(Pause())
            await s.at(5.0)
            await s.say(0.3, pause_after=5.0)
            assert not s.all(Resumed)

    run(scene())


def test_after_the_end_stop_and_go_on_change_nothing():
    async def scene():
        async with stage(sentences=("Only one.",), ears=ScriptedEars(says=["stop", "go on"])) as s:
            s.play()
            await s.until(Ended)
            await s.say(0.4, pause_after=2.0)
            await s.say(0.4, pause_after=2.0)
            assert s.marks == [1]
            assert s.states[-1] is State.ENDED

    run(scene())


def test_a_report_on_the_first_sentence_of_an_answer_credits_no_other():
    async def answer(question, history):
        yield Line(text="a b c d e f g h.", mark=ANSWER)
        yield Line(text="i j k l m n o p.", mark=ANSWER)

    async def scene():
        async with stage(delivery=WHOLE) as s:
            s.scenario.answer = answer
            s.play()
            await s.at(1.0)
            s.talk.post(Typed(text="q"))  # the answer sounds from 1 to 3 and from 3 to 5
            await s.at(3.02)
            s.talk.post(MarkPlayed(mark=ANSWER))
            await s.at(3.2)
            assert ("agent", "i j k l m n o p.", False) not in s.transcript

    run(scene())


def test_a_report_that_comes_late_sets_the_estimate_right():
    async def scene():
        async with stage(delivery=WHOLE) as s:
            s.play()
            await s.at(2.6)  # the client buffers for 0.6 s
            s.talk.post(MarkPlayed(mark=1))
            await s.at(4.4)  # 1.8 s into the second sentence for the listener
            s.send_clip(1.0)
            await s.until(Ended)
            assert s.marks == [1, 2, 3, ANSWER, 2, 3, 4]

    run(scene())


def test_without_reports_nobody_is_credited_before_the_allowance():
    async def scene():
        async with stage(delivery=Delivery(allowance=0.3)) as s:
            s.play()
            await s.at(1.2)
            s.talk.post(Typed(text="q"))
            assert s.transcript[0] == ("agent", "One two three", True), "0.9 s of four words in a second"

    run(scene())


def test_a_client_that_keeps_a_last_bit_to_itself_still_comes_to_the_end():
    async def scene():
        async with stage(delivery=Delivery(reports=True)) as s:
            client = ReportingClient(s)
            client.report = lambda: s.talk.post(
                Played(generation=client.generation, seconds=max(0, client.played - 0.03))
            )
            playing = asyncio.create_task(client.run())
            s.play()
            await s.until(Ended)
            playing.cancel()

    run(scene())


def test_a_client_that_plays_nothing_is_told_and_waited_for():
    async def scene():
        async with stage(delivery=Delivery(reports=True)) as s:
            s.play()
            await s.at(8.0)
            assert [fault.code for fault in s.all(Fault)] == ["not_played"]
            assert s.states[-1] is State.PAUSED
            playing = asyncio.create_task(ReportingClient(s).run())
            s.play()
            await s.until(Ended)
            playing.cancel()
            assert s.transcript[0][1].startswith("One two")

    run(scene())


def test_empty_audio_leaves_no_trace():
    async def scene():
        async with stage() as s:
            for _ in range(5000):
                s.talk.post(MicAudio(pcm=Pcm(b"", HEARING_RATE)))
            s.play()
            await s.until(Ended)
            assert len(s.talk._listener._ear._recent) == 0

    run(scene())


def test_without_a_detector_there_are_no_ears_and_the_pitch_plays():
    class Broken(ScriptedActivity):
        def open(self):
            raise ProviderFailed("activity", "cannot be loaded")

    async def scene():
        async with stage(activity=Broken()) as s:
            s.play()
            await s.until(Ended)
            assert s.all(Fault)

    run(scene())


def test_leaving_while_the_listener_speaks_leaves_no_timer():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
        loop = asyncio.get_running_loop()
        assert not [handle for handle in loop._scheduled if not handle.cancelled() and handle.when() > loop.time() + 5]

    run(scene())


def test_words_whose_times_come_last_are_told_all_the_same():
    class Untimed(ScriptedSpeech):
        def _chunks(self, text, seconds):
            return [type(chunk)(pcm=chunk.pcm) for chunk in ScriptedSpeech._chunks(self, text, seconds)]

    async def scene():
        async with stage(sentences=("Hi.",), speech=Untimed(word_seconds=0.1, chunk_every=0.05)) as s:
            s.play()
            await s.until(Ended)
            assert [told.line for told in s.all(WordsTimed)] == [1]

    run(scene())


def test_one_line_is_prepared_ahead_and_no_more():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(1.0)
            assert len(s.speech.spoken) == 2
            await s.at(2.5)
            assert len(s.speech.spoken) == 3

    run(scene())


def test_final_words_are_taken_in_their_own_turn_and_phase_only():
    async def scene():
        async with stage(ears=ScriptedEars(stuck=True), transcript_wait=30.0) as s:
            s.play()
            await s.at(1.0)
            await s.say(0.5, pause_after=0.0)
            s.talk.post(Transcript(turn=1, text="too early", final=True))
            s.talk.post(Transcript(turn=2, text="from the future", final=True))
            await s.say(0, pause_after=1.0)
            s.talk.post(Transcript(turn=0, text="from the past", final=True))
            assert not questions(s)
            s.talk.post(Transcript(turn=1, text="just right", final=True))
            assert questions(s) == ["just right"]

    run(scene())


def test_speech_that_goes_on_inside_a_line_comes_back_softly():
    async def scene():
        async with stage(ears=ScriptedEars(says=[""])) as s:
            s.play()
            await s.at(3.3)
            await s.say(0.2)
            await s.until(Ended)
            again = s.all(LineBegan)[2]
            first = next(out for out in s.all(Speech) if out.generation == again.generation)
            samples = memoryview(first.pcm.data).cast("h")
            assert samples[0] == 0
            assert samples[40] < samples[79] < samples[200] == 0x1000

    run(scene())
