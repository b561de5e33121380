"""Who had the floor: utterances, turns, and the "mm-hm" of whoever listens, which takes no turn."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from engine import words as vocabulary
from engine.analysis import thresholds
from engine.analysis.spoken import SIDES, Side, Spoken, Stretches, between, joined
from engine.analysis.tokens import Token
from engine.analysis.values import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn, or an utterance: speech of one speaker. `aside`: a backchannel, or a sound without words too short to
    say anything. `begun`: where its first words that are no aside begin. `spans`: its stretches of speech; none where
    it was typed."""

    speaker: str
    start: float
    end: float
    spans: tuple[Span, ...]
    tokens: tuple[Token, ...]
    aside: bool = False
    begun: float = 0.0

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The turns of both, by their start; the asides that belong to no turn; and the utterances all are made of. Each
    turn and aside is in exactly one of the two."""

    turns: tuple[Turn, ...]
    asides: tuple[Turn, ...]
    utterances: tuple[Turn, ...]

    def turns_of(self, speaker: str) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.speaker == speaker)

    def asides_of(self, speaker: str) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.asides if turn.speaker == speaker)

    def turn_time(self, speaker: str) -> float:
        return round(sum(turn.seconds for turn in (*self.turns, *self.asides) if turn.speaker == speaker), 6)

    def words_of(self, speaker: str) -> tuple[tuple[Token, ...], ...]:
        """The words of each turn and aside, in order of time: what is said in one go."""
        every = sorted((*self.turns_of(speaker), *self.asides_of(speaker)), key=lambda turn: turn.start)
        return tuple(turn.tokens for turn in every if turn.tokens)

    def runs(self, speaker: str, gap: float) -> tuple[Turn, ...]:
        """The turns of `speaker` with silences up to `gap` and whatever the other threw in, as one each."""
        rows = _rows(self.utterances, speaker, gap)
        return tuple(_one(row) for row in rows if any(not part.aside for part in row))


def last_before(turns: Sequence[Turn], start: float) -> Turn | None:
    """Of `turns`, in order, the last that began before `start`."""
    index = bisect_left(turns, start, key=lambda turn: turn.start)
    return turns[index - 1] if index else None


def floor_of(spoken: Spoken) -> Floor:
    utterances = sorted(
        (utterance for side in SIDES for utterance in _utterances(spoken.sides[side])),
        key=lambda utterance: (utterance.start, utterance.end),
    )
    turns: list[Turn] = []
    asides: list[Turn] = []
    for side in SIDES:
        for row in _rows(utterances, side, thresholds.SAME_TURN):
            if all(part.aside for part in row):
                asides += row
            else:
                turns.append(_one(row))
    return Floor(
        turns=tuple(sorted(turns, key=lambda turn: (turn.start, turn.end))),
        asides=tuple(sorted(asides, key=lambda aside: aside.start)),
        utterances=tuple(utterances),
    )


def _utterances(side: Side) -> list[Turn]:
    stretches = joined(side.spans, thresholds.SAME_UTTERANCE)
    starts = [stretch.start for stretch in stretches]
    words: list[list[Token]] = [[] for _ in stretches]
    typed: list[Token] = []
    for token in side.tokens:
        if token.typed or not stretches:
            typed.append(token)
            continue
        index = max(0, bisect_right(starts, token.middle) - 1)
        if index + 1 < len(stretches) and starts[index + 1] - token.middle < token.middle - stretches[index].end:
            index += 1
        words[index].append(token)
    inner = _inner(side.spans, starts)
    found = [_utterance(side.speaker, stretch, inner[index], words[index]) for index, stretch in enumerate(stretches)]
    for _, line in groupby(typed, key=lambda token: token.line):
        said = list(line)
        found.append(_utterance(side.speaker, Span(start=said[0].start, end=said[0].start), [], said))
    return found


def _inner(spans: Iterable[Span], starts: Sequence[float]) -> list[list[Span]]:
    found: list[list[Span]] = [[] for _ in starts]
    for span in spans:
        found[bisect_right(starts, span.start) - 1].append(span)
    return found


def _utterance(speaker: str, stretch: Span, spans: Sequence[Span], words: Sequence[Token]) -> Turn:
    few = len(words) <= thresholds.BACKCHANNEL_WORDS
    text = " ".join(token.word for token in words)
    aside = (few and vocabulary.load().is_backchannel(text)) if words else stretch.seconds <= thresholds.UNWORDED
    return Turn(
        speaker=speaker,
        start=stretch.start,
        end=stretch.end,
        spans=tuple(spans),
        tokens=tuple(words),
        aside=aside,
        begun=stretch.start,
    )


def _rows(utterances: Sequence[Turn], side: str, most: float) -> list[list[Turn]]:
    """What `side` says in one go: their utterances, in order, with at most `most` seconds between them in which the
    other says nothing but asides. An aside right before or after more belongs to it: "yeah, … I think so"."""
    others = Stretches((u.start, u.end) for u in utterances if u.speaker != side and not u.aside)
    rows: list[list[Turn]] = []
    end = 0.0
    for part in (u for u in utterances if u.speaker == side):
        gap = between(end, part.start)
        if rows and gap <= most and not (gap > 0 and others.overlapping(end, part.start)):
            rows[-1].append(part)
        else:
            rows.append([part])
        end = max(end, part.end)
    return rows


def _one(parts: Sequence[Turn]) -> Turn:
    return replace(
        parts[0],
        start=min(part.start for part in parts),
        end=max(part.end for part in parts),
        spans=tuple(span for part in parts for span in part.spans),
        tokens=tuple(token for part in parts for token in part.tokens),
        aside=False,
        begun=next(part.begun for part in parts if not part.aside),
    )
