"""The listener's side of a conversation: the ear, the turn machine, and what both need of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from engine import clock, foresight, turn
from engine.audio import Pcm
from engine.ear import Ear, EarFact, SpeechBegan, SpeechEnded
from engine.errors import BadInput, ProviderFailed, RostrumError
from engine.floor import Floor
from engine.journal import Event, Journal
from engine.messages import Clip, Hold, MicAudio, Output, Patience, TalkPressed, TalkReleased, Typed, Understood
from engine.providers.base import (
    Expectation,
    Listening,
    SpeechToText,
    Transcript,
    VoiceActivityDetector,
    Word,
    shifted,
)
from engine.turn import Phase

Fact = EarFact | Transcript | turn.Due | turn.CutIn | Typed


class Listener:
    """Hears, and says what it means. `post` hands a fact to the conversation's inbox, from where it comes back through
    `take`; `agent_says` tells what the agent is saying just now, None where it is silent; `agent_busy`: whether it has
    something to say, spoken or paused; `audible`: what of it an echo may be of."""

    def __init__(
        self,
        *,
        floor: Floor,
        journal: Journal,
        emit: Callable[[Output], None],
        post: Callable[[Fact], None],
        agent_says: Callable[[], str | None],
        agent_busy: Callable[[], bool],
        audible: Callable[[], Pcm | None],
        on_decision: Callable[[turn.Decide], None],
        on_foresight: Callable[[foresight.Effect], None],
        on_yield: Callable[[], None],
        on_fault: Callable[[RostrumError], None],
    ) -> None:
        self.speech_began = 0.0
        """When the listener's turn began, seconds since the conversation did."""
        self.words: tuple[Word, ...] = ()
        """What was finally understood of that turn, where times are known: seconds since the conversation began."""
        self._heard_since: dict[int, float] = {}
        self._floor = floor
        self._journal = journal
        self._emit = emit
        self._post = post
        self._agent_says = agent_says
        self._agent_busy = agent_busy
        self._audible = audible
        self._decided = on_decision
        self._foreseen = on_foresight
        self._yields = on_yield
        self._fault = on_fault
        self._turn = turn.Turn()
        self._foresight = foresight.Foresight()
        self._timer: asyncio.TimerHandle | None = None
        self._ear: Ear | None = None
        self._closed = False
        self._patience = floor.patience
        self.held = False
        """The listener holds the floor to think: no pause ends their turn."""

    async def open(
        self,
        ears: SpeechToText,
        activity: VoiceActivityDetector,
        expectation: Expectation,
        *,
        exits: AsyncExitStack,
        tasks: asyncio.TaskGroup,
    ) -> list[asyncio.Task[None]]:
        """Begin to hear, where `ears` can; the tasks to cancel at the end."""
        try:
            listening = await exits.enter_async_context(ears.listen(expectation))
            self._ear = Ear(
                detector=activity,
                listening=listening,
                audio_gap=self._floor.audio_gap,
                tell=self._post,
                audible=self._audible,
            )
        except ProviderFailed as error:
            self._fault(error)
            return []
        return [
            tasks.create_task(self._ear.run(), name="ear"),
            tasks.create_task(self._transcripts(listening), name="transcripts"),
        ]

    def close(self) -> None:
        """Nothing is due any more."""
        self._closed = True
        if self._timer:
            self._timer.cancel()

    @property
    def phase(self) -> Phase:
        return self._turn.phase

    @property
    def has_floor(self) -> bool:
        """The listener speaks, or what they said is still to be understood: nothing may sound."""
        return self._turn.sounding or self._turn.phase is not Phase.SILENT

    @property
    def cut(self) -> bool:
        """The agent has cut in and may sound, whoever speaks."""
        return self._turn.cut and not self._turn.cut_over

    @property
    def may_be_cut(self) -> bool:
        """They speak, live, and do not hold the floor to think."""
        return turn.may_be_cut(self._turn) and not self.held

    @property
    def turn_number(self) -> int:
        """That of their turn, the present one or the last."""
        return self._turn.number

    @property
    def said_so_far(self) -> str:
        """What was understood of their turn by now; "" where nothing was yet."""
        return f"{self._turn.carried} {self._turn.interim}".strip()

    def hear(self, message: MicAudio | Clip | TalkPressed | TalkReleased) -> None:
        """Audio, or the push-to-talk key.

        Raises:
            BadInput: nothing can be heard in this conversation. (The live microphone is ignored instead.)
            TooLarge: too much audio is waiting.
        """
        if self._ear is None:
            if isinstance(message, MicAudio):
                return
            raise BadInput("nothing can be heard just now: write the question instead")
        match message:
            case MicAudio(pcm=pcm):
                self._ear.hear(pcm)
            case Clip(pcm=pcm, whole=whole):
                self._ear.hear(pcm, clip=True, whole=whole)
            case TalkPressed():
                self._ear.press(True)
            case TalkReleased():
                self._ear.press(False)

    def wait(self, message: Hold | Patience) -> None:
        """Be more or less patient from now on."""
        match message:
            case Hold(on=on):
                self.held = on
            case Patience(seconds=seconds):
                self._patience = seconds
        self._floor = replace(self._floor, patience=self._floor.longest_turn if self.held else self._patience)
        self._turn, _ = turn.step(self._turn, turn.Waits(), clock.now(), self._floor)

    def yields_after(self, seconds: float) -> None:
        """How long they have to speak on until the agent that has cut in gives way, from its next time on."""
        self._floor = replace(self._floor, yields=seconds)

    def let_go(self) -> None:
        """Nobody holds the key or the floor any more."""
        if self._ear:
            self._ear.press(False)
        if self.held:
            self.wait(Hold(on=False))

    def take(self, message: Fact | turn.CutOver) -> None:
        """Step the turn machine and do what it asks for."""
        fact = self._fact(message)
        self._turn, effects = turn.step(self._turn, fact, clock.now(), self._floor)
        for effect in effects:
            match effect:
                case turn.Decide():
                    self._decided(effect)
                case turn.Yield():
                    self._yields()
                case turn.Listen(turn=number, since=since) if self._ear:
                    self._heard_since = {number: self._journal.elapsed - self._ear.listen(number, since)}
                case turn.Finish(turn=number) if self._ear:
                    self._journal.note(Event.TURN_ENDED, number)
                    self._ear.finish(number)
        self._foresight, foreseen = foresight.look(self._foresight, self._turn, clock.now(), self._floor)
        if foreseen:
            self._foreseen(foreseen)

    def arm(self) -> None:
        """Set the one timer to the turn's deadline."""
        if self._timer:
            self._timer.cancel()
        due = None if self._closed else self._turn.deadline
        self._timer = asyncio.get_running_loop().call_at(due, self._post, turn.Due()) if due is not None else None

    def _fact(self, message: Fact | turn.CutOver) -> turn.Fact:
        match message:
            case SpeechBegan(at=at, ago=ago, manual=manual):
                if self._turn.phase is Phase.SILENT:
                    self.speech_began, self.words = max(0.0, self._journal.elapsed - ago), ()
                    self._journal.note(Event.SPEECH_BEGAN, self._turn.number + 1)
                lately = self._agent_says()
                return turn.Onset(
                    at=at,
                    over_agent=lately is not None,
                    agent_busy=self._agent_busy(),
                    lately=lately or "",
                    manual=manual,
                )
            case SpeechEnded(settled=settled, manual=manual, uploaded=uploaded):
                self._journal.note(Event.SPEECH_ENDED, self._turn.number)
                return turn.Offset(settled=settled, manual=manual, uploaded=uploaded)
            case Transcript():
                self._understood(message)
                return turn.Heard(transcript=message)
            case Typed(text=text):
                self.speech_began, self.words = self._journal.elapsed, ()
                return turn.Wrote(text=text)
            case turn.Due() if self._turn.cut and self._ear and self._ear.hears_itself():
                return turn.Offset(settled=True)
            case turn.Due() | turn.CutIn() | turn.CutOver():
                return message

    def _understood(self, transcript: Transcript) -> None:
        if transcript.final:
            self._journal.note(Event.TRANSCRIBED, transcript.turn)
        if transcript.turn == self._turn.number and self._turn.phase is not Phase.SILENT:
            text = f"{self._turn.carried} {transcript.text}".strip()
            if transcript.final:
                self.words += shifted(transcript.words, self._heard_since.get(transcript.turn, self.speech_began))
            self._emit(Understood(turn=transcript.turn, text=text, final=transcript.final, words=transcript.words))

    async def _transcripts(self, listening: Listening) -> None:
        """Hand on what is understood. A failure that may pass costs a turn its words; another one the ear."""
        while self._ear is not None:
            try:
                async for transcript in listening:
                    self._post(transcript)
            except ProviderFailed as error:
                self._fault(error)
                if not error.retryable:
                    self._post(SpeechEnded(settled=True, manual=True))
                    self._ear = None
