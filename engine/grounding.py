"""Material that is brought to a talk: a CV, a job advert, the text of a deck or of a web page. Read as plain text, and
asked about by what really stands in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path, PurePath
from typing import Any

from engine import markdown
from engine.errors import BadInput
from engine.interview import lexicon
from engine.interview.cues import proof_wanted
from engine.knowledge import Knowledge
from engine.providers.base import Passage
from engine.records import Document
from engine.sentences import split
from engine.words import normal

DATA = Path(__file__).parents[1] / "data" / "grounding" / "en.toml"
LONGEST = 30_000
"""Characters of one piece of material: a CV has 3,000, a long advert 8,000."""
MOST_BYTES = 400_000
"""Of a file: what a web page's source is more than its text."""
ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm")
MOST_ASKED = 6
"""Questions about it that are woven into a talk: the rest of the talk is the persona's own."""
BUDGET = 6_000
"""Characters of it that a language model is given with a turn: what bears on it first."""
SHORTEST, LONGEST_QUOTE = 4, 18
"""Words of a line that is asked about."""
_PRIVATE = re.compile(
    r"\S+@\S+|https?:|www\.|\+?\d[\d /().-]{7,}|\b(?:phone|e-?mail|address|born|date of birth)\b", re.I
)
_HTML = re.compile(r"<(?:!doctype html|html|body|head|div|p|li|h[1-6]|table|section|article)\b", re.IGNORECASE)
_BULLET = re.compile(r"^[\s\-–—*•·▪●◦>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something concrete of it: a line (`quote`), and what kind of thing: a key of its kind's `asks`."""

    kind: str
    quote: str
    why: str


def labels() -> dict[str, str]:
    """What kinds of material there are, as one chooses among them."""
    return {kind: str(row["label"]) for kind, row in _data()["kinds"].items()}


def plain(text: str) -> str:
    """`text` as it would be read: of the source of a web page, its words."""
    if _HTML.search(text[:5_000]):
        text = markdown.of_html(text)
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def of_file(name: str, data: bytes) -> str:
    """The text of a file that was given.

    Raises:
        BadInput: it is of a kind that cannot be read, too large, no text, or empty; with what to do instead.
    """
    called = PurePath(name).name[:60] or "the file"
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        expected = "text, Markdown and HTML files (.txt, .md, .html)"
        raise BadInput(f"{called}: only {expected} can be read. Of anything else, paste the text")
    if len(data) > MOST_BYTES:
        raise BadInput(f"{called}: {len(data) // 1000:,} kB are too much, at most {MOST_BYTES // 1000} kB are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{called}: this is no text in UTF-8. Save it as such, or paste the text") from None
    text = markdown.of_html(text) if ending in (".html", ".htm") else text
    if not any(map(str.isalnum, text)):
        raise BadInput(f"{called}: there is no word in it")
    return plain(text)


def questions(material: Sequence[Document]) -> list[str]:
    """What to ask about it: of each piece in turn, what is most concrete first. Only what stands there is quoted."""
    found = [[_question(document, point) for point in points(document)] for document in material]
    return [one for one in chain.from_iterable(zip_longest(*found)) if one][:MOST_ASKED]


def woven(own: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """The persona's `own` questions with those about the material: the first own one first, then in turn."""
    return tuple(one for pair in zip_longest(own, asked) for one in pair if one)


def points(document: Document) -> list[Point]:
    """What of it can be asked about, the most telling first: each line once."""
    found = {point.quote.casefold(): point for point in _points(document)}
    order = list(_data()["kinds"][document.kind]["asks"])
    return sorted(found.values(), key=lambda point: order.index(point.why))


class Material:
    """All that was brought to one talk, indexed. May be searched from any thread."""

    def __init__(self, material: Sequence[Document]) -> None:
        """Some 10 ms for each: not for the event loop."""
        text = "\n\n".join(document.text for document in material)
        self._whole = text if len(text) <= BUDGET else ""
        self._named = [(str(_data()["kinds"][each.kind]["name"]), each.text) for each in material]
        self._knowledge = Knowledge((), text) if material else None
        self._points = [point.quote for document in material for point in points(document)]

    def passages(self, said: str) -> tuple[Passage, ...]:
        """What a language model is given with what was `said`: all of it where it is short, else what bears on it, and
        then what is most concrete."""
        if self._knowledge is None:
            return ()
        if self._whole:
            return tuple(Passage(text=f"{name}: {text}", source="material") for name, text in self._named)
        found = [passage.text for passage in self._knowledge.search(said, limit=5)] if said else []
        left, kept = BUDGET, []
        for text in dict.fromkeys([*found, *self._points]):
            left -= len(text)
            if left < 0:
                break
            kept.append(Passage(text=text, source="material"))
        return tuple(kept)


def _points(document: Document) -> Iterator[Point]:
    asks = _data()["kinds"][document.kind]["asks"]
    for line in _lines(document.text):
        why = next((why for why in asks if why != "plain" and _is(why, line)), "plain")
        if why != "plain" or document.kind != "cv":  # of a CV, whatever is no deed is a heading or a name
            yield Point(kind=document.kind, quote=line, why=why)


def _lines(text: str) -> Iterator[str]:
    """Lines and sentences that can be quoted whole, or from their beginning."""
    for row in text.splitlines():
        for sentence in split(_BULLET.sub("", row)) or ():
            words = sentence.split()
            if len(words) >= SHORTEST and not _PRIVATE.search(sentence) and not sentence.endswith("?"):
                yield (
                    sentence if len(words) <= LONGEST_QUOTE else " ".join(words[:LONGEST_QUOTE]).rstrip(",;:–—-") + " …"
                )


def _is(why: str, line: str) -> bool:
    if why == "figure":
        return bool(proof_wanted(line, lexicon.load().grammar)) or bool(re.search(r"\d\s*%|[$€£]\s*\d", line))
    said = f" {' '.join(normal(line))} "
    found = [f" {' '.join(normal(phrase))} " for phrase in _data()["found"][why]]
    return any(phrase in said for phrase in found)


def _question(document: Document, point: Point) -> str:
    row = _data()["kinds"][document.kind]
    quote = point.quote.rstrip(".")
    return f"{row['name']} says: “{quote}”. {row['asks'][point.why]}"


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
