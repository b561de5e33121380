"""What was spoken of, in the speaker's own words: "we run it in two hospitals for my thesis" -> "two hospitals", "your
thesis". Without a model: a thing is what stands between small words, verbs and adverbs, and only where that is safe,
for recognised speech is rough. What is doubtful is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.interview.lexicon import Grammar, Lexicon

_SENTENCE = re.compile(r"(?<=[.?!…])\s+|\n+")
_SEGMENT = re.compile(r"[,;:()\"“”—–]+|\s-+\s|[.?!…]+(?=\s|\Z)")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ADJECTIVE_ENDINGS = ("ous", "ible", "ical", "less", "ful", "able", "ary", "est")
_LONGEST, _LONGEST_OF = 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A thing that was spoken of: as a partner would name it (`text`, "your pilot"), its main word, and how much it is
    worth to come back to. Fits wherever a noun stands as an object, whether one, many or a mass."""

    text: str
    head: str
    score: float
    person: bool = False
    name: bool = False
    """Nothing but a name: of a person, a place or a product, nobody knows."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    lower: str
    name: bool
    """Written with a capital where nothing but a name is."""


def topics(text: str, lexicon: Lexicon) -> list[Topic]:
    """What `text` speaks of, in order; each main word once, where it stands best."""
    best: dict[str, Topic] = {}
    for segment in _segments(text):
        for topic in _in_segment(segment, lexicon):
            if topic.head not in best or topic.score > best[topic.head].score:
                best[topic.head] = topic
    return list(best.values())


def _segments(text: str) -> Iterator[list[_Token]]:
    words = _WORD.findall(text)
    shouted = sum(word[0].isupper() for word in words) > 0.6 * len(words)
    for sentence in _SENTENCE.split(text):
        first = True
        for segment in _SEGMENT.split(sentence):
            tokens = []
            for word in _WORD.findall(segment):
                lower = word.lower().replace("’", "'")
                own = word[0].isupper() and lower not in ("i", "i'm", "i've", "i'd", "i'll")
                odd = any(map(str.isupper, word[1:]))
                name = not shouted and ((own and not first) or odd)
                tokens.append(_Token(word.replace("’", "'") if name else lower, lower, name))
                first = False
            if tokens:
                yield tokens


def _in_segment(tokens: Sequence[_Token], lexicon: Lexicon) -> Iterator[Topic]:
    at = 0
    while at < len(tokens):
        end, words, worth = _thing(tokens, at, lexicon)
        if not words:
            at += 1
            continue
        head = words[-1].lower  # of "the head of sales" that is "head"
        if end < len(tokens) and tokens[end].lower in lexicon.grammar.of and head not in lexicon.grammar.empty:
            more_end, more, more_worth = _thing(tokens, end + 1, lexicon, after_of=True)
            if more and more[-1].lower not in lexicon.grammar.empty and len(words) + len(more) < _LONGEST_OF:
                words, end, worth = [*words, tokens[end], *more], more_end, worth + more_worth + 0.5
        if head not in lexicon.grammar.empty:
            text = " ".join(token.text for token in words)
            yield Topic(
                text=text,
                head=head,
                score=worth + 0.3 * at / len(tokens),
                person=any(_is_person(word, lexicon.grammar) for word in (head, *_named(words))),
                name=all(word.name for word in words),
            )
        at = end


def _is_person(word: str, grammar: Grammar) -> bool:
    return word in grammar.persons or word.removesuffix("s") in grammar.persons


def _named(words: Sequence[_Token]) -> list[str]:
    """What stands before a name: "my co-founder Maria"."""
    return [before.lower for before, word in pairwise(words) if word.name and not before.name]


def _thing(
    tokens: Sequence[_Token], at: int, lexicon: Lexicon, *, after_of: bool = False
) -> tuple[int, list[_Token], float]:
    """The thing that begins at `at`: where it ends, its words as the partner says them, and its worth; no words where
    nothing safe begins."""
    grammar = lexicon.grammar
    if at >= len(tokens):
        return at, [], 0.0
    opens = tokens[at].lower in grammar.mine | grammar.articles | grammar.kept
    begin = at + opens
    end = begin
    while end < len(tokens) and end - begin < _LONGEST + 1 and _belongs(tokens, end, begin, grammar, opened=opens):
        end += 1
    words = list(tokens[begin:end])
    while words and _unfit_at_end(words[-1], grammar):
        words.pop()
    if len(words) > _LONGEST or not words or len(words[-1].lower) < 3:
        return at + 1, [], 0.0
    if not opens and not _safe_alone(tokens, at, words, grammar, after_of=after_of):
        return at + 1, [], 0.0
    worth = _worth(tokens[at], words, grammar) + 1.0 * (at > 0 and tokens[at - 1].lower in grammar.announce)
    if opens:
        words.insert(0, _turned(tokens[at], lexicon))
    return begin + len(words) - opens, words, worth


def _belongs(tokens: Sequence[_Token], at: int, begin: int, grammar: Grammar, *, opened: bool) -> bool:
    word = tokens[at].lower
    if tokens[at].name:
        return True
    if word in grammar.apart | grammar.articles | grammar.mine | grammar.kept | grammar.before:
        return False
    if not all(part.isalpha() for part in re.split("['-]", word)):
        return False
    leads = opened and at == begin
    if word in grammar.verbs:
        return leads or (at > begin and tokens[at - 1].lower in grammar.adjectives)
    if word.endswith("ly") and word not in grammar.ly_nouns | grammar.adjectives:
        return False
    return leads or not _participle(word, grammar)


def _participle(word: str, grammar: Grammar) -> bool:
    return word.endswith("ed") and len(word) > 4 and word not in grammar.ed_nouns


def _unfit_at_end(token: _Token, grammar: Grammar) -> bool:
    word = token.lower
    if token.name:
        return False
    adjective = word in grammar.adjectives or (word.endswith(_ADJECTIVE_ENDINGS) and word not in grammar.not_adjectives)
    return adjective or word.endswith("'s") or _participle(word, grammar) or word in grammar.numbers


def _safe_alone(
    tokens: Sequence[_Token], at: int, words: Sequence[_Token], grammar: Grammar, *, after_of: bool
) -> bool:
    """Whether `words`, without an article, can be trusted to be a thing."""
    if all(word.name for word in words):
        return True
    previous = tokens[at - 1].lower if at else ""
    auxiliary = previous in grammar.apart and previous.endswith(("n't", "'m", "'re", "'ve", "'ll", "'d"))
    if previous in grammar.subjects or auxiliary or (previous.endswith("ly") and previous not in grammar.ly_nouns):
        return False
    last = words[-1].lower
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "'s")) and len(last) > 3
    if plural or after_of:
        return True
    follows = tokens[at + len(words)].lower if at + len(words) < len(tokens) else ""
    return previous in grammar.before and previous != "to" and follows not in grammar.verbs


def _worth(first: _Token, words: Sequence[_Token], grammar: Grammar) -> float:
    worth = 2.0 if first.lower in grammar.mine else 1.0 if first.lower in grammar.articles else 0.5
    worth += 0.5 * (first.lower in ("a", "an"))  # what is new to the partner
    worth += 0.5 * (len(words) - 1)
    worth += sum(0.5 for word in words if len(word.lower) >= 7)
    return worth + 1.0 * any(word.name for word in words)


def _turned(token: _Token, lexicon: Lexicon) -> _Token:
    """ "My" is "your" to the partner, and what was new is known now: "a" becomes "the"."""
    word = token.lower
    if word in lexicon.grammar.mine:
        word = lexicon.turned[word]
    elif word in lexicon.grammar.articles:
        word = "the other" if word == "another" else "the"
    return _Token(word, word, name=False)
