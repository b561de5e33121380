"""One side of a session: what it said, when, and who makes a sound; in virtual time."""

import asyncio
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from engine import clock
from engine.audio import HEARING_RATE, Pcm, silence
from engine.coach.channel import LONGEST, PAUSE, Channel, Voiced
from engine.coach.understanding import WORDS_WITHIN, Caught
from engine.errors import ProviderFailed, TooLarge
from engine.providers.base import Expectation, Transcript
from engine.providers.scripted import ScriptedActivity, ScriptedEars
from tests.virtual_time import run

FRAME = 0.02


def voice(seconds):
    return Pcm(b"\x00\x20" * round(seconds * HEARING_RATE), HEARING_RATE)


class Side:
    """A channel, what it told, and the sound it handed on; speaks into it in real time or all at once."""

    def __init__(self):
        self.told, self.sound, self.faults, self.kept_up = [], [], [], 0

    @asynccontextmanager
    async def heard_by(self, ears):
        self.began = clock.now()
        async with ears.listen(Expectation()) as self.listening:
            self.channel = Channel(
                activity=ScriptedActivity(),
                listening=self.listening,
                elapsed=lambda: clock.now() - self.began,
                tell=self.told.append,
                sound=lambda pcm, at: self.sound.append((at, pcm.seconds)),
                on_fault=self.faults.append,
                keep_up=self.keep_up,
            )
            task = asyncio.create_task(self.channel.run())
            try:
                yield self
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def keep_up(self):
        self.kept_up += 1

    async def live(self, *parts):
        """`parts`: seconds of voice, and, negative, of silence."""
        for seconds in parts:
            for _ in range(round(abs(seconds) / FRAME)):
                await asyncio.sleep(FRAME)
                self.channel.hear(voice(FRAME) if seconds > 0 else silence(FRAME, HEARING_RATE))

    def lines(self):
        return [each for each in self.told if isinstance(each, Caught) and each.final]

    def texts(self):
        return [line.text for line in self.lines()]

    def voiced(self):
        return [(each.on, each.at) for each in self.told if isinstance(each, Voiced)]


def heard(scene, *, says, **ears):
    side = Side()

    async def play():
        async with side.heard_by(ScriptedEars(says=list(says), **ears)):
            await scene(side)

    run(play())
    return side


def test_an_utterance_ends_with_a_short_pause_and_stands_where_it_was_spoken():
    async def scene(side):
        await side.live(-2.0, 1.0, -(PAUSE + 0.3), 0.5, -1.0)

    side = heard(scene, says=["good morning", "hello"])
    assert side.texts() == ["good morning", "hello"]
    first, second = side.lines()
    assert (first.start, first.end) == pytest.approx((2.0, 3.0), abs=0.15)
    assert (second.start, second.end) == pytest.approx((3.9, 4.4), abs=0.15)
    assert first.words[0].start == pytest.approx(2.0, abs=0.05)
    assert [on for on, _ in side.voiced()] == [True, False, True, False]


def test_a_breath_does_not_end_it():
    async def scene(side):
        await side.live(0.8, -(PAUSE - 0.25), 0.8, -1.0)

    assert heard(scene, says=["one long thought", "never"]).texts() == ["one long thought"]


def test_whoever_never_stops_is_written_down_all_the_same():
    async def scene(side):
        await side.live(2.5 * LONGEST)
        assert len(side.lines()) == 2
        await side.live(-1.0)

    side = heard(scene, says=["first", "second", "third"])
    assert side.texts() == ["first", "second", "third"]
    ends = [(line.start, line.end) for line in side.lines()]
    assert all(end == pytest.approx(start, abs=0.2) for (_, end), (start, _) in pairwise(ends))


def test_another_speaker_begins_another_utterance_in_mid_speech():
    async def scene(side):
        await side.live(1.0)
        side.channel.cut()
        await side.live(1.0, -1.0)

    side = heard(scene, says=["I think", "so do I"])
    assert side.texts() == ["I think", "so do I"]
    assert side.lines()[1].start == pytest.approx(1.0, abs=0.1)


def test_a_microphone_that_falls_silent_ends_what_was_said_and_the_gap_keeps_its_length():
    async def scene(side):
        await side.live(1.0)
        await asyncio.sleep(5.0)  # muted: nothing arrives
        assert side.texts() == ["before"]
        await side.live(1.0, -1.0)

    side = heard(scene, says=["before", "after"])
    assert side.lines()[1].start == pytest.approx(6.0, abs=0.2)
    ends = 0.0
    for at, seconds in side.sound:
        assert at == pytest.approx(ends, abs=0.001) or (ends, at) == pytest.approx((1.0, 6.0), abs=0.05)
        ends = at + seconds


def test_a_whole_file_at_once_is_heard_in_order_with_the_times_of_its_own():
    async def scene(side):
        side.channel.hear(
            Pcm(b"".join((voice(1.0).data + silence(1.0, HEARING_RATE).data) * 1 for _ in range(6)), 16_000)
        )
        await side.channel.flush(60.0)

    side = heard(scene, says=list("abcdef"), final_after=0.4)
    assert side.texts() == list("abcdef")
    starts = [line.start for line in side.lines()]
    assert [after - before for before, after in pairwise(starts)] == pytest.approx([2.0] * 5, abs=0.1)


def test_words_that_never_come_are_given_up_for_what_was_seen():
    async def scene(side):
        await side.live(1.0)
        side.listening._finals.put_nowait(Transcript(turn=1, text="as far as", final=False))
        await side.live(-1.0)
        await asyncio.sleep(WORDS_WITHIN)

    assert heard(scene, says=["lost"], stuck=True).texts() == ["as far as"]


def test_flushing_hears_out_who_is_still_speaking_and_never_hangs():
    async def scene(side):
        await side.live(1.0)
        await side.channel.flush(3.0)
        assert side.texts() == ["in the middle of"]

    heard(scene, says=["in the middle of"])

    async def stuck(side):
        await side.live(1.0)
        before = clock.now()
        await side.channel.flush(3.0, last=True)
        assert clock.now() - before <= 3.1
        assert side.texts() == [""]

    heard(stuck, says=["never"], stuck=True)


def test_a_failure_that_may_pass_costs_one_utterance_its_words():
    async def scene(side):
        take = side.listening._finals.get

        async def fails():
            side.listening._finals.get = take
            raise ProviderFailed("ears", "a hiccup", retryable=True)

        await side.live(1.0, -1.0)
        side.listening._finals.get = fails
        await side.live(1.0, -1.0, 1.0, -1.0)

    side = heard(scene, says=["one", "two", "three", "four"])
    assert [str(fault) for fault in side.faults] == ["a hiccup"]
    assert side.texts()[-1] == "three"


def test_too_much_at_once_is_refused_and_nothing_is_lost():
    async def scene(side):
        with pytest.raises(TooLarge):
            side.channel.hear(silence(901.0, HEARING_RATE))
        await side.live(1.0, -1.0)

    assert heard(scene, says=["still here"]).texts() == ["still here"]
