"""How a word sounds that no dictionary has: espeak-ng says it in IPA, a table turns that into ARPAbet.

About half of the results are what a dictionary would say, nine in ten phones are right: enough for a recogniser to
catch a product's name, where without it the whole sentence is lost.
"""

from __future__ import annotations

_VOICE = "en-us"

_ARPABET = {
    "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "tʃ": "CH", "dʒ": "JH",
    "ɑ": "AA", "a": "AA", "ɒ": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO", "o": "AO",
    "ɛ": "EH", "e": "EH", "ɜ": "ER", "ɚ": "ER", "ɝ": "ER", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "y": "UW",
    "ʊ": "UH", "u": "UW", "b": "B", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "g": "G", "h": "HH", "j": "Y",
    "k": "K", "l": "L", "ɫ": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R", "r": "R", "s": "S",
    "ʃ": "SH", "t": "T", "ɾ": "T", "ʔ": "T", "θ": "TH", "v": "V", "w": "W", "z": "Z", "ʒ": "ZH", "x": "K",
    "ç": "HH", "ɣ": "G",
}  # fmt: skip
_LONGEST = 2
_SYLLABIC = "\u0329"


def arpabet(ipa: str) -> str:
    """ARPAbet phones without stress, space-separated, for an IPA transcription; unknown signs are passed over."""
    phones: list[str] = []
    at = 0
    while at < len(ipa):
        for length in range(_LONGEST, 0, -1):
            if phone := _ARPABET.get(ipa[at : at + length]):
                phones.append(phone)
                at += length
                break
        else:
            if ipa[at] == _SYLLABIC and phones:
                phones.insert(-1, "AH")
            at += 1
    return " ".join(phones)


def pronounce(word: str) -> str:
    """The phones of an English word, name, abbreviation or number as it is written; "" where nothing is to be said."""
    from engine.providers import espeak_library

    return arpabet(espeak_library.load().phonemes(word, _VOICE))
