"""A speaker's notes as questions with their answers, and facts.

Questions are found as people write them: "Q: … A: …" (bold or not, on one line or two), a heading or bold line that
ends with a question mark and what follows it, or "What does it cost? It costs nothing." in one paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from engine.markdown import Block, Kind, blocks
from engine.sentences import split

_QUESTION = re.compile(r"(?:q|question)\s*\d*\s*[:.)]\s*(.*)", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"(?:a|answer)\s*\d*\s*[:.)]\s*(.*)", re.IGNORECASE | re.DOTALL)
_LABELS = re.compile(r"(?<!\S)(?=(?:Q|A|Question|Answer)\s*\d*:\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that the speaker knows. `question` is what it answers, empty for a fact; `topic` the heading above."""

    text: str
    question: str = ""
    topic: str = ""


def read(notes: str) -> list[Note]:
    """The notes in order, plain text or Markdown. A question without an answer is left out."""
    reader = _Reader()
    for block in blocks(notes):
        reader.take(block)
    reader.close()
    return reader.found


@dataclass(slots=True)
class _Reader:
    found: list[Note] = field(default_factory=list)
    topic: str = ""
    open: Note | None = None
    """A question whose answer may go on."""
    wide: bool = False
    """Whether the open question is a heading, so that all up to the next heading answers it."""
    listing: bool = False
    """Whether the answer so far announces a list ("Three things:")."""

    def take(self, block: Block) -> None:
        if block.kind is Kind.HEADING:
            self._heading(" ".join(block.text.split()))
            return
        for part in filter(None, map(str.strip, _LABELS.split(block.text))):
            if label := _QUESTION.fullmatch(part):
                self._ask(*_leading_questions(label[1], at_least=1))
            elif label := _ANSWER.fullmatch(part):
                self._answer(label[1])
            else:
                self._unlabelled(part, block.kind)

    def close(self) -> None:
        if self.open and self.open.text:
            self.found.append(self.open)
        self.open, self.wide = None, False

    def _heading(self, text: str) -> None:
        self.close()
        if text.endswith("?"):
            question = _QUESTION.fullmatch(text)
            self._ask(question[1] if question else text, "")
            self.wide = True
        else:
            self.topic = text

    def _unlabelled(self, text: str, kind: Kind) -> None:
        question, answer = _leading_questions(text, at_least=0)
        if question and not (self.wide and self.open and self.open.text):
            self._ask(question, answer)
        elif self.open and (self.wide or not self.open.text or (kind is Kind.ITEM and self.listing)):
            self._answer(text)
        else:
            self.close()
            self.found += [Note(text=sentence, topic=self.topic) for sentence in split(text)]

    def _ask(self, question: str, answer: str) -> None:
        self.close()
        self.open = Note(question=question, text=answer, topic=self.topic)
        self.listing = answer.endswith(":")

    def _answer(self, text: str) -> None:
        if self.open:
            between = ", " if self.open.text[-1:].isalnum() else " "
            whole = f"{self.open.text}{between}{text}" if self.open.text else text
            self.open = replace(self.open, text=" ".join(whole.split()))
            self.listing = self.listing or self.open.text.endswith(":")
        else:
            self.found.append(Note(text=" ".join(text.split()), topic=self.topic))


def _leading_questions(text: str, *, at_least: int) -> tuple[str, str]:
    """The sentences that ask, from the start of `text`, and the rest."""
    sentences = split(text)
    count = next((n for n, sentence in enumerate(sentences) if not sentence.endswith("?")), len(sentences))
    count = max(count, min(at_least, len(sentences)))
    return " ".join(sentences[:count]), " ".join(sentences[count:])
