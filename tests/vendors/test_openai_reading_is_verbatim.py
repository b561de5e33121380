"""When a model that reads aloud is believed, and when it is stopped."""

import pytest

from engine.providers.openai_reading import Reading

TEXT = "It costs 3 euros for each of you, and Dr. Smith pays 10% of that on the first of May."


def read(written, said):
    """Feed `said` in small pieces; after how many words it was certain, and whether it strayed before the end."""
    reading, certain = Reading(written), None
    for at in range(0, len(said), 3):
        reading.push(said[at : at + 3])
        if certain is None and reading.certain:
            certain = len(said[: at + 3].split())
    return reading, certain


@pytest.mark.parametrize(
    "said",
    [
        TEXT,
        "It costs three euros for each of you, and Doctor Smith pays ten percent of that on the first of May.",
        "it costs three euros for each of you and doctor smith pays 10 percent of that on the first of may",
        "It costs 3 euros for each of you, and Dr Smith pays 10% of that, on the first of May!",
    ],
)
def test_what_is_read_as_it_is_written_or_spoken_is_believed_from_the_second_word_on(said):
    reading, certain = read(TEXT, said)
    assert certain is not None
    assert certain <= 4
    reading.finish(said)
    assert not reading.strayed


@pytest.mark.parametrize(
    "said",
    [
        "Sure! It costs three euros",
        "Of course, here it is: It costs",
        "Okay. It costs 3 euros for each of you",
        "That depends on how many of you there are.",
    ],
)
def test_another_beginning_is_never_believed(said):
    reading, certain = read(TEXT, said)
    assert reading.strayed
    assert certain is None


@pytest.mark.parametrize(
    "said",
    [
        "It costs 3 euros for each of you, and nobody really knows what they are going to do about that in the end.",
        "It costs 3 euros for each of you.",
        f"{TEXT} Would you like to know more about what it costs and who pays for it?",
    ],
)
def test_another_end_is_noticed(said):
    reading, certain = read(TEXT, said)
    assert certain is not None
    reading.finish(said)
    assert reading.strayed


def test_one_word_is_enough_where_there_is_only_one():
    reading = Reading("Yes!")
    reading.push("Yes!")
    assert not reading.certain
    reading.finish("Yes!")
    assert reading.certain
    reading = Reading("Yes!")
    reading.finish("Certainly, what can I do for you?")
    assert reading.strayed


def test_a_server_that_tells_nothing_is_not_accused():
    reading = Reading(TEXT)
    reading.finish()
    assert reading.silent
    assert not reading.strayed
