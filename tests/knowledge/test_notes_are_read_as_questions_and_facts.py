"""People write questions and answers in many ways; all of them are read."""

import pytest

from engine.notes import Note, read

PRICE = [Note(question="What does it cost?", text="It costs nothing.")]


@pytest.mark.parametrize(
    "notes",
    [
        "Q: What does it cost?\nA: It costs nothing.",
        "**Q:** What does it cost?\n**A:** It costs nothing.",
        "Q: What does it cost? A: It costs nothing.",
        "Q1. What does it cost?\n\nA1. It costs nothing.",
        "Question: What does it cost?\n\nAnswer: It costs\nnothing.",
        "## What does it cost?\n\nIt costs nothing.",
        "## Q: What does it cost?\n\nA: It costs nothing.",
        "**What does it cost?**\n\nIt costs nothing.",
        "**What does it cost?**\nIt costs nothing.",
        "**What does it cost?** It costs nothing.",
        "What does it cost? It costs nothing.",
        "- What does it cost?\n  It costs nothing.",
        "- *Q:* What does it cost?\n- *A:* It costs nothing.",
        "What does it cost?\r\nIt costs nothing.\r\n",
    ],
)
def test_a_question_is_found_however_it_is_written(notes):
    assert read(notes) == PRICE


def test_facts_keep_the_heading_above_them():
    assert read("# Team\n\nSix people. Two dogs.\n\n- One cat") == [
        Note(text="Six people.", topic="Team"),
        Note(text="Two dogs.", topic="Team"),
        Note(text="One cat", topic="Team"),
    ]


def test_a_fact_after_an_answer_is_not_part_of_it():
    assert read("Q: What does it cost?\nA: It costs nothing.\n\nWe have two dogs.") == [
        *PRICE,
        Note(text="We have two dogs."),
    ]


def test_all_below_a_heading_that_asks_is_its_answer():
    notes = "## What does it cost?\n\nIt costs nothing.\n\nReally? Yes.\n\n- Never\n\n## Team\n\nSix people."
    assert read(notes) == [
        Note(question="What does it cost?", text="It costs nothing. Really? Yes. Never"),
        Note(text="Six people.", topic="Team"),
    ]


def test_a_list_may_be_the_answer():
    assert read("**What is in it?** Three things:\n\n- salt\n- oil\n\nGood night.") == [
        Note(question="What is in it?", text="Three things: salt, oil"),
        Note(text="Good night."),
    ]
    assert read("- Q: What is in it?\n- A: These:\n  - salt\n  - oil.") == [
        Note(question="What is in it?", text="These: salt, oil.")
    ]


def test_two_questions_may_share_an_answer():
    assert read("Q: Is it free? What does it cost?\nA: Nothing.") == [
        Note(question="Is it free? What does it cost?", text="Nothing.")
    ]


def test_a_question_without_an_answer_is_no_knowledge():
    assert read("Q: What does it cost?\n\nQ: Who are you?\nA: We are two.") == [
        Note(question="Who are you?", text="We are two.")
    ]
    assert read("") == []
