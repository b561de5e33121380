"""What was said, as far as words tell: whether it is an answer at all, and what in it gives reason to ask."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.interview.lexicon import Grammar, Lexicon
from engine.words import Phrase, Words, made_of, normal


class Intent(StrEnum):
    """What an utterance wants of the partner."""

    ANSWER = "answer"
    NOTHING = "nothing"
    FAREWELL = "farewell"
    GREETING = "greeting"
    THANKS = "thanks"
    REPEAT = "repeat"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    SKIP = "skip"
    CLARIFY = "clarify"
    ASKED = "asked"
    """A question to the partner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A reason to ask: its kind (see `personas.KINDS`) and the words that gave it, as they were said. `strong`: worth a
    second follow-up in a row."""

    kind: str
    said: str = ""
    strong: bool = True


SHORT = 4
"""Words up to which an answer is too short to be one, unless it names a number."""
_WEAK = frozenset({"quality", "claim", "reason", "topic"})
_LEAVES_WITHIN = 6
"""Words of a goodbye that is followed by a name."""
_ASKS_WITHIN = 16
"""Words of a question that recognition left without a question mark."""
_NUMERAL = re.compile(r"[$€£]?\d(?:[\d.,]*\d)?(?:%|k|m|bn)?|[^\W\d_]+(?:['’-][^\W_]+)*|%", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def intent(text: str, lexicon: Lexicon, words: Words) -> Intent:
    """What `text` wants."""
    said = normal(text)
    if not said:
        return Intent.NOTHING
    leaves = lexicon.whole["farewell_at_end"]
    if (
        words.is_farewell(text)
        or _ends_with(said, leaves)
        or (said_first(said, leaves) and len(said) <= _LEAVES_WITHIN)
    ):
        return Intent.FAREWELL
    if words.is_greeting(text):
        return Intent.GREETING
    for name in ("repeat", "waiting", "skip", "unknown", "thanks"):
        if made_of(said, lexicon.whole[name], lexicon.around):
            return Intent(name)
    if said_first(said, lexicon.asked["clarify"]) and len(said) <= _ASKS_WITHIN:
        return Intent.CLARIFY
    return Intent.ASKED if asks(text, lexicon) else Intent.ANSWER


def asks(text: str, lexicon: Lexicon) -> bool:
    """Whether `text` ends in a question to the partner."""
    last = _SENTENCE.split(text.strip())[-1]
    said = normal(last)
    if not said or _ends_with(said, lexicon.asked["no_question"]):
        return False
    if last.rstrip().endswith("?") or _ends_with(said, lexicon.asked["ends"]):
        return True
    if len(said) > _ASKS_WITHIN:
        return False
    while said[:1] in lexicon.around and said[:1] not in lexicon.asked["to_you"]:
        said = said[1:]
    inverted = said[:1] in lexicon.asked["wh"] and said[1:2] in lexicon.asked["auxiliary"]
    to_you = any((word,) in lexicon.asked["to_you"] for word in said)
    return (inverted and said[2:3] != ("we",)) or (to_you and said_first(said, lexicon.asked["begins"]))


def cues(text: str, lexicon: Lexicon, *, brevity: int) -> list[Cue]:
    """What in `text` gives reason to ask, but for what it speaks of. `brevity`: words beyond which it is too long."""
    said = normal(text)
    if len(said) > brevity:
        return [Cue(kind="long")]
    found = [Cue(kind="number", said=number)] if (number := proof_wanted(text, lexicon.grammar)) else []
    found += [_quoted(kind, said, lexicon) for kind in ("amount", "time", "thing", "hedge") if _in(kind, said, lexicon)]
    for kind in ("yes", "no"):
        if not found and made_of(said, lexicon.whole[kind], lexicon.around):
            return [Cue(kind=kind)]
    if not found and len(said) <= SHORT and not any(map(str.isdigit, text)):
        return [Cue(kind="short")]
    reasoned = _in("reason", said, lexicon)
    found += [_quoted("claim", said, lexicon)] if not reasoned and _in("claim", said, lexicon) else []
    found += [_quoted("quality", said, lexicon)] if _in("quality", said, lexicon) else []
    found += [Cue(kind="reason", strong=False)] if not reasoned and _in("reasoned", said, lexicon) else []
    return found


def said_first(said: Phrase, phrases: Collection[Phrase]) -> bool:
    """Whether `said` begins with one of `phrases`."""
    return any(said[: len(phrase)] == phrase for phrase in phrases)


def holds(said: Phrase, phrases: Collection[Phrase]) -> Phrase:
    """The longest of `phrases` within `said`; empty where there is none."""
    for length in range(min(len(said), max(map(len, phrases), default=0)), 0, -1):
        for start in range(len(said) - length + 1):
            if said[start : start + length] in phrases:
                return said[start : start + length]
    return ()


def proof_wanted(text: str, grammar: Grammar) -> str:
    """The first number in `text` that somebody might want to see proved, as it was said with what it counts; empty
    where there is none. Small numbers, years and spans of time are none."""
    tokens = _NUMERAL.findall(text)
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and _numeral(tokens, end, at, grammar):
            end += 1
        if end > at and (found := _counted(tokens, at, end, grammar)):
            return found
        at = max(end, at + 1)
    return ""


def _numeral(tokens: Sequence[str], at: int, begin: int, grammar: Grammar) -> bool:
    word = tokens[at].lower()
    if word == "and":  # "a hundred and fifty"
        both = begin < at < len(tokens) - 1 and tokens[at - 1].lower() in grammar.large
        return both and tokens[at + 1].lower() in grammar.numbers
    return any(map(str.isdigit, word)) or all(part in grammar.numbers for part in word.split("-"))


def _counted(tokens: Sequence[str], begin: int, end: int, grammar: Grammar) -> str:
    numerals = [token.lower() for token in tokens[begin:end]]
    if begin and tokens[begin - 1].lower() in grammar.before_times:
        return ""
    after = [token.lower() for token in tokens[end : end + 3]]
    units = _unit(after, grammar)
    if any(unit in grammar.spans for unit in after[:1]) or _is_year(numerals, grammar):
        return ""
    measured = bool(units) and (units[0] in grammar.measures or units[0] in ("%", "per"))
    marked = any(sign in numeral for numeral in numerals for sign in "$€£%")
    if not (measured or marked or (_weighty(numerals, grammar) and (units or _large(numerals, grammar)))):
        return ""
    first = tokens[begin] if tokens[begin][0] in "$€£" else tokens[begin].lower()
    return " ".join([first, *tokens[begin + 1 : end + len(units)]]).replace(" %", "%")


def _unit(after: Sequence[str], grammar: Grammar) -> Sequence[str]:
    """What is counted: a measure, or up to the first word that looks like many things."""
    if after[:2] == ["per", "cent"]:
        return after[:2]
    if after and (after[0] in grammar.measures or after[0] == "%"):
        return after[:1]
    never = grammar.apart | grammar.before | grammar.of | grammar.articles
    for count, word in enumerate(after, 1):
        if word in never or not word.isalpha():
            break
        if word.endswith("s") and not word.endswith("ss"):
            return after[:count]
    return []


def _weighty(numerals: Sequence[str], grammar: Grammar) -> bool:
    """Ten and more; but no row of small digits, which is a telephone or order number."""
    if len(numerals) > 1 and all(len(each) == 1 or each in grammar.small for each in numerals):
        return False
    return any(_amount(each) >= 10 or each in grammar.large for each in numerals) or not all(
        each in grammar.small or each[0].isdigit() for each in numerals
    )


def _large(numerals: Sequence[str], grammar: Grammar) -> bool:
    """Not an age, a day or a time of day."""
    return any(each in grammar.large or _amount(each) >= 100 for each in numerals)


def _amount(numeral: str) -> float:
    digits = re.sub(r"[^\d.]", "", numeral).rstrip(".")
    try:
        return float(digits) if digits else 0.0
    except ValueError:  # "1.2.3"
        return 0.0


def _is_year(numerals: Sequence[str], grammar: Grammar) -> bool:
    if numerals[0] in ("twenty", "nineteen") and len(numerals) > 1 and numerals[1] not in ("hundred", "thousand"):
        return numerals[1] not in grammar.small
    return bool(re.fullmatch(r"(?:19|20)\d\d", numerals[0]))


def _in(kind: str, said: Phrase, lexicon: Lexicon) -> Phrase:
    rest = said
    for _ in range(8):
        if not (other := holds(rest, lexicon.not_meant.get(kind, ()))):
            break
        rest = next(_without(rest, other))
    return holds(rest, lexicon.anywhere[kind])


def _without(said: Phrase, phrase: Phrase) -> Iterator[Phrase]:
    for start in range(len(said)):
        if said[start : start + len(phrase)] == phrase:
            yield (*said[:start], "", *said[start + len(phrase) :])


def _quoted(kind: str, said: Phrase, lexicon: Lexicon) -> Cue:
    return Cue(kind=kind, said=_capital(" ".join(_in(kind, said, lexicon))), strong=kind not in _WEAK)


def _capital(words: str) -> str:
    """As it is written: "I guess"."""
    return re.sub(r"\bi\b", "I", words)


def _ends_with(said: Phrase, phrases: Collection[Phrase]) -> bool:
    return any(said[-len(phrase) :] == phrase for phrase in phrases)
