"""Who there is to talk with, and what a persona may be. Those that ship are in `data/personas/`, one file each, named
after their ids; own ones are kept by `people`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from engine import cutting_in, grounding
from engine.errors import BadInput, TooLarge
from engine.records import Document, Known, Persona
from engine.words import normal

FOLDER = Path(__file__).parents[1] / "data" / "personas"
PARTNER = "partner"
"""Id of the one that API clients talk with unless they name another."""
CLOSING = "It was good to talk with you. Goodbye."
KINDS: Mapping[str, str] = {
    "long": "",
    "number": "number",
    "amount": "quote",
    "time": "quote",
    "thing": "quote",
    "hedge": "quote",
    "yes": "",
    "no": "",
    "short": "",
    "claim": "quote",
    "quality": "quote",
    "reason": "",
    "unknown": "",
    "person": "phrase",
    "topic": "phrase",
}
"""What an answer may give reason to ask about, most pressing first, and what the question may name: the `number`, the
words as they were said (`quote`), or what was spoken of (`phrase`: "your pilot")."""
_TEXTS = {"name": (1, 60), "summary": (0, 200), "who": (1, 2000), "scene": (0, 1000), "opening": (0, 500)}
_TEXTS |= {"closing": (1, 500), "voice": (0, 100)}
_NUMBERS: dict[str, tuple[float, float]] = {"patience": (0.2, 5.0), "pace": (0.5, 2.0)}
_NUMBERS |= {"follow_ups": (0, 2), "brevity": (20, 500)}
_LISTS = {"questions": (1, 60, 300), "reactions": (0, 40, 80)}
"""How many at least and at most, and characters of each at most."""
_MOST_MATERIAL, MOST_SOURCE = 4, 400_000
_MOST_PROBES, _MOST_ANSWERS, _MOST_ASKED, _ASKED_LENGTH, _LINE_LENGTH = 12, 40, 20, 80, 300

Fields = Mapping[str, Any]
"""A persona as JSON or TOML has it; see `to_fields`."""


@cache
def shipped() -> tuple[Persona, ...]:
    """All that ship with Rostrum: the one for clients of the API, then the others in the order of their ids."""
    found = [from_fields(tomllib.loads(path.read_text("utf-8")), id=path.stem) for path in FOLDER.glob("*.toml")]
    return tuple(sorted(found, key=lambda persona: (persona.id != PARTNER, persona.id)))


def to_fields(persona: Persona) -> dict[str, Any]:
    """All that makes up `persona` but its `id` and whether it is `own`: JSON."""
    found = {name: getattr(persona, name) for name in _names()}
    found |= {name: list(found[name]) for name in ("questions", "probing", "reactions")}
    found["probes"] = {kind: list(lines) for kind, lines in persona.probes.items()}
    found["material"] = [{"kind": each.kind, "text": each.text} for each in persona.material]
    found["answers"] = [{"asked": list(known.asked), "says": known.says} for known in persona.answers]
    return found


def from_fields(given: Fields, *, id: str, own: bool = False) -> Persona:
    """The persona of `given`; what is left out has its default.

    Raises:
        BadInput, TooLarge: naming the part, what was expected, and what was found.
    """
    unknown = sorted(set(given) - set(_names()))
    if unknown:
        raise BadInput(f"{unknown[0][:40]}: a persona has no such part")
    given = {"summary": "", "scene": "", "opening": "", "closing": CLOSING} | dict(given)
    checked: dict[str, Any] = {name: _text(name, given.get(name, ""), *_TEXTS[name]) for name in _TEXTS}
    checked |= {name: _number(name, given[name]) for name in _NUMBERS if name in given}
    checked |= {name: _texts(name, given.get(name, ()), *_LISTS[name]) for name in _LISTS}
    checked["interrupts"] = cutting_in.named("interrupts", given.get("interrupts", "off"))
    checked["probing"] = _kinds(given.get("probing", ()))
    checked["probes"] = _probes(given.get("probes", {}))
    checked["answers"] = _answers(given.get("answers", ()))
    checked["material"] = _material(given.get("material", ()))
    return Persona(**checked, id=id, own=own)


def _names() -> list[str]:
    return [field.name for field in fields_of(Persona) if field.name not in ("id", "own")]


def _text(part: str, value: object, least: int, most: int) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{part}: expected text")
    if re.search("[\\x00\\ud800-\\udfff]", value):
        raise BadInput(f"{part}: expected text, found a character that is none")
    text = " ".join(value.split())
    if len(text) > most:
        raise TooLarge(f"{part}: {len(text):,} characters are too many, at most {most:,} are kept")
    if least and not any(map(str.isalnum, text)):
        raise BadInput(f"{part}: expected {least} to {most:,} characters with a word in them")
    return text


def _number(part: str, value: object) -> float:
    least, most = _NUMBERS[part]
    whole = isinstance(least, int)
    right = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not right or not least <= value <= most:  # type: ignore[operator]
        raise BadInput(f"{part}: expected a {'whole ' if whole else ''}number from {least} to {most}")
    return value  # type: ignore[return-value]


def _texts(part: str, value: object, least: int, most: int, length: int) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadInput(f"{part}: expected a list of texts")
    texts = tuple(_text(f"{part}[{number}]", each, 1, length) for number, each in enumerate(value, 1))
    if len(texts) > most:
        raise TooLarge(f"{part}: {len(texts)} are too many, at most {most} are kept")
    if len(texts) < least:
        raise BadInput(f"{part}: expected {least} to {most}, found {len(texts) or 'none'}")
    seen: dict[tuple[str, ...], int] = {}
    for number, text in enumerate(texts, 1):
        if (first := seen.setdefault(normal(text), number)) != number:
            raise BadInput(f"{part}[{number}]: the same as {part}[{first}]")
    return texts


def _kinds(value: object) -> tuple[str, ...]:
    kinds = _texts("probing", value, 0, len(KINDS), 40)
    for number, kind in enumerate(kinds, 1):
        _kind(f"probing[{number}]", kind)
    return kinds


def _kind(part: str, kind: object) -> None:
    if kind not in KINDS:
        raise BadInput(f"{part}: expected one of {', '.join(KINDS)}")


def _probes(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise BadInput("probes: expected lists of texts, by what they ask about")
    for kind, lines in value.items():
        _kind("probes", kind)
        for number, line in enumerate(_texts(f"probes.{kind}", lines, 0, _MOST_PROBES, _LINE_LENGTH), 1):
            _slots(f"probes.{kind}[{number}]", line, KINDS[kind])
            if "?" not in line:
                raise BadInput(f"probes.{kind}[{number}]: expected a question, with its question mark")
    return {kind: _texts(f"probes.{kind}", lines, 0, _MOST_PROBES, _LINE_LENGTH) for kind, lines in value.items()}


def _slots(part: str, line: str, slot: str) -> None:
    expected = f"nothing in braces but {{{slot}}}" if slot else "nothing in braces"
    try:
        found = [(name, more, sign) for _, name, more, sign in Formatter().parse(line) if name is not None]
    except ValueError:
        raise BadInput(f"{part}: expected {expected}") from None
    if any(each != (slot, "", None) for each in found) or len(found) > 1:
        raise BadInput(f"{part}: expected {expected}" + (", once" if slot else ""))


def _material(value: object) -> tuple[Document, ...]:
    """Without markup; pieces without a word are left out."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadInput('material: expected a list of {"kind": "...", "text": "..."}')
    found = []
    for number, each in enumerate(value, 1):
        part = f"material[{number}]"
        if not isinstance(each, Mapping) or set(each) != {"kind", "text"}:
            raise BadInput(f'{part}: expected {{"kind": "...", "text": "..."}}')
        if each["kind"] not in grounding.labels():
            raise BadInput(f"{part}.kind: expected one of {', '.join(grounding.labels())}")
        _text(f"{part}.text", each["text"], 0, MOST_SOURCE)
        text = grounding.plain(each["text"])
        if len(text) > grounding.LONGEST:
            raise TooLarge(
                f"{part}.text: {len(text):,} characters are too many, at most {grounding.LONGEST:,} are kept"
            )
        if any(map(str.isalnum, text)):
            found.append(Document(kind=each["kind"], text=text))
    if len(found) > _MOST_MATERIAL:
        raise TooLarge(f"material: {len(found)} are too many, at most {_MOST_MATERIAL} are kept")
    return tuple(found)


def _answers(value: object) -> tuple[Known, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadInput('answers: expected a list of {"asked": [...], "says": "..."}')
    found = []
    for number, each in enumerate(value, 1):
        part = f"answers[{number}]"
        if not isinstance(each, Mapping) or set(each) != {"asked", "says"}:
            raise BadInput(f'{part}: expected {{"asked": [...], "says": "..."}}')
        asked = _texts(f"{part}.asked", each["asked"], 1, _MOST_ASKED, _ASKED_LENGTH)
        found.append(Known(asked=asked, says=_text(f"{part}.says", each["says"], 1, _LINE_LENGTH)))
    if len(found) > _MOST_ANSWERS:
        raise TooLarge(f"answers: {len(found)} are too many, at most {_MOST_ANSWERS} are kept")
    return tuple(found)
