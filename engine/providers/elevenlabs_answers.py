"""What a session of Scribe says of the turn that it hears, put together.

Every stretch of audio that is committed is answered twice: with its text, then with its text and its words' times. A
stretch ends where we commit it, or, after a minute and a half, where the vendor does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from math import exp
from typing import Any

from engine.providers.base import Word
from engine.providers.deepgram_hearing import Hearing, Segment
from engine.providers.elevenlabs_scribe import Message

EARLIER = 0.1
"""Seconds by which a word cannot begin before the turn it is said in."""


class Answers:
    """`changed`: called when more is known of the turn. `grace`: seconds after which times that were promised are not
    waited for."""

    def __init__(self, changed: Callable[[], None], grace: float) -> None:
        self._changed, self._grace = changed, grace
        self._hearing: Hearing | None = None
        self._began = 0.0
        """Where in the session's audio the stretch began."""
        self._committed = False
        self._text: str | None = None
        """The stretch's, while its times are awaited."""
        self._stale: str | None = None
        """… and when they are awaited no longer: they may come all the same."""
        self._timer: asyncio.TimerHandle | None = None
        self._by_stretch = False
        """Times count from the start of the stretch, not of the session."""

    def begin(self, hearing: Hearing) -> None:
        """From now on a turn is heard, `hearing.base` seconds into the session's audio."""
        self._hearing, self._began, self._committed = hearing, hearing.base, False

    def commit(self) -> None:
        """The turn has ended: the next stretch is its last."""
        self._committed = True

    def nothing(self) -> None:
        """There is nothing to understand in the rest of the turn."""
        self._committed = True
        self._settle(Segment(), 0.0)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()

    def take(self, message: Message, sent: float) -> None:
        """The next message, when `sent` seconds of audio had been sent. One of another shape than is promised raises
        LookupError, TypeError or ValueError."""
        match message["message_type"]:
            case "partial_transcript" if self._hearing:
                self._hearing.pending = Segment(text=str(message["text"]).strip())
                self._hearing.until = max(0.0, sent - self._hearing.base)
                self._changed()
            case "committed_transcript":
                self._plain(str(message["text"]).strip(), sent)
            case "committed_transcript_with_timestamps":
                self._timed(str(message["text"]).strip(), message.get("words") or (), sent)

    def _plain(self, text: str, sent: float) -> None:
        if text:
            self._text = text
            self._timer = asyncio.get_running_loop().call_later(self._grace, self._give_up, sent)
        else:
            self._stale = ""
            self._settle(Segment(), sent)

    def _give_up(self, sent: float) -> None:
        self._stale = self._text
        self._settle(Segment(text=self._text or ""), sent)

    def _timed(self, text: str, words: Any, sent: float) -> None:  # noqa: ANN401 (JSON)
        if self._text is None and text == self._stale:
            self._stale = None
            return
        self._settle(Segment(text=text, words=self._words(words)), sent)

    def _words(self, words: list[Mapping[str, Any]]) -> tuple[Word, ...]:
        said = [word for word in words if word.get("type", "word") == "word"]
        if not self._hearing or any(word.get("start") is None or word.get("end") is None for word in said):
            return ()
        base = self._hearing.base
        self._by_stretch = self._by_stretch or (bool(said) and said[0]["start"] < self._began - EARLIER)
        offset = self._began - base if self._by_stretch else -base
        return tuple(_word(word, offset) for word in said)

    def _settle(self, segment: Segment, sent: float) -> None:
        self.close()
        self._text = None
        if self._hearing is None:
            return
        self._hearing.segments.append(segment)
        self._hearing.pending = Segment()
        self._began = max(self._began, sent)
        if self._committed:
            self._hearing.closed = True
        self._changed()


def _word(word: Mapping[str, Any], offset: float) -> Word:
    start = max(0.0, float(word["start"]) + offset)
    sure = word.get("logprob")
    return Word(
        text=str(word["text"]).strip(),
        start=start,
        end=max(start, float(word["end"]) + offset),
        confidence=1.0 if sure is None else exp(min(0.0, float(sure))),
    )
