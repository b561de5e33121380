"""The conversation: sole owner and sole writer of the state of one conversation.

One `async with`, one task group, one inbox. Whatever happens (an input from a wire, a fact from the ear, a deadline,
the end of a line) is handled to its end, in order, on the event loop's thread, without an await in between: so the gate
closes and `Clear` is emitted in the same turn of the loop in which an onset becomes known, before any queued audio.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType

from engine import messages as say
from engine import turn
from engine.ear import EarFact, SpeechBegan, SpeechEnded
from engine.errors import ClientStalled, ProviderFailed, RostrumError
from engine.floor import Verdict
from engine.history import History
from engine.journal import Event, Journal
from engine.listener import Listener
from engine.pausing import Pausing
from engine.playout import Delivery
from engine.providers.base import Senses, Transcript, Voice
from engine.scenario import Scenario, apology
from engine.speaker import Speaker
from engine.turn import Phase
from engine.utterance import Deadlines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drained:
    """Everything that utterance `epoch` said has been heard."""

    epoch: int


_Message = say.Input | EarFact | Transcript | turn.Due | _Drained


class Conversation:
    """Use as `async with Conversation(...) as talk`, then `talk.post(input)`; `emit` hears every Output, in order,
    and must not block. No task outlives the `async with`."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        senses: Senses,
        delivery: Delivery,
        emit: Callable[[say.Output], None],
        voice: Voice | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._scenario = scenario
        self._senses = senses
        self._emit = emit
        self._voice = voice or Voice()
        self._delivery = delivery
        self._deadlines = deadlines or Deadlines()
        self._history = History()
        self._inbox: deque[_Message] = deque()
        self._handling = False
        self._pausing = Pausing()
        self._told_end = False
        self._retried: int | None = None
        """The place at which a failed voice was tried again."""
        self._state = say.State.IDLE
        self._exits = AsyncExitStack()
        self._tasks = asyncio.TaskGroup()
        self._background: list[asyncio.Task[None]] = []

    # ---- life -------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Conversation:
        self.journal = Journal()
        await self._tasks.__aenter__()
        self._speaker = Speaker(
            speech=self._senses.speech,
            voice=self._voice,
            delivery=self._delivery,
            deadlines=self._deadlines,
            tasks=self._tasks,
            journal=self.journal,
            history=self._history,
            emit=self._emit_speech,
            on_heard=self._scenario.heard,
            on_drained=lambda epoch: self.post(_Drained(epoch=epoch)),
            on_fault=self._fault,
            on_stalled=self._unplayed,
        )
        self._listener = Listener(
            floor=self._scenario.floor,
            journal=self.journal,
            emit=self._emit,
            post=self.post,
            agent_says=lambda: self._speaker.playout.lately if self._speaker.busy and not self._pausing.on else None,
            on_decision=self._decide,
            on_fault=self._fault,
        )
        self._background = [self._tasks.create_task(self._speaker.playout.run(), name="playout")]
        self._background += await self._listener.open(
            self._senses.ears,
            self._senses.activity,
            self._scenario.expectation,
            exits=self._exits,
            tasks=self._tasks,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._speaker.drop()
        self._listener.close()
        for task in self._background:
            task.cancel()
        try:
            await self._tasks.__aexit__(kind, error, trace)
        finally:
            await self._exits.aclose()

    # ---- the inbox --------------------------------------------------------------------------------------------------

    def post(self, message: _Message) -> None:
        """Hand in what happened. Returns when it, and all that it led to, has been handled.

        Raises:
            BadInput, TooLarge: this input cannot be taken; nothing has changed.
        """
        self._inbox.append(message)
        if self._handling:
            return
        self._handling = True
        try:
            while self._inbox:
                self._handle(self._inbox.popleft())
                self._derive()
        finally:
            self._handling = False

    def _handle(self, message: _Message) -> None:
        match message:
            case say.MicAudio() | say.Clip() | say.TalkPressed() | say.TalkReleased():
                self._listener.hear(message)
            case SpeechBegan() | SpeechEnded() | Transcript() | turn.Due() | say.Typed():
                self._listener.take(message)
            case say.Played(generation=generation, seconds=seconds):
                self._speaker.playout.played(generation, seconds)
            case say.MarkPlayed(mark=mark):
                self._speaker.playout.mark_played(mark)
            case say.Play():
                self._play()
            case say.Pause():
                self._pausing.pause(answer_due=self._listener.phase is Phase.TRANSCRIBING)
            case say.Seek(mark=mark):
                self._seek(mark)
            case say.Retune():
                self._retune(message)
            case _Drained(epoch=epoch):
                self._drained(epoch)

    def _derive(self) -> None:
        """What follows from the state: the gate, the timer, what is shown."""
        interrupted = self._listener.has_floor
        if interrupted or self._pausing.on:
            self._speaker.playout.close(interrupted=interrupted)
        else:
            self._speaker.playout.open()
        self._listener.arm()
        self._tell_state()

    def _emit_speech(self, output: say.Output) -> None:
        self._emit(output)
        if isinstance(output, say.LineBegan):
            self._tell_state()

    def _tell_state(self) -> None:
        state = self._derived_state()
        if state is not self._state:
            self._state = state
            self._emit(say.StateChanged(state=state))

    def _derived_state(self) -> say.State:
        if self._listener.has_floor:
            awaited = self._listener.phase is Phase.TRANSCRIBING
            return say.State.THINKING if awaited else say.State.LISTENING
        if self._pausing.on:
            return say.State.PAUSED
        if self._speaker.busy:
            waits = self._speaker.answering and not self._speaker.playout.sounding
            return say.State.THINKING if waits else say.State.SPEAKING
        return say.State.ENDED if self._scenario.ended else say.State.IDLE

    # ---- what was decided -------------------------------------------------------------------------------------------

    def _decide(self, decision: turn.Decide) -> None:
        over = self._scenario.ended and not self._speaker.busy
        match decision.verdict:
            case Verdict.TURN:
                self._answer(decision.turn, decision.text)
            case Verdict.STOP | Verdict.GO_ON as asked:
                self._user_said(decision.text)
                if asked is Verdict.STOP and not over:
                    self._pausing.pause(answer_due=False)
                elif not over:
                    self._play()
            case reason:
                line = self._speaker.playout.current
                self._resumed(line.mark if line else None, reason.value)

    def _answer(self, number: int, text: str) -> None:
        self._speaker.drop()
        self._user_said(text)
        self._pausing.answer()
        self._speaker.say(self._scenario.answer(text, self._history), answering=number)

    def _play(self) -> None:
        self._pausing.play()
        self._scenario.begin()
        if not self._speaker.busy:
            self._go_on()

    def _go_on(self) -> bool:
        """Go on where the scenario is, if it is to; where it has come to its end, say so, once."""
        script = self._scenario.onward()
        if script is not None:
            self._told_end = False
            self._speaker.say(script)
        elif self._scenario.ended and not self._told_end:
            self._told_end = True
            self._emit(say.Ended())
        return script is not None

    def _seek(self, mark: int) -> None:
        going = self._speaker.busy and not self._pausing.on
        self._speaker.drop()
        self._scenario.seek(mark)
        if going:
            self._pausing.play()
            self._go_on()

    def _retune(self, change: say.Retune) -> None:
        """Takes effect at once: the sentence that is being spoken begins again."""
        now = self._speaker.voice
        self._speaker.voice = Voice(
            name=now.name if change.voice is None else change.voice,
            speed=now.speed if change.speed is None else change.speed,
        )
        place = self._scenario.place
        if self._speaker.busy and not self._speaker.answering and place is not None:
            self._seek(place)

    def _drained(self, epoch: int) -> None:
        """An utterance was heard to its end: go on where the scenario is, unless the listener had paused it."""
        if epoch != self._speaker.epoch or self._speaker.busy:
            return
        answered, self._speaker.answering = self._speaker.answering, 0
        if failure := self._speaker.failure:
            self._make_up_for(failure, answered)
        elif not self._pausing.answered() and self._go_on() and answered:
            self._resumed(self._scenario.place, "answered")

    def _make_up_for(self, failure: RostrumError, answered: int) -> None:
        """Apologise aloud and go on. Without a voice try once more, then fall silent and keep the place."""
        mute = isinstance(failure, ProviderFailed) and failure.provider == self._senses.speech.about.name
        place = self._scenario.place
        if answered and not mute:
            self._speaker.say(apology())
        elif failure.retryable and place is not None and self._retried != place:
            self._retried = place
            self._go_on()
        else:
            self._pausing.stall()

    def _unplayed(self) -> None:
        """The client holds audio and plays none of it."""
        self._fault(ClientStalled("nothing is being played: is its sound switched off, or blocked until a tap?"))
        self.post(say.Pause())

    # ---- what is told -----------------------------------------------------------------------------------------------

    def _user_said(self, text: str) -> None:
        self._history.said(text)
        self._emit(say.Said(speaker="user", text=text, start=self._listener.speech_began, end=self.journal.elapsed))

    def _resumed(self, mark: say.Mark | None, reason: str) -> None:
        if mark is not None and not self._pausing.on:
            self.journal.note(Event.RESUMED, detail=reason)
            self._emit(say.Resumed(mark=mark, reason=reason))

    def _fault(self, error: RostrumError) -> None:
        self.journal.note(Event.FAULT, detail=error.code)
        self._emit(say.Fault(code=error.code, message=str(error), retryable=error.retryable))
