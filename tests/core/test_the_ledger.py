"""heard <= sent <= synthesized, whatever happens; and the reply's latency adds up."""

import random

import pytest

from engine.audio import Pcm
from engine.ledger import Ledger, SpokenLine
from engine.messages import Latency, Played, Said, Speech
from engine.playout import Delivery
from engine.providers.base import SpeechChunk, WordSpan
from engine.providers.scripted import ScriptedMind, ScriptedSpeech
from tests.core.scene import stage
from tests.virtual_time import run


def line(number, words=4, seconds=0.5, rate=8000):
    made = SpokenLine(number=number, mark=number, text=" ".join(["word"] * words))
    for i in range(words):
        span = WordSpan(first=5 * i, last=5 * i + 4, start=i * seconds, end=(i + 1) * seconds)
        made.grow(SpeechChunk(pcm=Pcm(bytes(2 * round(seconds * rate)), rate), words=(span,)))
    made.close()
    return made


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_heard_is_never_more_than_sent_and_never_less_than_before(exact, seed):
    dice = random.Random(seed)
    ledger, now, done = Ledger(allowance=0.2, exact=exact), 100.0, []
    lines = [line(number) for number in range(1, 6)]
    ledger.lines.extend(lines)
    credited = dict.fromkeys(range(1, 6), 0.0)
    for _ in range(400):
        now += dice.random() * 0.2
        match dice.randrange(5):
            case 0 | 1 if unsent := ledger.unsent():
                ledger.send(unsent[0], min(0.1, unsent[0].seconds - unsent[0].sent), now)
            case 2:
                ledger.report(ledger.generation - dice.randrange(2), dice.random() * 3)
            case 3:
                done += ledger.settle(now)
            case 4 if dice.random() < 0.2:
                done += ledger.settle(now)
                ledger.clear()
        assert ledger.heard(now) <= ledger.sent + 1e-6
        for spoken in lines:
            assert credited[spoken.number] <= spoken.heard <= spoken.seconds + 1e-6
            assert spoken.sent <= spoken.seconds + 1e-6
            credited[spoken.number] = spoken.heard
    assert [spoken.number for spoken in done] == sorted(spoken.number for spoken in done)


def test_a_word_counts_only_when_it_was_heard_to_its_end():
    spoken = line(1)
    for heard, text in (
        (0.0, ""),
        (0.49, ""),
        (0.5, "word"),
        (0.99, "word"),
        (1.7, "word word word"),
        (2.0, spoken.text),
    ):
        spoken.heard = heard
        assert spoken.text_heard() == text


def test_a_report_that_arrives_after_the_clear_corrects_what_was_heard():
    async def scene():
        from engine.messages import Typed

        async with stage(delivery=Delivery(reports=True)) as s:
            s.play()
            await s.at(0.1)
            s.talk.post(Played(generation=1, seconds=0.3))
            await s.at(0.2)
            from engine.messages import TalkPressed

            s.talk.post(TalkPressed())
            await s.at(0.25)
            s.talk.post(Played(generation=1, seconds=0.55))
            s.talk.post(Typed(text="what?"))
            assert s.transcript[0] == ("agent", "One two", True)

    run(scene())


def test_a_client_that_reports_more_than_it_got_is_not_believed():
    async def scene():
        async with stage(delivery=Delivery(reports=True)) as s:
            s.play()
            await s.at(0.1)
            s.talk.post(Played(generation=1, seconds=1e6))
            await s.at(0.2)
            assert not s.all(Said), "nothing was heard to its end yet"

    run(scene())


def test_text_that_nobody_heard_is_not_in_the_history():
    async def scene():
        async with stage(speech=ScriptedSpeech(first_after=1.0)) as s:
            s.play()
            await s.at(0.5)  # everything is being prepared, nothing has sounded
            await s.say(0.5, pause_after=2.0)
            assert [item.role for item in s.scenario.history] == ["user"]

    run(scene())


def test_no_sample_of_a_line_is_lost_or_sent_twice():
    async def scene():
        async with stage(sentences=("One two three four five.",), speech=ScriptedSpeech(chunk=0.07)) as s:
            s.play()
            await s.at(3.0)
            assert sum(output.pcm.samples for output in s.all(Speech)) == round(5 * 0.25 * 16_000)
            assert s.when(Said)[0] == pytest.approx(1.25, abs=0.001), "the line ends when its last sample was heard"

    run(scene())


def test_the_stages_of_a_reply_add_up_to_the_wait():
    async def scene():
        mind, speech = ScriptedMind(first_after=0.2), ScriptedSpeech(first_after=0.1)
        async with stage(mind=mind, speech=speech, patience=0.3) as s:
            s.play()
            await s.at(3.0)
            await s.say(0.5)
            await s.until(Latency)
            stages = dict(s.all(Latency)[0].stages)
            assert stages["waiting"] == pytest.approx(0.3, abs=0.02)
            assert stages["thinking"] == pytest.approx(0.2, abs=0.001)
            assert stages["speaking"] == pytest.approx(0.1, abs=0.001)
            first = next(at for at, out in s.out if isinstance(out, Speech) and at > 3.5)
            assert sum(stages.values()) == pytest.approx(first - 3.6, abs=0.021), "from the detected end of speech"

    run(scene())
