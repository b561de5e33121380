"""The single gate to the listener: what is sent, when, and what they have heard of it (`ledger`)."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from engine import clock
from engine.audio import Pcm, fade_in
from engine.delivery import Delivery
from engine.echo import Sounding
from engine.ledger import EPSILON, Ledger, Piece, SpokenLine
from engine.messages import Clear, LineBegan, Mark, Output, Speech, SpeechSent, WordsTimed

STALLED = 5.0
"""Seconds without progress at a client that reports what it plays: longer than any hiccup of a network or a page."""
LAST_BIT = 0.25
"""Seconds that such a client may keep to itself at the end: a resampler's tail, a jitter buffer."""
FADE = 0.005
"""Seconds over which speech that goes on inside a line comes back: long enough not to click, too short to hear."""


class Playout:
    """Sends lines through `emit` at the pace at which they are heard; `on_heard` and `on_drained` report back.

    Every method but `run` and `room` is synchronous and takes effect at once. Belongs to the event loop's thread.
    """

    def __init__(
        self,
        *,
        delivery: Delivery,
        emit: Callable[[Output], None],
        on_heard: Callable[[SpokenLine], None],
        on_drained: Callable[[], None],
        on_stalled: Callable[[], None],
    ) -> None:
        self._delivery = delivery
        self._emit = emit
        self._on_heard = on_heard
        self._on_drained = on_drained
        self._on_stalled = on_stalled
        self._progress_at = 0.0
        self._ledger = Ledger(allowance=delivery.allowance, exact=delivery.reports, keeps=delivery.keeps)
        self._open = True
        self._filling = False
        self._undrained = False
        self._filled_by = 0
        self._told_sent = True
        self._lately: deque[str] = deque(maxlen=1)
        self._sounding = Sounding()
        self._wake = asyncio.Event()
        self._due = math.inf
        """When `run` looks next, unless it is woken."""
        self._room = asyncio.Event()

    # ---- filling ----------------------------------------------------------------------------------------------------

    def begin(self) -> int:
        """Lines are about to be added; `on_drained` is called once, after `finish` and the last of them. Returns what
        its `add` and `finish` have to show: those of an earlier filling, or of a dropped one, do nothing."""
        self._filling = self._undrained = True
        self._filled_by += 1
        return self._filled_by

    def add(self, line: SpokenLine, filling: int) -> None:
        """Queue `line`; its audio may still be growing. Call `touch` whenever it has grown."""
        if filling != self._filled_by:
            return
        self._ledger.lines.append(line)
        self._told_sent = False
        self.touch()

    def touch(self) -> None:
        """Something has changed: send at once what may be sent."""
        due = self._send()
        self._room.set()
        if due is not None and due < self._due:
            self._wake.set()

    def finish(self, filling: int) -> None:
        """No more lines follow those added, if any: `on_drained` is called once they have been heard."""
        if filling == self._filled_by:
            self._filling = False
            self._send()
            self._wake.set()

    async def room(self) -> None:
        """Wait until at most one line waits behind the one being sent: speech is prepared one line ahead."""
        while len(self._ledger.unsent()) > 1:
            self._room.clear()
            await self._room.wait()

    # ---- the gate ---------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Something is left to be heard, or may yet come, or that all was heard is still to be reported."""
        return self._undrained

    @property
    def sounding(self) -> bool:
        """There is audio that is unheard."""
        return any(line.audio for line in self._ledger.lines)

    @property
    def current(self) -> SpokenLine | None:
        """The line that is being heard, or is the next to be."""
        return self._ledger.lines[0] if self._ledger.lines else None

    @property
    def audible(self) -> Pcm | None:
        """What an echo that is heard now may be of; None where nothing sounds."""
        return self._sounding.around(clock.now())

    @property
    def lately(self) -> str:
        """What the listener may be hearing or have just heard: the last line and the current one."""
        current = [line.text for line in self._ledger.lines if line.sent > 0 or line.heard > 0]
        return " ".join([*self._lately, *current])

    def close(self, *, interrupted: bool) -> None:
        """Close the gate and clear the client, at once. What was unheard is kept. `interrupted`: by the listener's
        speech, not by a pause."""
        if not self._open:
            return
        self._open = False
        self._settle(cut=True)
        self._clear(anyway=interrupted and self._delivery.always_clear)

    def open(self) -> None:
        """Let speech go on, from the last word boundary, or the start of the line where lines are sent whole."""
        if self._open:
            return
        self._open = True
        self._ledger.rewind(whole_lines=self._delivery.chunk is None)
        self.touch()

    def leave(self) -> None:
        """The client is gone: the next one holds nothing, and counts what it plays from nothing."""
        self.close(interrupted=False)
        if self._ledger.sent:
            self._clear(anyway=True)

    def tell_anew(self) -> None:
        """Another client is there: it knows nothing of the lines that are left."""
        for line in self._ledger.lines:
            line.words_told = 0

    def drop(self) -> SpokenLine | None:
        """Forget all that is unheard and clear the client. Returns the line that was cut, if some of it was heard."""
        self._settle(cut=True)
        self._clear()
        cut = self.current
        self._ledger.lines.clear()
        self._filling = self._undrained = False
        self._filled_by += 1
        self._told_sent = True
        self._room.set()
        return cut if cut and cut.heard > 0 else None

    def _clear(self, *, anyway: bool = False) -> None:
        if self._ledger.clear(anyway=anyway):
            self._sounding.clear(clock.now())
            self._emit(Clear(generation=self._ledger.generation))

    def played(self, generation: int, seconds: float) -> None:
        """The client has rendered `seconds` of `generation`; a report on the one just cleared corrects the cut."""
        if self._ledger.report(generation, seconds, clock.now()):
            self._progress_at = clock.now()
        self._settle()
        self.touch()

    def record(self, on_sounded: Callable[[Pcm, float], None]) -> None:
        """`on_sounded` is told what is heard from now on, and when its end sounded, on the engine's clock."""
        self._ledger.on_sounded = on_sounded

    def mark_played(self, mark: Mark) -> None:
        """The client has played the line called `mark` to its end."""
        self._ledger.report_line(mark, clock.now())
        self._wake.set()

    # ---- sending ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Send and account for ever; cancel to end."""
        while True:
            self._wake.clear()
            self._settle()
            self._mind_stall()
            due = self._send()
            self._due = math.inf if due is None else due
            self._room.set()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()

    def _settle(self, *, cut: bool = False) -> None:
        """Report the lines that have been heard to their end, and, once, that all have been."""
        for line in self._ledger.settle(clock.now(), cut=cut):
            self._lately.append(line.text)
            self._on_heard(line)
        if self._undrained and not self._filling and not self._ledger.lines:
            self._undrained = False
            self._on_drained()

    def _mind_stall(self) -> None:
        """A client that reports, and reports nothing new: a last bit is taken as heard, more is a fault."""
        ahead = self._ledger.ahead(clock.now())
        if not self._delivery.reports or not self._open or not ahead:
            return
        if clock.now() >= self._progress_at + STALLED - EPSILON:
            self._progress_at = clock.now()
            if ahead > LAST_BIT:
                self._on_stalled()
            else:
                self._ledger.report(self._ledger.generation, self._ledger.sent)
                self._settle()

    def _send(self) -> float | None:
        """Send what may be sent now. Returns when there is more to do, None where only an event can tell."""
        now = clock.now()
        more = None
        self._tell_words()
        while self._open and (piece := self._next_piece(now)):
            ahead = self._ledger.ahead(now)
            if ahead > self._delivery.lead:
                more = now + ahead - self._delivery.lead + EPSILON
                break
            self._send_piece(*piece, now)
        if self._open:
            self._tell_all_sent()
        if not self._open:
            return None
        if self._delivery.reports:
            return self._progress_at + STALLED if self._ledger.ahead(now) > 0 else None
        current = self.current
        heard = self._ledger.heard_at(current) if current and current.all_sent else None
        return min((due for due in (more, heard) if due is not None), default=None)

    def _next_piece(self, now: float) -> tuple[SpokenLine, float] | None:
        """The line and the number of its seconds to send next; None where nothing is ready."""
        line = next(iter(self._ledger.unsent()), None)
        if line is None:
            return None
        seconds = self._delivery.piece(line, idle=self._ledger.ahead(now) == 0)
        return None if seconds is None else (line, seconds)

    def _send_piece(self, line: SpokenLine, seconds: float, now: float) -> None:
        ahead = self._ledger.ahead(now)
        if ahead == 0:
            self._progress_at = now
        piece = self._ledger.send(line, seconds, now)
        pcm = line.cut(piece.offset, piece.offset + seconds)
        if piece.offset > 0 and piece.at == 0:
            pcm = fade_in(pcm, FADE)
        self._sounding.add(now + ahead, pcm)
        # The sound first: its caption may come a moment later, not the other way round.
        self._emit(Speech(line=line.number, mark=line.mark, generation=self._ledger.generation, pcm=pcm))
        if line.generation != self._ledger.generation:
            self._tell_began(line, piece)
            self._tell_words()

    def _tell_words(self) -> None:
        """Tell the times of words that have become known, of lines that the client knows."""
        for line in self._ledger.lines:
            if line.generation and line.words_told < len(line.words):
                self._emit(WordsTimed(line=line.number, words=tuple(line.words[line.words_told :])))
                line.words_told = len(line.words)

    def _tell_began(self, line: SpokenLine, piece: Piece) -> None:
        line.generation = self._ledger.generation
        self._emit(
            LineBegan(
                line=line.number,
                mark=line.mark,
                text=line.text,
                generation=line.generation,
                at=piece.at,
                offset=piece.offset,
            )
        )

    def _tell_all_sent(self) -> None:
        if not self._filling and not self._told_sent and not self._ledger.unsent():
            self._told_sent = True
            self._emit(SpeechSent(generation=self._ledger.generation))


__all__ = ["Delivery", "Playout"]
