"""Whatever fails in the middle of a sentence: an error fit to show, and the conversation goes on."""

import asyncio

import pytest

from engine.errors import BadInput
from engine.messages import ANSWER, Ended, Fault, MicAudio, Play, Said, Speech, State, Typed
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.utterance import Deadlines
from tests.core.scene import stage, voice
from tests.virtual_time import run


def test_a_mind_that_goes_blank_apologises_aloud_and_the_pitch_goes_on():
    async def scene():
        async with stage(mind=ScriptedMind(fails=0)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5)
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]
            assert [fault.retryable for fault in s.all(Fault)] == [True]
            assert any(text.startswith("Sorry") for who, text, _ in s.transcript if who == "agent")

    run(scene())


def test_a_mind_that_never_answers_is_given_up_at_its_deadline():
    async def scene():
        async with stage(mind=ScriptedMind(first_after=1e6), deadlines=Deadlines(line=5.0)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5)
            await s.until(Ended)
            assert s.all(Fault)[0].code == "provider_timeout"
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]

    run(scene())


def test_a_voice_that_fails_pauses_at_its_sentence_until_play():
    async def scene():
        async with stage(speech=ScriptedSpeech(fails="Red")) as s:
            s.play()
            await s.until(Fault)
            await s.at(10.0)
            assert s.states[-1] is State.PAUSED
            s.speech.fails = None
            s.talk.post(Play())
            await s.until(Ended)
            heard = [said.mark for said in s.all(Said) if not said.interrupted]
            assert heard == [1, 2, 3, 4]

    run(scene())


def test_a_voice_that_stalls_is_given_up_at_its_deadline():
    async def scene():
        async with stage(speech=ScriptedSpeech(chunk_every=100.0), deadlines=Deadlines(speech=4.0)) as s:
            s.play()
            await s.until(Fault)
            assert s.all(Fault)[0].code == "provider_timeout"

    run(scene())


def test_a_bug_in_a_provider_ends_the_utterance_and_not_the_conversation(caplog):
    class Broken(ScriptedMind):
        async def reply(self, prompt):
            raise ZeroDivisionError("secret /path/to/key")
            yield ""

    async def scene():
        async with stage(mind=Broken()) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5)
            await s.until(Ended)
            assert "secret" not in s.all(Fault)[0].message

    run(scene())


def test_without_ears_writing_works_and_sending_speech_is_refused():
    async def scene():
        async with stage(ears=ScriptedEars(failing=True)) as s:
            assert s.all(Fault)
            s.play()
            await s.at(3.0)
            s.talk.post(MicAudio(pcm=voice(0.02)))
            with pytest.raises(BadInput, match="write the question"):
                s.send_clip(1.0)
            s.talk.post(Typed(text="what now?"))
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]

    run(scene())


def test_a_line_without_a_sound_is_passed_over():
    async def scene():
        async with stage(sentences=("One two.", "…", "Three four.")) as s:
            s.play()
            await s.until(Ended)
            assert s.marks == [1, 3]

    run(scene())


def test_a_cancelled_speech_lets_go_and_its_late_audio_is_not_heard():
    async def scene():
        speech = ScriptedSpeech(chunk=0.25, chunk_every=0.2)  # slower than it is told to stop
        async with stage(speech=speech) as s:
            s.play()
            await s.at(1.0)
            s.talk.post(Typed(text="and?"))
            await asyncio.sleep(0.05)
            assert speech.open_now <= 1
            await s.until(Ended)
            lines = [(output.generation, output.line) for output in s.all(Speech)]
            cut = lines[0][1]
            assert all(generation == 1 for generation, line in lines if line == cut)

    run(scene())


def test_leaving_in_the_middle_records_what_was_heard_and_leaves_nobody():
    async def scene():
        async with stage() as s:
            s.play()
            await s.at(3.0)
        assert s.transcript == [
            ("agent", "One two three four five six seven eight.", False),
            ("agent", "Alpha beta gamma delta", True),
        ]

    run(scene())


def test_another_voice_or_speed_begins_the_current_sentence_again():
    async def scene():
        from engine.messages import Retune

        async with stage() as s:
            s.play()
            await s.at(3.0)
            s.talk.post(Retune(speed=2.0))
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]
            assert s.when(Ended)[0] == pytest.approx(3.0 + 3 * 1.0, abs=0.01)

    run(scene())


def test_a_sentence_that_could_not_be_spoken_is_not_taken_for_heard():
    async def scene():
        async with stage(speech=ScriptedSpeech(fails="One")) as s:
            s.play()
            await s.until(Fault)
            await s.at(1.0)
            assert not s.all(Said)
            assert s.scenario.place == 1

    run(scene())


def test_what_was_ready_before_the_voice_failed_is_still_heard():
    async def scene():
        async with stage(speech=ScriptedSpeech(fails="Red")) as s:
            s.play()
            await s.until(Fault)
            assert s.when(Fault)[0] < 3.0, "it fails while the second sentence, at the latest, is sounding"
            await s.at(8.0)
            assert [said.mark for said in s.all(Said)] == [1, 2]
            assert s.scenario.place == 3

    run(scene())


def test_an_answer_without_words_is_no_dead_end():
    async def scene():
        async with stage(mind=ScriptedMind(text="…")) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]

    run(scene())
