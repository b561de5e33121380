"""Whatever the record of a session holds, it is analysed, alike each time, and never into numbers that cannot be."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from bench.analysis import session
from engine.analysis import Capability, Confidence, Frames, Line, Material, Span, Word
from engine.analysis.analyse import analyse
from engine.analysis.bands import MODES
from engine.analysis.catalogue import KINDS, counted
from tests.analysis.conversation import conversation, line, material

SHARES = ("pause_share", "filler_percentage", "monotone_share", "fade", "talk_share", "conciseness")
COUNTS = ("long_pauses", "interruptions", "questions", "open_questions", "follow_ups", "filler_clusters")
LAYERS = {
    "filler", "possible_filler", "pause", "long_pause", "fast", "slow", "monotone", "question", "follow_up",
    "interruption", "monologue", "hedge", "repetition", "quiet",
}  # fmt: skip


def check(given):
    """What holds of every analysis."""
    found = analyse(given)
    assert list(found.measures) == [id for id in KINDS if id in found.measures]
    assert set(found.measures) == set(KINDS)
    for id, measure in found.measures.items():
        assert (measure.id, measure.unit) == (id, KINDS[id].unit)
        assert (measure.value is None) == (measure.confidence is Confidence.NONE), id
        assert bool(measure.why) == (measure.value is None), id
        assert measure.value is None or math.isfinite(measure.value), id
        assert measure.n >= 0
        for moment in measure.evidence:
            assert 0 <= moment.start <= moment.end, id
    for id in SHARES:
        assert found.measures[id].value is None or 0 <= found.measures[id].value <= 100, id
    for id in COUNTS:
        assert found.measures[id].value is None or found.measures[id].value == int(found.measures[id].value) >= 0, id
    words = {said.id: len(said.words) for said in given.lines}
    for mark in found.marks:
        assert mark.layer in LAYERS
        assert math.isfinite(mark.start) and math.isfinite(mark.end) and 0 <= mark.start <= mark.end, mark
        assert (mark.first is None) == (mark.last is None)
        if mark.first is not None:
            assert 0 <= mark.first <= mark.last < words[mark.line], mark
    assert list(found.marks) == sorted(found.marks, key=lambda mark: mark.start)
    for series in found.series.values():
        assert len(series.times) == len(series.values)
        assert all(value is None or math.isfinite(value) for value in series.values)
    assert all(sentence.endswith(".") for sentence in found.missing)
    return found


TEXTS = (
    "um so I I think",
    "How did it go?",
    "...",
    "",
    "yeah",
    "—",
    "[laughter]",
    "do n't you know",
    "3.5 % !",
    "ÄÖ ñ 你好",
)
ABSURD = (math.nan, math.inf, -math.inf, -5.0, 0.0, 1e12, 7.25, 7.25, 3.0, 1e-9)


def absurd(seed):
    """Lines and spans with times that may be anything."""
    chance = random.Random(seed)

    def time():
        return chance.choice(ABSURD) if chance.random() < 0.3 else chance.uniform(0, 90)

    def line(id):
        text = " ".join(chance.choice(TEXTS) for _ in range(chance.randrange(6)))
        words = tuple(Word(text=word, start=time(), end=time()) for word in text.split())
        return Line(
            id=id,
            speaker=chance.choice(("user", "partner", "coach", "somebody")),
            text=text,
            start=time(),
            end=time(),
            words=words if chance.random() < 0.7 else (),
        )

    return Material(
        seconds=time(),
        lines=tuple(line(id) for id in range(chance.randrange(25))),
        speech={
            side: [Span(start=time(), end=time()) for _ in range(chance.randrange(12))] for side in ("user", "partner")
        },
        mode=chance.choice([*MODES, "nothing"]),
        capability=chance.choice(list(Capability)),
        goal=chance.choice(("", "ask “how”")),
        separate=chance.random() < 0.5,
        frames={} if seed % 3 else {"user": noise(seed)},
    )


def noise(seed):
    made = np.random.default_rng(seed)
    count = int(made.integers(0, 3000))
    f0, level, loudness, confidence = (
        made.uniform(low, high, count).astype(np.float32) for low, high in ((0, 300), (-90, 0), (-90, 0), (0, 1))
    )
    return Frames(f0=f0, confidence=confidence, level=level, loudness=loudness, start=float(seed % 2))


@pytest.mark.parametrize("seed", range(40))
def test_of_absurd_times(seed):
    check(absurd(seed))


@pytest.mark.parametrize("seed", range(2))
def test_of_a_made_up_conversation(seed):
    given = session(1, seed)
    found = check(given)
    assert analyse(given).measures == found.measures
    assert analyse(given).marks == found.marks


def test_of_nothing():
    found = check(Material(seconds=0, lines=()))
    assert found.missing == ("Nothing was heard from you, so nothing could be measured.",)
    assert not found.marks and not found.series


def test_of_one_word():
    found = check(material([line(1, "user", "Hello.", 1)]))
    assert found.measures["speech_time"].value == pytest.approx(0.5)
    assert found.measures["wpm"].why == "It takes 30 words; there was 1."
    assert any(sentence.startswith("Pace, ") for sentence in found.missing)


def test_of_lines_that_were_all_typed():
    lines = tuple(Line(id=i, speaker="user", text="word " * 30, start=i, end=i) for i in range(5))
    found = check(Material(seconds=10, lines=lines))
    assert found.measures["wpm"].value is None and found.measures["hedges"].value == 0


def test_of_speech_without_length():
    words = (Word(text="so", start=2, end=2), Word(text="then", start=9, end=9))
    lines = (Line(id=1, speaker="user", text="so", start=2, end=2, words=words), line(2, "partner", "yes I do", 2))
    for separate in (True, False):
        check(Material(seconds=3, lines=lines, speech={"user": [Span(start=2, end=2)]}, separate=separate))


def test_of_two_people_on_one_microphone():
    check(replace(session(1, sound=False), separate=False))


def test_nothing_depends_on_when_the_session_began():
    early = session(1, 7, sound=False)
    late = replace(
        early,
        seconds=early.seconds + 100,
        lines=tuple(shifted(said, 100) for said in early.lines),
        speech={
            side: [Span(start=span.start + 100, end=span.end + 100) for span in spans]
            for side, spans in early.speech.items()
        },
    )
    one, other = analyse(early), analyse(late)
    for id, measure in one.measures.items():
        assert (measure.value, measure.n) == (pytest.approx(other.measures[id].value), other.measures[id].n), id
    assert [mark.layer for mark in one.marks] == [mark.layer for mark in other.marks]


def shifted(said, by):
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in said.words)
    return replace(said, start=said.start + by, end=said.end + by, words=words)


def test_the_order_of_lines_does_not_matter():
    given = session(1, 3, sound=False)
    turned = replace(given, lines=given.lines[::-1])
    assert {id: measure.value for id, measure in analyse(given).measures.items()} == pytest.approx(
        {id: measure.value for id, measure in analyse(turned).measures.items()}
    )


def test_what_could_not_be_measured_is_said_once_for_each_reason():
    found = check(material(conversation(("user", 0, "word " * 60))))
    assert sum("Only one person was heard." in sentence for sentence in found.missing) == 1
    assert "Your share of talking, changes of speaker" in "".join(found.missing)


def test_where_nothing_was_heard_nothing_else_is_the_reason():
    them = conversation(("partner", 0, "is anybody there"))
    for given in (Material(seconds=0, lines=()), Material(seconds=60, lines=()), material(them)):
        found = check(given)
        assert {measure.why for measure in found.measures.values()} == {"Nothing was heard from you."}


def test_what_was_typed_is_told_from_what_was_not_said():
    lines = tuple(
        Line(id=i, speaker=("partner", "user")[i % 2], text="So what do you make of it, then?", start=9 * i, end=9 * i)
        for i in range(12)
    )
    found = check(Material(seconds=120, lines=lines)).measures
    assert (found["questions"].value, found["open_questions"].value) == (6, 6)
    for id in ("wpm", "filler_percentage", "talk_share", "longest_monologue", "pitch_variation"):
        assert found[id].why == "What you typed tells nothing of how you speak.", id
    assert found["hedges"].why == "It takes 50 words; there were 48."


def test_a_short_session_says_what_it_lacks_in_plain_words():
    missing = " ".join(check(material(conversation(("user", 0, "So I went there."), ("partner", 4, "Why?")))).missing)
    assert "there was 1." in missing and "were 1" not in missing and "window" not in missing


def test_a_sample_is_told_in_words():
    assert [counted(1, "stretches"), counted(1, "turns of the other"), counted(1204, "words")] == [
        "1 stretch",
        "1 turn of the other",
        "1,204 words",
    ]


def test_no_rate_comes_of_times_that_cannot_be():
    words = tuple(Word(text=text, start=0, end=0.5) for text in ["um", "so"] * 40)
    found = check(Material(seconds=60, lines=(Line(id=1, speaker="user", text="", start=0, end=0.5, words=words),)))
    for id in ("wpm", "fillers_per_min"):
        assert found.measures[id].value is None and "cannot be right" in found.measures[id].why, id


def test_fillers_that_were_left_out_are_said():
    found = check(material(conversation(("user", 0, "word " * 60)), capability=Capability.STRIPPED))
    assert any("leaves out um and uh" in sentence for sentence in found.missing)
