"""Utterances with marked fillers: `[um]` a sure one, `[~like]` a possible one."""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.analysis import Word, find_fillers

LABELLED = Path(__file__).parent / "fillers_labelled.txt"
HELD_OUT = Path(__file__).parent / "fillers_held_out.txt"
CALLS = Path(__file__).parent / "fillers_held_out_calls.txt"


@dataclass(frozen=True)
class Utterance:
    """`gold`: first and last word of each filler and its bucket."""

    marked: str
    words: list[Word]
    gold: frozenset[tuple[int, int, str]]


def read(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [utterance(line) for line in lines if line and not line.startswith("#")]


def utterance(marked, second_a_word=0.3):
    texts, gold, first, bucket = [], set(), None, ""
    for piece in marked.split():
        if "[" in piece:
            first, bucket = len(texts), "possible" if "[~" in piece else "sure"
        texts.append(re.sub(r"\[~?|\]", "", piece))
        if "]" in piece:
            gold.add((first, len(texts) - 1, bucket))
    words = [
        Word(text=text, start=index * second_a_word, end=(index + 0.9) * second_a_word)
        for index, text in enumerate(texts)
    ]
    return Utterance(marked=marked, words=words, gold=frozenset(gold))


@dataclass
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self):
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


def score(utterances):
    """The score of the sure bucket, and of both together, whichever bucket a filler is in; and what was wrong."""
    sure, both, misses = Score(), Score(), []
    for one in utterances:
        found = {(filler.first, filler.last, str(filler.bucket)) for filler in find_fillers(one.words)}
        for kept, total in ((lambda event: event[2] == "sure", sure), (lambda event: True, both)):
            gold = {event[:2] for event in one.gold if kept(event)}
            ours = {event[:2] for event in found if kept(event)}
            total.right += len(gold & ours)
            total.wrong += len(ours - gold)
            total.missed += len(gold - ours)
        if found != one.gold:
            misses.append(f"{one.marked}\n    found {shown(one, found - one.gold)}, not {shown(one, one.gold - found)}")
    return sure, both, misses


def shown(one, events):
    return [" ".join(word.text for word in one.words[a : b + 1]) + f" ({bucket})" for a, b, bucket in sorted(events)]
