"""Words that are on their way when something else happens: a report, a pause, a stall, a minute without sound."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine import clock
from engine.audio import HEARING_RATE, Pcm, silence
from engine.coach.channel import LONG, LONGEST, PAUSE
from engine.errors import ProviderFailed
from engine.providers.scripted import ScriptedEars, ScriptedListening
from tests.coach.test_a_side_is_heard import FRAME, Side, heard, voice
from tests.virtual_time import run


def test_whoever_goes_on_through_a_report_is_heard_to_the_end():
    async def scene(side):
        await side.live(1.0)
        await side.channel.flush(3.0)
        assert side.texts() == ["up to the report"]
        await side.live(1.0, -1.0)

    side = heard(scene, says=["up to the report", "and after it"])
    assert side.texts() == ["up to the report", "and after it"]
    assert [on for on, _ in side.voiced()] == [True, False], "one breath, which has an end"


def test_a_report_does_not_give_up_words_that_come_later():
    async def scene(side):
        await side.live(1.0, -1.0)
        await side.channel.flush(2.0)
        assert side.texts() == []
        await asyncio.sleep(4.0)

    assert heard(scene, says=["slowly understood"], final_after=5.0).texts() == ["slowly understood"]


def test_a_report_is_not_kept_waiting_by_whoever_talks_on():
    async def scene(side):
        await side.live(1.0, -1.0)
        talking = asyncio.create_task(side.live(*(1.0, -1.0) * 10))
        began = clock.now()
        await side.channel.flush(15.0)
        assert clock.now() - began < 3.0
        await talking
        await asyncio.sleep(3.0)

    assert len(heard(scene, says=list("abcdefghijk"), final_after=2.5).texts()) == 11


def test_the_words_before_a_short_breath_are_not_given_twice():
    """Once an utterance is long, a breath ends it; what follows the breath begins with the breath."""

    async def scene(side):
        await side.live(LONG + 1.0, -0.2, 2.0, -1.0)

    ears = ScriptedEars(says=["a long thought", "and another"])
    side = Side()

    async def play():
        async with side.heard_by(ears):
            await scene(side)

    run(play())
    assert side.texts() == ["a long thought", "and another"]
    voiced = [sum(any(pcm.data) * pcm.seconds for pcm in ears.heard[turn]) for turn in (1, 2)]
    assert voiced == pytest.approx([LONG + 1.0, 2.0], abs=0.11), "each second of the voice is heard once"


def test_whoever_never_breathes_is_cut_where_the_voice_is_low():
    loud, low = voice(0.3), Pcm(b"\x40\x00" * round(0.1 * HEARING_RATE), HEARING_RATE)

    async def scene(side):
        for _ in range(round(1.5 * LONGEST / 0.4)):
            for pcm in (loud, low):
                await asyncio.sleep(pcm.seconds)
                side.channel.hear(pcm)
        await side.live(-1.0)

    side = heard(scene, says=["first", "second", "third"])
    cut = side.lines()[1].start
    assert cut % 0.4 == pytest.approx(0.35, abs=0.051), "within the low tenth of a second"


def test_what_comes_in_a_burst_after_a_stall_stands_where_it_was_spoken():
    """The network held it back: nothing was silent."""

    async def scene(side):
        await side.live(0.5)
        await asyncio.sleep(3.0)
        for _ in range(round(3.0 / FRAME)):
            side.channel.hear(voice(FRAME))
            await asyncio.sleep(0)
        await side.live(0.5, -1.0)

    side = heard(scene, says=["before", "after"])
    second = side.lines()[1]
    assert (second.start, second.end) == pytest.approx((0.5, 4.0), abs=0.15)
    assert side.channel.position == pytest.approx(5.0, abs=0.05)


def test_minutes_without_sound_cost_nothing():
    async def scene(side):
        await side.live(1.0)
        await asyncio.sleep(3600.0)
        await side.live(1.0, -1.0)

    side = heard(scene, says=["before", "an hour later"])
    assert side.lines()[1].start == pytest.approx(3601.0, abs=0.2)
    assert sum(seconds for _, seconds in side.sound) == pytest.approx(3.0, abs=0.05)


def test_both_sides_of_one_frame_stand_at_the_same_time_however_busy_the_machine_is():
    async def scene(side):
        other = Side()
        async with other.heard_by(ScriptedEars()):
            other.began = side.began
            for each in (side, other):
                each.channel.hear(voice(0.2))
            asyncio.get_running_loop()._jumping.now += 0.4  # something else computed
            await side.live(-PAUSE)
        assert side.sound[0][0] == other.sound[0][0] == 0.0

    heard(scene, says=["together"])


class BrokenEars(ScriptedEars):
    """Understands nothing, and says so at once, each time it is asked."""

    @asynccontextmanager
    async def listen(self, expect):
        yield Broken(self, self.retryable)


class Broken(ScriptedListening):
    def __init__(self, ears, retryable):
        super().__init__(ears)
        self.retryable = retryable

    async def __aiter__(self):
        raise ProviderFailed("ears", "no words today", retryable=self.retryable)
        yield


@pytest.mark.parametrize("retryable", [True, False])
def test_ears_that_break_at_once_hold_nobody_up(retryable):
    side, ears = Side(), BrokenEars()
    ears.__class__.retryable = retryable

    async def play():
        async with side.heard_by(ears):
            for _ in range(5):
                await side.live(1.0, -1.0)
            before = clock.now()
            await side.channel.flush(8.0)
            assert retryable or clock.now() == before, "nothing is waited for that cannot come"

    run(play())
    assert {str(fault) for fault in side.faults} == {"no words today"}
    assert len(side.faults) == 1
    assert [on for on, _ in side.voiced()] == [True, False] * 5, "who speaks when is known all the same"


def test_who_speaks_is_told_in_time_however_slowly_it_is_understood():
    """In frames of a quarter of a second, as clients send them."""

    async def scene(side):
        for _ in range(6):
            for pcm in (voice(0.256), silence(0.768, HEARING_RATE)):
                await asyncio.sleep(pcm.seconds)
                side.channel.hear(pcm)
                await asyncio.sleep(0.01)
                assert side.channel.waiting < 0.001

    heard(scene, says=[], stuck=True)


def test_a_file_waits_for_whoever_keeps_its_sound():
    async def scene(side):
        side.channel.hear(Pcm(b"".join(voice(1.0).data + silence(1.0, HEARING_RATE).data for _ in range(10)), 16_000))
        await side.channel.flush(60.0)
        assert side.kept_up > 100, "asked for each tenth of a second"

    heard(scene, says=list("abcdefghij"))
