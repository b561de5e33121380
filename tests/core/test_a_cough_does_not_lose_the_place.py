"""Pause, then decide: sound without words, agreement and echoes let the speech go on; stop words do not."""

from engine.messages import ANSWER, Clear, Ended, LineBegan, Play, Resumed, Said, Speech, State
from engine.playout import Delivery
from engine.providers.scripted import ScriptedEars
from tests.core.scene import ReportingClient, stage
from tests.virtual_time import run


def test_a_cough_resumes_at_the_last_word_boundary():
    async def scene():
        async with stage(ears=ScriptedEars(says=[""])) as s:
            s.play()
            await s.at(3.3)  # 1.3 s into the second sentence, 0.05 s before the end of its sixth word
            await s.say(0.2)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]
            again = s.all(LineBegan)[2]
            assert again.offset == 1.25, "the start of the word that was cut"
            assert [(r.mark, r.reason) for r in s.all(Resumed)] == [(2, "noise")]
            assert not [said for said in s.all(Said) if said.interrupted]

    run(scene())


def test_a_cough_resumes_the_whole_sentence_where_lines_are_sent_whole():
    async def scene():
        whole = Delivery(chunk=None, lead=0.3, allowance=0.0)
        async with stage(ears=ScriptedEars(says=[""]), delivery=whole) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.2)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]
            assert [speech.pcm.seconds for speech in s.all(Speech)] == [2.0] * 5

    run(scene())


def test_nothing_resumes_before_the_decision_however_late_it_comes():
    async def scene():
        async with stage(ears=ScriptedEars(says=["what is it for"], final_after=3.0)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5, pause_after=5.0)
            silent_from, decided = (
                s.when(Clear)[0],
                next(at for at, said in s.out if isinstance(said, Said) and said.speaker == "user"),
            )
            assert decided > 6.5
            assert not [at for at in s.when(Speech) if silent_from < at < decided]
            assert s.marks[:3] == [1, 2, ANSWER]

    run(scene())


def test_agreement_over_the_speech_lets_it_go_on():
    async def scene():
        async with stage(ears=ScriptedEars(says=["mm-hm, right"])) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.4)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]
            assert s.all(Resumed)[0].reason == "backchannel"

    run(scene())


def test_agreement_is_an_answer_when_nobody_speaks():
    async def scene():
        async with stage(sentences=("Only one.",), ears=ScriptedEars(says=["yes"])) as s:
            s.play()
            await s.until(Ended)
            await s.say(0.4, pause_after=2.0)
            assert s.marks == [1, ANSWER]

    run(scene())


def test_stop_stops_and_go_on_goes_on():
    async def scene():
        async with stage(ears=ScriptedEars(says=["stop please", "go on"])) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.4, pause_after=5.0)
            assert s.states[-1] is State.PAUSED
            assert s.marks == [1, 2]
            await s.say(0.4)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]

    run(scene())


def test_its_own_voice_from_the_loudspeaker_is_no_question():
    async def scene():
        async with stage(ears=ScriptedEars(says=["alpha beta gamma delta"])) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.8)
            await s.until(Ended)
            assert s.marks == [1, 2, 2, 3, 4]
            assert s.all(Resumed)[0].reason == "echo"

    run(scene())


def test_words_that_nobody_can_be_sure_of_are_noise():
    async def scene():
        async with stage(ears=ScriptedEars(says=["the a"], confidence=0.1)) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.3)
            await s.until(Ended)
            assert s.all(Resumed)[0].reason == "noise"

    run(scene())


def test_a_pause_by_hand_lasts_until_play_and_through_a_question():
    async def scene():
        from engine.messages import Pause, Typed

        async with stage() as s:
            s.play()
            await s.at(3.0)
            s.talk.post(Pause())
            await s.at(10.0)
            assert s.marks == [1, 2]
            s.talk.post(Typed(text="and the price?"))
            await s.at(15.0)
            assert s.marks == [1, 2, ANSWER], "answered, and still paused"
            assert s.states[-1] is State.PAUSED
            s.talk.post(Play())
            await s.until(Ended)
            assert s.marks == [1, 2, ANSWER, 2, 3, 4]

    run(scene())


def test_the_place_is_exact_where_the_client_reports_what_it_played():
    async def scene():
        import asyncio

        async with stage(delivery=Delivery(reports=True), ears=ScriptedEars(says=[""])) as s:
            client = asyncio.create_task(ReportingClient(s).run())
            s.play()
            await s.at(3.32)
            await s.say(0.2)
            await s.until(Ended)
            client.cancel()
            again = s.all(LineBegan)[2]
            assert (again.mark, again.offset) == (2, 1.25)
            assert 8.0 < s.audio_after(-1) < 8.0 + 0.3 + 0.25 + 0.1, "sent again: the lead, the cut word, a chunk"

    run(scene())
