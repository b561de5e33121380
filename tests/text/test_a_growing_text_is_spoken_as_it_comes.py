"""A language model's output, in whatever pieces, becomes the same words as the whole text, early and without markup."""

import random
from pathlib import Path

import pytest

from engine.sentences import LONGEST, SentenceStream, split

SAMPLE = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")

TEXTS = [
    SAMPLE.split("---\n", 2)[2],
    "Mr. Smith paid $3.50 at 5 p.m. in the U.S. It was No. 5, i.e. a lot! “Why?” he asked… Nobody knew. OK.",
    "Well, this is a long beginning of an answer, and then **it goes. On** and *on*. And [a link](http://x.y/z). Fine.",
    "Here you are:\n\n1. **First.** Do this, then that.\n2. Second: `code` and more.\n   Wrapped.\n\nThat's all",
    "Yes.",
    "- a, b\n- c\n\n\nTitle\n===\n\n> quote one. quote\ntwo\n\nA * B and 5 < 6, snake_case [sic] stays. Next. End",
    "One very long sentence " + ", which goes on and on without any end in sight" * 12 + ". Then a short one.",
    "\n\n".join(f"Paragraph {n} says something. And *more* of it, " + "and more " * n + "." for n in range(12)),
]


def spoken(pieces):
    stream = SentenceStream()
    found = [sentence for piece in pieces for sentence in stream.push(piece)]
    return found + stream.flush()


def in_pieces(text, rng):
    borders = sorted(rng.sample(range(len(text) + 1), rng.randint(0, min(len(text), 60))))
    return [text[a:b] for a, b in zip([0, *borders], [*borders, len(text)], strict=True)]


def words(sentences):
    return " ".join(sentences).split()


@pytest.mark.parametrize("text", TEXTS)
def test_no_piece_border_changes_a_word(text):
    rng = random.Random(text)
    for pieces in [list(text), [text], *(in_pieces(text, rng) for _ in range(40))]:
        assert words(spoken(pieces)) == words(split(text)), pieces


@pytest.mark.parametrize("text", [text for text in TEXTS if len(text) <= LONGEST or "\n" in text])
def test_but_for_an_early_first_clause_the_sentences_are_those_of_the_whole_text(text):
    rng = random.Random(text)
    whole = split(text)
    for pieces in [list(text), *(in_pieces(text, rng) for _ in range(20))]:
        grown = spoken(pieces)
        assert whole in (grown, [" ".join(grown[:2]), *grown[2:]])


def test_a_sentence_is_given_out_when_the_next_word_begins():
    stream = SentenceStream()
    assert stream.push("It is free. ") == []
    assert stream.push("Y") == ["It is free."]
    assert stream.push("ou pay nothing.") == []
    assert stream.flush() == ["You pay nothing."]


def test_an_abbreviation_waits_for_the_whole_next_word():
    stream = SentenceStream()
    assert stream.push("We live in the U.S. Th") == []
    assert stream.push("e weather ") == ["We live in the U.S."]


def test_the_first_clause_is_given_out_at_its_comma():
    stream = SentenceStream()
    assert stream.push("Well, your notes say that it is free of charge, and ") == [
        "Well, your notes say that it is free of charge,"
    ]
    assert stream.push("that it will always be free of any charge whatsoever, whatever ") == []
    assert stream.push("happens. ") == []
    assert stream.flush() == ["and that it will always be free of any charge whatsoever, whatever happens."]


def test_an_open_emphasis_is_not_read_aloud():
    stream = SentenceStream()
    assert stream.push("This **is. Very ") == []
    assert stream.push("important**. Now ") == ["This is.", "Very important."]


def test_a_paragraph_ends_with_its_blank_line():
    stream = SentenceStream()
    assert stream.push("No full stop\n") == []
    assert stream.push("\n") == ["No full stop"]


def test_a_stream_that_was_flushed_begins_anew():
    stream = SentenceStream()
    stream.push("One thing")
    assert stream.flush() == ["One thing"]
    assert stream.flush() == []
    assert stream.push("Another. One") == ["Another."]
