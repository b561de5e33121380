"""Each sentence of a script is said, changed or skipped, and what was added is told apart from false starts."""

import pytest

from engine.rehearsal.align import align
from engine.rehearsal.values import Again, Fate, Kind
from tests.rehearsal.reading import ADDED, AFTER, CHANGED, IS, SCRIPT, SKIPPED, WAS, departing
from tests.rehearsal.saying import STEP, said

THREE = ("Good morning, everybody.", "Our cups keep tea warm for 6 hours.", "Will you try one?")
MORNING, CUPS, TRY = "good morning everybody", "our cups keep tea warm for six hours", "will you try one"


def fates(alignment):
    return [sentence.fate.value for sentence in alignment.sentences]


def changes(alignment, index):
    pieces = alignment.sentences[index - 1].pieces
    return [(piece.kind, piece.script, piece.said) for piece in pieces if piece.kind is not Kind.SAID]


def added(alignment):
    return [(extra.after, extra.text) for extra in alignment.added]


def test_read_as_written():
    alignment = align(THREE, said(f"{MORNING} {CUPS} {TRY}"))
    assert fates(alignment) == ["said"] * 3
    assert not alignment.extras
    assert [sentence.words for sentence in alignment.sentences] == [3, 8, 4]
    second = alignment.sentences[1]
    assert second.start == pytest.approx(3 * STEP)
    assert second.end == pytest.approx(10 * STEP + 2 / 3 * STEP)


def test_one_skipped_one_changed_one_added_in_a_real_pitch():
    alignment = align(SCRIPT, said(" ".join(departing())))
    assert [sentence.index for sentence in alignment.of(Fate.SKIPPED)] == [SKIPPED]
    assert [sentence.index for sentence in alignment.of(Fate.CHANGED)] == [CHANGED]
    assert changes(alignment, CHANGED) == [(Kind.SWAPPED, WAS, IS)]
    assert added(alignment) == [(AFTER, ADDED)]


@pytest.mark.parametrize(
    "heard",
    [
        "our cups keep tea warm for six hours",
        "our cup keeps tea warm four 6 hour",
        "hour cups keep tea warm for six hours",
        "Our cups keep tea warm, for SIX hours!",
    ],
)
def test_endings_homophones_figures_and_capitals_are_no_changes(heard):
    assert fates(align(THREE, said(f"{MORNING} {heard} {TRY}"))) == ["said"] * 3


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("our mugs keep tea warm for six hours", [(Kind.SWAPPED, "cups", "mugs")]),
        ("our cups keep warm for six hours", [(Kind.LEFT_OUT, "tea", "")]),
        ("our new cups keep tea warm for six hours", [(Kind.PUT_IN, "", "new")]),
        ("our cups keep tea warm for nine long hours", [(Kind.SWAPPED, "6", "nine long")]),
        ("your cups keep tea hot for six hours", [(Kind.SWAPPED, "Our", "your"), (Kind.SWAPPED, "warm", "hot")]),
    ],
)
def test_which_words_became_which(heard, expected):
    alignment = align(THREE, said(f"{MORNING} {heard} {TRY}"))
    assert fates(alignment) == ["said", "changed", "said"]
    assert changes(alignment, 2) == expected
    assert not alignment.extras


def test_a_sentence_of_which_only_common_words_were_said_was_skipped():
    script = ("We start with the market.", "It is the size of the sea and of the sky above.", "Then we ask.")
    alignment = align(script, said("we start with the market and of course you know that then we ask"))
    assert fates(alignment) == ["said", "skipped", "said"]
    assert added(alignment) == [(1, "and of course you know that")]


def test_an_addition_in_the_place_of_a_sentence_is_both():
    alignment = align(THREE, said(f"{MORNING} let me tell you a story {TRY}"))
    assert fates(alignment) == ["said", "skipped", "said"]
    assert added(alignment) == [(1, "let me tell you a story")]


def test_what_is_added_before_and_after_everything():
    alignment = align(THREE, said(f"is this thing on {MORNING} {CUPS} {TRY} thank you all very much"))
    assert fates(alignment) == ["said"] * 3
    assert added(alignment) == [(0, "is this thing on"), (3, "thank you all very much")]


def test_a_sentence_begun_twice_is_said_and_the_second_attempt_counts():
    alignment = align(THREE, said(f"{MORNING} our cups keep tea {CUPS} {TRY}"))
    assert fates(alignment) == ["said"] * 3
    assert not alignment.added
    assert [extra.again for extra in alignment.extras] == [True]
    assert alignment.sentences[1].start == pytest.approx(7 * STEP)


def test_a_word_said_twice_is_a_restart_and_no_change():
    alignment = align(THREE, said(f"{MORNING} our cups our cups keep tea warm for six hours {TRY}"))
    assert fates(alignment) == ["said"] * 3
    assert not alignment.added


def test_hesitations_are_no_words_of_the_script():
    alignment = align(THREE, said(f"um {MORNING} our uh cups keep tea warm erm for six hours {TRY}"))
    assert fates(alignment) == ["said"] * 3
    assert not alignment.extras


def test_again_from_here_counts_what_was_said_last():
    first = said("good morning everyone our mugs keep tea")
    second = said(f"{CUPS} {TRY}", start=10)
    alignment = align(THREE, [*first, *second], [Again(at=9, sentence=2)])
    assert fates(alignment) == ["changed", "said", "said"]
    assert alignment.sentences[1].start == pytest.approx(10)
    assert alignment.sentences[1].attempts == 2
    assert not alignment.extras


def test_going_back_at_the_end_does_not_lose_what_followed():
    first, second = said(f"{MORNING} {CUPS} {TRY}"), said(MORNING, start=20)
    alignment = align(THREE, [*first, *second], [Again(at=19, sentence=1)])
    assert fates(alignment) == ["said"] * 3
    assert [round(sentence.start, 1) for sentence in alignment.sentences] == [20.0, 0.9, 3.3]


def test_going_ahead_skips():
    alignment = align(THREE, [*said(MORNING), *said(TRY, start=5)], [Again(at=4, sentence=3)])
    assert fates(alignment) == ["said", "skipped", "said"]


@pytest.mark.parametrize("heard", ["", "um", "completely different things altogether here"])
def test_nothing_of_it(heard):
    alignment = align(THREE, said(heard))
    assert fates(alignment) == ["skipped"] * 3
    assert [piece.script for piece in alignment.sentences[0].pieces] == [THREE[0]]


def test_no_word_is_lost_or_told_twice():
    """Whatever is said, each word is in one sentence or in one addition, repeats and hesitations aside."""
    heard = "well good day everybody our old cups keep it warm for six or seven hours which nobody else does so try one"
    alignment = align(THREE, said(heard))
    told = [piece.said for sentence in alignment.sentences for piece in sentence.pieces]
    told += [extra.text for extra in alignment.extras]
    assert sorted(" ".join(told).split()) == sorted(heard.split())


def test_the_last_words_of_a_sentence_are_not_taken_for_those_of_one_that_was_not_reached():
    alignment = align(SCRIPT, said(SCRIPT[4]))
    assert [(sentence.index, sentence.fate) for sentence in alignment.sentences if sentence.words] == [(5, Fate.SAID)]
    assert not alignment.extras
