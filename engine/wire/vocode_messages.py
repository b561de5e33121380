"""What clients of `/conversation` begin with: both start messages, in snake_case or camelCase, with anything optional
left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import orjson

from engine.audio import HEARING_RATE
from engine.errors import BadInput
from engine.media import Encoding, RawFormat

AUDIO, STOP, READY = "websocket_audio", "websocket_stop", "websocket_ready"
START, HOSTED_START = "websocket_audio_config_start", "websocket_start"
MIN_RATE, MAX_RATE = 8_000, 192_000
"""Hz, of samples in either direction."""
MOST_DOWNSAMPLING = 8
LONGEST_NAME, LONGEST_OPENING, LONGEST_PREAMBLE = 200, 2_000, 20_000
"""Characters."""

Message = Mapping[str, object]
Container = Literal["wav", "raw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How a client takes speech: samples at `rate` Hz; `wav`: each message a complete file of 16-bit samples."""

    rate: int = HEARING_RATE
    encoding: Encoding = Encoding.PCM16
    wav: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a start message asks for.

    `hosted`: it is a `websocket_start`, whose clients know no messages but ready and audio. `heard`: what audio without
    a header is. `opening` and `instructions`: of the agent, None: the persona's own.
    """

    hosted: bool
    heard: RawFormat
    spoken: Spoken
    transcripts: bool
    conversation: str | None
    opening: str | None
    instructions: str | None


def parse(text: str) -> Message:
    """A text frame's object.

    Raises:
        BadInput: it holds none.
    """
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput('this is not JSON: expected an object such as {"type": "websocket_audio", "data": …}') from None
    if not isinstance(message, dict):
        raise BadInput('expected a JSON object with a "type"')
    return message


def read_start(message: Message, *, page: bool, container: Container | None = None) -> Start:
    """`message` is one of the two start messages. `page`: it comes from a browser, which decodes each message by itself
    and so needs files; `container` overrides that.

    Raises:
        BadInput: a value in it cannot be used.
    """
    hosted = message["type"] == HOSTED_START
    hearing = _object(message, "transcriber_config" if hosted else "input_audio_config")
    speaking = _object(message, "synthesizer_config" if hosted else "output_audio_config")
    agent = _object(message, "agent_config") if hosted else {}
    wav = _flag(speaking, "should_encode_as_wav") if hosted else page
    if named := container or _container(speaking):
        wav = named == "wav"
    return Start(
        hosted=hosted,
        heard=_heard(hearing),
        spoken=Spoken(rate=_rate(speaking), encoding=_encoding(speaking), wav=wav),
        transcripts=not hosted and _flag(message, "subscribe_transcript"),
        conversation=_text(message, "conversation_id", LONGEST_NAME) or None,
        opening=_text(_object(agent, "initial_message"), "text", LONGEST_OPENING),
        instructions=_text(agent, "prompt_preamble", LONGEST_PREAMBLE) or None,
    )


def read_container(name: str | None) -> Container | None:
    """Raises:
    BadInput: `name` is given and names none.
    """
    match name:
        case None | "":
            return None
        case "wav" | "raw":
            return name
    raise BadInput("this format is not known: expected wav or raw")


def value(message: Message, name: str) -> object:
    """The field `name`, in snake_case or camelCase; None where it is left out."""
    first, *rest = name.split("_")
    return message.get(name, message.get(first + "".join(map(str.capitalize, rest))))


def _container(speaking: Message) -> Container | None:
    return read_container(_text(speaking, "container", LONGEST_NAME))


def _heard(hearing: Message) -> RawFormat:
    """What is sent has `downsampling` times the rate that is declared."""
    factor = _whole(hearing, "downsampling", 1)
    if not 1 <= factor <= MOST_DOWNSAMPLING or factor * _rate(hearing) > MAX_RATE:
        raise BadInput(
            f'"downsampling" has to be from 1 to {MOST_DOWNSAMPLING}, and with it the rate at most {MAX_RATE} Hz'
        )
    return RawFormat(encoding=_encoding(hearing), rate=_rate(hearing) * factor)


def _rate(audio: Message) -> int:
    rate = _whole(audio, "sampling_rate", HEARING_RATE)
    if not MIN_RATE <= rate <= MAX_RATE:
        raise BadInput(f'"sampling_rate" has to be from {MIN_RATE} to {MAX_RATE} Hz')
    return rate


def _encoding(audio: Message) -> Encoding:
    match _text(audio, "audio_encoding", LONGEST_NAME):
        case None | "" | "linear16":
            return Encoding.PCM16
        case "mulaw":
            return Encoding.MULAW
    raise BadInput('"audio_encoding" has to be "linear16" or "mulaw"')


def _object(message: Message, name: str) -> Message:
    found = value(message, name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadInput(f'"{name}" has to be an object')
    return found


def _flag(message: Message, name: str) -> bool:
    found = value(message, name)
    if not isinstance(found, bool | None):
        raise BadInput(f'"{name}" has to be true or false')
    return bool(found)


def _whole(message: Message, name: str, otherwise: int) -> int:
    found = value(message, name)
    if found is None:
        return otherwise
    if isinstance(found, bool) or not isinstance(found, (int, float)) or found != found // 1:
        raise BadInput(f'"{name}" has to be a whole number')
    return int(found)


def _text(message: Message, name: str, longest: int) -> str | None:
    found = value(message, name)
    if not isinstance(found, str | None):
        raise BadInput(f'"{name}" has to be a text')
    if found and len(found) > longest:
        raise BadInput(f'"{name}" has at most {longest} characters')
    return found
