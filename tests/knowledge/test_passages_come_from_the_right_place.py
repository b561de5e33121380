"""What a search gives back: the answer, not the question; notes before mentions; nothing rather than anything."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.knowledge import Knowledge

NOTES = (
    "Q: What does it cost?\nA: Ten francs a month.\n\nQ: Who is on the team?\nA: Anna and Ben.\n\nThe cellar is dry."
)


def test_the_answer_of_a_note_is_given_back_and_not_its_question():
    best = Knowledge([], NOTES).search("What does it cost?")[0]
    assert (best.text, best.source) == ("Ten francs a month.", "notes")


def test_a_sentence_of_the_pitch_is_given_back_as_such():
    best = Knowledge(["We mend bells.", "The tower is old."], NOTES).search("How old is the tower?")[0]
    assert (best.text, best.source) == ("The tower is old.", "pitch")


def test_another_word_for_the_same_thing_is_found():
    assert Knowledge([], NOTES).search("How expensive is it?")[0].text == "Ten francs a month."
    assert Knowledge([], NOTES).search("Who are the founders?")[0].text == "Anna and Ben."


def test_another_ending_of_the_word_is_found():
    assert Knowledge(["It measures rivers."]).search("Can I measure a river?")[0].text == "It measures rivers."


def test_a_note_that_answers_the_question_stands_before_a_mention_of_it():
    material = Knowledge(["The cost of waiting is high."], NOTES)
    assert [passage.source for passage in material.search("What is the cost?")] == ["notes", "pitch"]


def test_scores_fall_and_the_limit_holds():
    material = Knowledge([f"The bell number {n} rings." for n in range(9)], "Which bell rings loudest? The big bell.")
    found = material.search("which bell rings", limit=3)
    assert len(found) == 3
    assert sorted((passage.score for passage in found), reverse=True) == [passage.score for passage in found]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "???",
        "the of and",
        "Hello there",
        'AND OR NOT "',
        "bellow* NEAR(",
        "'; drop table texts; --",
        "🎉",
        "x" * 9000,
    ],
)
def test_what_asks_nothing_finds_nothing_and_breaks_nothing(question):
    material = Knowledge(["We mend bells."], NOTES)
    assert material.search(question) == []
    assert material.search("Who is on the team?")


def test_without_material_nothing_is_found():
    assert Knowledge([], "").search("What does it cost?") == []
    assert Knowledge([], "").expected_questions() == []


def test_the_questions_of_the_notes_are_what_may_be_asked():
    assert Knowledge(["We mend bells."], NOTES).expected_questions() == ["What does it cost?", "Who is on the team?"]


def test_searches_from_several_threads_do_not_disturb_each_other():
    material = Knowledge(["We mend bells."], NOTES)
    asked = ["What does it cost?", "Who is on the team?", "Is the cellar dry?"] * 20
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda question: material.search(question)[0].text, asked))
    assert found == ["Ten francs a month.", "Anna and Ben.", "The cellar is dry."] * 20
