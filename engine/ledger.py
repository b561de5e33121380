"""The ledger: which part of which line has been synthesized, sent and heard. Pure arithmetic in seconds of audio.

At every instant, for each line and for all of them together: heard <= sent <= synthesized.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.audio import SAMPLE_BYTES, Pcm
from engine.messages import Mark
from engine.providers.base import SpeechChunk, WordSpan
from engine.spans import estimate_words

EPSILON = 1e-6
"""Seconds: sums of many chunk lengths differ in the last bits; far below one sample."""
ROUNDING = 0.02
"""Seconds by which a report may fall short of a line that was played: resamplers keep a few milliseconds."""


@dataclass(slots=True, kw_only=True)
class SpokenLine:
    """A line on its way to the listener. Its audio grows until `complete`; `sent` and `heard` are seconds into it."""

    number: int
    mark: Mark
    text: str
    rate: int = 0
    audio: bytearray = field(default_factory=bytearray)
    words: list[WordSpan] = field(default_factory=list)
    words_told: int = 0
    complete: bool = False
    broken: bool = False
    """Its speech failed: what there is of it can be heard, but that is not all of it."""
    sent: float = 0.0
    heard: float = 0.0
    began: float | None = None
    """When it began to sound, on the engine's clock, as well as can be told."""
    ended: float = 0.0
    """When the last of what was heard of it sounded, on the same clock."""
    generation: int = 0
    """In which it was last announced to the client."""
    tell: Callable[[float, str], None] | None = None
    """Is told how much of it was heard, and as what text, when nothing more of it will be."""

    def grow(self, chunk: SpeechChunk) -> None:
        """Append synthesized audio, with the words whose times came with it."""
        self.rate = self.rate or chunk.pcm.rate
        assert chunk.pcm.rate == self.rate, "all chunks of a line have one rate"
        self.audio += chunk.pcm.data
        self.words.extend(chunk.words)

    def close(self, *, broken: bool = False) -> None:
        """No more audio follows. Words without times get estimated ones, unless some of them are missing."""
        self.complete, self.broken = True, broken
        if not self.words and self.audio and not broken:
            self.words.extend(estimate_words(self.text, self.seconds))

    @property
    def seconds(self) -> float:
        """Of audio that is there so far."""
        return len(self.audio) / SAMPLE_BYTES / self.rate if self.rate else 0.0

    @property
    def all_sent(self) -> bool:
        return self.complete and self.sent >= self.seconds - EPSILON

    @property
    def all_heard(self) -> bool:
        return self.complete and self.heard >= self.seconds - ROUNDING

    @property
    def words_heard(self) -> bool:
        """Its last word has been heard to its end."""
        return self.complete and bool(self.words) and self.heard >= self.words[-1].end - EPSILON

    def cut(self, start: float, end: float) -> Pcm:
        first, last = round(start * self.rate), round(end * self.rate)
        return Pcm(bytes(self.audio[first * SAMPLE_BYTES : last * SAMPLE_BYTES]), self.rate)

    def text_heard(self) -> str:
        """The text up to the last word that was heard to its end; all of it once its last word was."""
        ended = [word.last for word in self.words if word.end <= self.heard + EPSILON]
        if not self.broken and (self.all_heard or self.words_heard):
            return self.text
        return self.text[: ended[-1]] if ended else ""

    def word_boundary(self) -> float:
        """Where to go on after a pause: the start of the word that was cut, or where we were between two words."""
        cut = [word.start for word in self.words if word.start <= self.heard < word.end]
        return cut[-1] if cut else self.heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a line that was sent: `offset` seconds into the line, `at` seconds into the generation."""

    line: SpokenLine
    offset: float
    seconds: float
    at: float


class Ledger:
    """All lines that are not heard to their end, in order, and what of them the client holds.

    `exact`: the client reports what it has rendered. Otherwise what is heard is estimated from the clock, `allowance`
    seconds behind, which errs on the side of too little. `keeps`: what was sent will be heard, even if it is cut off.
    """

    def __init__(self, *, allowance: float, exact: bool, keeps: bool = False) -> None:
        self.generation = 1
        self.lines: deque[SpokenLine] = deque()
        self.sent = 0.0
        self.on_sounded: Callable[[Pcm, float], None] | None = None
        """Is told what was heard, as it is credited, and when its end sounded."""
        self._allowance = allowance
        self._exact = exact
        self._keeps = keeps
        self._reported = 0.0
        self._reported_at = 0.0
        self._began = 0.0
        self._pieces: deque[Piece] = deque()
        self._cleared: tuple[Piece, ...] = ()
        self._ends: list[tuple[Mark, float]] = []
        """Where lines of this generation end whose playing the client has not reported, each once."""

    def unsent(self) -> list[SpokenLine]:
        return [line for line in self.lines if not line.all_sent]

    def ahead(self, now: float) -> float:
        """Seconds of audio that the client holds and has not played yet."""
        if self._exact:
            return self.sent - self._reported
        return max(0.0, self.sent - (now - self._began)) if self.sent else 0.0

    def heard(self, now: float) -> float:
        """Seconds of this generation that have been heard."""
        if self._exact:
            return self._reported
        return min(self.sent, max(0.0, now - self._began - self._allowance)) if self.sent else 0.0

    def heard_at(self, line: SpokenLine) -> float | None:
        """When `line`, sent to its end, will have been heard by the estimate; None where only a report can tell."""
        ends = [piece.at + piece.seconds for piece in self._pieces if piece.line is line]
        return self._began + self._allowance + ends[-1] if ends and not self._exact else None

    def send(self, line: SpokenLine, seconds: float, now: float) -> Piece:
        """Note that the next `seconds` of `line` are being sent at `now`."""
        assert line.sent + seconds <= line.seconds + EPSILON, "sent <= synthesized"
        if now > self._began + self.sent:  # nothing left to play: what is sent now sounds now
            self._began = now - self.sent
        piece = Piece(line=line, offset=line.sent, seconds=seconds, at=self.sent)
        self._pieces.append(piece)
        self._cleared = ()
        line.sent += seconds
        self.sent += seconds
        if line.all_sent:
            self._ends.append((line.mark, self.sent))
        return piece

    def report(self, generation: int, seconds: float, now: float | None = None) -> bool:
        """The client says what it has rendered by `now` (None: nobody knows when); whether that is news. A report on
        the generation just cleared corrects what was heard of it, until a new one is being sent."""
        before = self._reported
        if self._exact and generation == self.generation:
            self._reported = max(self._reported, min(seconds, self.sent))
            if self._reported > before:
                self._reported_at = self._reported_at + self._reported - before if now is None else now
        elif self._exact and generation == self.generation - 1:
            self._credit(self._cleared, seconds, self._reported_at if now is None else now)
        return self._reported > before

    def report_line(self, mark: Mark, now: float) -> None:
        """The client says that it has played the line called `mark` to its end: the estimate is set by that."""
        for number, (marked, end) in enumerate(self._ends):
            if marked == mark:
                del self._ends[: number + 1]
                self._began = now - self._allowance - end
                return

    def settle(self, now: float, *, cut: bool = False) -> list[SpokenLine]:
        """Credit what has been heard by `now`; the lines that have thereby been heard to their end, in order.

        `cut`: speech is being cut off here: a line of which only the closing pause is missing counts as heard, and so
        does what the client holds and keeps.
        """
        heard = self.sent if cut and self._keeps else self.heard(now)
        assert heard <= self.sent + EPSILON, "heard <= sent"
        self._credit(self._pieces, heard, self._reported_at if self._exact else self._began + self._allowance + heard)
        while self._pieces and self._pieces[0].at + self._pieces[0].seconds <= heard + EPSILON:
            self._pieces.popleft()
        done = []
        while self.lines and (self.lines[0].all_heard or (cut and self.lines[0].words_heard)):
            done.append(self.lines.popleft())
        return done

    def clear(self, *, anyway: bool = False) -> bool:
        """End the generation: what was not heard is unsent again. False, and nothing changes, where the client holds
        nothing to clear, unless that is to be done `anyway`."""
        if not self._pieces and not anyway:
            return False
        self._cleared = tuple(self._pieces)
        self._pieces.clear()
        for line in self.lines:
            line.sent = line.heard
        self.generation += 1
        self.sent = self._reported = 0.0
        self._ends.clear()
        return True

    def rewind(self, *, whole_lines: bool) -> None:
        """Before sending goes on after `clear`: back to a word boundary, or to the start of the line."""
        if self.lines and self.lines[0].heard > 0:
            line = self.lines[0]
            line.heard = line.sent = 0.0 if whole_lines else line.word_boundary()

    def _credit(self, pieces: deque[Piece] | tuple[Piece, ...], heard: float, at: float) -> None:
        """`heard` seconds of the pieces' generation have been heard, the last of them at `at`."""
        for piece in pieces:
            if piece.at >= heard:
                break
            line, seconds = piece.line, min(piece.seconds, heard - piece.at)
            if (reached := piece.offset + seconds) > line.heard:
                until = at - (heard - piece.at - seconds)
                line.began = until - seconds if line.began is None else line.began
                line.ended = until
                if self.on_sounded:
                    self.on_sounded(line.cut(line.heard, reached), until)
                line.heard = reached
                line.sent = max(line.sent, line.heard)  # of what was cleared, more than was known has been heard
