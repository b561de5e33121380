"""What a client of `/api/v1/streaming/realtime` is told: outputs of the conversation to frames of its document."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence

import orjson

from engine.audio import Pcm, Resampler
from engine.errors import ProviderFailed, ProviderTimeout, RostrumError
from engine.floor import Verdict
from engine.limits import Reminder
from engine.media.g711 import alaw_encode, mulaw_encode
from engine.messages import (
    Clear,
    Ended,
    Fault,
    Judged,
    LimitNear,
    LineBegan,
    Output,
    ReplyEnded,
    Said,
    Speech,
    Understood,
)
from engine.wire.outbox import Close
from engine.wire.realtime_session import RATES

NARROW: Mapping[str, Callable[[bytes], bytes]] = {"g711_ulaw": mulaw_encode, "g711_alaw": alaw_encode}
FAILURES = {ProviderFailed.code, ProviderTimeout.code, RostrumError.code}
"""Faults that end a reply."""
LAST_WORDS = {Reminder.TIME_IS_UP, Reminder.SILENCE_ENDS}


class Answers:
    """One client's. `form` is the format of the audio it gets; `now` tells the time, seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.form = "pcm16"
        self._now = now
        self._pending = False
        """The client has said or asked something, and what becomes of it is not known yet."""
        self._due: set[int] = set()
        """Turns that are to be answered, or are being."""
        self._sounding = False
        """There was audio since the last `response.done`."""
        self._spoken = 0
        """The last turn that had sound: others were typed."""
        self._by_voice = False
        self._lines: set[int] = set()
        """The reply's lines whose text was sent."""
        self._heard: list[str] = []
        self._words_in = 0
        self._failed = False
        self._last_words = False
        self._resampler: Resampler | None = None

    @property
    def active(self) -> bool:
        """A reply is being given, or will be."""
        return self._pending or self._sounding or bool(self._due)

    def expect(self, reply: bool) -> None:
        """Whether what the client just sent may lead to a reply."""
        self._pending = reply

    def encode(self, output: Output) -> Sequence[str | Close]:
        match output:
            case Speech(pcm=pcm):
                self._pending = self._pending and self._sounding
                self._sounding = True
                return self._audio(pcm)
            case LineBegan(line=line, text=text):
                return self._delta(line, text)
            case Clear():
                self._resampler = None
                return (frame("input_audio_buffer.speech_started"),)
            case Understood(turn=turn):
                self._spoken = turn
            case Judged():
                return self._judged(output)
            case Said():
                return self._said(output)
            case ReplyEnded():
                return self._reply_ended(output)
            case LimitNear(reason=reason):
                self._last_words = reason in LAST_WORDS
            case Ended() if self._last_words:
                return (Close(reason="the conversation has ended"),)
            case Fault(code=code, message=message):
                self._failed = self._failed or code in FAILURES
                return (refusal(message),)
        return ()

    def _audio(self, pcm: Pcm) -> Sequence[str]:
        rate = RATES[self.form]
        flow = self._resampler
        if flow is None or (flow.from_rate, flow.to_rate) != (pcm.rate, rate):
            flow = self._resampler = Resampler(pcm.rate, rate)
        data = flow.push(pcm).data
        if not data:
            return ()
        audio = base64.b64encode(NARROW[self.form](data) if self.form in NARROW else data).decode()
        return (frame("response.audio", response={"audio": audio, "timestamp": self._now()}),)

    def _delta(self, line: int, text: str) -> Sequence[str]:
        """A line that begins again after a pause was told before."""
        if line in self._lines:
            return ()
        content = f" {text}" if self._lines else text  # clients put the pieces together as they come
        self._lines.add(line)
        return (frame("response.delta", response={"delta": {"content": content}, "timestamp": self._now()}),)

    def _judged(self, judged: Judged) -> Sequence[str]:
        self._pending = False
        self._by_voice = judged.turn == self._spoken
        if judged.verdict is Verdict.TURN:
            self._due.add(judged.turn)
            return ()
        if judged.verdict is Verdict.STOP and self.active:
            self._due.clear()
            return self._done("", status="cancelled")
        # A cough, a tone: whoever waits is told that nothing follows, unless a reply goes on.
        return () if self.active else self._done("")

    def _said(self, said: Said) -> Sequence[str]:
        if said.speaker != "user":
            self._heard.append(said.text)
            return ()
        self._words_in = len(said.text.split())
        content = {"transcript" if self._by_voice else "text": said.text}
        kind = "input_audio" if self._by_voice else "input_text"
        return (item_frame("conversation.item.created", said.item, "user", [{"type": kind, **content}]),)

    def _reply_ended(self, ended: ReplyEnded) -> Sequence[str]:
        wanted = self._sounding or ended.turn in self._due or (ended.turn == 0 and self._pending)
        if ended.turn == 0 and not self._sounding:
            self._pending = False  # a reply that was asked for, and failed
        self._due.discard(ended.turn)
        heard, self._heard = " ".join(self._heard), []
        self._lines.clear()
        frames: list[str] = []
        if heard:
            content = [{"type": "text", "text": heard}]
            frames.append(item_frame("conversation.item.created", ended.item, "assistant", content))
        if wanted:
            cut = "failed" if self._failed else "cancelled"
            frames += self._done(ended.text, status=None if ended.complete else cut)
        return frames

    def _done(self, text: str, *, status: str | None = None) -> Sequence[str]:
        usage = {"input_tokens": self._words_in, "output_tokens": len(text.split())}
        self._sounding, self._words_in, self._failed, self._resampler = False, 0, False, None
        response: dict[str, object] = {"usage": usage, "timestamp": self._now()}
        return (frame("response.done", response=response | ({"status": status} if status else {})),)


def frame(
    kind: str, *, session: object = None, response: object = None, item: object = None, timestamp: object = None
) -> str:
    """A message with every key that the document's server sends, null where it has nothing to say."""
    keys = {"session": session, "response": response, "conversation_item": item, "error": None, "timestamp": timestamp}
    return orjson.dumps({"type": kind, **keys}).decode()


def item_frame(kind: str, id: str, role: str | None, content: object) -> str:
    """A message about an item of the conversation."""
    return frame(kind, item={"id": id, "type": "message", "role": role, "content": content})


def refusal(message: str) -> str:
    """An error, in the only form the document has."""
    return orjson.dumps({"type": "error", "error": {"code": "internal_error", "message": message}}).decode()
