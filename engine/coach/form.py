"""The form of a cue: short, one line, an imperative, and nothing in it that was not said."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.analysis.lemmas import content
from engine.coach.phrases import Phrases
from engine.interview.cues import holds
from engine.words import normal

SCREEN_WORDS, EAR_WORDS, EAR_SECONDS = 8, 4, 1.5
LONGEST = 80
"""Characters of a line on the screen."""
SYLLABLES = 5.4
"""A second, of a voice at its normal pace: four words take 1.3 s."""
_VOWELS = re.compile(r"[aeiouyà-ÿ]+", re.IGNORECASE)
_MARKUP = re.compile(r"[*_#<>`\[\]{}|\\^~=@]|https?:|www\.|&\w+;|\n")
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_LABEL = re.compile(r"^(?:[-–•]\s+)?(?:(?:cue|suggestion|tip|coach)\s*:\s*)?", re.IGNORECASE)
_SECOND_IDEA = re.compile(r"[.!?;:]\s+\S")
_LONG_NUMBER = re.compile(r"\d[\d\s().-]{5,}\d")
_QUOTES = "\"'“”‘’«» \t"


def words_of(text: str) -> list[str]:
    """Its words as they are counted: what stands between spaces and is more than a sign."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def spoken_seconds(text: str) -> float:
    """How long it takes to say, estimated from its syllables."""
    return sum(max(1, len(_VOWELS.findall(_silent_e(word)))) for word in words_of(text)) / SYLLABLES


def for_screen(text: str) -> bool:
    return 0 < len(words_of(text)) <= SCREEN_WORDS and "\n" not in text


def fit(text: str, phrases: Phrases) -> bool:
    """Whether it may be shown: short, plain, and without what is never in a cue."""
    plain = text.isprintable() and not _MARKUP.search(text) and not _LONG_NUMBER.search(text)
    return plain and for_screen(text) and not holds(normal(text), phrases.never)


def for_ear(text: str) -> bool:
    return 0 < len(words_of(text)) <= EAR_WORDS and spoken_seconds(text) <= EAR_SECONDS


def first_for_ear(*texts: str) -> str:
    """The first that fits the ear; empty where none does."""
    return next(filter(for_ear, texts), "")


def matter_of(text: str, phrases: Phrases) -> frozenset[str]:
    """The content lemmas of a cue, without what it tells to do."""
    words = normal(text)
    return content(words[1:] if words[:1] and words[0] in phrases.imperatives else words)


def checked(answer: str, *, said: Iterable[str], phrases: Phrases) -> str:
    """The cue in what a language model answered; empty where it holds none that may be shown. `said`: the transcript
    and the user's own aims: no number and no name may come from anywhere else."""
    lines = [line.strip() for line in answer.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return ""
    text = _LABEL.sub("", lines[0].strip(_QUOTES)).strip(_QUOTES).removesuffix(".").strip(_QUOTES)
    text = text[:1].upper() + text[1:]
    if len(text) > LONGEST or not fit(text, phrases) or _SECOND_IDEA.search(text):
        return ""
    if normal(text)[0] not in phrases.imperatives:
        return ""
    known = {each for line in said for word in normal(line) for each in (word, word.removesuffix("'s"))}
    return text if _only_said(text, known, phrases) else ""


def _only_said(text: str, known: set[str], phrases: Phrases) -> bool:
    """Whether every number and every name in `text` is among the words that are `known`."""
    numbers = phrases.own.grammar.numbers - {"one"}
    for place, written in enumerate(_WORD.findall(text)):
        word = written.lower().replace("’", "'")
        bare = word.removesuffix("'s")
        name = any(map(str.isupper, written[1:] if place == 0 else written)) and bare not in ("i", "i'm", "i'd")
        number = any(map(str.isdigit, word)) or any(part in numbers for part in word.split("-"))
        if (name or number) and bare not in known and not set(normal(bare)) <= known:
            return False
    return True


def _silent_e(word: str) -> str:
    lower = word.lower().strip(".,:;!?\"'“”")
    silent = lower.endswith("e") and not lower.endswith("le") and len(_VOWELS.findall(lower)) > 1
    return lower[:-1] if silent else lower
