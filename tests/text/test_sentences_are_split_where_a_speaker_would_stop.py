"""What is spoken of a text, sentence by sentence."""

from pathlib import Path

import pytest

from engine.sentences import LONGEST, split


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Smith met Dr. Jones and Prof. J. K. Rowling in St. Gallen.",
        "It costs $3.50, i.e. less than tea, e.g. at Mario's.",
        "We sell apples, pears, etc. to schools.",
        "Rostrum vs. Goliath is No. 5 on the list.",
        "The U.S. Army bought it at 5 p.m. on Monday.",
        "Acme Inc. builds version 2.0.1 and Node.js 22.5.",
        "See https://example.org/a?b=1.2 and mail me@example.org.",
        "We tried... and tried… and failed.",
        "“Why?” he asked.",
        "It works (see Fig. 3) on Jan. 5 already.",
        "Ph.D. students, approx. 3.5 of them, agree.",
        "George W. Bush et al. wrote it.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(sentence):
    assert split(sentence) == [sentence]
    assert split(f"Before it. {sentence} After it.") == ["Before it.", sentence, "After it."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Really?! Yes! Good.", ["Really?!", "Yes!", "Good."]),
        (
            "He said “stop.” We stopped. (They too.) Then quiet.",
            ["He said “stop.”", "We stopped.", "(They too.)", "Then quiet."],
        ),
        ("We met at 5 p.m. It was late.", ["We met at 5 p.m.", "It was late."]),
        ("We live in the U.S. The weather is fine.", ["We live in the U.S.", "The weather is fine."]),
        ("Is it hard? No. We will show you.", ["Is it hard?", "No.", "We will show you."]),
        ("That is plan B. We have no other.", ["That is plan B.", "We have no other."]),
        ("It costs 5. You pay 3.", ["It costs 5.", "You pay 3."]),
        ("hello there. how are you", ["hello there.", "how are you"]),
        ("We sell pears, etc. Schools buy them.", ["We sell pears, etc.", "Schools buy them."]),
        ("Great 🎉 Thanks. 😀 Bye.", ["Great 🎉 Thanks. 😀", "Bye."]),
        ("One line\nis wrapped. Two.", ["One line is wrapped.", "Two."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_a_sentence_ends_at_its_stop(text, sentences):
    assert split(text) == sentences


SAMPLE = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")


def test_of_markdown_only_what_is_said_is_spoken():
    assert split(SAMPLE) == [
        "The big idea",
        "Hello world, see our site and pip install.",
        "Bold__ness, 5 < 6 & more.",
        "Loud.",
        "Quoted words.",
        "Twice.",
        "first point",
        "second point.",
        "It goes on",
        "nested",
        "One",
        "Two",
        "who, what",
        "we, talk",
        "in a box",
        "indented words are said",
        "1986.",
        "The year it began.",
    ]


def test_a_line_drawn_first_is_not_taken_for_front_matter():
    assert split("---\nHello there. It is on.\n\n---\n\nBye.") == ["Hello there.", "It is on.", "Bye."]


def test_a_long_sentence_is_cut_at_clauses_and_keeps_every_word():
    clause = "when the wind blows over the hill and nobody is there to hear it"
    text = f"It goes on, {', '.join([clause] * 9)}; {clause}."
    parts = split(text)
    assert " ".join(parts) == text
    assert all(60 <= len(part) <= LONGEST for part in parts)
    assert all(part.endswith((",", ";", ".")) for part in parts)


def test_a_long_sentence_without_any_clause_is_cut_between_words():
    text = "word " * 200
    assert " ".join(split(text)) == text.strip()
    assert max(map(len, split(text))) <= LONGEST


def test_one_word_longer_than_a_sentence_stays_whole():
    assert split("x" * 500 + " and so on") == ["x" * 500, "and so on"]
