"""How Deepgram's recognisers tell what they hear, on this machine."""

from __future__ import annotations

from deepgram.listen.v1 import types as listen_v1
from deepgram.listen.v2 import types as listen_v2

from tests.vendors.coded_speech import Told, Understanding
from tests.vendors.deepgram_socket import REQUEST, Wire

STEP = 0.25
"""Seconds of audio between two results."""


def _words(told: list[Told], *, punctuated: bool) -> list[dict]:
    return [
        {"word": word.text.lower().strip(".,?!"), "start": word.start, "end": word.end, "confidence": 0.9}
        | {"punctuated_word": word.text}
        if punctuated
        else {"word": word.text, "start": word.start, "end": word.end, "confidence": 0.9}
        for word in told
    ]


class Nova:
    """Tells what is heard about every `STEP`, for good after a pause."""

    def __init__(self, wire: Wire):
        self.wire = wire
        self.final = 0.0
        """Up to where all is told for good."""
        self._told = 0.0
        self._counted = 0

    async def hear(self, stream: Understanding):
        words = stream.words[self._counted :]
        pause = float(self.wire.session.asked("endpointing")[0]) / 1000
        if words and words[-1].whole and stream.seconds - words[-1].end >= pause:
            await self.result(stream, is_final=True, speech_final=True)
        elif stream.seconds - self._told >= STEP:
            await self.result(stream)

    async def result(self, stream: Understanding, **flags):
        words = [word for word in stream.words[self._counted :] if word.whole or flags.get("is_final")]
        frame = {
            "type": "Results",
            "channel_index": [0, 1],
            "start": self.final,
            "duration": stream.seconds - self.final,
            "is_final": False,
            "speech_final": False,
            "channel": {
                "alternatives": [
                    {
                        "transcript": " ".join(word.text for word in words),
                        "confidence": 0.9 if words else 0.0,
                        "words": _words(words, punctuated=True),
                    }
                ]
            },
            "metadata": {
                "request_id": REQUEST,
                "model_uuid": REQUEST,
                "model_info": {"name": "general-nova-3", "version": "2026-01-01.0", "arch": "nova-3"},
            },
        } | flags
        self._told = stream.seconds
        if flags.get("is_final"):
            self.final, self._counted = stream.seconds, len(stream.words)
        await self.wire.tell(listen_v1.ListenV1Results, frame)


class Flux:
    """Tells what is heard every `STEP`, takes a turn to be over after 0.6 s of silence, with reservations after 0.3;
    ends it when told to, with what it had told before."""

    def __init__(self, wire: Wire, *, eager: bool):
        self.wire, self._may_be_eager = wire, eager
        self._turn, self._sequence = 0, -1
        self._from, self._told, self._counted = 0.0, 0.0, 0
        self._last: list[Told] | None = None
        """Words of the turn that is going on, as told last."""
        self._eager = False

    def count(self) -> int:
        self._sequence += 1
        return self._sequence

    async def hear(self, stream: Understanding):
        words = [word for word in stream.words[self._counted :] if word.whole]
        silent = stream.seconds - max((word.end for word in stream.words), default=0.0)
        if words and self._last is None:
            await self._tell("StartOfTurn", stream.seconds, words)
        elif self._eager and len(words) > len(self._last or ()):
            self._eager = False
            await self._tell("TurnResumed", stream.seconds, words)
        elif self._last is not None and silent >= 0.6:
            await self._tell("EndOfTurn", stream.seconds, words, trigger="model")
        elif self._may_be_eager and not self._eager and self._last is not None and silent >= 0.3:
            self._eager = True
            await self._tell("EagerEndOfTurn", stream.seconds, words)
        elif stream.seconds - self._told >= STEP:
            await self._tell("Update", stream.seconds, words)

    async def force(self):
        if self._last is None:
            frame = {"type": "Warning", "request_id": REQUEST, "sequence_id": self.count()}
            frame |= {"code": "FORCE_END_TURN_NO_ACTIVE_TURN", "description": "there is none"}
            await self.wire.tell(listen_v2.ListenV2Warning, frame)
        else:
            await self._tell("EndOfTurn", self._told, self._last, trigger="manual")

    async def _tell(self, event: str, until: float, words: list[Told], **more):
        frame = {
            "type": "TurnInfo",
            "request_id": REQUEST,
            "sequence_id": self.count(),
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": self._from,
            "audio_window_end": until,
            "transcript": " ".join(word.text for word in words),
            "words": _words(words, punctuated=False),
            "end_of_turn_confidence": 0.8 if event == "EndOfTurn" else 0.4,
        } | more
        self._told = until
        self._last = words if words else None
        if event == "EndOfTurn":
            self._turn += 1
            self._from, self._counted = until, self._counted + len(words)
            self._last, self._eager = None, False
        await self.wire.tell(listen_v2.ListenV2TurnInfo, frame)
