"""Who speaks is guessed from how the voices sound: recorded voices in turn, a recorded meeting, one voice alone."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bench.live_sound import first_second, judged
from bench.recordings import AUDIO, readings
from bench.spliced import dialogue, heard, meeting, pieces, samples
from engine.analysis.segments import refined
from engine.analysis.timbre import Print
from engine.analysis.values import PARTNER, USER, Confidence, Span
from engine.analysis.voices import Guess, Voices, attributed, guess
from engine.audio import HEARING_RATE


@cache
def recorded(name):
    if not (AUDIO / "ami-conversation.wav").exists():
        pytest.skip("no recorded human voices in ../shared/audio")
    if name == "meeting":
        sound, truth = meeting()
        sides = tuple(truth.values())
    else:
        sound, sides = dialogue(pieces("austen"), pieces("jfk"))
    return heard(sound), sides


def outcome(name, known=None):
    made, truth = recorded(name)
    found = guess(made.prints, known)
    return found, *judged(attributed(refined(made.spans, made.frames), found), truth, made)


def test_two_recorded_voices_in_turn_are_told_apart():
    found, right, share = outcome("dialogue")
    assert right > 97
    assert abs(share) < 3
    assert set(found.speakers) == {USER, PARTNER}


def test_in_a_recorded_meeting_the_share_of_talk_is_within_three_points():
    """Two women at a far microphone who interrupt each other: where both speak, only one can be named."""
    found, right, share = outcome("meeting")
    assert right > 90
    assert abs(share) < 3
    assert found.confidence is Confidence.LOW


def test_what_is_certain_names_the_voices():
    made, (one, other) = recorded("dialogue")
    known = {PARTNER: first_second(one, other), USER: first_second(other, one)}
    found = guess(made.prints, known)
    assert found.confidence is Confidence.OK
    assert all(found.speaker(span.start, span.end) == PARTNER for span in one)
    assert all(found.speaker(span.start, span.end) == USER for span in other)
    swapped = guess(made.prints, {USER: known[PARTNER], PARTNER: known[USER]})
    assert all(a != b for a, b in zip(found.speakers, swapped.speakers, strict=True))


def voiced(speaker, at, random, level=-25.0):
    """A print of one of two made-up voices: words move it more than the speaker does."""
    words = random.normal(0, 3, 15)
    words[5:] /= 6
    words[8] += 2.5 * speaker
    return Print(start=at, end=at + 0.192, frames=10, level=level, timbre=tuple(words.tolist()))


def made_up(turns, levels=(-25.0, -25.0), seed=1):
    """Prints of turns of 4 s, spoken by those of `turns`, with half a second between them."""
    random = np.random.default_rng(seed)
    return [
        voiced(speaker, 4.5 * turn + 0.192 * i, random, levels[speaker])
        for turn, speaker in enumerate(turns)
        for i in range(20)
    ]


def test_the_louder_voice_is_the_users():
    for levels, first in (((-20.0, -30.0), USER), ((-30.0, -20.0), PARTNER)):
        found = guess(made_up([0, 1] * 4, levels))
        assert found.speaker(0, 4) == first
        assert found.speaker(4.5, 8.5) != first


def test_one_voice_is_not_made_two():
    found = guess(made_up([0] * 8))
    assert set(found.speakers) == {USER}
    assert found.confidence is Confidence.NONE


@pytest.mark.parametrize("chosen", [(0, 1, 4), (1, 2, 4), (1, 3, 4), (2, 3, 4), (0, 1, 2, 4), (0, 1, 2, 3, 4)])
def test_one_recorded_reader_is_not_made_two(chosen):
    """A few seconds of one voice fall into two halves by chance."""
    paths = [reading.path for reading in readings() if reading.path.name.startswith("austen")]
    if not paths:
        pytest.skip("no recorded human voices in ../shared/audio")
    pause = np.zeros(round(0.7 * HEARING_RATE))
    found = guess(heard(np.concatenate([part for i in chosen for part in (samples(paths[i]), pause)])).prints)
    assert set(found.speakers) == {USER}
    assert found.confidence is Confidence.NONE


def test_too_little_is_not_guessed_at_but_what_is_certain_holds():
    few = made_up([0, 1])[:8]
    found = guess(few, {PARTNER: [Span(start=0, end=0.5)]})
    assert found.confidence is Confidence.NONE
    assert found.speakers[:2] == (PARTNER, PARTNER)
    assert set(found.speakers[3:]) == {USER}
    assert guess([]) == Guess()
    assert Guess().speaker(1, 2) == USER
    assert attributed([Span(start=0, end=1)], Guess()) == {USER: (Span(start=0, end=1),), PARTNER: ()}


def test_faint_voices_of_others_count_for_nobody():
    prints = made_up([0, 1] * 4)
    far = made_up([1], (-60.0, -60.0), seed=2)
    later = [replace(made, start=made.start + 40, end=made.end + 40) for made in far]
    assert len(guess([*prints, *later]).prints) == len(prints)


def test_speech_is_cut_where_the_voice_changes_and_nothing_of_it_is_lost():
    found = guess(made_up([0, 1, 0, 1, 0, 1]), {USER: [Span(start=0, end=3)]})
    parts = attributed([Span(start=0.0, end=8.4), Span(start=9.0, end=12.9)], found)
    assert sum(span.seconds for spans in parts.values() for span in spans) == pytest.approx(12.3)
    assert parts[USER][0].end == parts[PARTNER][0].start == pytest.approx(4.17, abs=0.4)


def test_voices_are_told_apart_as_they_come():
    voices, prints = Voices(), made_up([0, 1] * 6)
    guesses = [voices.add(prints[i : i + 25]) for i in range(0, len(prints), 25)]
    told = [found for found in guesses if found]
    assert guesses[0] is None
    assert 2 <= len(told) < len(guesses)
    voices.known(PARTNER, 0.0, 3.0)
    found = voices.add(prints[:0])
    assert found == voices.guess()
    assert found.speaker(0.0, 4.0) == PARTNER
    assert found.speaker(4.5, 8.5) == USER
