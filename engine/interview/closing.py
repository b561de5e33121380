"""Summing up: how much was answered, what was spoken of, and one thing in the speaker's own words. Nothing else:
whether it was good is for others to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.interview.cues import Intent, holds, intent
from engine.interview.lexicon import Lexicon
from engine.interview.memory import Memory
from engine.interview.phrases import Topic, topics
from engine.words import Words, normal

_MOST_TOPICS = 3
_WORTH = 1.5
_SHORTEST, _LONGEST = 5, 16
"""Words of what is quoted."""
_CLAUSE = re.compile(r"[.?!…,;:]+(?=\s|\Z)|\n+|\s(?=(?:and|but|because|so|which)\s)")


def sum_up(memory: Memory, last: str, lexicon: Lexicon, words: Words) -> tuple[str, ...]:
    """What to say before the goodbye, given the `last` words of the speaker; a sentence each."""
    lines = lexicon.sum_up
    asked = memory.exchanges()
    if memory.question and memory.lines[-1].role == "assistant":
        asked.append((memory.question, last))
    answers = [text for _, text in asked if intent(text, lexicon, words) is Intent.ANSWER]
    if not answers:
        return (lines["none_answered"],)
    told = [text for text in (*memory.answers, last) if intent(text, lexicon, words) is Intent.ANSWER]
    found = [lines["begin"], _answered(len(answers), len(asked), lines)]
    found += _spoken_of(told, lexicon)
    if quote := own_words(told, lexicon):
        found.append(lines["quote"].format(quote=quote))
    return tuple(found)


def _answered(answered: int, asked: int, lines: Mapping[str, Any]) -> str:
    if answered == 1:
        return str(lines["answered_one"])
    numbers = {"answered": _number(answered, lines["numbers"]), "asked": _number(asked, lines["numbers"])}
    return str(lines["all_answered" if answered == asked else "answered"]).format(**numbers)


def _number(count: int, names: Sequence[str]) -> str:
    return names[count] if count < len(names) else str(count)


def _spoken_of(told: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """The few things that were spoken of most, in the order in which they came up."""
    found = [topic for text in told for topic in topics(text, lexicon)]
    found = [replace(topic, head=topic.head.removesuffix("s")) for topic in found]  # one or many, it is the same
    often = Counter(topic.head for topic in found)
    best: dict[str, Topic] = {}
    for topic in found:
        if topic.head not in best or topic.score > best[topic.head].score:
            best[topic.head] = topic
    ranked = sorted(best.values(), key=lambda topic: -(topic.score + 1.5 * (often[topic.head] - 1)))
    named = [topic for topic in ranked[:_MOST_TOPICS] if topic.score >= _WORTH or often[topic.head] > 1]
    if named:
        texts = [topic.text for topic in best.values() if topic in named]
        listed = lexicon.sum_up["and"].join(filter(None, (", ".join(texts[:-1]), texts[-1])))
        yield lexicon.sum_up["topics"].format(topics=listed)


def own_words(told: Sequence[str], lexicon: Lexicon) -> str:
    """The clause that says most, as it was said; empty where none can stand by itself."""
    clauses = [clause for text in told for clause in _clauses(text, lexicon)]
    return max(clauses, key=lambda clause: _telling(clause, lexicon), default="")


def _clauses(text: str, lexicon: Lexicon) -> Iterator[str]:
    grammar = lexicon.grammar
    dangling = grammar.before | grammar.articles | grammar.mine | grammar.kept | grammar.openers
    for part in _CLAUSE.split(text):
        words = part.split()
        while words and (_bare(words[0]) in grammar.openers or words[:2] == ["I", "mean"]):
            words.pop(0)
        while words and _bare(words[-1]) in dangling:
            words.pop()
        plain = [_bare(word) for word in words]
        to_partner = any((word,) in lexicon.asked["to_you"] for word in plain)
        if (
            _SHORTEST <= len(words) <= _LONGEST
            and plain[0] in ("i", "we", "my", "our", "it", "i've", "we've", "i'm")
            and not to_partner
        ):
            yield _written(" ".join(words).strip("\"“”'"))


def _telling(clause: str, lexicon: Lexicon) -> float:
    grammar = lexicon.grammar
    words = normal(clause)
    matter = [word for word in words if word not in grammar.apart | grammar.before | grammar.articles | grammar.empty]
    numbers = sum(word in grammar.numbers or word.isdigit() for word in words)
    unsure = bool(holds(words, lexicon.anywhere["hedge"]) or holds(words, {("i", "think"), ("i", "don't")}))
    worth = len(matter) - 2.5 * unsure + 1.5 * bool(numbers) + 1.0 * (words[0] in ("i", "we"))
    return worth - 0.2 * abs(len(words) - 10)


def _written(clause: str) -> str:
    """As it is written, whoever recognised it."""
    clause = re.sub(r"\bi\b", "I", clause)
    return clause[:1].upper() + clause[1:]


def _bare(word: str) -> str:
    return word.lower().strip(".,;:?!…\"“”'’()").replace("’", "'")
