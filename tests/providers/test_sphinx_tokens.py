import pytest

from engine.providers.sphinx_decoders import tokens


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("It doesn’t cost $1,200.50 — really!", ["It", "doesn't", "cost", "1,200.50", "really"]),
        ("**Bold**, [a link](#), `code`", ["Bold", "a", "link", "code"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("In 2026, 60% said so.", ["In", "2026", "60", "said", "so"]),
        ("café naïve", ["café", "naïve"]),
        ("'quoted' words'", ["quoted", "words"]),
        ("… — ( )", []),
    ],
)
def test_words_are_found_without_punctuation_and_markup(sentence: str, words: list[str]) -> None:
    assert tokens(sentence) == words
