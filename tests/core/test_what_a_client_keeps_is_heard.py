"""Clients that cannot be told to drop what they hold: what was sent to them counts as heard, and is not said again."""

from engine.delivery import Delivery
from engine.messages import ANSWER, Clear, Ended, Said, Speech
from engine.providers.scripted import ScriptedEars
from tests.core.scene import FOUR, stage
from tests.virtual_time import run

MESSAGES = Delivery(chunk=0.5, lead=0.15, allowance=0.0, keeps=True)
"""Half seconds: two words of the scripted voice each."""


def test_after_a_cough_only_the_cut_word_comes_again():
    async def scene():
        async with stage(ears=ScriptedEars(says=[""]), delivery=MESSAGES) as s:
            s.play()
            await s.at(3.1)  # 1.1 s into the second sentence, of which 1.5 s were sent
            await s.say(0.2)
            await s.until(Ended)
            assert not s.all(Clear), "there is nothing that it could do"
            assert sum(speech.pcm.seconds for speech in s.all(Speech)) == 8.0, (
                "sent to the end of a word: nothing twice"
            )

    run(scene())


def test_the_transcript_of_what_was_cut_holds_all_that_was_sent():
    async def scene():
        async with stage(delivery=MESSAGES) as s:
            s.play()
            await s.at(3.1)
            await s.say(0.5)
            await s.until(Ended)
            cut = next(said for said in s.all(Said) if said.interrupted)
            assert cut.text.startswith("Alpha beta gamma delta epsilon zeta")
            assert "eta" not in cut.text.split(), "the seventh word was not sent"

    run(scene())


def test_a_reply_waits_until_little_is_left_of_what_it_holds():
    async def scene():
        late = Delivery(chunk=2.0, lead=0.15, allowance=0.0, keeps=True)
        async with stage(delivery=late) as s:
            s.play()
            await s.at(2.0)  # all of the second sentence was just sent: it sounds until 4.0
            await s.say(0.3, pause_after=0.6)
            await s.until(Ended)
            answered = next(at for at, out in s.out if isinstance(out, Speech) and out.mark == ANSWER)
            assert answered >= 4.0 - 0.15 - 1e-3
            assert [said.text for said in s.all(Said) if said.speaker == "agent"][:2] == list(FOUR[:2])

    run(scene())
