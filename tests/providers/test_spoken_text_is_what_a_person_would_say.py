import pytest

from engine.providers.spoken import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $5.", "It costs 5 dollars."),
        ("It costs $1, not $1.50.", "It costs 1 dollar, not 1.50 dollars."),
        ("€2.5m and £3bn", "2.5 million euros and 3 billion pounds"),
        ("$5 million to $10 Billion", "5 million dollars to 10 Billion dollars"),
        ("$40k a year", "40 thousand dollars a year"),
        ("$1 million", "1 million dollars"),
        ("a $5M&A fund", "a 5 million dollars&A fund"),
        ("$5 bananas", "5 dollars bananas"),
        ("“It’s” ‘fine’", "\"It's\" 'fine'"),
        ("this—that", "this – that"),
        ("and/or A/B, 24/7", "and or A B, 24 7"),
        ("wait…what", "wait... what"),
        ("it´s so\u00adft", "it's soft"),
        ("one\x00two\ud800three", "one two three"),
        ("*bold* `code` <b> [[x]]", " bold   code   b    x  "),
        ("well 🎉 done", "well   done"),
        ("it is 5°C", "it is 5°C"),
        ("", ""),
    ],
)
def test_signs_are_read_as_words_or_not_at_all(written: str, said: str) -> None:
    assert spoken(written)[0] == said


@pytest.mark.parametrize("written", ["It costs $2.5m—or so.", "“$5 million”…", "plain"])
def test_each_letter_knows_where_it_stood(written: str) -> None:
    said, origin = spoken(written)
    assert len(said) == len(origin)
    assert origin == sorted(origin)
    letters = [(letter, written[place]) for letter, place in zip(said, origin, strict=True) if written[place].isdigit()]
    assert all(letter == digit for letter, digit in letters)
    assert {place for place, letter in enumerate(written) if letter.isalnum()} <= set(origin)
