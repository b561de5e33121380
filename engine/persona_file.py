"""A persona as one file, to be kept, changed and given to others: written as JSON, read as JSON or TOML."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from engine import personas
from engine.errors import BadInput, TooLarge
from engine.personas import Fields
from engine.records import Persona

FORMAT, VERSION = "rostrum.persona", 1
MOST_BYTES = 300_000
"""Twice what the longest persona takes."""


def written(persona: Persona) -> str:
    """The whole of `persona`, for a file."""
    return json.dumps(
        {"format": FORMAT, "version": VERSION} | personas.to_fields(persona), indent=2, ensure_ascii=False
    )


def name_of(persona: Persona) -> str:
    """What its file is called."""
    plain = re.sub(r"[^a-z0-9]+", "-", persona.name.lower()).strip("-") or "persona"
    return f"{plain}.persona.json"


def read(data: bytes) -> Fields:
    """The parts of the persona in a file, checked as a whole: what cannot be kept is said, and nothing has changed.

    Raises:
        BadInput, TooLarge: saying what is wrong, with the line or the part.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"the file: {len(data) // 1000:,} kB are too much, a persona has at most {MOST_BYTES // 1000} kB"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("the file: this is no text in UTF-8") from None
    fields = _fields(text)
    kind, version = fields.pop("format", FORMAT), fields.pop("version", VERSION)
    if kind != FORMAT:
        raise BadInput(f"format: expected {FORMAT}, found {str(kind)[:40]}")
    if version != VERSION:
        raise BadInput(f"version: expected {VERSION}, found {str(version)[:20]}: it was made by another Rostrum")
    missing = [part for part in ("name", "who", "questions") if part not in fields]
    if missing:
        raise BadInput(f"{missing[0]}: this is missing; a persona has at least a name, who, and questions")
    return personas.to_fields(personas.from_fields(fields, id="file"))


def _fields(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except json.JSONDecodeError as error:
            raise BadInput(f"the file: this is not JSON: line {error.lineno}, {error.msg.lower()}") from None
        except RecursionError:
            raise BadInput("the file: this is not a persona") from None
        return dict(found)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"the file: neither JSON nor TOML: {str(error)[:100]}") from None
