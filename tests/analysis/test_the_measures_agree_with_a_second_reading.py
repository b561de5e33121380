"""The definitions of `docs/metrics.md` written a second time, naively and in milliseconds, on random sessions."""

import random
from itertools import pairwise
from statistics import fmean, median

import pytest

from engine.analysis import Line, Material, Span, Word
from engine.analysis.analyse import analyse
from engine.words import load

LISTENING = ("yeah", "mm-hm", "right", "uh-huh")
SAID = ("um", "box", "river", "we", "the", "market", "went", "uh", "big", "garden", "nurse")
SIDES = ("user", "partner")


def session(seed):
    """Two channels of words and wordless sounds, with pauses around every threshold."""
    chance = random.Random(seed)
    lines, speech = [], {side: [] for side in SIDES}
    for side in SIDES:
        at = chance.randrange(3000)
        while at < 150_000:
            count = chance.choice((0, 1, 1, 2, 3, 5, 8, 20))
            texts = chance.choices(LISTENING if chance.random() < 0.25 else SAID, k=count)
            said = []
            for text in texts or [""]:
                end = at + chance.randrange(100, 500 if texts else 1900)
                if speech[side] and at - speech[side][-1][1] < 250:
                    speech[side][-1][1] = end
                else:
                    speech[side].append([at, end])
                said.append(Word(text=text, start=at / 1000, end=end / 1000))
                at = end + (chance.choice((100, 300, 500, 550, 900, 1900, 2000)) if chance.random() < 0.15 else 0)
            if texts:
                times = {"start": said[0].start, "end": said[-1].end}
                lines.append(Line(id=len(lines), speaker=side, text=" ".join(texts), words=tuple(said), **times))
            at += chance.choice((300, 500, 1500, 2000, 2200, 3000, 3200, 6000))
    spans = {side: [Span(start=a / 1000, end=b / 1000) for a, b in found] for side, found in speech.items()}
    return Material(seconds=max(s[-1].end for s in spans.values()), lines=tuple(lines), speech=spans)


class Naive:
    """Times in milliseconds; an utterance is (start, end, words, is an aside)."""

    def __init__(self, material):
        self.words = {
            side: [
                (word.text, round(500 * (word.start + word.end)))
                for line in material.lines
                for word in line.words
                if line.speaker == side
            ]
            for side in SIDES
        }
        times = {side: [(round(1000 * s.start), round(1000 * s.end)) for s in material.speech[side]] for side in SIDES}
        self.speech = {side: joined(times[side], 250) for side in SIDES}
        self.utterances = {side: [self.utterance(side, *s) for s in joined(times[side], 500)] for side in SIDES}
        rows = self.rows("user", 2000)
        self.turns = [row for row in rows if not all(u[3] for u in row)]
        self.asides = [u for row in rows if all(u[3] for u in row) for u in row]
        self.theirs = [row for row in self.rows("partner", 2000) if not all(u[3] for u in row)]
        self.turn_time = sum(row[-1][1] - row[0][0] for row in rows if row in self.turns)
        self.turn_time += sum(u[1] - u[0] for u in self.asides)
        self.mine, self.other = (sum(b - a for a, b in self.speech[side]) for side in SIDES)
        self.lexical = [text for text, _ in self.words["user"] if text not in {"um", "uh"}]

    def utterance(self, side, start, end):
        words = [text for text, at in self.words[side] if start <= at <= end]
        aside = len(words) <= 2 and load().is_backchannel(" ".join(words)) if words else end - start <= 1000
        return start, end, words, aside

    def taken(self, side, start, end):
        other = SIDES[side == "user"]
        return any(u[0] < end and u[1] > start and not u[3] for u in self.utterances[other])

    def rows(self, side, most):
        rows = []
        for u in self.utterances[side]:
            if rows and u[0] - rows[-1][-1][1] <= most and not self.taken(side, rows[-1][-1][1], u[0]):
                rows[-1].append(u)
            else:
                rows.append([u])
        return rows

    def pauses(self):
        gaps = [(a[1], b[0]) for a, b in pairwise(self.speech["user"])]
        return [b - a for a, b in gaps if b - a <= 10_000 and not self.taken("user", a, b)]

    def patience(self):
        gaps = []
        for row in self.turns:
            theirs = max((r[-1][1] for r in self.theirs if r[0][0] < row[0][0]), default=None)
            mine = max((r[-1][1] for r in self.turns if r[0][0] < row[0][0]), default=0)
            if theirs is not None and mine < theirs < row[0][0]:
                gaps.append(row[0][0] - theirs)
        return median(gaps) / 1000 if gaps else None

    def interruptions(self):
        found = 0
        for row in self.turns:
            start = next(u[0] for u in row if not u[3])
            words = [text for u in row for text in u[2] if text not in {"um", "uh"}]
            for begun, end, _, aside in self.utterances["partner"]:
                both = sum(
                    max(0, min(b, end, row[-1][1]) - max(a, start)) for a, b in self.speech["user"] if a >= row[0][0]
                )
                found += not aside and begun + 500 <= start < end and both >= 500 and len(words) > 2
        return found

    def measures(self):
        pauses, minutes = self.pauses(), self.turn_time / 60_000
        windows = [set(self.lexical[i : i + 50]) for i in range(len(self.lexical) - 49)]
        return {
            "wpm": len(self.lexical) / minutes,
            "articulation_rate": 60_000 * len(self.lexical) / self.mine,
            "speech_time": self.mine / 1000,
            "turn_time": self.turn_time / 1000,
            "pause_rate": sum(pause >= 500 for pause in pauses) / minutes,
            "pause_share": 100 * (self.turn_time - self.mine) / self.turn_time,
            "long_pauses": sum(pause > 1000 for pause in pauses),
            "talk_share": 100 * self.mine / (self.mine + self.other),
            "longest_monologue": max(
                row[-1][1] - row[0][0] for row in self.rows("user", 3000) if not all(u[3] for u in row)
            )
            / 1000,
            "patience": self.patience(),
            "interruptions": self.interruptions(),
            "active_listening": 60_000 * sum(bool(u[2]) for u in self.asides) / self.other,
            "vocabulary": fmean(len(kinds) / 50 for kinds in windows) if windows else None,
        }


def joined(spans, gap):
    found = []
    for start, end in spans:
        if found and start - found[-1][1] < gap:
            found[-1][1] = end
        else:
            found.append([start, end])
    return [tuple(span) for span in found]


def test_on_random_sessions():
    shown = dict.fromkeys(Naive(session(0)).measures(), 0)
    for seed in range(25):
        given = session(seed)
        found = analyse(given).measures
        for id, value in Naive(given).measures().items():
            if found[id].value is not None:
                assert found[id].value == pytest.approx(value), (seed, id)
                shown[id] += 1
    assert min(shown.values()) > 12, shown


def test_the_order_in_which_lines_come_does_not_matter():
    """Not of those that begin at the same time either."""
    given = session(7)
    lines = [Line(id=line.id, speaker=line.speaker, text=line.text, start=1.0, end=1.0) for line in given.lines]
    for said in (given.lines, tuple(lines)):
        one, other = (analyse(Material(seconds=150, lines=each, speech=given.speech)) for each in (said, said[::-1]))
        assert (one.measures, one.marks) == (other.measures, other.marks)


def test_an_um_between_two_pauses_stays_where_it_was_said():
    texts = {"we": 0, "went": 0.3, "um": 1.5, "home": 2.7, "late": 3.0, "and": 4.9, "slept": 5.2}
    words = tuple(Word(text=text, start=at, end=at + 0.3) for text, at in texts.items())
    line = Line(id=1, speaker="user", text="", start=0, end=5.5, words=words)
    found = analyse(Material(seconds=6, lines=(line,))).measures
    assert (found["turn_time"].n, found["turn_time"].value) == (1, pytest.approx(5.5))
    assert found["longest_monologue"].evidence[0].text == "we went um home late and slept"
