"""Which words of what was said are fillers: sounds and phrases that carry no meaning where they stand.

Two buckets. *Sure*: sounds of hesitation, "you know" and "I mean" but where they are the verb; only these are counted
in a percentage. *Possible*: "like" and "well" where they look like discourse markers. What single words tell: as
fillers, "you know" is one in 97 of 100 places, "well" in 93, "I mean" in 90, "like" in 25, "so" in 5, "okay" in 4,
"right", "basically", "kind of" and "sort of" in none (measured on 36 annotated telephone conversations, 63,513 words),
so that the last are no fillers here; who wants them counted puts them on the watch list.

"Well" counts where it opens a turn too: there it nearly always is a discourse marker, and annotators mark it as one.
"Like" and "well" never become sure, whatever stands around them: the best published readers of "like" are right 79
times in 100 (Popescu-Belis and Zufferey 2011), which is too rare for a number that is shown as a fact. For the same
reason "like" is possible only where more often than not it is a filler: after words that a comparison cannot follow,
before amounts and hesitations, between commas.

The lists are data: `data/words/fillers.en.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.analysis.filler_rules import RULES, Rule, hesitates
from engine.analysis.filler_words import Pack, Speech, bare, load
from engine.analysis.thresholds import SAME_TURN
from engine.providers.base import Word


class Bucket(StrEnum):
    """SURE: counted. POSSIBLE: shown apart, in no percentage."""

    SURE = "sure"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """Words `first` to `last` (included) of those given are a filler: one event, however many words."""

    first: int
    last: int
    bucket: Bucket


def find_fillers(
    words: Sequence[Word],
    *,
    watch: Iterable[str] = (),
    ignore: Iterable[str] = (),
    turn_gap: float = SAME_TURN,
    language: str = "en",
) -> list[Filler]:
    """The fillers among `words` of one speaker, in order, none overlapping another.

    `words` may be a turn or everything that a speaker said, with or without punctuation, of any case, contractions
    whole or split ("do", "n't"). A silence of more than `turn_gap` seconds begins a turn, `math.inf` where all are of
    one; times that are not in order or without length (all zero) are not read. `watch`: phrases that are sure wherever
    they stand; of "like" and "well", only where they may be fillers. `ignore`: phrases that are not counted.

    Raises:
        NotFound: there is no list for `language`.
    """
    speech, pack = Speech(words, turn_gap), load(language)
    patterns = _patterns(pack, watch, ignore)
    found: list[Filler] = []
    at = 0
    while at < len(speech):
        match = next((pattern for pattern in patterns if pattern.fits(speech, at, pack)), None)
        count = match.length if match else 1
        if match:
            first, last = speech.said[at].first, speech.said[at + count - 1].last
            found.append(Filler(first=first, last=last, bucket=match.bucket))
        at += count
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A phrase that is a filler where `rule` says so; an empty phrase is any sound of hesitation."""

    phrase: tuple[str, ...]
    bucket: Bucket
    rule: Rule
    ignored: frozenset[str] = frozenset()

    @property
    def length(self) -> int:
        return len(self.phrase) or 1

    def fits(self, speech: Speech, at: int, pack: Pack) -> bool:
        if self.phrase:
            return speech.matches(self.phrase, at) and self.rule(speech, at, pack)
        text = speech.said[at].text
        hesitation = pack.hesitation.fullmatch(text) and _squeezed(text) not in self.ignored
        return bool(hesitation) and self.rule(speech, at, pack)


def _patterns(pack: Pack, watch: Iterable[str], ignore: Iterable[str]) -> list[_Pattern]:
    """What is looked for, in the order in which it wins: the user's own phrases, the longest first."""
    watched, ignored = _phrases(watch), _phrases(ignore)
    doubtful = {(word,): word for word in ("well", "like")}
    found = [
        _Pattern(phrase=phrase, bucket=Bucket.SURE, rule=_anywhere) for phrase in watched if phrase not in doubtful
    ]
    sounds = frozenset(_squeezed(phrase[0]) for phrase in ignored if len(phrase) == 1)
    found.append(_Pattern(phrase=(), bucket=Bucket.SURE, rule=hesitates, ignored=sounds))
    for name in ("you_know", "i_mean"):
        spellings = _phrases(pack.lists[name]["spellings"])
        found += [_Pattern(phrase=phrase, bucket=Bucket.SURE, rule=RULES[name]) for phrase in spellings]
    for phrase, name in doubtful.items():
        bucket = Bucket.SURE if phrase in watched else Bucket.POSSIBLE
        found.append(_Pattern(phrase=phrase, bucket=bucket, rule=RULES[name]))
    return [pattern for pattern in found if pattern.phrase not in ignored]


def _anywhere(speech: Speech, at: int, pack: Pack) -> bool:
    return True


def _phrases(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """The words of each text, the longest first."""
    split = {tuple(filter(None, map(bare, text.split()))) for text in texts}
    return sorted(filter(None, split), key=lambda phrase: (-len(phrase), phrase))


def _squeezed(text: str) -> str:
    """Without doubled letters: "ummm" is "um"."""
    return re.sub(r"(.)\1+", r"\1", text)
