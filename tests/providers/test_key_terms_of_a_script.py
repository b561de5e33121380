"""A recogniser is told the names of a script, and nothing that it knows anyway."""

import pytest

from engine.providers.base import Expectation
from engine.providers.key_terms import key_terms


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("We built Rostrum for you.", ("Rostrum",)),
        ("Our partner is New York City Transit, and so is Anna O’Reilly.", ("New York City Transit", "Anna O’Reilly")),
        ("It is GDPR-ready, sold by a GmbH, to AT&T.", ("GDPR-ready", "GmbH", "AT&T")),
        ("In 2024 the B2B product had 40 customers.", ("B2B",)),
        ("Well, I'm sure that I’ve said what I said.", ()),
        ("iPhones are there, and eBay.", ("iPhones", "eBay")),
        ("The first word of a sentence is no name.", ()),
        ("THIS IS A HEADING", ()),
        ("", ()),
    ],
)
def test_names_are_told(sentence, terms):
    assert key_terms(Expectation(sentences=(sentence,))) == terms


def test_a_long_run_of_names_is_told_in_pieces():
    (first, second) = key_terms(Expectation(sentences=("it is a One Two Three Four Five Six Seven",)))
    assert (first, second) == ("One Two Three Four Five", "Six Seven")


def test_the_most_frequent_come_first_and_no_more_than_are_wanted():
    sentences = tuple(f"this is about Name{number % 7} again" for number in range(20))
    assert key_terms(Expectation(sentences=sentences), most=2) == ("Name0", "Name1")
    assert len(key_terms(Expectation(sentences=sentences))) == 7
