"""The agent's side of a conversation: what it says next, given what was decided about the listener's turn."""

from __future__ import annotations

from collections.abc import Callable

from engine import messages as say
from engine import turn
from engine.errors import ClientStalled, RostrumError
from engine.floor import Verdict
from engine.foresight import Effect, Prepare
from engine.history import History
from engine.journal import Event, Journal
from engine.limits import Reminder
from engine.pausing import Pausing
from engine.providers.base import Voice, Word
from engine.scenario import Scenario, Script, apology
from engine.speaker import Speaker
from engine.speculation import Speculation


class Director:
    """Tells the speaker what the scenario wants said. Synchronous; every method takes effect at once."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        speaker: Speaker,
        history: History,
        journal: Journal,
        emit: Callable[[say.Output], None],
    ) -> None:
        self.pausing = Pausing()
        self._ahead = scenario.mind if isinstance(scenario.mind, Speculation) else None
        self._scenario = scenario
        self._speaker = speaker
        self._history = history
        self._journal = journal
        self._emit = emit
        self._told_end = False
        self._retried: int | None = None
        """The place at which a failed voice was tried again."""

    # ---- what was decided -------------------------------------------------------------------------------------------

    def decide(self, decision: turn.Decide, spoken_from: float, words: tuple[Word, ...]) -> None:
        """Act on a turn of the listener that began `spoken_from` seconds into the conversation."""
        self._emit(say.Judged(turn=decision.turn, verdict=decision.verdict, text=decision.text))
        over = self._scenario.ended and not self._speaker.busy
        if decision.verdict is not Verdict.TURN:
            self.withdraw()
        match decision.verdict:
            case Verdict.TURN:
                self._speaker.drop()
                self._user_said(decision.text, spoken_from, words)
                if self._ahead:
                    self._ahead.keep_only(self._scenario.prompt(decision.text, self._history))
                self._reply(self._scenario.answer(decision.text, self._history), decision.turn)
            case Verdict.STOP | Verdict.GO_ON as asked:
                self._user_said(decision.text, spoken_from, words)
                if asked is Verdict.STOP and not over:
                    self.pausing.pause(answer_due=False)
                elif not over:
                    self.play()
            case Verdict.CUT_OFF:
                self._user_said(decision.text, spoken_from, words, cut_off=True)
            case reason:
                self.pausing.nothing_said()
                line = self._speaker.playout.current
                self._resumed(line.mark if line else None, reason.value)

    def foresee(self, expected: Effect) -> None:
        """Have the answer to what the listener will probably have said begun, without any effect; or given up."""
        if not isinstance(expected, Prepare):
            self.withdraw()
        elif self._ahead:
            history = self._history.foreseen(self._speaker.heard_so_far, expected.text)
            self._ahead.prepare(self._scenario.prompt(expected.text, history))

    def withdraw(self) -> None:
        """Give up an answer that was begun."""
        if self._ahead:
            self._ahead.withdraw()

    def drop(self) -> None:
        """End what is being said, and give up what would be."""
        self.withdraw()
        self._speaker.drop()

    def close(self) -> None:
        """Nothing more is said, or thought of."""
        self.drop()
        self._ahead = None

    def pause(self, *, answer_due: bool) -> None:
        """By the listener's hand. `answer_due`: what they said before is still being understood."""
        self.withdraw()
        self.pausing.pause(answer_due=answer_due)

    def interject(self, said: str) -> bool:
        """Have ready what to cut in with; whether there is anything."""
        script = self._scenario.interject(said, self._history)
        if script is not None:
            self._speaker.say(script)
        return script is not None

    def respond(self) -> None:
        """Reply to what was said so far."""
        asked = next((line.text for line in reversed(self._history.lines) if line.role == "user"), "")
        self.drop()
        self._reply(self._scenario.answer(asked, self._history), 0)

    def remind(self, reason: Reminder) -> None:
        """Speak up because of a silence or a limit."""
        self.drop()
        self.pausing.play()
        self._speaker.say(self._scenario.remind(reason))

    def cancel(self) -> None:
        """End what is being said, for good."""
        self.drop()
        self.pausing.play()

    def _reply(self, script: Script, number: int) -> None:
        self._told_end = self._told_end and self._scenario.ended  # a talk goes on after its goodbye
        if self._scenario.floor.directed:
            self.pausing.answer()
        else:
            self.pausing.answer_freely()
        self._speaker.say(script, answering=number)

    # ---- the course of it -------------------------------------------------------------------------------------------

    def play(self) -> None:
        self.pausing.play()
        self._scenario.begin()
        if not self._speaker.busy:
            self._go_on()

    def seek(self, mark: int) -> None:
        going = self._speaker.busy and not self.pausing.on
        self.drop()
        self._scenario.seek(mark)
        if going:
            self.pausing.play()
            self._go_on()

    def retune(self, change: say.Retune) -> None:
        """Takes effect at once: the sentence that is being spoken begins again."""
        now = self._speaker.voice
        self._speaker.voice = Voice(
            name=now.name if change.voice is None else change.voice,
            speed=now.speed if change.speed is None else change.speed,
        )
        place = self._scenario.place
        if self._speaker.busy and not self._speaker.answering and place is not None:
            self.seek(place)

    def drained(self, epoch: int) -> None:
        """An utterance was heard to its end: go on where the scenario is, unless the listener had paused it."""
        if epoch != self._speaker.epoch or self._speaker.busy:
            return
        answered = self._speaker.reply_ended(complete=self._speaker.failure is None)
        if failure := self._speaker.failure:
            self._make_up_for(failure, answered)
        elif not self.pausing.answered() and self._go_on() and answered:
            self._resumed(self._scenario.place, "answered")

    def unplayed(self) -> None:
        """The client holds audio and plays none of it."""
        self.fault(ClientStalled("nothing is being played: is its sound switched off, or blocked until a tap?"))
        self.pausing.pause(answer_due=False)

    def end(self, *, anew: bool = False) -> None:
        """Say so, once, until it goes on; or `anew`."""
        if anew or not self._told_end:
            self._told_end = True
            self._emit(say.Ended())

    def fault(self, error: RostrumError) -> None:
        self._journal.note(Event.FAULT, detail=error.code)
        self._emit(say.Fault(code=error.code, message=str(error), retryable=error.retryable))

    def _go_on(self) -> bool:
        """Go on where the scenario is, if it is to; where it has come to its end, say so, once."""
        script = self._scenario.onward()
        if script is not None:
            self._told_end = False
            self._speaker.say(script)
        elif self._scenario.ended:
            self.end()
        return script is not None

    def _make_up_for(self, failure: RostrumError, answered: int) -> None:
        """Apologise aloud and go on. Without a voice try once more, then fall silent and keep the place."""
        mute = self._speaker.mute
        place = self._scenario.place
        if answered and not mute:
            self._speaker.say(apology())
        elif failure.retryable and place is not None and self._retried != place:
            self._retried = place
            self._go_on()
        else:
            self.pausing.stall()

    # ---- what is told -----------------------------------------------------------------------------------------------

    def _user_said(self, text: str, began: float, words: tuple[Word, ...], *, cut_off: bool = False) -> None:
        item = self._history.cut_off(text) if cut_off else self._history.said(text)
        self._emit(
            say.Said(
                speaker="user",
                text=text,
                start=began,
                end=self._journal.elapsed,
                item=item,
                words=words,
                interrupted=cut_off,
            )
        )

    def _resumed(self, mark: say.Mark | None, reason: str) -> None:
        if mark is not None and not self.pausing.on:
            self._journal.note(Event.RESUMED, detail=reason)
            self._emit(say.Resumed(mark=mark, reason=reason))
