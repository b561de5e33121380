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
from types import TracebackType

from engine import messages as say
from engine import turn
from engine.cutter import Cutter
from engine.director import Director
from engine.ear import EarFact, SpeechBegan, SpeechEnded
from engine.errors import RostrumError
from engine.floor import Verdict
from engine.history import History
from engine.journal import Journal
from engine.limits import Reminder
from engine.listener import Listener
from engine.playout import Delivery
from engine.providers.base import Senses, Transcript, Voice
from engine.recording import Tape
from engine.scenario import Scenario
from engine.speaker import Drained, Speaker
from engine.taps import Taps
from engine.turn import Phase
from engine.utterance import Deadlines
from engine.vigil import Tick, Vigil

_Message = say.Input | EarFact | Transcript | turn.Due | turn.CutIn | Drained | Tick


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
        self._away = False  # no client is there
        self._state = say.State.IDLE
        self._exits = AsyncExitStack()
        self._tasks = asyncio.TaskGroup()
        self._background: list[asyncio.Task[None]] = []

    # ---- life -------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Conversation:
        self.journal = Journal()
        self.taps = Taps(self.journal)
        await self._tasks.__aenter__()
        self._make()
        self._background = [self._tasks.create_task(self._speaker.playout.run(), name="playout")]
        self._background += await self._listener.open(
            self._senses.ears, self._senses.activity, self._scenario.expectation, exits=self._exits, tasks=self._tasks
        )
        return self

    def _make(self) -> None:
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
            on_drained=lambda epoch: self.post(Drained(epoch=epoch)),
            on_fault=self._fault,
            on_stalled=self._stalled,
        )
        self._director = Director(
            scenario=self._scenario,
            speaker=self._speaker,
            history=self._history,
            journal=self.journal,
            emit=self._emit,
        )
        self._listener = Listener(
            floor=self._scenario.floor,
            journal=self.journal,
            emit=self._emit,
            post=self.post,
            agent_says=lambda: self._speaker.playout.lately if self._speaks else None,
            agent_busy=lambda: self._speaker.busy,
            audible=lambda: self._speaker.playout.audible,
            on_decision=self._decide,
            on_foresight=self._director.foresee,
            on_yield=self._speaker.drop,
            on_fault=self._director.fault,
        )
        self._cutter = Cutter(self._listener, self._speaker, self._director, self.post)
        self._vigil = Vigil(self._scenario.limits, self.post)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._director.close()
        self._listener.close()
        self._vigil.close()
        for task in self._background:
            task.cancel()
        try:
            await self._tasks.__aexit__(kind, error, trace)
        finally:
            await self._exits.aclose()

    @property
    def voice(self) -> Voice:  # just now
        return self._speaker.voice

    def record(self, tape: Tape) -> None:
        """From now on `tape` gets both sides: what arrives, and what is heard."""
        self.taps.record(tape, self._speaker.playout)

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
                next_one = self._inbox.popleft()
                self._handle(next_one)
                if not isinstance(next_one, say.MicAudio):  # what is found in it comes as a message of its own
                    self._derive()
        finally:
            self._handling = False

    def _handle(self, message: _Message) -> None:
        match message:
            case say.MicAudio() | say.Clip():
                self._listener.hear(message)
                self.taps.hear(message.pcm)
                self._cutter.hear(message, over=self._vigil.over)
            case say.TalkPressed() | say.TalkReleased():
                self._listener.hear(message)
            case SpeechBegan() | SpeechEnded() | Transcript() | turn.Due() | turn.CutIn() | say.Typed():
                self._vigil.begin()
                self._listener.take(message)
                if isinstance(message, SpeechBegan | SpeechEnded):
                    self.taps.voiced(message)
            case say.Hold() | say.Patience():
                self._listener.wait(message)
            case say.CutIns(hardness=hardness):
                self._cutter.be(hardness)
            case say.Played(generation=generation, seconds=seconds):
                self._speaker.playout.played(generation, seconds)
            case say.MarkPlayed(mark=mark):
                self._speaker.playout.mark_played(mark)
            case say.Brief():
                self._scenario.brief(message)
            case say.Remember() | say.Correct() | say.Forget():
                self._history.edit(message)
            case say.Left() | say.Returned():
                self._attend(present=isinstance(message, say.Returned))
            case _:
                self._direct(message)

    def _direct(self, message: _Message) -> None:
        match message:
            case say.Play():
                self._vigil.begin()
                self._director.play()
            case say.Pause():
                self._director.pause(answer_due=self._listener.phase is Phase.TRANSCRIBING)
            case say.Seek(mark=mark):
                self._director.seek(mark)
            case say.Retune():
                self._director.retune(message)
            case say.Respond() if not self._vigil.over:
                self._director.respond()
            case say.Cancel():
                self._director.cancel()
            case Drained(epoch=epoch):
                self._cutter.follow(drained=epoch)
                self._director.drained(epoch)
            case Tick():
                self._look_at_the_clock()

    def _derive(self) -> None:
        """What follows from the state: the gate, the timers, what is shown."""
        self._cutter.follow()
        interrupted = self._listener.has_floor
        if (interrupted and not self._listener.cut) or self._director.pausing.on or self._away:
            self._speaker.playout.close(interrupted=interrupted)
        else:
            self._speaker.playout.open()
        self._listener.arm()
        self._vigil.arm(
            quiet=not (interrupted or self._away or self._speaks or self._scenario.ended),
            paused=self._director.pausing.on or self._listener.held,
        )
        self._tell_state()

    @property
    def _speaks(self) -> bool:
        """The agent is saying something, or about to."""
        return self._speaker.busy and not self._director.pausing.on

    def _decide(self, decision: turn.Decide) -> None:
        self._cutter.withdraw()
        if not self._vigil.over:
            if decision.verdict not in (Verdict.NOISE, Verdict.ECHO):
                self._vigil.listener_spoke()
            self._director.decide(decision, self._listener.speech_began, self._listener.words)

    def _look_at_the_clock(self) -> None:
        reason = self._vigil.due()
        if self._vigil.over:
            self._director.close()
            self._tell_over(told=reason is None)
        elif reason:
            self._emit(say.LimitNear(reason=reason, seconds=self._vigil.seconds_left(reason)))
            if reason is not Reminder.NEARLY_OVER or not self._vigil.paused:  # a pause is not spoken into for that
                self._director.remind(reason)

    def _tell_over(self, *, told: bool = False) -> None:
        """Nothing more is said or heard. `told`: this client knows why."""
        if not told:
            self._emit(say.LimitNear(reason=Reminder.TIME_IS_UP, seconds=0.0))
        self._director.end(anew=not told)

    def _attend(self, *, present: bool) -> None:
        """A client that comes is told everything that is true now; one that goes has let go of its key."""
        self._away = not present
        if present:
            self._speaker.playout.tell_anew()
            self._emit(say.StateChanged(state=self._state))
            if self._vigil.over:
                self._tell_over()
        else:
            self._listener.let_go()
            self._speaker.playout.leave()

    def _fault(self, error: RostrumError) -> None:
        self._director.fault(error)

    def _stalled(self) -> None:
        self._director.unplayed()
        self._derive()

    # ---- what is shown ----------------------------------------------------------------------------------------------

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
        if self._vigil.over:
            return say.State.ENDED
        if self._listener.has_floor and not self._listener.cut:
            awaited = self._listener.phase is Phase.TRANSCRIBING
            return say.State.THINKING if awaited else say.State.LISTENING
        if self._director.pausing.on:
            return say.State.PAUSED
        if self._speaker.busy:
            waits = self._speaker.answering and not self._speaker.playout.sounding
            return say.State.THINKING if waits else say.State.SPEAKING
        return say.State.ENDED if self._scenario.ended else say.State.IDLE
