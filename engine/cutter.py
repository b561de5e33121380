"""What cutting in (`cutting_in`) has to do with the rest of a conversation."""

from __future__ import annotations

from collections.abc import Callable

from engine import turn
from engine.cutting_in import CuttingIn, Hardness
from engine.director import Director
from engine.inputs import Clip, MicAudio
from engine.listener import Listener
from engine.speaker import Speaker


class Cutter:
    """Has something prepared behind the closed gate, and `post`s the fact that opens it."""

    def __init__(
        self, listener: Listener, speaker: Speaker, director: Director, post: Callable[[turn.CutIn], None]
    ) -> None:
        self._listener = listener
        self._speaker = speaker
        self._director = director
        self._epoch = 0
        """The utterance that was prepared last."""
        self._cutting = CuttingIn(
            prepare=self._prepare,
            cut_in=lambda: post(turn.CutIn()),
            ready=lambda: self._mine and speaker.playout.sounding and not director.pausing.on,
            understood=lambda: bool(listener.said_so_far),
        )

    def be(self, hardness: Hardness) -> None:
        if manner := self._cutting.be(hardness):
            self._listener.yields_after(manner.yields)
        else:
            self.withdraw()

    def hear(self, message: MicAudio | Clip, *, over: bool) -> None:
        """Sound of the listener, just arrived: only the live one is cut into. `over`: nothing more is said."""
        if isinstance(message, MicAudio):
            listener = self._listener
            free = self._speaker.at_rest and not (over or self._director.pausing.on)
            self._cutting.hear(message.pcm, speaks=listener.may_be_cut, turn=listener.turn_number, free=free)

    def withdraw(self) -> None:
        """What was prepared for a turn that is over never sounds."""
        if self._cutting.pending and self._mine:
            self._speaker.drop()
        self._cutting.pending = False

    def follow(self, *, drained: int | None = None) -> None:
        """Tell the turn machine that what was cut in with is over: utterance `drained` was heard to its end, or nothing
        of it is being said any more."""
        if self._mine or (drained is not None and drained != self._epoch):
            return
        self._cutting.pending = False
        if self._listener.cut:
            self._listener.take(turn.CutOver(heard=drained is not None))

    @property
    def _mine(self) -> bool:
        """What is being said, or is to be, was prepared here."""
        return self._speaker.busy and self._speaker.epoch == self._epoch

    def _prepare(self) -> None:
        self._cutting.pending = self._director.interject(self._listener.said_so_far)
        self._epoch = self._speaker.epoch
