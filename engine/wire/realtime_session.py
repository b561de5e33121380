"""What `/api/v1/streaming/realtime` calls a session: how a conversation is to be held, as a client may change it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from engine.errors import BadInput
from engine.media import RawFormat
from engine.messages import Brief, Input, Patience, Retune

RATES = {"pcm16": 24_000, "g711_ulaw": 8_000, "g711_alaw": 8_000}
"""Hz of each audio format, where the client declares no other."""
HANGOVER = 0.25
"""Seconds of silence that voice activity detection takes to find the end of speech: patience runs after it."""
PATIENCE = (0.1, 10.0)
"""Seconds: less cuts people off between two words, more is taken for deafness."""
LONGEST_INSTRUCTIONS = 20_000
"""Characters."""
MOST_TOKENS = 4096
"""Of a reply: the document's default, and what "inf" means."""

Object = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The whole effective configuration. `patience` in seconds, None: turns end when the client commits them;
    `input_rate` in Hz. `model` and `hears` name who thinks and hears; `voices` are those to choose from."""

    id: str = ""
    model: str
    hears: str
    voices: Sequence[str]
    persona_voice: str = ""
    voice: str
    language: str = "en"
    instructions: str
    temperature: float = 0.8
    most_tokens: int = MOST_TOKENS
    input_format: str = "pcm16"
    input_rate: int = RATES["pcm16"]
    output_format: str = "pcm16"
    patience: float | None
    usual_patience: float
    """The persona's, for a client that asks for detection without saying how patient it is to be."""

    @property
    def raw(self) -> RawFormat:
        """What audio without a header is."""
        return RawFormat(encoding=self.input_format, rate=self.input_rate)

    def told(self) -> Object:
        """As the client is told of it."""
        silence = None if self.patience is None else round((self.patience + HANGOVER) * 1000)
        return {
            "id": self.id,
            "voice": self.voice,
            "language": self.language,
            "model": self.model,
            "instructions": self.instructions,
            "temperature": self.temperature,
            "max_response_output_tokens": self.most_tokens,
            "input_audio_format": self.input_format,
            "output_audio_format": self.output_format,
            "sample_rate": self.input_rate,
            "input_audio_transcription": {"model": self.hears},
            "turn_detection": None if silence is None else {"type": "server_vad", "silence_duration_ms": silence},
            "tools": [],
            "tool_choice": "none",
        }


def updated(session: Session, update: Object) -> tuple[Session, Sequence[Input]]:
    """`session` after a client's `update`, and what the conversation has to be told. What is null or left out stays,
    but for turn detection, where null means none.

    Raises:
        BadInput: a value that cannot be used; nothing of the update holds then.
    """
    session, patience = _patience(session, update)
    session = _formats(session, update)
    given = Brief(
        instructions=_text(update, "instructions", LONGEST_INSTRUCTIONS),
        language=_language(update),
        temperature=number(update, "temperature", 0, 2),
        most_tokens=_most_tokens(update),
    )
    voice = _text(update, "voice", 100)
    inputs: list[Input] = [given, *patience]
    if voice is not None:
        inputs.append(Retune(voice=voice if voice in session.voices else session.persona_voice))
    kept = {
        "voice": voice,
        "instructions": given.instructions,
        "language": given.language,
        "temperature": given.temperature,
        "most_tokens": given.most_tokens,
    }
    return replace(session, **{name: value for name, value in kept.items() if value is not None}), inputs  # type: ignore[arg-type]


def _patience(session: Session, update: Object) -> tuple[Session, Sequence[Input]]:
    if "turn_detection" not in update:
        return session, ()
    detection = update["turn_detection"]
    if isinstance(detection, str):
        detection = {"type": detection}
    if detection is None or detection == {"type": "none"}:
        return replace(session, patience=None), ()
    if not isinstance(detection, dict) or detection.get("type", "server_vad") not in ("server_vad", "semantic_vad"):
        raise BadInput('"turn_detection" has to be null, or an object with "type": "server_vad" or "none"')
    silence = number(detection, "silence_duration_ms", 0, 1e9)
    if silence is None:
        seconds = session.usual_patience
    else:
        seconds = min(max(silence / 1000 - HANGOVER, PATIENCE[0]), PATIENCE[1])
    return replace(session, patience=seconds), (Patience(seconds=seconds),)


def _formats(session: Session, update: Object) -> Session:
    taken = _format(update, "input_audio_format")
    if taken:
        session = replace(session, input_format=taken, input_rate=RATES[taken])
    made = _format(update, "output_audio_format")
    if made:
        session = replace(session, output_format=made)
    return declared(session, update)


def declared(session: Session, message: Object) -> Session:
    """`session` with the `sample_rate` (Hz) that a client declares for its samples; it holds until another is.

    Raises:
        BadInput: it is no usable rate.
    """
    rate = number(message, "sample_rate", 0, 1e9)
    if rate is None:
        return session
    if rate != int(rate):
        raise BadInput('"sample_rate" has to be a whole number of Hz')
    session = replace(session, input_rate=int(rate))
    _ = session.raw  # refuses what nobody records in
    return session


def _format(update: Object, name: str) -> str | None:
    value = update.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in RATES:
        raise BadInput(f'"{name}" has to be one of {", ".join(RATES)}')
    return value


def _text(update: Object, name: str, longest: int) -> str | None:
    value = update.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise BadInput(f'"{name}" has to be a text of at most {longest:,} characters')
    return value


def _language(update: Object) -> str | None:
    value = _text(update, "language", 35)
    if value is not None and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        raise BadInput('"language" has to be a code such as "en" or "en-GB"')
    return value


def _most_tokens(update: Object) -> int | None:
    if update.get("max_response_output_tokens") == "inf":
        return MOST_TOKENS
    value = number(update, "max_response_output_tokens", 1, MOST_TOKENS)
    if value is not None and value != int(value):
        raise BadInput('"max_response_output_tokens" has to be a whole number, or "inf"')
    return None if value is None else int(value)


def number(message: Object, name: str, least: float, most: float) -> float | None:
    """A number of `message`; None where it is null or missing.

    Raises:
        BadInput: it is no number, or outside of `least` to `most`.
    """
    value = message.get(name)
    if value is None:
        return None
    if (
        not isinstance(value, (int, float))
        or isinstance(value, bool)
        or not isfinite(value)
        or not least <= value <= most
    ):
        raise BadInput(f'"{name}" has to be a number from {least:g} to {most:g}')
    return value
