"""What a conversation has had so far, read from what was heard of it and nothing else: the same history is always the
same memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from engine.history import CUT
from engine.providers.base import ChatLine
from engine.words import normal

_SENTENCE = re.compile(r"(?<=[.?!])[”\"]?\s+")
_LEAST_HEARD = 0.6
"""The share of a question's words that must have been heard before it was cut off for it to have been asked."""


class Memory:
    """`bank`: the persona's questions; `ignored`: what asks nothing of the matter ("Are you still there?")."""

    def __init__(self, history: Sequence[ChatLine], bank: Sequence[str], ignored: Iterable[str]) -> None:
        self.lines = history
        self._bank = bank
        self.answers = [line.text for line in history if line.role == "user"]
        self._agent = [line.text for line in history if line.role == "assistant"]
        self._said = f" {' '.join(_plain(line) for line in self._agent)} "
        self._sentences = frozenset(sentence for line in self._agent for sentence in _plain_sentences(line))
        self._ignored = frozenset(sentence for text in ignored for sentence in _plain_sentences(text))

    def said(self, text: str) -> bool:
        """Whether the partner has said `text`, whole."""
        return f" {_plain(text)} " in self._said

    def said_sentence(self, text: str) -> bool:
        """Whether all sentences of `text` were said, each as a sentence of its own."""
        return all(sentence in self._sentences for sentence in _plain_sentences(text))

    def used(self, template: str) -> bool:
        """Whether the partner has said `template`, whatever its braces were filled with."""
        return any(map(_pattern(template).fullmatch, self._sentences))

    def quoted(self, words: str) -> bool:
        """Whether the partner has named `words` before, as they are."""
        return any(f"“{words}”".casefold() in line.casefold() for line in self._agent)

    def asked(self, question: str) -> bool:
        """Whether `question` was heard: whole, or for the most part before it was cut off."""
        return self.said(question) or any(self._cut_off(question, line) for line in self._agent)

    def _cut_off(self, question: str, line: str) -> bool:
        words = _plain(question).split()
        least = max(3, round(_LEAST_HEARD * len(words)))
        heard = [_plain(part) for part in line.split(CUT)[:-1]]
        starts = {" ".join(words[:count]) for count in range(least, len(words) + 1)}
        return any(part.endswith(start) for part in heard for start in starts)

    def questions_since(self) -> int:
        """How many questions of its own the partner has asked since the last of the bank, or since it opened."""
        count = 0
        for place in range(len(self._agent) - 1, -1, -1):
            line = self._agent[place]
            opens = place == 0 and self.lines[0].role == "assistant"
            if opens or any(self._holds(question, line) for question in self._bank):
                return count
            count += self._question_of(line) != ""
        return count

    def _holds(self, question: str, line: str) -> bool:
        return f" {_plain(question)} " in f" {_plain(line)} " or self._cut_off(question, line)

    def lately_used(self, template: str, lines: int = 2) -> bool:
        """`used`, within the last `lines` of the partner."""
        found = (sentence for line in self._agent[-lines:] for sentence in _plain_sentences(line))
        return any(map(_pattern(template).fullmatch, found))

    @property
    def question(self) -> str:
        """The last question that was heard whole, with the sentence that leads to it; empty where there is none."""
        return next(filter(None, map(self._question_of, reversed(self._agent))), "")

    def reminded(self) -> bool:
        """Whether the last thing that the partner said was a reminder."""
        last = _plain_sentences(self._agent[-1])[-1:] if self._agent else ()
        return bool(last) and last[0] in self._ignored

    def _question_of(self, line: str) -> str:
        for question in self._bank:
            if self._holds(question, line):
                return question
        sentences = _sentences(line)
        for place in range(len(sentences) - 1, -1, -1):
            sentence = sentences[place]
            if sentence.rstrip('”"').endswith("?") and _plain(sentence) not in self._ignored:
                before = sentences[place - 1] if place else ""
                leads = "“" in before or before.startswith(("You ", "If you ", "Tell me"))
                return f"{before} {sentence}" if leads else sentence
        return ""

    def exchanges(self) -> list[tuple[str, str]]:
        """The questions that were asked and what was said to each."""
        found = []
        for before, line in pairwise(self.lines):
            if before.role == "assistant" and line.role == "user" and (question := self._question_of(before.text)):
                found.append((question, line.text))
        return found


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(normal(text))


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SENTENCE.split(text.replace(CUT, " … ")) if part.strip())


@lru_cache(maxsize=4096)
def _plain_sentences(text: str) -> tuple[str, ...]:
    return tuple(plain for sentence in _sentences(text) if (plain := _plain(sentence)))


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    """Recognises the most telling sentence of `template`, whatever its braces were filled with."""
    telling = max(_sentences(template), key=lambda sentence: len(re.sub(r"{\w*}", "", sentence)))
    literals = [re.escape(_plain(literal)) for literal in re.split(r"{\w*}", telling)]
    return re.compile(r" ?.{1,80}? ?".join(literals))
