"""What the offline partner says next. It replies to what was said, asks one question at most, and never the same one
twice, but when asked to. Everything follows from the prompt: the same history gets the same reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from engine import grounding
from engine import words as vocabulary
from engine.interview import lexicon as lexicons
from engine.interview.closing import sum_up
from engine.interview.cues import Cue, Intent, cues, holds, intent
from engine.interview.lexicon import Lexicon
from engine.interview.memory import Memory
from engine.interview.phrases import Topic, topics
from engine.personas import KINDS
from engine.providers.base import Prompt
from engine.records import Persona
from engine.words import made_of, normal

WORTH = 1.5
"""Score from which a thing that was spoken of is worth a question."""
DEAR = 2.5
"""Score from which it always is: "my trainer"."""
SHORT_QUESTION = 10
"""Words."""
_UNHURRIED = 3
"""One in so many questions of the bank is left alone after a plain answer: who asks back each time interrogates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`says`, in order; `parting`: what takes leave, if it does."""

    says: tuple[str, ...]
    parting: tuple[str, ...] = ()


class Interviewer:
    """One reply of `persona`. `reminders`: what is said at a silence, which asks nothing of the matter."""

    def __init__(self, prompt: Prompt, persona: Persona, reminders: Sequence[str]) -> None:
        asked = grounding.questions(persona.material)
        if asked:
            persona = replace(persona, questions=grounding.woven(persona.questions, asked))
        self._persona = persona
        self._text = prompt.question
        language = prompt.language if prompt.language in lexicons.languages() else "en"
        self._lexicon: Lexicon = lexicons.load(language)
        self._words = vocabulary.load(language)
        self._memory = Memory(prompt.history, persona.questions, reminders)
        first = next(iter(self._memory.answers), self._text)
        self._seed = crc32(f"{persona.id} {first}".encode())
        """So that not every conversation takes its words in the same order."""
        self._left = [question for question in persona.questions if not self._memory.asked(question)]

    def reply(self) -> Reply:
        if self._memory.reminded() and made_of(
            normal(self._text), self._lexicon.whole["present"], self._lexicon.around
        ):
            return self._ask_again("here")
        wants = intent(self._text, self._lexicon, self._words)
        if wants is Intent.ANSWER and self._asks_what_is_known():
            wants = Intent.ASKED
        handlers: dict[Intent, Callable[[], Reply]] = {
            Intent.FAREWELL: self._close,
            Intent.REPEAT: lambda: self._ask_again("again"),
            Intent.WAITING: lambda: Reply(says=(self._line("waiting"),)),
            Intent.CLARIFY: lambda: Reply(says=(self._line("clarify"),)),
            Intent.NOTHING: lambda: Reply(says=(self._line("nothing"),)),
            Intent.GREETING: self._greet,
            Intent.THANKS: lambda: self._next("", self._line("thanks")),
            Intent.SKIP: lambda: self._next("", self._line("skipped")),
            Intent.UNKNOWN: self._not_known,
            Intent.ASKED: self._asked,
            Intent.ANSWER: self._answered,
        }
        said = handlers[wants]()
        return Reply(says=tuple(filter(None, said.says)), parting=said.parting)

    def interject(self) -> Reply:
        """What to cut in with while the speaker is at `prompt.question`: a question that it gives reason to ask, else
        the next of the bank; nothing where there is neither."""
        found = cues(self._text, self._lexicon, brevity=len(self._text) + 1)
        if topic := self._topic():
            found.append(Cue(kind="person" if topic.person else "topic", said=topic.text, strong=False))
        named = sorted((cue for cue in found if cue.said), key=self._urgency)
        question = next(filter(None, map(self._probe, named)), "") or next(iter(self._left), "")
        return Reply(says=(self._line("cuts_in"), question) if question else ())

    # ---- what is no answer -------------------------------------------------------------------------------------------

    def _greet(self) -> Reply:
        asked = holds(normal(self._text), self._lexicon.asked["how_are_you"])
        return self._next(self._line("greeting"), self._line("well") if asked else "")

    def _ask_again(self, how: str) -> Reply:
        """The one question that may be said twice."""
        question = self._memory.question
        again = self._line(how)
        if not question or not again or any(self._memory.said(line.format(question=question)) for line in self._all()):
            return self._next(self._line("otherwise"))
        return Reply(says=(again.format(question=question),))

    def _all(self) -> tuple[str, ...]:
        return self._lexicon.says["again"] + self._lexicon.says["here"]

    def _not_known(self) -> Reply:
        help_on = self._probe(Cue(kind="unknown")) if self._may_follow_up() else ""
        return Reply(says=(help_on,)) if help_on else self._next(self._line("skipped"))

    def _asked(self) -> Reply:
        """Answer in the part as far as it is known, else say plainly that it is not; then go on."""
        said = normal(self._text)
        for name in ("hear", "identity", "scene"):
            if holds(said, self._lexicon.asked[name]) and (line := self._line(name)):
                if name == "scene" and not self._persona.scene:
                    continue
                return self._next(line.format(name=self._persona.name, scene=self._persona.scene))
        if holds(said, self._lexicon.asked["how_are_you"]):
            return self._next(self._line("well"))
        return self._next(self._known() or self._line("cannot") or self._lexicon.says["cannot"][-1])

    def _asks_what_is_known(self) -> bool:
        """A question that only its first word gives away, or nothing but phrases that the persona answers."""
        said = normal(self._text)
        phrases = frozenset(normal(phrase) for known in self._persona.answers for phrase in known.asked)
        asks = said[:1] in self._lexicon.asked["wh"] and len(said) <= SHORT_QUESTION and holds(said, phrases)
        return bool(phrases) and bool(asks or made_of(said, phrases, self._lexicon.around))

    def _known(self) -> str:
        said = normal(self._text)
        found = [
            (len(holds(said, {normal(phrase) for phrase in known.asked})), known.says)
            for known in self._persona.answers
            if not self._memory.said(known.says)
        ]
        best = max(found, default=(0, ""))
        return best[1] if best[0] else ""

    # ---- an answer ---------------------------------------------------------------------------------------------------

    def _answered(self) -> Reply:
        nerves = holds(normal(self._text), self._lexicon.anywhere["nerves"])
        calm = self._line("nerves") if nerves else ""
        if not calm and self._may_follow_up() and (question := self._follow_up()):
            return Reply(says=question)
        return self._next(calm or self._reaction())

    def _may_follow_up(self) -> bool:
        return self._memory.questions_since() < self._persona.follow_ups

    def _follow_up(self) -> tuple[str, ...]:
        """A question that this answer gives reason to, said in the persona's way; nothing where there is none."""
        found = cues(self._text, self._lexicon, brevity=self._persona.brevity)
        topic = self._topic()
        if holds(normal(self._memory.question), self._lexicon.asked["brief"]):
            found = [cue for cue in found if cue.kind != "short"]
        if self._memory.questions_since():
            found = [cue for cue in found if cue.strong]
        elif topic:
            found.append(Cue(kind="person" if topic.person else "topic", said=topic.text, strong=False))
        asked = len(self._persona.questions) - len(self._left)
        plain = not any(cue.strong for cue in found) and not (topic and topic.score >= DEAR)
        if plain and asked % _UNHURRIED == _UNHURRIED - 1:
            return ()
        for cue in sorted(found, key=self._urgency):
            if line := self._probe(cue):
                return (self._plain_reaction(), line) if cue.kind == "reason" else (line,)
        return ()

    def _urgency(self, cue: Cue) -> tuple[bool, bool, int]:
        """What is strong first, in the order that the persona likes; what it asked about lately, last."""
        liked = self._persona.probing
        kinds = [*liked, *(kind for kind in KINDS if kind not in liked)]
        lately = any(map(self._lately, self._probes(cue.kind)))
        return (lately, not cue.strong, kinds.index(cue.kind))

    def _probe(self, cue: Cue) -> str:
        """A way to ask about `cue` that was not used yet, nor lately one of its kind."""
        lines = self._probes(cue.kind)
        if any(map(self._lately, lines)) or (cue.said and self._memory.quoted(cue.said)):
            return ""
        line = self._unused(lines)
        return _sentence(line.format(**{KINDS[cue.kind]: cue.said})) if cue.said else line

    def _probes(self, kind: str) -> tuple[str, ...]:
        """The persona's own ways to ask about `kind`, then the common ones."""
        return self._turned(self._persona.probes.get(kind, ())) + self._turned(self._lexicon.probes[kind])

    def _topic(self) -> Topic | None:
        """What this answer speaks of that is most worth a question, and was not named yet."""
        found = [
            topic
            for topic in topics(self._text, self._lexicon)
            if topic.score >= WORTH and not topic.name and not self._known_of(topic)
        ]
        return max(found, key=lambda topic: topic.score, default=None)

    def _known_of(self, topic: Topic) -> bool:
        """The partner has spoken of it, or the bank will come to it by itself."""
        return self._memory.said(topic.head) or any(topic.head in normal(question) for question in self._left)

    # ---- going on ----------------------------------------------------------------------------------------------------

    def _next(self, *before: str) -> Reply:
        """The next question of the bank; at its end, the goodbye."""
        if not self._left:
            return self._close(*before)
        question = self._left[0]
        return Reply(says=(*before, question))

    def _touched(self, question: str) -> bool:
        """Whether an earlier answer shares most of what `question` asks about."""
        matter = self._matter(question)
        told = (self._matter(line) for line in (*self._memory.answers, self._text))
        return any(len(matter & each) >= max(2, len(matter) / 2) for each in told)

    def _matter(self, text: str) -> frozenset[str]:
        grammar = self._lexicon.grammar
        return (
            frozenset(normal(text)) - grammar.apart - grammar.before - grammar.articles - grammar.mine - grammar.empty
        )

    def _close(self, *before: str) -> Reply:
        told = sum_up(self._memory, self._text, self._lexicon, self._words)
        return Reply(says=(*before, *told), parting=(self._persona.closing,))

    def _reaction(self) -> str:
        """How the answer is taken: never twice in the same words, and now and then in the speaker's own."""
        if self._left and self._touched(self._left[0]) and (line := self._unused(self._lexicon.touched)):
            return line
        asked = len(self._persona.questions) - len(self._left)
        topic = self._topic()
        if topic and (asked % 2 or topic.score >= DEAR) and (line := self._unused(self._turned(self._lexicon.taken))):
            return _sentence(line.format(phrase=topic.text))
        return self._plain_reaction()

    def _plain_reaction(self) -> str:
        lines = self._turned(self._persona.reactions) + self._turned(self._lexicon.reactions)
        return next((line for line in lines if not self._memory.said_sentence(line)), "")

    # ---- lines -------------------------------------------------------------------------------------------------------

    def _line(self, name: str) -> str:
        """One of the lines called `name` that was not said yet; empty where there is none left."""
        return self._unused(self._lexicon.says[name])

    def _unused(self, lines: Sequence[str]) -> str:
        return next((line for line in lines if not self._memory.used(line)), "")

    def _lately(self, template: str) -> bool:
        return self._memory.lately_used(template)

    def _turned(self, lines: Sequence[str]) -> tuple[str, ...]:
        if not lines:
            return ()
        start = self._seed % len(lines)
        return (*lines[start:], *lines[:start])


def _sentence(text: str) -> str:
    """With a capital at its start, within a quotation mark too."""
    start = text[:1] == "“"
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]
