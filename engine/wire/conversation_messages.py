"""What clients of `/api/conversation` say, in every spelling that they use, and the frames that they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from engine import clock
from engine.errors import BadInput
from engine.media import from_base64
from engine.wire.outbox import Frame

LONGEST_TEXT = 2_000
"""Characters."""
EXPECTED = 'an "action" start or stop, or a "messageType" (or "type") audio, text, audio_metadata or ping'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a message asks for; all of it may be empty."""

    start: bool = False
    stop: bool = False
    ping: bool = False
    metadata: bool = False
    audio: bytes | None = None
    text: str = ""


def wanted(message: Mapping[str, object]) -> Wanted:
    """The union of the dialects, over the socket and over HTTP.

    Raises:
        BadInput, TooLarge: its audio or text is missing or cannot be used.
    """
    kinds = [kind for name in ("messageType", "type") if isinstance(kind := message.get(name), str)]
    actions = [*kinds, message.get("action")]
    audio = "audio" in kinds or (not kinds and "audioData" in message)
    return Wanted(
        start="start" in actions,
        stop="stop" in actions,
        ping="ping" in kinds,
        metadata="audio_metadata" in kinds,
        audio=from_base64(_first(message, "audio", ("audioData", "data", "audio"))) if audio else None,
        text=_text(message) if "text" in kinds else "",
    )


def _first(message: Mapping[str, object], what: str, names: Sequence[str]) -> str:
    for name in names:
        if name in message:
            value = message[name]
            if isinstance(value, str) and value.strip():
                return value
            raise BadInput(f'"{name}" of this {what} message has to be a text that is not empty')
    raise BadInput(f'this {what} message has no "{names[0]}"')


def _text(message: Mapping[str, object]) -> str:
    text = _first(message, "text", ("audioData", "data", "text", "message")).strip()
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"a text message has at most {LONGEST_TEXT} characters")
    return text


def parse(frame: str) -> Mapping[str, object]:
    try:
        message = orjson.loads(frame)
    except orjson.JSONDecodeError:
        raise BadInput('Invalid message format: expected a JSON object such as {"action": "start"}') from None
    if not isinstance(message, dict):
        raise BadInput(f"Invalid message format: expected a JSON object with {EXPECTED}")
    return message


def inner(kind: str, **fields: str) -> Frame:
    return to_json({"type": "openai_response", "data": {"type": kind, **fields}, "timestamp": now()})


def trouble(message: str) -> Frame:
    return to_json({"type": "error", "message": message, "timestamp": now()})


def now() -> str:
    """UTC with milliseconds and Z, as JavaScript writes it."""
    return clock.wall().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_json(message: object) -> str:
    return orjson.dumps(message).decode()
