"""Follow-up questions without a language model: what is found in the words of a pitch, and what is missed in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from re import Pattern
from typing import Any
from zlib import crc32

from engine import notes as speaker_notes
from engine.followups.values import FollowUp
from engine.interview import lexicon
from engine.interview.cues import proof_wanted
from engine.knowledge import Knowledge
from engine.words import normal

FOLDER = Path(__file__).parents[2] / "data" / "followups"
MOST, MOST_OF_A_KIND = 12, 3
_CLAIMED = 4
"""Words beyond the telling ones that are quoted of a claim."""
_CLAUSE_ENDS = re.compile(r"[,;:.!?]|\s[-–—]\s|\s(?:and|but|because|so|which|while|when)\s")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{1,5}s?(?![\w-])")


def follow_ups(sentences: Sequence[str], notes: str) -> list[FollowUp]:
    """At most `MOST`, of each kind in turn, each kind in the order of the pitch. Some 20 ms: not for the event loop."""
    noted = [note.text for note in speaker_notes.read(notes)]
    kinds = [
        list(_numbers(sentences, noted)),
        list(_claims(sentences)),
        *([one] for one in _missing(sentences, Knowledge(sentences, notes))),
        list(_jargon(sentences, noted)),
    ]
    found = [one for row in zip_longest(*(kind[:MOST_OF_A_KIND] for kind in kinds)) for one in row if one]
    return found[:MOST]


def _numbers(sentences: Sequence[str], noted: Sequence[str]) -> Iterator[FollowUp]:
    """Amounts that somebody might want to see proved, where neither the pitch beside them nor a note says a source."""
    seen: set[str] = set()
    for sentence in sentences:
        number = _as_written(proof_wanted(sentence, lexicon.load().grammar), sentence)
        digits = _figure(number)
        backed = any(digits in normal(note) and _any("number", "sourced").search(note) for note in noted)
        told = backed or _any("number", "sourced").search(sentence) or _any("number", "own").search(sentence)
        if number and number.lower() not in seen and not told:
            seen.add(number.lower())
            yield _asked("number", sentence, number)


def _claims(sentences: Sequence[str]) -> Iterator[FollowUp]:
    for place, sentence in enumerate(sentences):
        plain = _any("claim", "plain").sub(lambda found: " " * len(found[0]), sentence)
        if not (match := _any("claim", "words").search(plain)):
            continue
        if not _any("claim", "shown").search(" ".join(sentences[place : place + 2])):
            yield _asked("claim", sentence, _clause(sentence, match.start(), match.end()))


def _clause(sentence: str, start: int, end: int) -> str:
    """What is claimed, from the telling words on: to the end of its clause, or a few words of it."""
    rest = _CLAUSE_ENDS.split(sentence[end:])[0].split()
    return " ".join([sentence[start:end], *rest[:_CLAIMED]])


def _jargon(sentences: Sequence[str], noted: Sequence[str]) -> Iterator[FollowUp]:
    seen: set[str] = set()
    for sentence in sentences:
        terms = [match[0] for match in _ACRONYM.finditer(sentence) if not sentence.isupper()]
        terms = [term for term in terms if term.removesuffix("s") not in _data()["jargon"]["known"]]
        terms += [match[0] for match in _any("jargon", "words").finditer(sentence)]
        for term in terms:
            if term.lower() not in seen and not _explained(term, [*sentences, *noted]):
                yield _asked("jargon", sentence, term)
            seen.add(term.lower())


def _explained(term: str, texts: Sequence[str]) -> bool:
    """Whether some text says what `term` stands for: "term (…)", "(term)", "term means …"."""
    name = re.escape(term)
    told = rf"{name}\s*\(|\(\s*{name}\s*\)|{name},?\s+(?:or|that is|meaning)\b|{name}\s+(?:is|are|means?|stands? for)\s"
    return any(re.search(told, text, re.IGNORECASE) for text in texts)


def _missing(sentences: Sequence[str], known: Knowledge) -> Iterator[FollowUp]:
    for topic in _data()["missing"] if sentences else ():
        if any(known.search(probe) for probe in topic["probes"]):
            continue
        near = set(topic["near"])
        at = next((s for s in sentences if near & set(normal(s))), sentences[-1 if topic.get("last") else 0])
        yield FollowUp(text=topic["asks"], why=topic["why"], sentence=at, kind=topic["name"])


def _asked(kind: str, sentence: str, quote: str) -> FollowUp:
    """One of the ways to ask, the same for the same sentence."""
    ways = _data()[kind]["asks"]
    text = ways[crc32(sentence.encode()) % len(ways)].format(quote=quote)
    return FollowUp(text=text, why=_data()[kind]["why"], sentence=sentence, quote=quote, kind=kind)


def _as_written(number: str, sentence: str) -> str:
    """`number`, whose words may be in lower case, as it stands in `sentence`; "" where it does not."""
    if not number:
        return ""
    words = r"[\s-]+".join(map(re.escape, number.split()))
    found = re.search(words.replace("%", r"\s*%"), sentence, re.IGNORECASE)
    return found[0] if found else ""


def _figure(number: str) -> str:
    return next(iter(normal(number)), "")


@cache
def _any(kind: str, name: str) -> Pattern[str]:
    phrases = sorted(_data()[kind][name], key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, phrases))})(?![\w-])", re.IGNORECASE)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
