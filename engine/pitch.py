"""The pitch: sentences spoken in order, questions answered in between, and the place kept by what was heard."""

from __future__ import annotations

from contextlib import aclosing

from engine.errors import BadInput
from engine.floor import Floor
from engine.history import History
from engine.knowledge import Knowledge
from engine.limits import Limits, Reminder
from engine.messages import ANSWER, Brief, Mark, QuestionAsked
from engine.providers.base import Anew, Expectation, LanguageModel, Prompt
from engine.records import Pitch
from engine.scenario import Line, Script
from engine.sentences import SentenceStream, split
from engine.words import Words

INSTRUCTIONS = (
    "You are giving a pitch to a listener who has just interrupted you with a question. Answer it aloud, in one to "
    "three short spoken sentences, without markup, from the material you are given. If the material does not hold the "
    "answer, say so plainly; never invent facts. The pitch goes on by itself afterwards: do not announce it."
)


class PitchScenario:
    """A run of a pitch. The place is the first sentence that has not been heard to its end: wherever the listener cuts
    in, that is where it goes on."""

    def __init__(
        self, *, pitch: Pitch, mind: LanguageModel, words: Words, place: int = 1, floor: Floor | None = None
    ) -> None:
        """Reads the pitch and its notes, some 10 ms of computing: not for the event loop."""
        self.mind = mind
        self._sentences = pitch.sentences
        self._knowledge = Knowledge([sentence.text for sentence in pitch.sentences], pitch.notes)
        self._next = max(1, min(place, len(pitch.sentences) + 1))
        self._begun = False
        self.floor = floor or Floor(words=words)
        self.limits = Limits(paused=None)
        self.expectation = Expectation(
            sentences=(
                *(sentence.text for sentence in pitch.sentences),
                *self._knowledge.expected_questions(),
                *split(pitch.notes),
            )
        )

    @property
    def place(self) -> int | None:
        return self._next if self._begun else None

    @property
    def ended(self) -> bool:
        return self._begun and self._next > len(self._sentences)

    def begin(self) -> None:
        """Asked to play at the end, it starts over."""
        if self._next > len(self._sentences):
            self._next = 1
        self._begun = True

    def seek(self, mark: int) -> None:
        self._next = max(1, min(mark, len(self._sentences) + 1))

    def heard(self, mark: Mark) -> None:
        if isinstance(mark, int):
            self._next = mark + 1

    def interject(self, said: str, history: History) -> Script | None:
        return None

    def remind(self, reason: Reminder) -> Script:
        raise NotImplementedError("a pitch has no limits")

    def brief(self, brief: Brief) -> None:
        raise BadInput("a pitch is held as it was written: nothing can be told to its speaker")

    def onward(self) -> Script | None:
        if not self._begun or self.ended:
            return None
        return self._from(self._next)

    async def _from(self, place: int) -> Script:
        for sentence in self._sentences[place - 1 :]:
            yield Line(text=sentence.text, mark=sentence.index)

    def prompt(self, question: str, history: History) -> Prompt:
        """What the language model is asked for an answer."""
        passages = tuple(self._knowledge.search(question))  # 0.7 ms: a thread's round trip would take longer
        return Prompt(instructions=INSTRUCTIONS, question=question, passages=passages, history=history.lines[:-1])

    async def answer(self, question: str, history: History) -> Script:
        """The reply of the language model, spoken as it is written. The question is reported before and after, so that
        it is kept even if the answer is cut off."""
        prompt = self.prompt(question, history)
        answered = bool(prompt.passages)
        yield QuestionAsked(text=question, answer="", answered=answered)
        stream = SentenceStream()
        written = []
        async with aclosing(self.mind.reply(prompt)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Anew):
                    stream = SentenceStream()
                for sentence in stream.push(piece):
                    written.append(sentence)
                    yield Line(text=sentence, mark=ANSWER)
        rest = stream.flush()
        yield QuestionAsked(text=question, answer=" ".join([*written, *rest]), answered=answered)
        for sentence in rest:
            yield Line(text=sentence, mark=ANSWER)
