"""Stretches of a text that is to be spoken: its words, pieces small enough to synthesize at once, and when words sound.

Pure functions of text; positions are characters of the text given, the end exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from engine.providers.base import WordSpan

Stretch = tuple[int, int]

PIECE = 400
"""Characters that are synthesized in one go: about 25 s of speech, 25 ms of computing."""

SENTENCE_PAUSE, CLAUSE_PAUSE = 0.25, 0.1
"""Seconds of silence that a voice leaves after a sentence (or whatever it was given) and inside one, at speed 1."""

_RUN = re.compile(r"[^\s—]+")
_SPOKEN = re.compile(r"[^\W_]|[&+=%@#$€£]")
_SENTENCE_ENDS, _CLAUSE_ENDS = frozenset(".!?…"), frozenset(",;:")
_BORDERS = (
    re.compile(r"[.!?…]+[\"'”’)\]]*\s+|\n\s*\n"),
    re.compile(r"[,;:][\"'”’)\]]*\s+|\s*—\s*|\s+–\s+"),
    re.compile(r"\s+"),
)

_WORD_SHARE, _DIGIT_SHARE = 1.0, 5.0
"""What a word takes however short it is, and a digit, in letters: fitted to espeak-ng's own times."""
_CLAUSE_SHARE, _SENTENCE_SHARE = 3.0, 6.0
"""Pauses after a comma and after a full stop, in letters (a letter lasts about 65 ms at a normal pace)."""


def words_of(text: str) -> tuple[Stretch, ...]:
    """The words that a voice pronounces: runs between white space (or long dashes) that hold a letter, a digit or a
    sign with a name, punctuation included."""
    return tuple(run.span() for run in _RUN.finditer(text) if _SPOKEN.search(run.group()))


def pieces_of(text: str, limit: int = PIECE) -> tuple[Stretch, ...]:
    """`text` cut into stretches of at most `limit` characters that hold a word: at the last end of a sentence within
    reach, else of a clause, else between words, else anywhere. A text within the limit is one piece."""
    pieces: list[Stretch] = []
    first = 0
    while first < len(text):
        last = _cut(text, first, limit)
        if _SPOKEN.search(text, first, last):
            pieces.append((first, last))
        first = last
    return tuple(pieces)


def _cut(text: str, first: int, limit: int) -> int:
    reach = first + limit
    if len(text) <= reach:
        return len(text)
    for border in _BORDERS:
        ends = [match.end() for match in border.finditer(text, first, reach)]
        if ends and ends[-1] > first + limit // 4:
            return ends[-1]
    return reach


def pause_after(text: str, end: int) -> float:
    """Seconds of silence that belong after the piece of `text` that ends at `end`, at speed 1."""
    whole = end >= len(text) or _tail(text[:end].rstrip()) in _SENTENCE_ENDS
    return SENTENCE_PAUSE if whole else CLAUSE_PAUSE


def _tail(text: str) -> str:
    """The last sign that is no closing quote or bracket; "" where there is none."""
    return text.rstrip("\"'”’)]")[-1:]


def share_time(text: str, words: Sequence[Stretch], start: float, end: float) -> tuple[WordSpan, ...]:
    """Spans for `words` of `text` that together sound from `start` to `end` seconds, in proportion to their length in
    letters, with gaps after punctuation."""
    shares = [_shares(text[first:last]) for first, last in words]
    if words:
        shares[-1] = (shares[-1][0], 0.0)
    total = sum(word + gap for word, gap in shares)
    spans: list[WordSpan] = []
    done = 0.0
    for (first, last), (word, gap) in zip(words, shares, strict=True):
        begin = start + (end - start) * done / total
        stop = start + (end - start) * min(1.0, (done + word) / total)
        spans.append(WordSpan(first=first, last=last, start=begin, end=stop))
        done += word + gap
    return tuple(spans)


def weight(text: str) -> float:
    """How long `text` takes to say, in letters at a normal pace (65 ms each), with the pauses inside it."""
    shares = [_shares(text[first:last]) for first, last in words_of(text)]
    return sum(word + gap for word, gap in shares) - (shares[-1][1] if shares else 0.0)


def _shares(word: str) -> tuple[float, float]:
    spoken = sum(_SPOKEN.match(letter) is not None for letter in word)
    digits = sum(letter.isdigit() for letter in word)
    tail = _tail(word)
    gap = _SENTENCE_SHARE if tail in _SENTENCE_ENDS else _CLAUSE_SHARE if tail in _CLAUSE_ENDS else 0.0
    return _WORD_SHARE + spoken + (_DIGIT_SHARE - 1) * digits, gap


def estimate_words(
    text: str, seconds: float, start: float = 0.0, stretch: Stretch | None = None
) -> tuple[WordSpan, ...]:
    """When the words of `text` (or of its part `stretch`) probably sound, for a voice that does not say: the speech
    lasts `seconds` from `start`, without silence around it."""
    first, last = stretch or (0, len(text))
    words = [(first + begin, first + end) for begin, end in words_of(text[first:last])]
    return share_time(text, words, start, start + seconds)


class WordTimer:
    """Turns a synthesizer's word events into one span a word, in order.

    Events may be several for one word (numbers) or one for several words ("of the"): words that got none share the
    time of the word before them. Events that go backwards or point between words are ignored.
    """

    def __init__(self, text: str, words: Sequence[Stretch]) -> None:
        self._text = text
        self._words = words
        self._starts = [first for first, _ in words]
        self._next = 0
        self._begun: float | None = None

    def heard(self, position: int, at: float) -> tuple[WordSpan, ...]:
        """The sound of the character at `position` begins `at` seconds in: the spans of the words before it."""
        word = bisect_right(self._starts, position) - 1
        if word < self._next or position >= self._words[word][1]:
            return ()
        if self._begun is None:
            self._begun = 0.0 if word else at
        if word == self._next:
            return ()
        return self._close(word, at)

    def finish(self, at: float) -> tuple[WordSpan, ...]:
        """The last sound ends `at` seconds in: the spans of all words that are left."""
        return self._close(len(self._words), at)

    def _close(self, word: int, at: float) -> tuple[WordSpan, ...]:
        begun = self._begun or 0.0
        at = max(at, begun)
        spans = share_time(self._text, self._words[self._next : word], begun, at)
        self._next, self._begun = word, at
        return spans
