"""The words of a line as they are read, punctuation and all, with the times and findings of the words as heard."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from engine.analysis.thresholds import LONGEST_SESSION
from engine.analysis.tokens import sane
from engine.analysis.values import Line, Mark
from engine.providers.base import Word
from engine.spans import share_time

SURE, POSSIBLE = "sure", "possible"
_BUCKETS = {"filler": SURE, "possible_filler": POSSIBLE}
_ENDS = ".!?…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word as read, `start` to `end` in seconds of the session; `filler`: "sure", "possible" or "" (none).
    `confidence` None: nobody said when it was spoken, and its times are a guess from the length of the words."""

    text: str
    start: float
    end: float
    filler: str = ""
    confidence: float | None = None


def plain(text: str) -> str:
    """One line without control characters: what any format can hold."""
    return " ".join("".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text).split())


def fillers_of(marks: Iterable[Mark]) -> Mapping[int, Sequence[Mark]]:
    """The marks of fillers, sure and possible, by the line they are in."""
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.line is not None and mark.layer in _BUCKETS:
            found.setdefault(mark.line, []).append(mark)
    return found


def words_read(line: Line, fillers: Mapping[int, Sequence[Mark]]) -> tuple[ReadWord, ...]:
    """The words of `line.text`. Those that whoever heard them spelled otherwise ("$30" for "thirty dollars") share the
    time of what they stand for."""
    texts = plain(line.text).split()
    if not line.words:
        return _guessed(texts, line.start, line.end)
    buckets = _buckets(line, fillers.get(line.id, ()))
    if len(texts) == len(line.words):
        return tuple(_heard(*each) for each in zip(texts, line.words, buckets, strict=True))
    found: list[ReadWord] = []
    matcher = SequenceMatcher(None, _normal(texts), _normal(word.text for word in line.words), autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        words = line.words[begin:end]
        if last - first == len(words):
            found += map(_heard, texts[first:last], words, buckets[begin:end])
        elif last > first:
            since = words[0].start if words else found[-1].end if found else line.start
            until = words[-1].end if words else line.words[begin].start if begin < len(line.words) else line.end
            kinds = set(buckets[begin:end])
            filler = kinds.pop() if len(kinds) == 1 else ""
            found += (replace(token, filler=filler) for token in _guessed(texts[first:last], since, until))
    return tuple(found)


def clean(found: Sequence[ReadWord]) -> tuple[ReadWord, ...]:
    """Without the fillers that are sure, as a careful writer would leave them out: the next word begins the sentence,
    the last one ends it."""
    kept: list[ReadWord] = []
    begins = False
    for position, token in enumerate(found):
        if token.filler == SURE:
            begins = begins or (token.text[:1].isupper() and _opens(found, position))
            tail = token.text[-1:]
            if kept and tail in _ENDS and kept[-1].text[-1:] not in _ENDS:
                kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(",;:—–-") + tail)
            continue
        text = token.text[:1].upper() + token.text[1:] if begins else token.text
        kept.append(replace(token, text=text))
        begins = False
    return tuple(kept)


def text_of(found: Iterable[ReadWord]) -> str:
    return " ".join(token.text for token in found)


def _opens(found: Sequence[ReadWord], position: int) -> bool:
    return position == 0 or found[position - 1].text[-1:] in _ENDS


def _buckets(line: Line, marks: Iterable[Mark]) -> list[str]:
    """Which kind of filler each word of the line is."""
    buckets = [""] * len(line.words)
    for mark in marks:
        if mark.first is None or mark.last is None:
            continue
        for at in range(max(0, mark.first), min(mark.last + 1, len(buckets))):
            buckets[at] = buckets[at] if buckets[at] == SURE else _BUCKETS[mark.layer]
    return buckets


def _heard(text: str, word: Word, filler: str) -> ReadWord:
    start, end = sane(word.start, word.end, LONGEST_SESSION) or (0.0, 0.0)
    return ReadWord(text=text, start=start, end=end, filler=filler, confidence=word.confidence)


def _guessed(texts: Sequence[str], start: float, end: float) -> tuple[ReadWord, ...]:
    start, end = sane(start, end, LONGEST_SESSION) or (0.0, 0.0)
    joined, stretches, at = " ".join(texts), [], 0
    for text in texts:
        stretches.append((at, at + len(text)))
        at += len(text) + 1
    spans = share_time(joined, stretches, start, end)
    return tuple(ReadWord(text=text, start=span.start, end=span.end) for text, span in zip(texts, spans, strict=True))


def _normal(texts: Iterable[str]) -> list[str]:
    return ["".join(filter(str.isalnum, text.casefold())) for text in texts]
