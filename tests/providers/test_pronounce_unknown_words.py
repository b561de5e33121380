import pytest

from engine.providers.pronounce import arpabet, pronounce

VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
STOPS = ("B", "CH", "D", "G", "JH", "K", "P", "T")
OTHERS = ("DH", "F", "HH", "L", "M", "N", "NG", "R", "S", "SH", "TH", "V", "W", "Y", "Z", "ZH")
FOREIGN = ("Xiaomi", "Kubernetes", "café", "Dvořák", "PCM16", "Nguyễn", "3.5", "Wrocław", "Bjørn", "jalapeño", "日本")


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("kjˈuːdɹænt", "K Y UW D R AE N T"),
        ("tʃˈɜːtʃ", "CH ER CH"),
        ("dʒˈʌdʒ", "JH AH JH"),
        ("bˈʌʔn̩", "B AH T AH N"),
        ("bˈɑːɾəl", "B AA T AH L"),
        ("nˈaɪs ɡˈuːi", "N AY S G UW IY"),
        ("θɪŋkˈɪŋ", "TH IH NG K IH NG"),
        ("ˌː.", ""),
        ("", ""),
    ],
)
def test_ipa_becomes_arpabet(ipa: str, phones: str) -> None:
    assert arpabet(ipa) == phones


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("Rostrum", "R AA S T R AH M"),
        ("NiceGUI", "N AY S G UW IY"),
        ("60", "S IH K S T IY"),
        ("—", ""),
    ],
)
def test_words_are_pronounced_as_written(word: str, phones: str) -> None:
    assert pronounce(word) == phones


def test_only_phones_that_the_recogniser_knows() -> None:
    for word in FOREIGN:
        assert set(pronounce(word).split()) <= {*VOWELS, *STOPS, *OTHERS}


def test_letters_are_called_by_their_names() -> None:
    assert [pronounce(letter) for letter in "API"] == ["EY", "P IY", "AY"]
