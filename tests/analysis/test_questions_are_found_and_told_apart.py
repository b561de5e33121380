"""Questions are found with and without punctuation; open ones and follow-ups are told apart; answers have a length."""

import re
from pathlib import Path

import pytest

from engine.analysis import Confidence
from engine.analysis.analyse import analyse
from engine.analysis.questions import asks, find_questions
from tests.analysis.conversation import conversation, marks_of, material, measured, words

LABELLED = [
    text
    for text in (Path(__file__).parent / "questions_labelled.txt").read_text(encoding="utf-8").splitlines()
    if text and not text.startswith("#")
]


def scores(texts):
    """Precision, recall and F1 over questions: one is found where it begins within two words of where it does."""
    right = found_of_all = gold_of_all = 0
    for text in texts:
        gold, plain = [], []
        for piece in text.split():
            if piece.startswith("{"):
                gold.append(len(plain))
            plain.append(piece.strip("{}"))
        found = [question.first for question in find_questions(words(" ".join(plain), 0))]
        gold_of_all, found_of_all = gold_of_all + len(gold), found_of_all + len(found)
        for start in gold:
            near = [first for first in found if start - 2 <= first <= start + 6]
            right += bool(near)
            found = [first for first in found if first not in near[:1]]
    precision, recall = right / found_of_all, right / gold_of_all
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_with_punctuation():
    assert len(LABELLED) >= 120
    precision, recall, f1 = scores(LABELLED)
    assert precision > 0.95 and recall > 0.95, (precision, recall, f1)


def test_without_punctuation():
    precision, recall, f1 = scores([re.sub(r"[.,?!]", "", text).lower() for text in LABELLED])
    assert precision > 0.85 and recall > 0.8, (precision, recall, f1)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("So um how did it go?", True),
        ("What is it?", True),
        ("And why is that?", True),
        ("Tell me about your team.", True),
        ("Walk me through it.", True),
        ("okay what's next", True),
        ("Who is it for?", False),
        ("Did you like it?", False),
        ("When did you start?", False),
        ("You work here?", False),
    ],
)
def test_open_questions_begin_with_how_what_why_or_an_invitation(text, open_):
    assert [question.open for question in find_questions(words(text, 0))] == [open_]


def test_bare_signs_of_listening_are_no_questions():
    assert not any(map(asks, ("Really?", "Right?", "Okay?", "Oh really?", "It was good, you know?")))


def test_a_question_knows_its_words():
    (found,) = find_questions(words("I see. And how did that go? Well.", 0))
    assert (found.first, found.last) == (3, 6)


def test_a_silence_ends_a_question_that_nobody_punctuated():
    found = find_questions(words("how did it go /1/ we were there too", 0))
    assert [(question.first, question.last) for question in found] == [(0, 3)]


# ---- what is counted -----------------------------------------------------------------------------------------------

TALK = (
    ("partner", 0, "We ran two pilots in the north last year."),
    ("user", 6, "How did the first pilot end?"),
    ("partner", 10, "They bought it. Sam was against it."),
    ("user", 15, "Nice. Do you like the rain?"),
    ("partner", 20, "Not much. But the hospitals do."),
    ("user", 25, "Which hospital was that? I was born there."),
)


def test_a_follow_up_shares_a_word_with_what_the_other_said_before():
    found = measured(*TALK)
    assert found["questions"].value == 3
    assert found["open_questions"].value == 1
    assert found["follow_ups"].value == 2
    assert found["follow_ups"].n == 3
    assert [moment.text for moment in found["follow_ups"].evidence] == [
        "How did the first pilot end?",
        "Which hospital was that?",
    ]


def test_they_are_marked():
    assert [(mark.line, mark.first, mark.last, mark.note) for mark in marks_of("question", *TALK)] == [
        (2, 0, 5, "open"),
        (4, 1, 5, ""),
        (6, 0, 3, ""),
    ]
    assert [mark.line for mark in marks_of("follow_up", *TALK)] == [2, 6]


def test_no_question_is_nought_and_not_unknown():
    found = measured(("partner", 0, "we ran it"), ("user", 3, "I see how it was then."))
    assert found["questions"].value == 0
    assert (found["open_questions"].value, found["open_questions"].why) == (None, "You asked no question.")


def test_with_nobody_else_there_is_nothing_to_follow_up():
    found = measured(("user", 0, "How did it go?"))["follow_ups"]
    assert (found.value, found.why) == (None, "Nobody else was heard to follow up on.")


def test_without_punctuation_it_is_a_hint():
    turns = [("user", 5 * i, "how did it go") for i in range(6)]
    assert measured(*turns)["questions"].confidence is Confidence.LOW
    turns = [("user", 5 * i, "How did it go?") for i in range(6)]
    assert measured(*turns)["questions"].confidence is Confidence.OK


def test_an_answer_lasts_until_the_other_takes_over():
    # 20 s, a silence of 4 s, and 5 s more; then 10 s; what follows a statement is no answer
    turns = (
        ("partner", 0, "What went wrong?"),
        ("user", 3, "word " * 40 + "/4/ " + "word " * 10),
        ("partner", 35, "Why was that so?"),
        ("user", 38, "word " * 20),
        ("partner", 50, "I would have left."),
        ("user", 53, "word " * 60),
    )
    found = measured(*turns, mode="interview")["answer_length"]
    assert (found.value, found.n) == (pytest.approx((29 + 10) / 2), 2)
    assert (found.band.low, found.band.high, found.within) == (60, 120, False)


def test_that_nobody_asked_is_said():
    found = analyse(material(conversation(("user", 0, "I am here now"))))
    assert found.measures["answer_length"].why == "Nobody was heard to ask you anything."
