"""Whether what was said to a conversation has been answered: for dialects in which an answer belongs to a message."""

from __future__ import annotations

from dataclasses import dataclass

from engine.messages import Clip, Input, Judged, MicAudio, Output, State, StateChanged, TalkReleased, Typed

AT_REST = frozenset({State.IDLE, State.PAUSED, State.ENDED})


@dataclass(slots=True)
class Course:
    """Show it each input before it is posted, and each output."""

    state: State = State.IDLE
    awaited: bool = False
    """Something was sent that will be judged, and has not been."""
    unfinished: bool = False
    """Live audio, or a recording that may go on, was sent since the last turn was judged."""

    def posting(self, message: Input) -> None:
        match message:
            case Typed() | TalkReleased():
                self.awaited = True
            case Clip(whole=whole):
                self.awaited, self.unfinished = True, not whole
            case MicAudio():
                self.unfinished = True

    def follow(self, output: Output) -> None:
        match output:
            case StateChanged(state=state):
                self.state = state
            case Judged():
                self.awaited = self.unfinished = False

    @property
    def settled(self) -> bool:
        """Nothing is awaited, being thought about or being said. True between two outputs of one event, too: ask after
        a change of the state, or when an input has been handled."""
        return not self.awaited and self.state in AT_REST
