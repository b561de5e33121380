"""What to say next, without a model: from what the other side said and left open, and from what the user came for.
Deterministic; nothing where nothing good is there, but for the help key, which always gets an answer."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from engine.analysis.lemmas import lemma
from engine.analysis.values import PARTNER, USER, Line
from engine.coach.cues import CONTENT, HELP, Tip
from engine.coach.form import first_for_ear, fit, matter_of
from engine.coach.phrases import Phrases
from engine.interview.cues import Intent, asks, cues, intent
from engine.interview.phrases import Topic, topics
from engine.records import Aim
from engine.sentences import split
from engine.words import load, normal

WORTH = 1.5
"""Score from which a thing that was spoken of is worth a question."""
REMEMBERED = 60
"""Lines that are looked back to."""
TURN = 4
"""Lines of a turn that are taken up: what was said before them is past."""
_PREDICATE = re.compile(
    r"\b(?:is|was|are|were|be|been|it's|that's|i'm|am|he's|she's)\s+(?:\w+ly\s+|such\s+)?(?:a|an|the|my|our)\s+"
)
_WITHIN = 3
"""Words in which what somebody or something is said to be is named: "a very nice nurse"."""
_HURRIED = 20
"""Words of a line in which "soon" is what it is about."""
_INTRODUCES = re.compile(r"\b(?:I'm|I am|[Mm]y name is|[Mm]y name's|[Tt]his is|[Cc]all me)\s+([A-Z][\w’'-]+)")
_PERSON = re.compile(r"^\s*([A-Z][\w’'-]+)(?:\s+[A-Z][\w’'-]+)?\s*(?:[,(–-]|$)")


class Content:
    """What was said so far, and what it gives to say. `offered` has to be told of every cue that was shown."""

    def __init__(self, aim: Aim, phrases: Phrases) -> None:
        self._aim = aim
        self._phrases = phrases
        self._lines: deque[Line] = deque(maxlen=REMEMBERED)
        self._labelled = False
        self._offered: list[Tip] = []
        self._name = _only_person(aim.participants)
        self._helped = 0
        self._found: dict[str, list[Topic]] = {}

    def line(self, line: Line) -> None:
        if line.speaker == PARTNER and not self._labelled:
            self._labelled = True
            self._found = {}
        self._lines.append(line)
        introduced = _INTRODUCES.search(line.text)
        if introduced and not self._name and line.speaker == PARTNER:
            self._name = introduced[1]

    def offered(self, tip: Tip) -> None:
        self._offered.append(tip)

    @property
    def lines(self) -> list[Line]:
        return list(self._lines)

    @property
    def said(self) -> list[str]:
        """All that may be spoken of: the transcript, and what the user said about the session before."""
        aim = self._aim
        return [*(line.text for line in self._lines), aim.goal, aim.context, aim.participants, aim.user_name]

    @property
    def question(self) -> str:
        """What the other side asks and is waiting for the answer to; empty where nothing is."""
        last = self._lines[-1] if self._lines else None
        return _question(last.text, self._phrases) if last and last.speaker == PARTNER else ""

    # ---- cues --------------------------------------------------------------------------------------------------------

    def next(self) -> Tip | None:
        """What could be said now that the other side has said something; None where nothing good is there, where the
        user themselves spoke last, or where they are thinking about a question."""
        if not self._lines or not self._their_turn():
            return None
        if asks(self._lines[-1].text, self._phrases.own):
            return None
        return self._first(self._follow_up(), self._left_open(), self._goal())

    def answer(self) -> Tip | None:
        """How to answer what the other side asked."""
        question = self.question
        if not question:
            return None
        lines = self._phrases.content
        if intent(self._lines[-1].text, self._phrases.own, load()) is Intent.REPEAT:
            return self._tip(lines["repeat"], lines["ear_repeat"], subject=lines["repeat"])
        about = next((topic for topic in topics(question, self._phrases.asked) if not topic.name), None)
        texts = [lines["answer"].format(question=question[:1].lower() + question[1:])]
        texts += [lines["answer_topic"].format(topic=about.text)] if about else []
        text = next((text for text in texts if fit(text, self._phrases)), lines["answer_any"])
        return self._tip(text, lines["ear_answer"], subject=f"answer {' '.join(normal(question))}")

    def help(self) -> Tip:
        """Whatever helps most now: never nothing."""
        answer = iter(filter(None, [self.answer()]))
        found = self._first(answer, self._follow_up(), self._left_open(), self._goal()) or self._ladder()
        return Tip(
            kind=HELP,
            text=found.text,
            ear=found.ear,
            subject=found.subject,
            matter=found.matter,
            asked=True,
            waits=False,
        )

    def from_model(self, text: str, *, asked: bool) -> Tip:
        """The tip of a `text` that a language model wrote and that was checked."""
        verb, about = text.split(maxsplit=1)[0], topics(text, self._phrases.own)
        best = max(about, key=lambda topic: topic.score, default=None)
        ear = first_for_ear(
            text, *([f"{verb}: {best.text.removeprefix('the ')}", f"{verb}: {best.head}"] if best else [])
        )
        matter = matter_of(text, self._phrases)
        subject = " ".join(sorted(matter)) or text
        return Tip(
            kind=HELP if asked else CONTENT,
            text=text,
            ear=ear,
            subject=subject,
            matter=matter,
            asked=asked,
            waits=not asked,
        )

    # ---- where they come from ----------------------------------------------------------------------------------------

    def _follow_up(self) -> Iterator[Tip]:
        """A question about what they said in their turn, best first."""
        turn = self._turn()
        for found in cues(" ".join(turn), self._phrases.own, brevity=10_000):
            if found.kind == "time" and len(normal(turn[-1])) > _HURRIED:
                continue
            if found.kind in self._phrases.follow_ups and not self._taken_up(found.said):
                yield from self._asking(found.kind, found.said, found.said, found.said)
        for topic in sorted(self._of_turn(turn), key=lambda topic: -topic.score):
            yield from self._about(topic)

    def _about(self, topic: Topic) -> Iterator[Tip]:
        kind = "name" if topic.name else "person" if topic.person else "topic"
        kind = "theirs" if kind == "topic" and topic.text.startswith("their ") else kind
        yield from self._asking(kind, self._owned(topic.text), topic.head, topic.head)

    def _asking(self, kind: str, phrase: str, head: str, subject: str) -> Iterator[Tip]:
        """The ways to ask about it, the one first that has not been taken for longest."""
        lines = self._phrases.follow_ups[kind]
        start = sum(tip.kind == CONTENT for tip in self._offered) % len(lines)
        ear = self._phrases.content.get(f"ear_{kind}") or self._phrases.content["ear_topic"]
        for line in (*lines[start:], *lines[:start]):
            text = line.format(topic=phrase)
            yield self._tip(text, ear.format(head=head), subject=_subject(subject))

    def _left_open(self) -> Iterator[Tip]:
        """What they asked earlier and nobody came back to, or spoke of and nobody took up."""
        lines = list(self._lines)
        for place in range(len(lines) - 2, max(-1, len(lines) - 12), -1):
            question = _question(lines[place].text, self._phrases) if lines[place].speaker == PARTNER else ""
            follows = lines[place + 1]
            if not question or (follows.speaker == USER and not load().is_backchannel(follows.text)):
                continue
            for topic in topics(question, self._phrases.asked):
                yield from self._template("return", self._owned(topic.text), topic.head)

    def _goal(self) -> Iterator[Tip]:
        """What they came to speak of and have not yet."""
        for topic in sorted(topics(self._aim.goal, self._phrases.own), key=lambda topic: -topic.score):
            if topic.score >= WORTH and not self._taken_up(topic.head):
                yield from self._template("goal", topic.text, topic.head)

    def _template(self, name: str, phrase: str, head: str) -> Iterator[Tip]:
        lines = self._phrases.content
        text = lines["goal" if name == "goal" else "return_to"].format(topic=phrase)
        yield self._tip(text, lines[f"ear_{name}"].format(head=head), subject=_subject(head))

    def _ladder(self) -> Tip:
        """What always leads on, in turn."""
        mode = self._aim.mode if self._aim.mode in self._phrases.help else "talk"
        lines = self._phrases.help[mode]
        text, ear = lines[self._helped % len(lines)]
        self._helped += 1
        return self._tip(text, ear, subject=text)

    # ---- what was said -----------------------------------------------------------------------------------------------

    def _their_turn(self) -> bool:
        """Whether the other side spoke last, as far as is known."""
        return not self._labelled or self._lines[-1].speaker == PARTNER

    def _turn(self) -> list[str]:
        """Their last turn; where nobody knows whose words are whose, the last two lines."""
        if not self._labelled:
            return [line.text for line in list(self._lines)[-2:]]
        found: list[str] = []
        for line in reversed(self._lines):
            if line.speaker == PARTNER:
                found.insert(0, line.text)
            elif found and not load().is_backchannel(line.text):
                break
        return found[-TURN:]

    def _of_turn(self, turn: list[str]) -> Iterator[Topic]:
        for text in turn:
            said_to_be = set(_said_to_be(text))
            for topic in self._topics(text):
                if (
                    topic.score >= WORTH
                    and topic.head not in said_to_be
                    and not self._is_theirs(topic)
                    and not self._taken_up(topic.head)
                ):
                    yield topic

    def _topics(self, text: str) -> list[Topic]:
        """What a line of theirs speaks of; sought once a line."""
        if text not in self._found:
            lexicon = self._phrases.theirs if self._labelled else self._phrases.unknown
            self._found = dict([*self._found.items()][-TURN:]) | {text: topics(text, lexicon)}
        return self._found[text]

    def _is_theirs(self, topic: Topic) -> bool:
        """Their own name, or the user's."""
        names = {self._name.lower(), *normal(self._aim.user_name)}
        return topic.name and bool(names & set(normal(topic.text)))

    def _taken_up(self, said: str) -> bool:
        """Whether the user has spoken of it themselves."""
        wanted = {lemma(word) for word in normal(said)}
        mine = (line for line in self._lines if line.speaker == USER and self._labelled)
        return any(wanted <= {lemma(word) for word in normal(line.text)} for line in mine)

    def _owned(self, phrase: str) -> str:
        """ "Their pilot" is "Maya's pilot" where the name is known."""
        return phrase.replace("their ", f"{self._name}'s ", 1) if self._name and phrase.startswith("their ") else phrase

    def _tip(self, text: str, ear: str, *, subject: str) -> Tip:
        matter = matter_of(text, self._phrases) - {lemma(self._name.lower())}
        return Tip(kind=CONTENT, text=text, ear=first_for_ear(text, ear), subject=subject, matter=matter)

    def _first(self, *sources: Iterator[Tip]) -> Tip | None:
        """The first that fits the screen, is fit to be said aloud, and was not offered yet."""
        subjects = {tip.subject for tip in self._offered}
        texts = {tip.text for tip in self._offered}
        found = (tip for source in sources for tip in source)
        new = (tip for tip in found if tip.subject not in subjects and tip.text not in texts)
        return next((tip for tip in new if fit(tip.text, self._phrases)), None)


def _question(text: str, phrases: Phrases) -> str:
    """The question that `text` ends in, as short as it can stand; empty where it ends in none."""
    if not asks(text, phrases.own):
        return ""
    words = split(text)[-1].rstrip(" ?.!").split()
    while len(words) > 1 and normal(words[0]) in phrases.own.around:
        words.pop(0)
    return f"{' '.join(words)}?"


def _said_to_be(text: str) -> Iterator[str]:
    """The words in which somebody or something is said to be something: nothing by itself to ask about."""
    lower = text.lower().replace("’", "'")
    for match in _PREDICATE.finditer(lower):
        yield from normal(lower[match.end() :])[:_WITHIN]


def _subject(head: str) -> str:
    return " ".join(lemma(word) for word in normal(head))


def _only_person(participants: str) -> str:
    """The first name of the only one who is named, else nothing."""
    several = re.search(r"\band\b|;|\n|&", participants)
    found = None if several else _PERSON.match(participants)
    return found[1] if found else ""
