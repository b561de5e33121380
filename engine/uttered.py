"""A reply that comes with its own sound, cut into lines: its words and its sound arrive side by side, and nothing tells
which word is which sound. A line ends in the pause that comes about when its sentence should be over."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from functools import lru_cache

from engine import clock
from engine.audio import SAMPLE_BYTES, Pcm, silence
from engine.errors import ProviderFailed
from engine.ledger import ROUNDING
from engine.messages import Mark
from engine.providers.base import SpeechChunk, Uttered, WordSpan
from engine.scenario import Line
from engine.sentences import SentenceStream
from engine.spans import estimate_words, share_time, weight, words_of

PACE, CAUTION = 0.065, 1.15
"""Seconds a letter at speed 1, until the reply has shown its own pace; and how much slower it is taken to be where a
word would count as heard too early."""
FRAME = 0.02
"""Seconds that are judged to be a pause or not."""
QUIET = 0.02
"""Of the loudest so far: what is softer is a pause."""
PAUSE = 0.12
"""Seconds of it that end a line: voices leave 0.2 or more after a sentence."""
EARLIEST, LATEST, LATEST_KNOWN = 0.7, 1.4, 1.1
"""When a line may end in a pause and when it ends without one, of its expected length; the last is for a reply that is
complete, of which the length is known."""
UNTOLD, RUN_DRY = 0.4, 0.3
"""Seconds for which the first sound waits for its sentence to be told to its end, and before what was given has sounded
in which more is needed: then it sounds under the words that are known."""
SOUNDLESS = 0.1
"""Seconds of silence under a line for which no sound is left: the lines before it had too much."""


class Uttering:
    """The lines of one reply. Afterwards `failure` says why it broke off, and `rest` what of its words did not sound;
    `whole`: at least one sentence was told to its end. `heard` is told what was heard of it, line by line."""

    def __init__(
        self,
        pieces: AsyncGenerator[Uttered, None],
        mark: Mark,
        heard: Callable[[float, str], None],
        *,
        speed: float = 1.0,
    ) -> None:
        self.failure: ProviderFailed | None = None
        self.rest: list[str] = []
        self.whole = False
        self.heard = heard
        self.pace = PACE / speed
        self._pieces = pieces
        self._mark = mark
        self._stream = SentenceStream()
        self._word = ""
        """The last word, which may still grow."""
        self._texts: deque[str] = deque()
        self._ahead = 0
        """Words that are told, and are in no line yet."""
        self._sound = bytearray()
        self._rate = 0
        self._dry = 0.0
        """When, on the engine's clock, nothing will be left to sound; before the first line, when it has to begin."""
        self._over = False

    async def lines(self) -> AsyncGenerator[Line, None]:
        async with aclosing(self._pieces):
            while (text := await self._next()) is not None:
                speech = (
                    UtteredLine(self, text) if self._rate else None
                )  # of a model that only writes a voice speaks it
                yield Line(text=text, mark=self._mark, speech=speech)
                if speech and speech.unsaid:
                    self.rest.append(speech.unsaid)
        if self.failure:
            self.rest += self._texts

    async def _next(self) -> str | None:
        """The text of the next line, once there is sound for it."""
        while not self._over and not (self._texts and self._sound):
            if self._sound and not self._texts and clock.now() >= self._dry - RUN_DRY:
                self._keep(self._stream.flush())
            if not (self._texts and self._sound):
                await self.pull()
        if self._over and self.failure and not self._sound:
            return None
        return self._texts.popleft() if self._texts else None

    async def pull(self) -> None:
        """Wait for the next piece, or the end, or the failure."""
        try:
            piece = await anext(self._pieces, None)
        except ProviderFailed as failure:
            self.failure, piece = failure, None
        if piece is None:
            self._end()
            return
        if piece.text:
            self._read(piece.text)
        if piece.pcm:
            self._dry = self._dry or clock.now() + UNTOLD + RUN_DRY
            self._rate = piece.pcm.rate
            self._sound += piece.pcm.data

    def _read(self, text: str) -> None:
        """Whole words only go into the stream, so that it can be emptied at any time."""
        text = self._word + text
        border = max(text.rfind(" "), text.rfind("\n")) + 1
        self._word = text[border:]
        self._ahead += len(text[:border].split())
        self._keep(self._stream.push(text[:border]))

    def _end(self) -> None:
        """No more words follow: an unfinished sentence is one if the reply is complete, and none if it broke off."""
        self._over, self._ahead = True, 0
        left = [*self._stream.push(self._word), *self._stream.flush()]
        if self.failure and left and not _is_whole(left[-1]):
            left.pop()
        self._keep(left)

    def _keep(self, sentences: list[str]) -> None:
        self.whole = self.whole or any(map(_is_whole, sentences))
        self._texts += sentences
        self._ahead -= sum(len(sentence.split()) for sentence in sentences)

    # ---- where a line ends ------------------------------------------------------------------------------------------

    def take(self, border: Border) -> Pcm | None:
        """The sound that there is of a line, up to its end (then `border.reached`); None: wait for more."""
        start, size = 0, round(FRAME * self._rate) * SAMPLE_BYTES
        while start < len(self._sound) and not border.reached:
            piece = bytes(self._sound[start : start + size])
            start += len(piece)
            border.pass_over(Pcm(piece, self._rate), self._expected(border, len(self._sound) - start))
        sound = Pcm(bytes(self._sound[:start]), self._rate) if start else None
        del self._sound[:start]
        if sound:
            self._dry = max(self._dry, clock.now()) + sound.seconds
        border.reached = border.reached or (self._over and not self._sound)
        return sound

    def _expected(self, border: Border, left: int) -> tuple[float, float] | None:
        """How long the line should be, and how long it may be; None: it is the last one, or nothing follows yet."""
        if not self._texts and (self._over or self._ahead <= 0):
            return None
        if not self._over or self.failure:
            seconds = border.weight * self.pace
            return seconds, seconds * (LATEST if border.audible else 1.0)
        share = border.weight / (border.weight + sum(map(_weight, self._texts)))
        seconds = share * (border.at + left / SAMPLE_BYTES / self._rate)
        return seconds, seconds * LATEST_KNOWN

    @property
    def broke_off(self) -> bool:
        """All the sound has been taken, and it was not all there should be."""
        return self.failure is not None and not self._sound

    @property
    def rate(self) -> int:
        return self._rate


class Border:
    """The end of a line in the sound, found as the sound passes: `at` seconds into the line so far, the last `quiet` of
    which are a pause."""

    def __init__(self, text: str) -> None:
        self.weight = _weight(text)
        self.audible = not text[-1:].isalnum()
        """A pause belongs there."""
        self.at = 0.0
        self.reached = False
        self._loudest = 0
        self.quiet = 0.0

    def pass_over(self, piece: Pcm, expected: tuple[float, float] | None) -> None:
        import numpy

        peak = int(numpy.abs(numpy.frombuffer(piece.data, dtype="<i2").astype(numpy.int32)).max())
        self.at += piece.seconds
        self._loudest = max(self._loudest, peak)
        self.quiet = self.quiet + piece.seconds if peak <= QUIET * self._loudest else 0.0
        if expected:
            seconds, latest = expected
            self.reached = self.paused(seconds) or self.at >= latest

    def paused(self, seconds: float) -> bool:
        """Whether that is the pause after a line of about so many `seconds`."""
        return self.quiet >= PAUSE and self.at >= EARLIEST * seconds


class UtteredLine:
    """`OwnSpeech` of one line. `unsaid`: what of its text did not sound, where it broke off."""

    def __init__(self, uttering: Uttering, text: str) -> None:
        self.broken = False
        self.unsaid = ""
        self._uttering = uttering
        self._text = text
        self._words = words_of(text)
        self._border = Border(text)
        self._told: list[WordSpan] = []
        self._began = 0.0

    def heard(self, seconds: float, text: str) -> None:
        self._uttering.heard(seconds, text)

    async def chunks(self) -> AsyncGenerator[SpeechChunk, None]:
        uttering, border = self._uttering, self._border
        while not border.reached:
            if sound := uttering.take(border):
                yield SpeechChunk(pcm=sound, words=self._timed())
            elif not border.reached:
                await uttering.pull()
        # A line without sound: all there was has been counted to those before it.
        end = Pcm(b"", uttering.rate) if border.at else silence(SOUNDLESS, uttering.rate)
        border.at += end.seconds
        yield SpeechChunk(pcm=end, words=self._close())
        if not self.broken:
            uttering.pace = (uttering.pace + border.at / border.weight) / 2

    def _timed(self) -> tuple[WordSpan, ...]:
        """The words that may have sounded by now; the later they are told, the better their times are known."""
        self._began = self._began or clock.now()
        until = min(self._border.at, clock.now() - self._began + RUN_DRY)
        since = self._told[-1].end if self._told else 0.0
        return self._tell(
            WordSpan(first=span.first, last=span.last, start=max(since, span.start), end=span.end)
            for span in self._estimated(CAUTION)
            if since < span.end <= until
        )

    def _estimated(self, slower: float = 1.0) -> tuple[WordSpan, ...]:
        """The words that are not told, with the times that they would have if nothing told any better."""
        return estimate_words(self._text, self._border.weight * self._uttering.pace * slower)[len(self._told) :]

    def _close(self) -> tuple[WordSpan, ...]:
        """The words that are left, now that all of its sound is there."""
        said = left = self._words[len(self._told) :]
        border = self._border
        if self._uttering.broke_off and not border.paused(border.weight * self._uttering.pace):
            said = tuple(word for word, span in zip(left, self._estimated(), strict=True) if _middle(span) <= border.at)
        if said != left:
            self.broken, self.unsaid = True, self._text[left[len(said)][0] :]
        since = self._told[-1].end if self._told else 0.0
        until = border.at - max(border.quiet, ROUNDING)
        return self._tell(share_time(self._text, said, since, max(since, until)))

    def _tell(self, spans: Iterable[WordSpan]) -> tuple[WordSpan, ...]:
        new = tuple(spans)
        self._told += new
        return new


@lru_cache(maxsize=64)
def _weight(text: str) -> float:
    return max(1.0, weight(text))


def _middle(span: WordSpan) -> float:
    return (span.start + span.end) / 2


def _is_whole(sentence: str) -> bool:
    return sentence.rstrip("\"'”’)]").endswith((".", "!", "?", "…"))
