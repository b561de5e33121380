"""How the user speaks, while they do: each condition comes true, stops being true, or cannot be told."""

import numpy as np
import pytest

from engine.analysis.values import FRAME, PARTNER, USER, Band, Frames, Line
from engine.coach import phrases
from engine.coach.cues import (
    CLIPPING,
    FADE,
    FILLERS,
    INAUDIBLE,
    INTERRUPTIONS,
    MONOLOGUE,
    PACE,
    PITCH,
    VOLUME,
)
from engine.coach.delivery import Delivery
from engine.providers.base import Word

WORDS = phrases.load()


class Speaker:
    """A user whose delivery is watched from 0 s on; `holds`: what was told of each kind last."""

    def __init__(self, mode="conversation", **rest):
        self.delivery = Delivery(mode, WORDS, **rest)
        self.delivery.labelled = True
        self.holds = {}
        self.extreme = set()
        self.lines = 0

    def look(self, at):
        for found in self.delivery.look(at):
            self.holds[found.kind] = found.holds
            self.extreme |= {found.kind} if found.extreme else set()

    def speaks(self, start, end, speaker=USER):
        self.delivery.voice(speaker, True, start)
        self.delivery.voice(speaker, False, end)

    def says(self, text, start, end, speaker=USER):
        """`text`, its words spread evenly from `start` to `end`, spoken in that time."""
        self.speaks(start, end, speaker)
        said = text.split()
        each = (end - start) / len(said)
        words = tuple(Word(text=w, start=start + i * each, end=start + (i + 1) * each) for i, w in enumerate(said))
        self.lines += 1
        self.delivery.line(Line(id=self.lines, speaker=speaker, text=text, start=start, end=end, words=words))
        self.look(end + 0.5)

    def paced(self, rate, start, end, **rest):
        self.says(" ".join(["pilot"] * round(rate * (end - start) / 60)), start, end, **rest)


def frames(seconds, *, f0=120.0, spread=0.0, level=-25.0, loudness=-25.0, start=0.0):
    """Voiced frames whose pitch swings by `spread` semitones (standard deviation)."""
    count = round(seconds / FRAME)
    swing = spread * np.sqrt(2) * np.sin(np.arange(count) * FRAME * 2 * np.pi / 1.024)
    return Frames(
        f0=(f0 * 2 ** (swing / 12)).astype(np.float32),
        confidence=np.full(count, 0.9, np.float32),
        level=np.full(count, level, np.float32),
        loudness=np.broadcast_to(np.asarray(loudness, np.float32), count).copy(),
        start=start,
    )


# ---- pace ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "rate", "fast"), [("conversation", 180, False), ("conversation", 205, True), ("pitch", 180, True)]
)
def test_pace_is_held_against_the_band_of_the_mode(mode, rate, fast):
    speaker = Speaker(mode)
    speaker.paced(rate, 0, 15)
    assert bool(speaker.holds.get(PACE)) is fast
    assert PACE not in speaker.extreme


def test_pace_is_held_against_the_users_own_band_where_there_is_one():
    speaker = Speaker(bands={"wpm": Band(low=150, high=220)})
    speaker.paced(205, 0, 15)
    assert not speaker.holds.get(PACE)


def test_more_than_220_words_a_minute_are_extreme():
    speaker = Speaker()
    speaker.paced(240, 0, 15)
    assert PACE in speaker.extreme


def test_a_slower_turn_puts_it_right_and_silence_leaves_it_open():
    speaker = Speaker()
    speaker.paced(230, 0, 15)
    speaker.paced(120, 18, 38)
    assert speaker.holds[PACE] is False
    speaker.paced(240, 40, 60)
    assert speaker.holds[PACE] is True
    speaker.look(96)
    assert speaker.holds[PACE] is None


def test_a_few_words_tell_nothing_of_pace():
    speaker = Speaker()
    speaker.paced(300, 0, 1.4)
    speaker.paced(300, 6, 9)
    assert PACE not in speaker.holds


def test_the_partners_pace_is_nobodys_business():
    speaker = Speaker()
    speaker.paced(260, 0, 20, speaker=PARTNER)
    assert not any(speaker.holds.values())


# ---- fillers ---------------------------------------------------------------------------------------------------------


def test_three_fillers_within_10_s_are_a_cluster_which_passes():
    speaker = Speaker()
    speaker.says("um we uh sell the um sensors to farms", 0, 5)
    assert speaker.holds[FILLERS] is True
    speaker.says("and they tell the farmers how dry the soil is this week", 6, 12)
    speaker.look(17)
    assert speaker.holds[FILLERS] is True
    speaker.look(19)
    assert speaker.holds[FILLERS] is False


def test_fillers_far_apart_are_none():
    speaker = Speaker()
    for start in (0, 12, 24):
        speaker.says("um we sell the sensors to farms", start, start + 3)
    assert not speaker.holds.get(FILLERS)


def test_what_somebody_says_on_purpose_is_not_counted():
    speaker = Speaker(ignore=("um",))
    speaker.says("um we um sell the um sensors to farms", 0, 5)
    assert not speaker.holds.get(FILLERS)


# ---- turns -----------------------------------------------------------------------------------------------------------


def test_a_monologue_goes_on_through_short_silences_and_the_partners_mm_hm():
    speaker = Speaker()
    speaker.speaks(0, 30)
    speaker.speaks(29, 29.6, PARTNER)
    speaker.delivery.voice(USER, True, 32)
    speaker.look(59)
    assert MONOLOGUE not in speaker.holds
    speaker.look(61)
    assert speaker.holds[MONOLOGUE] is True
    speaker.delivery.voice(USER, False, 62)
    speaker.look(64)
    assert speaker.holds[MONOLOGUE] is True
    speaker.look(65.5)
    assert speaker.holds[MONOLOGUE] is False


def test_a_turn_of_the_partner_ends_it():
    speaker = Speaker()
    speaker.speaks(0, 40)
    speaker.speaks(40, 42, PARTNER)
    speaker.delivery.voice(USER, True, 42.5)
    speaker.look(90)
    assert MONOLOGUE not in speaker.holds


def test_nobody_speaks_too_long_when_pitching():
    speaker = Speaker("pitch")
    speaker.delivery.voice(USER, True, 0)
    speaker.look(300)
    assert MONOLOGUE not in speaker.holds


def test_three_interruptions_are_a_pattern_and_agreeing_is_none():
    def talk(overlap):
        speaker = Speaker()
        for start in (0, 20, 40):
            speaker.delivery.voice(PARTNER, True, start)
            speaker.delivery.voice(USER, True, start + 5)
            speaker.delivery.voice(PARTNER, False, start + 5 + overlap)
            speaker.delivery.voice(USER, False, start + 5 + max(overlap, 0.4))
        speaker.look(50)
        return speaker

    assert talk(2.0).holds[INTERRUPTIONS] is True
    assert not talk(0.4).holds.get(INTERRUPTIONS)
    later = talk(2.0)
    later.look(110)
    assert later.holds[INTERRUPTIONS] is False


# ---- sound -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spread", "flat"), [(0.5, True), (3.0, False)])
def test_two_flat_windows_in_a_row_are_flat(spread, flat):
    speaker = Speaker()
    speaker.delivery.voice(USER, True, 0)
    piece = 64 * FRAME
    for number in range(20):
        speaker.delivery.frames(frames(piece, spread=spread, start=number * piece))
        speaker.look((number + 1) * piece)
        assert number > 8 or PITCH not in speaker.holds, "one window tells nothing"
    assert bool(speaker.holds.get(PITCH)) is flat


def test_a_lively_stretch_puts_it_right():
    speaker = Speaker()
    speaker.delivery.voice(USER, True, 0)
    speaker.delivery.frames(frames(20, spread=0.4))
    speaker.look(20)
    speaker.delivery.frames(frames(10, spread=3.0, start=round(20 / FRAME) * FRAME))
    speaker.look(30)
    assert speaker.holds[PITCH] is False


@pytest.mark.parametrize(
    ("loudness", "level", "kind"), [(-40, -40, VOLUME), (-55, -55, INAUDIBLE), (-10, -2, CLIPPING), (-25, -25, None)]
)
def test_what_is_too_quiet_or_too_loud_is_told(loudness, level, kind):
    speaker = Speaker()
    speaker.delivery.voice(USER, True, 0)
    speaker.delivery.frames(frames(10, spread=3.0, level=level, loudness=loudness))
    speaker.look(10)
    assert [each for each, holds in speaker.holds.items() if holds] == ([kind] if kind else [])


def test_silence_is_not_too_quiet():
    speaker = Speaker()
    speaker.speaks(0, 2)
    speaker.delivery.frames(frames(10, loudness=-60))
    speaker.look(10)
    assert not any(speaker.holds.values())


def test_three_turns_that_fade_are_a_habit():
    speaker = Speaker()
    count = round(6 / FRAME)
    for turn in range(3):
        start = turn * count * FRAME
        speaker.speaks(start, start + 5.9)
        fading = np.linspace(-20, -30, count)
        speaker.delivery.frames(frames(6, spread=3.0, loudness=fading, start=start))
        speaker.look(start + 6)
        assert bool(speaker.holds.get(FADE)) is (turn == 2)


# ---- whose voice -----------------------------------------------------------------------------------------------------


def test_where_two_people_share_a_microphone_only_the_microphone_is_judged():
    speaker = Speaker()
    speaker.delivery.labelled = False
    speaker.paced(260, 0, 20)
    speaker.delivery.voice(USER, True, 21)
    speaker.delivery.frames(frames(8, level=-2, loudness=-10, start=14))
    speaker.look(90)
    assert not any(speaker.holds.values())
    speaker.delivery.frames(frames(30, level=-2, loudness=-10, start=70))
    speaker.look(100)
    assert {kind for kind, holds in speaker.holds.items() if holds} == {CLIPPING}
