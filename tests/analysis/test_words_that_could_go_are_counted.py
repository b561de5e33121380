"""Hedges, repeats, phrases that come back, conciseness, variety and the length of sentences, counted by hand."""

import pytest

from engine.analysis import Confidence, Line
from engine.analysis.analyse import analyse
from engine.analysis.language import find_hedges
from engine.analysis.repetition import repeats, restarts
from tests.analysis.conversation import conversation, marks_of, material, measured, ordered

PLAIN = " ".join(f"{chr(97 + i // 26)}{chr(97 + i % 26)}x" for i in range(200))
"""Two hundred different words that mean nothing."""


def said(text):
    spoken, _ = ordered(material(conversation(("user", 0, text))))
    return spoken.user.tokens


def hedges_in(text, **more):
    return [" ".join(token.word for token in hedge) for hedge in find_hedges(said(text), **more)]


@pytest.mark.parametrize(
    ("text", "words", "ends"),
    [
        ("so—um we [laughter] left . do n't", ["so", "um", "we", "left", "don't"], ["left."]),
        ("yes, [noise]. I do ?", ["yes", "i", "do"], ["do?"]),
        ("[laughter-yes] they 're here", ["yes", "they're", "here"], []),
    ],
)
def test_words_are_what_was_said_however_it_is_written(text, words, ends):
    assert [token.word for token in said(text)] == words
    assert [token.text for token in said(text) if token.ends_sentence] == ends


# ---- hedges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Maybe we could, I think, sort of try it.", ["maybe", "i think", "sort of"]),
        ("It is kind of a bit too big, or something like that.", ["kind of", "a bit", "or something like that"]),
        ("What kind of box is it? It is a kind of box.", []),
        ("That is just what we said, just as he did.", ["just"]),
        ("He was a little boy, a little tired.", ["a little"]),
        ("We build boxes that listen to machines.", []),
    ],
)
def test_hedges_are_found_and_the_same_words_left_alone(text, found):
    assert hedges_in(text) == found


def test_i_think_is_none_where_an_opinion_was_asked_for():
    assert hedges_in("I think the blue one.", asked=True) == []
    assert hedges_in("Well, I think the blue one.", asked=False) == ["i think"]
    turns = (("partner", 0, "Which one do you prefer?"), ("user", 4, "I think the blue one. " + PLAIN))
    assert measured(*turns)["hedges"].value == 0
    turns = (("partner", 0, "Where were you?"), ("user", 4, "I think the blue one. " + PLAIN))
    assert measured(*turns)["hedges"].value == pytest.approx(100 / 205)


def test_they_are_counted_in_a_hundred_words_and_marked():
    # 100 words and 4 hedges (of 2, 1, 2 and 1 words), um not counted
    text = " ".join(PLAIN.split()[:94]) + " um I guess maybe sort of probably"
    found = measured(("user", 0, text))["hedges"]
    assert (found.value, found.n, found.confidence) == (4, 100, Confidence.LOW)
    assert found.within is False
    marks = marks_of("hedge", ("user", 0, text))
    assert [(mark.first, mark.last, mark.text) for mark in marks][:2] == [(95, 96, "I guess"), (97, 97, "maybe")]


# ---- repeats and restarts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("I I went to the the shop", ["I", "the"]),
        ("in the in the end we we we left", ["in the", "we", "we"]),
        ("and then um and then it broke", ["and then"]),
        ("it was very very good, no no, yeah yeah", []),
        ("one two two three", []),
        ("thank you thank you", []),
        ("We left. We left.", []),
        ("I like it. It was good.", []),
        ("nothing at all", []),
    ],
)
def test_immediate_repeats_are_found_and_those_that_are_meant_left_alone(text, again):
    assert [" ".join(token.text for token in one.again) for one in repeats(said(text))] == again


@pytest.mark.parametrize(
    ("text", "given_up"),
    [
        ("we was we were late", ["we", "was"]),
        ("I wou- I would go", ["wou-"]),
        ("I have um I had it", ["I", "have"]),
        ("I think I know it", []),
        ("and so -- we had -- late", []),
        ("Do you? You do.", []),
    ],
)
def test_beginnings_that_were_given_up_are_found(text, given_up):
    assert [token.text for token in restarts(said(text))] == given_up


def test_repetition_is_words_said_twice_in_a_hundred():
    # 100 words, of which "the" and "in a" are said a second time
    text = " ".join(PLAIN.split()[:94]) + " the the in a in a"
    found = measured(("user", 0, text))["repetition"]
    assert (found.value, found.n) == (3, 100)
    assert [moment.text for moment in found.evidence] == ["the the", "in a in a"]


def test_a_phrase_that_comes_back_is_named():
    part = PLAIN.split()
    text = " ".join(" ".join(part[30 * i : 30 * i + 30]) + " at the end of the day" for i in range(4))
    notes = {mark.note for mark in marks_of("repetition", ("user", 0, text))}
    assert notes == {"“end of the day”, 4 times"}


def test_but_not_what_the_conversation_is_about():
    part = PLAIN.split()
    text = " ".join(" ".join(part[30 * i : 30 * i + 30]) + " the solar panel" for i in range(4))
    assert marks_of("repetition", ("user", 0, text))
    assert not marks_of("repetition", ("user", 0, text), goal="Explain our solar panels")
    assert not marks_of("repetition", ("partner", 0, "is it a solar panel"), ("user", 5, text))


# ---- all together --------------------------------------------------------------------------------------------------


def test_conciseness_counts_a_word_once_that_could_go_for_two_reasons():
    # 100 words in all. To go: um, uh; "you know"; "sort of"; one of "the the"; "wou-": 8
    text = " ".join(PLAIN.split()[:89]) + " um uh you know, sort of, the the wou- would go"
    assert len(text.split()) == 100
    found = measured(("user", 0, text))["conciseness"]
    assert (found.value, found.n, found.unit) == (8, 100, "%")
    assert [moment.text for moment in found.evidence] == ["um uh you know, sort of, the", "wou-"]


def test_what_is_no_filler_need_not_go():
    turns = (("user", 0, PLAIN), ("partner", 101, "and then we left them there"), ("user", 103, "hmm"))
    assert measured(*turns)["conciseness"].value == 0
    assert measured(("user", 0, f"{PLAIN} um so"), ignore=("um",))["conciseness"].value == 0


def test_fillers_of_a_line_without_times_could_go():
    spoken = Line(id=1, speaker="user", text=f"{PLAIN} you know so um we left", start=0, end=100)
    assert analyse(material([spoken], speech={})).measures["conciseness"].value == pytest.approx(100 * 3 / 206)


def test_vocabulary_is_the_mean_share_of_different_words_in_fifty():
    assert measured(("user", 0, PLAIN))["vocabulary"].value == 1
    # a window of 50 over 60 words "w0 … w49 w0 … w9" always holds 50 different ones; over "a b a b …" two
    first = PLAIN.split()[:50]
    assert measured(("user", 0, " ".join(first + first[:10])))["vocabulary"].value == 1
    assert measured(("user", 0, "aa bb " * 40))["vocabulary"].value == pytest.approx(2 / 50)
    # fifty different words and then one of them fifty times: the windows hold 50, 49 … 1 and at last 1 different ones
    rest = [first[-1]] * 50
    windows = [50 - i for i in range(50)] + [1]
    assert measured(("user", 0, " ".join(first + rest)))["vocabulary"].value == pytest.approx(
        sum(windows) / len(windows) / 50
    )


def test_fewer_than_fifty_words_have_no_variety():
    found = measured(("user", 0, "word " * 49))["vocabulary"]
    assert (found.value, found.why) == (None, "It takes 50 words; there were 49.")


def test_sentences_have_a_mean_length_where_somebody_wrote_them():
    # 2, 4, 2, 6 and 6 words; "Yes." is an answer, "um" no word, and the last one has no end
    text = "We left. We um went by train. Yes. It rained. " + "a b c d e f. " * 2 + "and so on"
    found = measured(("user", 0, text))["sentence_length"]
    assert (found.value, found.n) == (4.0, 5)


def test_without_punctuation_nobody_knows_where_sentences_end():
    found = measured(("user", 0, "word " * 100))["sentence_length"]
    assert found.value is None
    assert found.why == "Nobody wrote punctuation, so it is not known where sentences end."
