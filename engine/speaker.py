"""The agent's mouth: utterances into the playout, and what was heard of them into transcript and history."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from engine import clock
from engine.errors import RostrumError
from engine.history import CUT, History
from engine.journal import Event, Journal
from engine.ledger import SpokenLine
from engine.messages import Latency, LineBegan, Mark, Output, ReplyEnded, Said, Speech
from engine.playout import Delivery, Playout
from engine.providers.base import TextToSpeech, Voice
from engine.scenario import Script
from engine.utterance import Deadlines, Utterance

log = logging.getLogger(__name__)

CANCELLED_WITHIN = 1.0
"""Seconds that a cancelled utterance may take to let go of its providers before the next one starts all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """Everything that utterance `epoch` said has been heard."""

    epoch: int


class Speaker:
    """At most one utterance lives: its epoch is the current one. Synchronous, but for the tasks in `tasks`.

    `on_heard` is told of each line heard to its end; `on_drained` that the utterance of that epoch was, and `failure`
    says by then if it could not be finished, `mute` whether for want of a voice; `on_stalled` that the client plays
    nothing.
    """

    def __init__(
        self,
        *,
        speech: TextToSpeech,
        voice: Voice,
        delivery: Delivery,
        deadlines: Deadlines,
        tasks: asyncio.TaskGroup,
        journal: Journal,
        history: History,
        emit: Callable[[Output], None],
        on_heard: Callable[[Mark], None],
        on_drained: Callable[[int], None],
        on_fault: Callable[[RostrumError], None],
        on_stalled: Callable[[], None],
    ) -> None:
        self.voice = voice
        self.epoch, self.mute = 0, False
        self.failure: RostrumError | None = None
        self.answering = 0
        """The listener's turn that is being answered; 0 where the scenario speaks by itself."""
        self.playout = Playout(
            delivery=delivery,
            emit=self._emit_speech,
            on_heard=self._line_heard,
            on_drained=lambda: on_drained(self.epoch),
            on_stalled=on_stalled,
        )
        self._speech = speech
        self._deadlines = deadlines
        self._tasks = tasks
        self._journal = journal
        self._history = history
        self._emit = emit
        self._on_heard = on_heard
        self._on_fault = on_fault
        self._utterance: asyncio.Task[None] | None = None
        self._line_numbers = count(1)
        self._item = ""  # the reply's id in the history, until its end was told
        self._begun: dict[int, str] = {}  # the reply's lines that began to sound

    @property
    def busy(self) -> bool:
        """Something is being said, or will be."""
        return self.playout.busy

    @property
    def heard_so_far(self) -> str:
        """What would be recorded of the line that is being said if it were dropped now."""
        line = self.playout.current
        return line.text_heard() if line and line.heard > 0 else ""

    @property
    def at_rest(self) -> bool:
        """… and neither is the end of what was said still to be told."""
        return not self.busy and not self._item

    def say(self, script: Script, *, answering: int = 0) -> None:
        """Begin an utterance. What was being said must have been dropped, or drained."""
        self.epoch += 1
        self.failure = None
        self.answering = answering
        self._item = self._history.reply_begins()
        self._begun = {}
        utterance = Utterance(
            script=script,
            voice=self.voice,
            speech=self._speech,
            playout=self.playout,
            number=self._line_numbers.__next__,
            emit=self._emit,
            note=lambda event: self._journal.note_once(event, answering),
            deadlines=self._deadlines,
        )
        run = self._run(utterance, self.epoch, before=self._utterance)
        self._utterance = self._tasks.create_task(run, name=f"utterance {self.epoch}")

    def drop(self) -> None:
        """End what is being said, if anything, and record what of it was heard."""
        cut = self.playout.drop()
        if self._utterance:
            self._utterance.cancel()
        self.epoch += 1
        self.failure = None
        if cut:
            self._record(cut, interrupted=True)
        self.reply_ended(complete=False)

    def reply_ended(self, *, complete: bool) -> int:
        """Nothing more of the reply will be said; the listener's turn that it answered."""
        answered, self.answering = self.answering, 0
        if self._item:
            text = " ".join(self._begun.values())
            self._emit(ReplyEnded(turn=answered, complete=complete, text=text, item=self._item))
            self._item = ""
        return answered

    async def _run(self, utterance: Utterance, epoch: int, *, before: asyncio.Task[None] | None) -> None:
        if before and not before.done():
            await asyncio.wait({before}, timeout=CANCELLED_WITHIN)
        try:
            await utterance.run()
        except RostrumError as error:
            self._fail(epoch, error, mute=utterance.mute)
        except Exception:  # the one boundary: a provider's bug must not end the conversation
            log.exception("an utterance failed in an unexpected way")
            self._fail(epoch, RostrumError("something went wrong inside Rostrum"))

    def _fail(self, epoch: int, error: RostrumError, *, mute: bool = False) -> None:
        """What it had said so far is heard all the same: then it drains."""
        self._on_fault(error)
        if epoch == self.epoch:
            self.failure, self.mute = error, mute

    def _line_heard(self, line: SpokenLine) -> None:
        if not line.broken:
            self._on_heard(line.mark)
            self._journal.note(Event.LINE_HEARD, detail=str(line.mark))
        self._record(line, interrupted=line.broken)

    def _record(self, line: SpokenLine, *, interrupted: bool) -> None:
        text = line.text_heard() if interrupted else line.text
        item = self._history.heard(text, interrupted=interrupted)
        if line.tell:
            line.tell(line.heard, text + CUT if text and interrupted else text)
        if text:
            self._item = self._item and item  # another, where the listener said "stop" or "go on" meanwhile
            since = clock.now() - self._journal.elapsed
            began = line.ended if line.began is None else line.began
            self._emit(
                Said(
                    speaker="agent",
                    text=text,
                    start=max(0.0, began - since),
                    end=line.ended - since,
                    mark=line.mark,
                    interrupted=interrupted,
                    item=item,
                )
            )

    def _emit_speech(self, output: Output) -> None:
        """What the playout emits, on its way out: the first audio of a reply closes its latency."""
        self._emit(output)
        if isinstance(output, LineBegan):
            self._begun[output.line] = output.text
        if not isinstance(output, Speech) or not self.answering:
            return
        if self._journal.note_once(Event.REPLY_SENT, self.answering):
            stages = self._journal.latency(self.answering)
            if stages:
                self._emit(Latency(turn=self.answering, stages=stages))
