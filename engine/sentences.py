"""Sentences of plain text or Markdown as they are spoken: a whole text (`split`), a growing one (`SentenceStream`).

A border is only ever put between two words (what white space separates), so that no word is lost, cut or moved: the
sentences joined by spaces are the words of the text without its markup. An ellipsis is a pause, never a border.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import takewhile

from engine import words as vocabulary
from engine.markdown import Block, blocks

LONGEST = 300
"""Characters. A longer sentence is spoken in parts, cut at clauses: an interruption should not cost a minute."""
_SHORTEST_PART = 60
_EARLY = 40
"""Characters after which the first clause of a growing text may be spoken before its sentence is complete."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\.")
_STOP = re.compile(r"[.!?]+\Z")
_MARKER = re.compile(r"\d{1,2}\.")
_EDGES = re.compile(r"\A\W+|\W+\Z")
_CLOSERS = frozenset({"Pe", "Pf", "Pi", "Pd", "So", "Sk", "Cf", "Mn"})
_DASHES = "-–—"
_UNSETTLED = re.compile(r"[*`<|\[\]\\]|~~|(?<!\w)_|_(?!\w)")
"""Markup whose other end may still come and take it away: nobody knows yet whether it is spoken."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n[ \t]*\Z")


def split(text: str) -> list[str]:
    """The sentences of `text` in spoken order. Headings, list items and table rows are sentences of their own. Link
    targets, pictures, code blocks, comments and front matter are not spoken. No sentence is empty or longer than
    `LONGEST`, but for a single word that is."""
    found: list[str] = []
    for block in blocks(text):
        sentences, rest = _sentences(block.text.split(), whole=True)
        found += sentences + _parts(rest)
    return found


class SentenceStream:
    """`split` for a text that is still being written, as a language model writes it.

    A sentence is given out as soon as what follows cannot change it: when the next word has begun. The very first
    clause is given out earlier, at a comma or dash, so that speech starts soon. One stream is one text.
    """

    def __init__(self) -> None:
        self._raw = ""
        self._given = 0
        """Words of `_raw`'s blocks that were given out."""
        self._started = False

    def push(self, piece: str) -> list[str]:
        """Take the next piece; return the sentences that became certain with it, often none."""
        self._raw += piece
        return list(self._release(ended=False))

    def flush(self) -> list[str]:
        """The text is complete: return all that was held back. The stream is then as new."""
        rest = list(self._release(ended=True))
        self._raw, self._given, self._started = "", 0, False
        return rest

    def _release(self, *, ended: bool) -> Iterator[str]:
        # Markers at the very end may still grow ("*" to "**"): without them, what they would close stays open.
        found = blocks(self._raw if ended else self._raw.rstrip("*_`~"))
        skip = self._given
        ended = ended or _BLANK_LINE.search(self._raw) is not None
        for index, block in enumerate(found):
            words = block.text.split()
            words, skip = words[skip:], max(0, skip - len(words))
            for sentence in self._of_block(words, closed=ended or index + 1 < len(found)):
                self._given += len(sentence.split())
                self._started = True
                yield sentence
        self._forget(found)

    def _of_block(self, words: list[str], *, closed: bool) -> list[str]:
        partial = not closed and not self._raw[-1:].isspace()
        sentences, rest = _sentences(words, whole=not partial)
        if closed:
            return sentences + _parts(rest)
        while len(" ".join(rest)) > LONGEST:
            part, rest = _cut(rest)
            sentences.append(" ".join(part))
        if not sentences and not self._started:
            sentences = _first_clause(rest[:-1] if partial else rest)
        return list(takewhile(lambda sentence: not _UNSETTLED.search(sentence), sentences))

    def _forget(self, found: list[Block]) -> None:
        """Drop the blocks that are closed and given out, so that a long text is not read again and again."""
        last = found[-1].line if found else 0
        if last == 0 or "<!--" in self._raw:  # a comment may end on the very line at which the block begins
            return
        self._given -= sum(len(block.text.split()) for block in found if block.line < last)
        self._raw = "\n".join(self._raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")[last:])


def _sentences(words: list[str], *, whole: bool) -> tuple[list[str], list[str]]:
    """Complete sentences of `words`, and the words of the one that they end in. Not `whole`: the last word may still
    grow, and only its first letters may be relied on."""
    found: list[str] = []
    start = 0
    for index, after in enumerate(words[1:], 1):
        known = whole or index + 1 < len(words)
        if _pronounceable(after) and _ends(words[start:index], after if known else "", _first(after)):
            found += _parts(words[start:index])
            start = index
    return found, words[start:]


def _ends(words: list[str], after: str, first: str) -> bool:
    """Whether a sentence ends with `words`. `after` is the next word, or "" where it is not complete; `first` its first
    letter or digit. Without `after`, True is certain and False is not."""
    tail, closed = _tail(words)
    stop = _STOP.search(tail)
    if not stop or stop[0] in {"..", "..."} or (closed and first.islower()):
        return False
    if stop[0] != ".":
        return True
    if len(words) == 1 and _MARKER.fullmatch(tail):
        return False
    return _ends_abbreviated(_bare(tail), _bare(after), first)


def _ends_abbreviated(name: str, after: str, first: str) -> bool:
    """`_ends` for the word `name` with a full stop, which may be that of an abbreviation."""
    borders = vocabulary.load().sentences
    if name in borders.before_name:
        return False
    if name in borders.before_number:
        return first.isupper()
    if name == "etc":
        return not first.islower()
    if name in borders.either or _INITIALS.fullmatch(f"{name}."):
        return first.isupper() and after in borders.starters
    return True


def _bare(word: str) -> str:
    return _EDGES.sub("", word).lower().replace("’", "'")


def _tail(words: list[str]) -> tuple[str, bool]:
    """The last pronounceable word with the signs that follow it, without what closes a quotation or bracket or is no
    punctuation at all; and whether a quotation or bracket was closed."""
    back = next((n for n in range(1, len(words) + 1) if _pronounceable(words[-n])), len(words))
    whole = "".join(words[-back:])
    tail = whole
    while tail and (tail[-1] in "\"'*_" or unicodedata.category(tail[-1]) in _CLOSERS):
        tail = tail[:-1]
    return tail, len(tail) < len(whole)


def _pronounceable(word: str) -> bool:
    return any(map(str.isalnum, word))


def _first(word: str) -> str:
    return next(filter(str.isalnum, word))


def _parts(words: list[str]) -> list[str]:
    """`words` as one sentence, or in parts no longer than `LONGEST`."""
    parts: list[str] = []
    while len(words) > 1 and len(" ".join(words)) > LONGEST:
        part, words = _cut(words)
        parts.append(" ".join(part))
    return [*parts, " ".join(words)] if words else parts


def _cut(words: list[str]) -> tuple[list[str], list[str]]:
    """Two or more words in two, at the strongest border that leaves both parts worth saying."""
    best = (0, 1)
    length = 0
    for index, word in enumerate(words[:-1], 1):
        length += len(word) + (index > 1)
        if length > LONGEST:
            break
        worthwhile = _SHORTEST_PART <= length <= LONGEST - _SHORTEST_PART
        best = max(best, (_strength(word, words[index]) if worthwhile else 0, index))
    return words[: best[1]], words[best[1] :]


def _strength(before: str, after: str) -> int:
    """How good it is to breathe between two words: 3 at a semicolon, colon, dash or ellipsis, 2 at a comma or closing
    bracket, 1 before a conjunction, else 0."""
    bare = before.rstrip("\"'”’")
    if bare.endswith((";", ":", "…", "...", "—", "–")) or bare in _DASHES:
        return 3
    if bare.endswith((",", ")")):
        return 2
    return int(_bare(after) in vocabulary.load().sentences.conjunctions)


def _first_clause(words: list[str]) -> list[str]:
    """The first clause of `words` if it is long enough to be spoken by itself, else nothing."""
    for index, word in enumerate(words, 1):
        clause = " ".join(words[:index])
        if len(clause) >= _EARLY and _strength(word, "") >= 2:
            return [clause]
    return []
