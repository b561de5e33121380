"""Short utterances over the pitch are told apart by words alone."""

import pytest

from engine import words
from engine.errors import NotFound

WORDS = words.load()


@pytest.mark.parametrize("text", ["Mm-hm.", "yeah, yeah", "Right, I see.", "That’s true", "uh huh", "OK great"])
def test_a_backchannel_is_no_interruption(text):
    assert WORDS.is_backchannel(text)
    assert not WORDS.is_stop(text)


@pytest.mark.parametrize(
    "text", ["Stop!", "wait, wait, hold on a second", "okay stop please", "Hang on.", "just a moment"]
)
def test_a_stop_phrase_asks_for_silence(text):
    assert WORDS.is_stop(text)
    assert not WORDS.is_backchannel(text)


@pytest.mark.parametrize("text", ["go on", "Okay, please continue.", "thanks, carry on", "right, keep going"])
def test_a_go_on_phrase_asks_to_continue(text):
    assert WORDS.is_go_on(text)
    assert not WORDS.is_stop(text)


@pytest.mark.parametrize(
    "text", ["", "...", "right, but how much does it cost", "stop words are what", "yes we can", "where do I go next"]
)
def test_a_sentence_is_none_of_them(text):
    assert not any((WORDS.is_backchannel(text), WORDS.is_stop(text), WORDS.is_go_on(text), WORDS.is_greeting(text)))


def test_a_greeting_with_a_question_is_more_than_a_greeting():
    assert WORDS.is_greeting("Hello there!")
    assert not WORDS.is_greeting("Hello, what does it cost?")


def test_no_phrase_means_two_opposite_things():
    assert not WORDS.stops & (WORDS.go_on | WORDS.backchannels)


def test_an_unknown_language_is_said_to_be_so():
    with pytest.raises(NotFound, match="'xx'"):
        words.load("xx")
    with pytest.raises(NotFound):
        words.load("../en")


def test_words_are_read_once():
    assert words.load() is words.load()
