"""The numbers in a text, in figures and in words: "5", "1,200", "twenty-five", "48 %", "1:40", "twice", "the third"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SMALL = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
]  # fmt: skip
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_GROUPS = {
    "dozen": 12, "dozens": 12, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9,
    "double": 2, "doubled": 2, "triple": 3, "tripled": 3, "quadruple": 4, "couple": 2, "pair": 2, "score": 20,
}  # fmt: skip
_SHARES = {"half": 50.0, "halves": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_COUNT = r"(?:\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

_LASTING = (
    "(?:"
    + "|".join(
        rf"(?<=\b{word}\s)"
        for word in ("for", "over", "under", "than", "about", "nearly", "almost", "within", "took", "in", "after")
    )
    + ")"
)
"""Before "a minute": then it is a length, and not what "148 words a minute" are counted in."""

_PATTERN = re.compile(
    rf"""
    (?P<clock>\d+(?::\d\d)+)
  | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
  | (?P<share>\b(?:(?P<many>one|two|three|four)[\s-]+)?
      (?:(?:third|quarter|fifth|tenth)s?(?=\s+of\b)|thirds|quarters|fifths|tenths)\b | \bhal(?:f|ves)\b)
  | (?P<nth>\b(?:{"|".join(_ORDINALS)})\b)
  | (?P<length>{_LASTING}an?\s(?:full\s|whole\s|good\s)?(?:minute|hour)s?\b)
  | (?P<times>\b(?:once|twice|thrice)\b)
  | (?P<group>\b(?:{"|".join(_GROUPS)})\b)
  | (?P<figure>(?:(?<![\w.])[-−])?{_COUNT})
  | (?P<words>\b(?:{_WORD})\b(?:(?:[\s-]+(?:and[\s-]+)?|\spoint\s)(?:{_WORD})\b)*)
    """,
    re.VERBOSE,
)
"""For lower-case text, which is searched faster than text of any case."""
_AFTER = re.compile(
    r"""[\s-]*(?:
    (?P<percent>%|per\s?cent\b)
  | (?P<times>x\b|×|times\b(?!\s+(?:a|per)\s+minute))
  | (?P<ms>ms\b|milliseconds?\b) | (?P<s>s\b|secs?\b|seconds?\b) | (?P<m>mins?\b|minutes?\b) | (?P<h>hours?\b|hrs?\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class Sort(StrEnum):
    """What a number is a number of. `value` is then: as it is; per cent; seconds; seconds since the session began, or
    a length; a place in a row; how often."""

    PLAIN = "plain"
    PERCENT = "percent"
    SECONDS = "seconds"
    CLOCK = "clock"
    ORDINAL = "ordinal"
    TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number at `first` to `last` (exclusive) of its text; `decimals` as they were written, `step`: what one of its
    last decimal is worth."""

    text: str
    first: int
    last: int
    value: float
    sort: Sort
    step: float = 1.0
    spelled: bool = False

    def equals(self, value: float) -> bool:
        """Whether it is `value`, rounded as it was written."""
        return abs(self.value - value) <= self.step / 2 + 1e-9


def numerals(text: str) -> list[Numeral]:
    """All numbers of `text`, in order. "one" is one of them; "a" and "no" are not."""
    found = list(_numerals(text))
    joined: list[Numeral] = []
    for numeral in found:
        before = joined[-1] if joined else None
        between = text[before.last : numeral.first].strip(" ,") if before else "?"
        if (
            before
            and before.sort is numeral.sort is Sort.SECONDS
            and between in ("", "and")
            and before.value > numeral.value
        ):
            joined[-1] = Numeral(
                text=text[before.first : numeral.last],
                first=before.first,
                last=numeral.last,
                value=before.value + numeral.value,
                sort=Sort.SECONDS,
                step=numeral.step,
            )
        else:
            joined.append(numeral)
    return joined


def _numerals(text: str) -> Iterator[Numeral]:
    done = 0
    for match in _PATTERN.finditer(text.lower()):
        if match.start() < done or _is_unit(match, text):
            continue
        kind = str(match.lastgroup if match.lastgroup != "many" else "share")
        written = match[kind]
        value, sort, step = _READ[kind](written)
        last = match.end()
        after = _AFTER.match(text, last) if kind in ("figure", "words") else None
        if kind == "share":
            sort, after = _share_of(text, match.end()), None
            value = value * 0.6 if sort is Sort.SECONDS else value
        if after:
            unit = str(after.lastgroup)
            last = after.end()
            factor = _SECONDS.get(unit, 1.0)
            sort = Sort.SECONDS if unit in _SECONDS else Sort.PERCENT if unit == "percent" else Sort.TIMES
            value, step = value * factor, step * factor
        done = last
        yield Numeral(
            text=text[match.start() : last],
            first=match.start(),
            last=last,
            value=value,
            sort=sort,
            step=step,
            spelled=kind not in ("figure", "clock", "ordinal"),
        )


def _is_unit(match: re.Match[str], text: str) -> bool:
    """A second that passes, not the one after the first: "for a second", "per second"."""
    return (
        match[0] == "second" and re.search(r"\b(?:a|per|each|every|one|half)\s+\Z", text[: match.start()]) is not None
    )


def _share_of(text: str, at: int) -> Sort:
    """ "half a minute" is seconds, "half of the time" per cent."""
    return Sort.SECONDS if re.match(r"[\s-]+(?:a|an)?\s*minute", text[at:], re.IGNORECASE) else Sort.PERCENT


def _figure(written: str) -> tuple[float, Sort, float]:
    bare = written.replace(",", "").replace("−", "-")
    return float(bare), Sort.PLAIN, 10.0 ** -len(bare.partition(".")[2])


def _clock(written: str) -> tuple[float, Sort, float]:
    seconds = 0
    for part in written.split(":"):
        seconds = 60 * seconds + int(part)
    return float(seconds), Sort.CLOCK, 2.0


def _length(written: str) -> tuple[float, Sort, float]:
    seconds = 3600.0 if "hour" in written else 60.0
    return seconds, Sort.SECONDS, seconds / 4


def _spelled(written: str) -> tuple[float, Sort, float]:
    whole, _, fraction = written.partition(" point ")
    total = current = 0
    for word in re.findall(_WORD, whole):
        if word == "hundred":
            current = max(1, current) * 100
        elif word in _LARGE:
            total, current = total + max(1, current) * _LARGE[word], 0
        else:
            current += _SMALL[word]
    digits = "".join(str(_SMALL.get(word, "")) for word in re.findall(_WORD, fraction))
    return float(f"{total + current}.{digits or 0}"), Sort.PLAIN, 10.0 ** -len(digits)


def _share(written: str) -> tuple[float, Sort, float]:
    *many, part = re.split(r"[\s-]+", written)
    name = part if part in _SHARES else part.removesuffix("s")
    return _SHARES[name] * (_SMALL[many[0]] if many else 1), Sort.PERCENT, 6.0


_READ = {
    "clock": _clock,
    "ordinal": lambda written: (float(written[:-2]), Sort.ORDINAL, 0.0),
    "nth": lambda written: (float(_ORDINALS.index(written) + 1), Sort.ORDINAL, 0.0),
    "length": _length,
    "times": lambda written: (float(_TIMES[written]), Sort.TIMES, 0.0),
    "group": lambda written: (float(_GROUPS[written]), Sort.PLAIN, 0.0),
    "share": _share,
    "figure": _figure,
    "words": _spelled,
}
