"""The speech for one text as ElevenLabs sends it: base64 audio, and when its characters sound.

What is promised is checked: a chunk that cannot be read, characters that are missing at the end, audio that is shorter
than its own times say. Silence would be worse than an error: the next voice can say the sentence, if it knows.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from engine.audio import SAMPLE_BYTES, Pcm
from engine.providers.base import SpeechChunk, WordSpan
from engine.providers.elevenlabs_common import RATE
from engine.providers.elevenlabs_failures import cut_short, nonsense
from engine.spans import share_time, words_of

SAME_CLOCK = 0.02
"""Seconds by which times may go back and still be of the same clock."""
SLACK = 0.3
"""Seconds that the audio may be shorter than its times: the last character is said to last into the silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When characters sound: seconds since the start of the speech, or of the chunk that they came with."""

    characters: Sequence[str]
    starts: Sequence[float]
    ends: Sequence[float]


class Speech:
    """Put each piece in as it comes; after the last one `finish`."""

    def __init__(self, text: str) -> None:
        self._audio = 0
        self._odd = b""
        self._timed = TimedText(text)

    @property
    def all_timed(self) -> bool:
        """The times of all words are known: no more text is to be spoken."""
        return self._timed.complete

    def take(self, audio: str | None, timing: Timing | None) -> SpeechChunk | None:
        """The next piece: whole samples, and the words that sound in what there is so far. None: nothing of both.

        Raises:
            ProviderFailed: it cannot be read.
        """
        try:
            data = self._odd + base64.b64decode(audio or "", validate=True)
            if timing:
                self._timed.take(timing, self._seconds)
        except (binascii.Error, ValueError, TypeError):
            raise nonsense() from None
        whole = len(data) - len(data) % SAMPLE_BYTES
        data, self._odd = data[:whole], data[whole:]
        self._audio += whole
        return _chunk(data, self._timed.sounding(self._seconds))

    def finish(self) -> SpeechChunk | None:
        """The words that are left, once all is there.

        Raises:
            ProviderFailed: not all is there.
        """
        if not self._audio or self._odd or self._timed.is_short(self._seconds):
            raise cut_short()
        return _chunk(b"", self._timed.rest(self._seconds))

    @property
    def _seconds(self) -> float:
        return self._audio / SAMPLE_BYTES / RATE


def _chunk(data: bytes, words: tuple[WordSpan, ...]) -> SpeechChunk | None:
    return SpeechChunk(pcm=Pcm(data, RATE), words=words) if data or words else None


class TimedText:
    """Follows a text, character by character, as their times become known. Pure: no audio, no network."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = words_of(text)
        self._at = 0
        self._times: list[tuple[float, float]] = []
        self._told = 0
        self._last_end = 0.0
        self._base = 0.0
        self._clock = 0.0
        self._any = False
        self._lost = False
        """A character came that is not of the text: what follows cannot be placed."""

    @property
    def complete(self) -> bool:
        return self._any and not self._lost and self._nothing_before(len(self._text))

    def take(self, timing: Timing, heard: float) -> None:
        """Times that came when there were `heard` seconds of audio before them. Whether they count from there or from
        the start of the speech differs between the vendor's wires and models: those that go back, count from there.

        Raises:
            ValueError, TypeError: the lists do not belong together, or hold no numbers.
        """
        timed = list(zip(timing.characters, timing.starts, timing.ends, strict=True))
        if timed and timed[0][1] < self._clock - SAME_CLOCK:
            self._base = heard
        for character, start, end in timed:
            self._any, self._clock = True, end
            self._place(character, self._base + start, self._base + end)

    def _place(self, character: str, start: float, end: float) -> None:
        position = self._find(character)
        if position is None or self._lost:
            return
        self._at = position + len(character)
        word = len(self._times)
        if word < len(self._words) and position >= self._words[word][0]:
            self._times.append((start, end))
        elif self._times and position < self._words[word - 1][1]:
            self._times[-1] = (self._times[-1][0], end)

    def _find(self, character: str) -> int | None:
        """Where in the text it is: next, or beyond signs that are not pronounced."""
        if self._text.startswith(character, self._at):
            return self._at
        if not character.strip():
            return None
        position = self._text.find(character, self._at)
        if position >= 0 and self._nothing_before(position):
            return position
        self._lost = True
        return None

    def _nothing_before(self, position: int) -> bool:
        """Up to there, nothing is left that would be pronounced."""
        return self._at >= position or not words_of(self._text[self._at : position])

    def sounding(self, heard: float) -> tuple[WordSpan, ...]:
        """The next words that are timed whole and end within `heard` seconds."""
        spans = []
        while self._told < len(self._times):
            first, last = self._words[self._told]
            start, end = self._times[self._told]
            if end > heard or not (self._lost or self._nothing_before(last)):
                break
            spans.append(self._tell(first, last, start, end))
        return tuple(spans)

    def rest(self, heard: float) -> tuple[WordSpan, ...]:
        """All words not told yet, for speech of `heard` seconds in all; none if no times came at all: whoever needs
        them can guess as well."""
        if not self._any:
            return ()
        spans = []
        for (first, last), (start, end) in zip(self._words[self._told :], self._times[self._told :], strict=False):
            spans.append(self._tell(first, last, min(start, heard), min(end, heard)))
        spans.extend(share_time(self._text, self._words[self._told :], self._last_end, max(self._last_end, heard)))
        self._told = len(self._words)
        return tuple(spans)

    def _tell(self, first: int, last: int, start: float, end: float) -> WordSpan:
        start = max(start, self._last_end)
        self._last_end = max(start, end)
        self._told += 1
        return WordSpan(first=first, last=last, start=start, end=self._last_end)

    def is_short(self, heard: float) -> bool:
        """Whether words are missing, as far as their times tell; or sound, as far as it was timed."""
        if not self._any or self._lost:
            return False
        return not self.complete or self._times[-1][1] > heard + SLACK
