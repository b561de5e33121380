"""Whether what a text says is so: every quote was said, every name was named, every number was measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from re import Pattern

from engine.analysis.lemmas import content, lemma
from engine.analysis.values import PARTNER, USER, Analysis, Material
from engine.report.amounts import Amounts, Scope
from engine.report.drills import drills
from engine.report.language import forbidden
from engine.report.plain import straight
from engine.report.said import Place, Said
from engine.words import normal

_DOUBLE = re.compile(r'"([^"]*)"')
_SINGLE = re.compile(r"(?<!\w)'(?=\w)(.+?)(?<=[\w.,!?…])'(?!\w)")
_SENTENCE = re.compile(r"[^.!?;]*(?:[.!?;](?!\s|\Z)[^.!?;]*)*[.!?;]*\s*")
_INDIRECT = re.compile(
    r"\byou (?:said|told|asked|mentioned|explained|promised|claimed|added|wrote|admitted)"
    r"(?: (?:them|him|her|us|[A-Z]\w+))?"
    r" ((?:that|how|why|what|whether|if|where|when|who|I|we|it|they|he|she|you|there)\b[^,;:.!?~]*)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:;]\s)(?<!^)(?<![\w\"'])[A-Z][\w'-]+")
_ATTRIBUTED = r"(?:said|says|asked|asks|told|answered|replied|mentioned|wondered|explained|added|put it|called)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words within quotation marks, at `first` to `last` (exclusive, the marks included) of their text."""

    text: str
    first: int
    last: int


class Claims:
    """Checks texts on one session. `names`: more words that may be named, such as who took part."""

    def __init__(self, material: Material, analysis: Analysis, names: str = "") -> None:
        self.material, self.analysis, self.said = material, analysis, Said(material)
        self.amounts = Amounts(material, analysis, self.said)
        titles = " ".join(drill.title for drill in drills().values())
        told = " ".join((material.goal, material.context, names, titles))
        self._goal = straight(material.goal).strip().lower()
        self.names = frozenset(lemma(word) for word in normal(names))
        self._named = {lemma(word) for word in normal(told)} | self.said.stems()

    def faults(self, text: str, scope: Scope) -> Iterator[str]:
        """What is not so in `text`."""
        flat = straight(text)
        if flat.count('"') % 2:
            yield "a quotation mark has no other end"
            return
        quotes = quoted(flat)
        found: list[Sequence[Place]] = []
        for quote in quotes:
            speaker = PARTNER if self._of_partner(flat, quote) else USER
            found.append(self.said.find(quote.text, speaker))
            if not found[-1]:
                yield f'"{quote.text[:60]}" was not said by the {speaker} in these words'
        bare = _masked(flat, quotes)
        if scope.goal and self._goal:
            bare = re.sub(re.escape(self._goal), lambda match: "~" * len(match[0]), bare, flags=re.IGNORECASE)
        yield from self._words(flat, bare, scope)
        if not scope.summary:
            yield from self._indirect(bare)
        for first, sentence in _sentences(bare) if not scope.summary else ():
            here = range(first, first + len(sentence))
            inside = [places for quote, places in zip(quotes, found, strict=True) if quote.first in here]
            asks = normal(sentence)[:1] and normal(sentence)[0] in forbidden().takeaway_verbs
            yield from self.amounts.faults(sentence, replace(scope, advice=True) if asks else scope, inside)

    def orders(self, text: str) -> Iterator[str]:
        """What was meant for a machine: not even as a quote."""
        if match := forbidden().orders.search(text):
            yield f'"{match[0]}" has no place in a report'

    def _of_partner(self, text: str, quote: Quote) -> bool:
        """Whether the quote is given as somebody else's words."""
        before, after = re.split(r"[.!?;]\s", text[: quote.first])[-1], text[quote.last :]
        given, own, mine, follows = _attributions()
        said = [match.start() for pattern in (given, own) for match in pattern.finditer(before)]
        by_user = [match.start() for match in mine.finditer(before)]
        if said:
            return not by_user or max(said) > max(by_user)
        return follows.match(after) is not None

    def _words(self, flat: str, bare: str, scope: Scope) -> Iterator[str]:
        lists = forbidden()
        yield from self.orders(flat)
        for kind, pattern in lists.quotable.items():
            for word in (match[0] for match in pattern.finditer(bare.lower())):
                if not (scope.summary and content(normal(word)) <= self.said.stems()):
                    yield f'"{word}" ({kind}) is not for a report: say what was done'
        if not scope.summary and (match := lists.judged.search(bare)):
            yield f'"{match[0]}" says what somebody is: say what was done'
        for match in _NAME.finditer(bare):
            if not {lemma(word) for word in normal(match[0])} <= self._named:
                yield f'"{match[0]}" was never named'

    def _indirect(self, bare: str) -> Iterator[str]:
        """ "You said you would call": what follows has to have been said, too."""
        stems = self.said.stems(USER)
        for match in _INDIRECT.finditer(bare):
            told = content(word for word in normal(match[1]) if not word.isdigit())
            words = told - {lemma(word) for word in forbidden().reporting}
            if len(words - stems) > len(words) // 4:
                yield f'"{match[0].strip()[:60]}": that was not said'


@cache
def _attributions() -> tuple[Pattern[str], ...]:
    """What says whose words follow: somebody's ("Sam asked", "asked you"), theirs ("Sam's question"), the user's; and
    what says so afterwards (", said Sam" is not looked for: "Sam said" is)."""
    who = rf"(?:{forbidden().partner.pattern}|(?-i:\b[A-Z]\w+)(?<!\bYou)(?<!\bI))"
    patterns = (
        rf"{who}(?:'s)?\s+(?:\w+\s+){{0,2}}?{_ATTRIBUTED}\b|\b(?:asked|told) you\b|\byou heard(?: of| about)?\b",
        rf"(?:{who}'s|\btheir|\bhis|\bher)\s+(?:\w+\s+)?(?:question|words?|answer|point|line|phrase|remark)\b",
        r"\byou (?:\w+ )?(?:said|asked|told|answered|replied|put)\b|\byour(?: \w+){0,3}\W*\Z",
        rf"[,.]?\s+{who}\s+{_ATTRIBUTED}\b",
    )
    given, own, mine, follows = (re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    return given, own, mine, follows


def quoted(flat: str) -> list[Quote]:
    """What stands in quotation marks, double or single, in a text with straight ones."""
    double = [Quote(text=m[1], first=m.start(), last=m.end()) for m in _DOUBLE.finditer(flat)]
    rest = _masked(flat, double)
    single = [Quote(text=m[1], first=m.start(), last=m.end()) for m in _SINGLE.finditer(rest)]
    return sorted(double + single, key=lambda quote: quote.first)


def _masked(text: str, quotes: Iterable[Quote]) -> str:
    for quote in quotes:
        text = f"{text[: quote.first]}{'~' * (quote.last - quote.first)}{text[quote.last :]}"
    return text


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield match.start(), match[0]
