"""The words of a transcript, in order and in time, whatever was wrong with the times that came with them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.analysis import thresholds
from engine.analysis.values import Evidence, Line
from engine.analysis.written import is_hesitation, pieces, spoken
from engine.words import normal

_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_PAUSES = re.compile(r"\.\.\.|…")
_PUNCTUATION = re.compile(r"[.,;:?!…—–]+|--+")
_CLITICS = frozenset({"n't", "'s", "'m", "'re", "'ve", "'d", "'ll"})
_SHORTEST = 0.02
"""Seconds that a word without length is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word as it was said. `word`: lower case, no punctuation; `text` as written. `start` and `end` are sane: finite,
    in order, within the session. `place`: its index within the line's `words`, None where the line has none; `timed`:
    its own time is known (else its share of the line's); `typed`: it was never spoken."""

    word: str
    text: str
    start: float
    end: float
    speaker: str
    line: int
    place: int | None
    timed: bool = True
    typed: bool = False

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2

    @property
    def hesitation(self) -> bool:
        """Whether it is an um or uh, which is no word."""
        return is_hesitation(self.word)

    @property
    def ends_sentence(self) -> bool:
        return bool(_ENDS.search(self.text)) and not _PAUSES.search(self.text)

    @property
    def asks(self) -> bool:
        return "?" in self.text[-3:]


def sane(start: float, end: float, latest: float) -> tuple[float, float] | None:
    """The two times in order and within 0 to `latest`; None where they are no numbers."""
    if not (math.isfinite(start) and math.isfinite(end)):
        return None
    start, end = min(start, end), max(start, end)
    return min(max(start, 0.0), latest), min(max(end, 0.0), latest)


def length(seconds: float, ends: Iterable[float]) -> float:
    """How long the session is: `seconds`, or as far as its lines reach, at most a day."""
    known = [end for end in (seconds, *ends) if math.isfinite(end) and 0 <= end <= thresholds.LONGEST_SESSION]
    return max(known, default=0.0)


def tokens(lines: Sequence[Line], latest: float) -> tuple[Token, ...]:
    """The words of `lines` in the order of the transcript."""
    found: list[Token] = []
    before = 0.0
    for line in sorted(lines, key=lambda line: (line.start if math.isfinite(line.start) else 0.0, line.id)):
        times = sane(line.start, line.end, latest) or (before, before)
        found += _whole(_timed(line, times, latest) if line.words else _shared(line, times))
        before = times[1]
    return tuple(found)


def _whole(row: Iterable[Token]) -> list[Token]:
    """The words of a line, "do" and "n't" as one."""
    found: list[Token] = []
    for token in row:
        if found and token.text.lower() in _CLITICS:
            head = found.pop()
            word, text = head.word + token.text.lower(), head.text + token.text
            found.append(replace(head, word=word, text=text, end=max(head.end, token.end)))
        else:
            found.append(token)
    return found


def _timed(line: Line, times: tuple[float, float], latest: float) -> Iterator[Token]:
    written = _as_written(line)
    at = times[0]
    for place, word in enumerate(line.words):
        start, end = sane(word.start, word.end, latest) or (at, at)
        at = end
        parts = [(text, bare) for text in pieces(written[place]) if (bare := _bare(text))]
        step = (max(end, start + _SHORTEST) - start) / (len(parts) or 1)
        for number, (text, bare) in enumerate(parts):
            begin = start + number * step
            yield Token(
                word=bare,
                text=text,
                start=begin,
                end=begin + step,
                speaker=line.speaker,
                line=line.id,
                place=place,
            )


def _as_written(line: Line) -> list[str]:
    """The text of each word, with the punctuation of the line where the two agree word by word, and with the
    punctuation that came as words of its own."""
    written = line.text.split()
    said = [word.text for word in line.words]
    agree = len(written) == len(said) and all(
        _bare(text) == _bare(word) for text, word in zip(written, said, strict=True)
    )
    found = written if agree else said
    for place in range(len(found) - 1, 0, -1):
        if _PUNCTUATION.fullmatch(found[place]):
            found[place - 1 : place + 1] = [found[place - 1] + found[place], ""]
    return found


def _shared(line: Line, times: tuple[float, float]) -> list[Token]:
    """The words of a line without times: each has a share of the line's time, by its length in letters."""
    parts = [(text, bare) for text in pieces(line.text) if (bare := _bare(text))]
    begin, end = times
    typed = end - begin < thresholds.TYPED * len(parts)
    letters = sum(len(bare) + 2 for _, bare in parts)
    found: list[Token] = []
    for text, bare in parts:
        stop = begin + (times[1] - times[0]) * (len(bare) + 2) / letters
        found.append(
            Token(
                word=bare,
                text=text,
                start=begin,
                end=max(stop, begin + _SHORTEST),
                speaker=line.speaker,
                line=line.id,
                place=None,
                timed=False,
                typed=typed,
            )
        )
        begin = stop
    return found


def _bare(text: str) -> str:
    """The word in `text`; "" where it is none: punctuation, or a note such as "[laughter]"."""
    return "".join(normal(spoken(text)))


def text_of(words: Sequence[Token]) -> str:
    return " ".join(token.text for token in words)


def opening(words: Sequence[Token]) -> str:
    """The words by which a long stretch is quoted."""
    return text_of(words[: thresholds.OPENING])


def evidence_of(words: Sequence[Token], start: float | None = None, end: float | None = None) -> Evidence:
    """The moment of `words`, at least one, or from `start` to `end`."""
    return Evidence(
        start=words[0].start if start is None else start,
        end=max(token.end for token in words) if end is None else end,
        text=text_of(words),
        speaker=words[0].speaker,
        line=words[0].line,
    )


def mark_of(words: Sequence[Token]) -> dict[str, Any]:
    """Where `words` stand, as `Mark` takes it: those of the first line, if they go on into the next."""
    same = [token for token in words if token.line == words[0].line]
    places = [token.place for token in same if token.place is not None]
    return {
        "start": same[0].start,
        "end": max(token.end for token in same),
        "text": text_of(same),
        "line": same[0].line,
        "first": min(places) if places else None,
        "last": max(places) if places else None,
    }
