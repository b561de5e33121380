"""How a word sounds that no dictionary has: espeak-ng says it in IPA, a table turns that into ARPAbet.

espeak-ng keeps one state per process and tolerates one thread: use this in the recogniser's child process only, where
nothing else speaks.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_IPA_SPLIT_BY_SPACE = 0x02 | ord(" ") << 8

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
    return arpabet(_ipa(word))


def _ipa(text: str) -> str:
    buffer = ctypes.create_string_buffer(text.encode())
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    clauses: list[str] = []
    while pointer.value:
        clauses.append(_espeak().espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA_SPLIT_BY_SPACE).decode())
    return " ".join(clauses)


@lru_cache(maxsize=1)
def _espeak() -> ctypes.CDLL:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_int]
    data = espeakng_loader.get_data_path().encode()
    if library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DO_NOT_EXIT) < 0:
        raise OSError("espeak-ng cannot read its data")
    library.espeak_SetVoiceByName(b"en-us")
    return library
