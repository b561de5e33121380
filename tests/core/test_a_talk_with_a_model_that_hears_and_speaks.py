"""A talk whose partner is a speech-to-speech model: floor, playout, history and barge-in are as in any other talk."""

from __future__ import annotations

import asyncio

import pytest

from engine.errors import ProviderFailed
from engine.floor import Verdict
from engine.limits import Limits, Reminder
from engine.messages import (
    ANSWER,
    CLOSING,
    Brief,
    Clear,
    Ended,
    Fault,
    LimitNear,
    LineBegan,
    Remember,
    ReplyEnded,
    Respond,
    Resumed,
    Retune,
    Said,
    Speech,
    Understood,
    WordsTimed,
)
from engine.playout import Delivery
from engine.providers.base import ChatLine
from engine.providers.scripted import ScriptedEars, ScriptedSpeech
from tests.core.scene import PAT, ReportingClient, talking_with
from tests.core.scripted_dialogue import ScriptedDialogue
from tests.virtual_time import run

COUNTS = "One two three four five six seven eight. Nine ten eleven twelve."


def agent(scene):
    return [(said.text, said.interrupted) for said in scene.all(Said) if said.speaker == "agent"]


def test_a_talk_from_hello_to_goodbye():
    partner = ScriptedDialogue(says=["i grow beans", "goodbye"], replies=["Beans, how nice. And peas?", "Bye bye."])

    async def scene():
        async with talking_with(partner) as stage:
            await stage.until(Said, 2)
            await stage.say(1.0)
            await stage.until(ReplyEnded, 2)
            await stage.say(0.6)
            await stage.until(Ended)
        assert [line.text for line in stage.all(LineBegan)] == [
            "Good morning to you.",
            "What brings you here today?",
            "Beans, how nice.",
            "And peas?",
            "Bye bye.",
        ]
        assert stage.marks[2:] == [ANSWER, ANSWER, CLOSING]
        assert stage.transcript[2:4] == [("user", "i grow beans", False), ("agent", "Beans, how nice.", False)]
        assert partner.reads.ended == ["Good morning to you.", "What brings you here today?"]
        assert stage.senses.speech.spoken == []
        assert not stage.all(Fault)
        first, second = partner.asked
        assert first.instructions.startswith(PAT.who)
        assert [line.text for line in second.history] == [PAT.opening, "i grow beans", "Beans, how nice. And peas?"]
        assert second.question == "goodbye"
        assert partner.open_now == 0

    run(scene())


def test_its_sound_is_what_is_heard_whole_and_in_order():
    partner = ScriptedDialogue(replies=[COUNTS])

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await stage.until(ReplyEnded)
        heard = b"".join(speech.pcm.data for speech in stage.all(Speech))
        assert len(heard) == 2 * 16_000 * (12 * 0.25 + 2 * 0.2)
        first, second = stage.all(LineBegan)
        lengths = [
            sum(speech.pcm.seconds for speech in stage.all(Speech) if speech.line == line) for line in (3 - 2, 2)
        ]
        assert (first.text, second.text) == ("One two three four five six seven eight.", "Nine ten eleven twelve.")
        assert lengths == pytest.approx([2.12, 1.28], abs=0.1), "a line ends in the pause after its sentence"

    run(scene())


def test_words_are_timed_within_their_line_in_order_and_each_once():
    partner = ScriptedDialogue(replies=[COUNTS])

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await stage.until(ReplyEnded)
        for line in stage.all(LineBegan):
            words = [word for timed in stage.all(WordsTimed) if timed.line == line.line for word in timed.words]
            assert [line.text[word.first : word.last] for word in words] == line.text.split()
            assert all(word.start <= word.end for word in words)
            assert [word.start for word in words] == sorted(word.start for word in words)
            assert words[-1].end == pytest.approx(0.25 * len(words), abs=0.1), "without the pause"

    run(scene())


@pytest.mark.parametrize("reports", [False, True])
def test_cutting_in_silences_at_once_and_what_was_heard_is_kept(reports):
    partner = ScriptedDialogue(says=["what about zero"], replies=[COUNTS, "Fine."])
    delivery = Delivery(allowance=0.0, reports=reports)

    async def scene():
        async with talking_with(partner, play=False, delivery=delivery) as stage:
            client = asyncio.create_task(ReportingClient(stage).run())
            stage.write("count")
            await stage.until(LineBegan)
            began = stage.when(LineBegan)[0]
            await stage.at(began + 1.0)
            await stage.say(0.8)
            await stage.until(ReplyEnded, 2)
            client.cancel()
        (cleared,) = stage.when(Clear)
        assert cleared - began - 1.0 <= 0.08, "the detector's own time"
        answered = stage.when(LineBegan)[1]
        assert stage.silent_between(cleared, answered - 0.01)
        seconds, text = partner.credited[0]
        assert seconds == pytest.approx(cleared - began, abs=0.05)
        assert "One two three four five".startswith(text.removesuffix(" —")), "never more than was heard"
        assert text.removesuffix(" —").startswith("One two")
        assert partner.asked[1].history == (
            ChatLine(role="user", text="count"),
            ChatLine(role="assistant", text=text),
        )
        assert agent(stage)[0] == (text.removesuffix(" —"), True)

    run(scene())


def test_a_reply_that_is_still_being_made_is_stopped():
    partner = ScriptedDialogue(replies=[COUNTS, "Fine."], word_every=0.25)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await asyncio.sleep(1.0)
            stage.write("no, stop counting please")
            await stage.until(ReplyEnded, 2)
        assert partner.stopped == 1
        assert agent(stage)[-1] == ("Fine.", False)

    run(scene())


def test_a_cough_is_no_turn_and_speech_goes_on_at_a_word():
    partner = ScriptedDialogue(says=[""], replies=[COUNTS])

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await stage.until(LineBegan)
            await stage.at(stage.when(LineBegan)[0] + 1.0)
            await stage.say(0.3)
            await stage.until(ReplyEnded)
        assert stage.verdicts == [Verdict.TURN, Verdict.NOISE]
        assert [resumed.reason for resumed in stage.all(Resumed)] == ["noise"]
        assert agent(stage) == [
            ("One two three four five six seven eight.", False),
            ("Nine ten eleven twelve.", False),
        ]
        assert len(partner.asked) == 1

    run(scene())


def test_what_a_client_sets_holds_for_the_next_reply():
    partner = ScriptedDialogue(replies=["Yes."])

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.talk.post(Remember(id="mine", role="user", text="My name is Ann."))
            stage.talk.post(Brief(instructions="Be brief.", most_tokens=50))
            stage.talk.post(Retune(voice="marin", speed=1.5))
            stage.talk.post(Respond())
            await stage.until(ReplyEnded)
        (prompt,) = partner.asked
        assert (prompt.instructions, prompt.most_tokens, prompt.question) == ("Be brief.", 50, "My name is Ann.")
        assert (partner.spoke_as[0].name, partner.spoke_as[0].speed) == ("marin", 1.5)

    run(scene())


def test_a_silence_is_asked_after_in_the_partners_own_voice():
    partner = ScriptedDialogue()

    async def scene():
        async with talking_with(partner, limits=Limits(silence=5.0, asks=1)) as stage:
            await stage.until(Ended)
        assert Reminder.STILL_THERE in [near.reason for near in stage.all(LimitNear)]
        assert partner.reads.ended[2:] == [
            "Are you still there?",
            "I will leave it there for today.",
            "It was good to talk.",
            "Goodbye.",
        ]
        assert stage.senses.speech.spoken == []

    run(scene())


def test_a_reply_may_begin_before_its_sentence_is_told_to_its_end():
    """Where the words come no sooner than their sound, the first sound does not wait for all of them."""
    partner = ScriptedDialogue(replies=["One two three four five six seven eight nine ten."], word_every=0.25)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await stage.until(ReplyEnded)
        assert stage.when(LineBegan)[0] <= 0.6
        assert " ".join(text for text, _ in agent(stage)) == "One two three four five six seven eight nine ten."

    run(scene())


# ---- what fails -----------------------------------------------------------------------------------------------------


def test_a_session_that_is_lost_is_told_once_and_the_others_go_on():
    partner = ScriptedDialogue()

    async def scene():
        async with talking_with(partner, play=False) as stage:
            await asyncio.sleep(1.0)
            partner.sessions[0].lost()
            await stage.say(1.0)
            await stage.until(ReplyEnded)
        (fault,) = stage.all(Fault)
        assert (fault.code, fault.retryable) == ("provider_failed", True)
        assert (
            "broke off; from now on Scripted ears hears, Scripted mind thinks and Scripted speech speaks"
            in fault.message
        )
        assert stage.transcript == [
            ("user", "is anybody there", False),
            ("agent", "Now I speak with another voice.", False),
        ]
        assert partner.asked == []

    run(scene())


def test_the_turn_that_is_being_spoken_is_heard_by_the_others_from_its_start():
    partner, ears = ScriptedDialogue(), ScriptedEars(says=["is anybody there"])

    async def scene():
        async with talking_with(partner, ears=ears, play=False) as stage:
            saying = asyncio.create_task(stage.say(2.0))
            await asyncio.sleep(1.0)
            partner.sessions[0].lost()
            await stage.until(ReplyEnded)
            await saying
        assert stage.transcript[0] == ("user", "is anybody there", False)
        assert sum(pcm.seconds for pcm in ears.heard[1] if any(pcm.data)) == pytest.approx(2.0, abs=0.05)

    run(scene())


def test_a_turn_that_waits_for_its_words_is_heard_by_the_others():
    partner = ScriptedDialogue(says=["never told"], final_after=9.0)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            await stage.say(1.0)
            partner.sessions[0].lost()
            await stage.until(ReplyEnded)
        assert [said.text for said in stage.all(Understood) if said.final] == ["is anybody there"]
        assert agent(stage) == [("Now I speak with another voice.", False)]

    run(scene())


def test_a_reply_that_breaks_off_before_a_sentence_is_given_by_the_others():
    partner = ScriptedDialogue(says=["i grow beans"], replies=[COUNTS], fails=0)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            await stage.say(1.0)
            await stage.until(ReplyEnded)
        assert len(stage.all(Fault)) == 1
        assert stage.transcript == [
            ("user", "i grow beans", False),
            ("agent", "Now I speak with another voice.", False),
        ]
        assert stage.mind.asked[0].question == "i grow beans"

    run(scene())


@pytest.mark.parametrize("word_every", [0.0, 0.02, 0.25])
@pytest.mark.parametrize("after", [5, 8, 9, 10, 11])
def test_a_reply_that_breaks_off_is_finished_by_another_voice_and_nothing_is_said_twice(after, word_every):
    partner = ScriptedDialogue(replies=[COUNTS], fails=after, word_every=word_every)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await stage.until(ReplyEnded)
            stage.write("and now?")
            await stage.until(ReplyEnded, 2)
        said = " ".join(text for text, _ in agent(stage))
        assert said.startswith("One two three four five six seven eight.")
        assert said.endswith("Now I speak with another voice.")
        words = said.removesuffix(" Now I speak with another voice.").split()
        assert words == COUNTS.split()[: len(words)], "as it was told, by whichever voice"
        assert len(words) == (8 if after < 9 else 12), "up to the last sentence that was told to its end"
        others = " ".join(stage.senses.speech.spoken[:-1]).split()
        off = 1 if word_every < 0.25 else 3  # words that come no sooner than their sound are told apart less well
        assert abs(after + len(others) - len(words)) <= off, "where the sound broke off"
        assert stage.all(ReplyEnded)[0].complete
        assert len(stage.all(Fault)) == 1

    run(scene())


def test_a_voice_that_cannot_read_is_told_and_the_studios_reads():
    partner = ScriptedDialogue(reads=ScriptedSpeech(fails="Good morning"))

    async def scene():
        async with talking_with(partner) as stage:
            await stage.until(Said, 2)
        (fault,) = stage.all(Fault)
        assert "hoarse; Scripted speech reads instead" in fault.message
        assert stage.senses.speech.ended == ["Good morning to you.", "What brings you here today?"], "one voice, once"

    run(scene())


def test_ears_that_cannot_be_opened_either_leave_typing():
    partner = ScriptedDialogue()

    async def scene():
        async with talking_with(partner, ears=ScriptedEars(failing=True), play=False) as stage:
            partner.sessions or await asyncio.sleep(0.1)
            partner.sessions[0].lost()
            await asyncio.sleep(0.1)
            stage.write("hello?")
            await stage.until(ReplyEnded)
        assert len(stage.all(Fault)) == 2
        assert agent(stage) == [("Now I speak with another voice.", False)]

    run(scene())


def test_leaving_in_the_middle_of_a_reply_leaves_nobody():
    partner = ScriptedDialogue(replies=[COUNTS], word_every=0.25)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            stage.write("count")
            await asyncio.sleep(1.0)
        assert (partner.open_now, partner.stopped) == (0, 1)

    run(scene())


def test_a_hundred_interruptions_leave_one_session_and_no_reply():
    partner = ScriptedDialogue(replies=[COUNTS], word_every=0.1)

    async def scene():
        async with talking_with(partner, play=False) as stage:
            client = asyncio.create_task(ReportingClient(stage).run())
            for number in range(100):
                stage.write(f"count, {number}")
                await asyncio.sleep(0.05 + 0.07 * (number % 9))
            assert partner.open_now == 1
            assert len(partner.asked) - partner.stopped <= 1
            client.cancel()
        assert partner.open_now == 0
        assert len(partner.asked) == partner.stopped
        with pytest.raises(ProviderFailed):
            raise partner.sessions[0].lost()

    run(scene())
