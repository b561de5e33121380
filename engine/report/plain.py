"""What a text must be like to be shown: plain, short, in letters that are what they look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_MARKS = frozenset(" .,;:!?'\"()-–—…%&/+$€£°“”‘’„«»")
"""All that may stand between letters and figures: no markup is written without another."""
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_ADDRESS = re.compile(r"//|\bwww\.|\w{2,}\.[a-z]{2,}\b|\bhttps?\b|\bdot (?:com|org|net|io)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_LISTED = re.compile(r"\s*(?:[-–—+•]\s|\d+[.)]\s)")
_ELLIPSIS = re.compile(r"\.{4,}|[!?]{2,}")


def tidy(text: str) -> str:
    """`text` composed (NFC), with plain spaces and hyphens: what a model may write differently and mean the same."""
    composed = unicodedata.normalize("NFC", text).replace("\u2011", "-").replace("\u2010", "-")
    return " ".join("".join(" " if unicodedata.category(c) == "Zs" else c for c in composed).split(" ")).strip()


def straight(text: str) -> str:
    """`text` with straight quotation marks, as long as it was."""
    return text.translate(_STRAIGHT)


def unfit(text: str, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """What keeps `text` from being shown. `known`: characters beyond Latin that the conversation itself was written
    in."""
    strange = {char for char in text if not _plain(char) and char not in known}
    if strange:
        yield f"it holds {', '.join(sorted(map(_name, strange))[:3])}; plain words and punctuation only"
    if _ADDRESS.search(text):
        yield "it holds an address"
    if _ENTITY.search(text) or _LISTED.match(text) or _ELLIPSIS.search(text):
        yield "it holds markup"


def characters(texts: Iterable[str]) -> frozenset[str]:
    """The letters and accents beyond ASCII that a conversation was written in: what a report on it may be written in.
    Never figures, nor anything that cannot be seen."""
    found = {char for text in texts for char in unicodedata.normalize("NFC", text) if ord(char) > 127}
    return frozenset(char for char in found if unicodedata.category(char) in ("Lu", "Ll", "Lo", "Mn", "Mc"))


def _plain(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in _MARKS
    if char in _MARKS:
        return True
    latin = unicodedata.category(char) in ("Lu", "Ll") and unicodedata.name(char, "").startswith("LATIN ")
    return latin and unicodedata.normalize("NFKC", char) == char


def _name(char: str) -> str:
    return repr(char) if char.isprintable() and char.isascii() else f"U+{ord(char):04X}"
