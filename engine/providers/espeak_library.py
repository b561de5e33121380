"""espeak-ng as a shared library: the few calls that Rostrum needs, for any thread.

The library is one global state that two threads corrupt, so every call here takes one lock for its whole duration, and
nothing else in the process may load this library file. Source of the structures: espeak-ng's `speak_lib.h`, 1.52.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from functools import cache

from engine.errors import ProviderFailed

NAME = "espeak"

_SYNCHRONOUS = 2
"""AUDIO_OUTPUT_SYNCHRONOUS: audio by callback, within the call. Mode 1 calls back from a thread of its own."""
_DONT_EXIT = 0x8000
"""Without it the library ends the whole process when its data is missing."""
_UTF8 = 1
_RATE_PARAMETER = 1
_WORD_EVENT = 1
_IPA = 2


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))

WordEvent = tuple[int, float]
"""Index of a character in the text given (from 0) and when its sound begins, in seconds."""

Take = Callable[[bytes, list[WordEvent]], bool]
"""Called with each piece of audio and the words that begin in it; answers whether to go on. Must not raise."""


class Espeak:
    """The library, loaded. Get it with `load`. `rate` is that of all its audio, in Hz."""

    def __init__(self) -> None:
        import espeakng_loader

        self._lock = threading.Lock()
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if self.rate <= 0:
            raise ProviderFailed(NAME, "espeak-ng found no voices: install espeakng-loader anew")
        self._take: Take | None = None
        self._voice = ""
        self._callback = _Callback(self._hear)  # kept: the library holds only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def synthesize(self, text: str, voice: str, words_a_minute: int, take: Take) -> None:
        """Speak `text` (plain, no markup) to `take`, in this thread, in pieces of at most 60 ms.

        Raises:
            ProviderFailed: there is no such voice, or the library refused.
        """
        data = text.encode("utf-8", "replace")
        with self._lock:
            self._choose(voice)
            self._library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
            self._take = take
            try:
                failed = self._library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8, None, None)
            finally:
                self._take = None
        if failed:
            raise ProviderFailed(NAME, f"espeak-ng could not speak (error {failed})")

    def phonemes(self, text: str, voice: str) -> str:
        """How `text` is pronounced, in IPA with stress marks, without its punctuation. Raises as `synthesize` does."""
        rest = ctypes.c_char_p(text.encode("utf-8", "replace"))
        clauses: list[str] = []
        with self._lock:
            self._choose(voice)
            while rest.value is not None:
                clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA).decode())
        return " ".join(filter(None, clauses))

    def _choose(self, voice: str) -> None:
        if voice == self._voice:
            return
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ProviderFailed(NAME, f"espeak-ng has no voice {voice}")
        self._voice = voice

    def _hear(self, audio: object, samples: int, events: object) -> int:
        if self._take is None:
            return 1
        data = ctypes.string_at(audio, samples * 2) if audio and samples > 0 else b""  # type: ignore[arg-type]
        return 0 if self._take(data, list(_words(events))) else 1


def _words(events: object) -> Iterator[WordEvent]:
    index = 0
    while (event := events[index]).type:  # type: ignore[index]
        if event.type == _WORD_EVENT:
            yield event.text_position - 1, event.audio_position / 1000
        index += 1


@cache
def _loaded() -> Espeak:
    return Espeak()


_LOADING = threading.Lock()


def load() -> Espeak:
    """The process's one espeak-ng, loaded at the first call (about 10 ms).

    Raises:
        ProviderFailed: the library or its data is missing.
    """
    with _LOADING:
        try:
            return _loaded()
        except (ImportError, OSError) as error:
            raise ProviderFailed(NAME, "espeak-ng is not installed: pip install espeakng-loader") from error
