"""How the user speaks, while they do: what is true of it now, what is not, and what cannot be told. Pure; all times are
seconds of the session. Only the user's side is judged; the other's tells who had the floor.

The definitions are those of `analysis`, taken over what was last said: a report may say more, never the contrary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.analysis import thresholds
from engine.analysis.bands import mode_of
from engine.analysis.fillers import Bucket, find_fillers
from engine.analysis.spoken import Stretches
from engine.analysis.tokens import tokens
from engine.analysis.values import PARTNER, USER, Band, Frames, Line
from engine.coach.aiming import Aiming
from engine.coach.cues import FILLERS, INTERRUPTIONS, MONOLOGUE, PACE, TECHNICAL, Condition
from engine.coach.phrases import Phrases
from engine.coach.sound import Sound
from engine.report.goals import Target

KEPT = 200.0
"""Seconds that are looked back on."""
EXTREME = 220.0
"""Words a minute that are too fast for anybody."""
STALE = 35.0
"""Seconds after which what was last said tells nothing about now: the words of a long turn come late."""
FILLERS_AT_ONCE, FILLERS_WITHIN = 3, 10.0
HEARD = 21.0
"""Seconds of lines that pace and fillers are looked for in."""
LATENCY = 5.0
"""Seconds until the words of what was said are there, at most, for a cluster that is still fresh."""
ALONE = frozenset({"pitch"})
"""Modes in which nobody expects to be asked back."""
BACKCHANNEL = 1.0
"""Seconds up to which a sound of the other side is no turn, as long as nobody has its words."""
INTERRUPTED, INTERRUPTED_WITHIN, FORGIVEN = 3, 180.0, 60.0
"""So many interruptions within so many seconds are a pattern, which is over after so many without one."""

Times = list[tuple[float, float]]


class Delivery:
    """What the user does with their voice and their turns. `mode`: a key of `analysis.bands.MODES`; `bands`:
    the user's own, by measure, instead of the mode's; `watch` and `ignore` as in `find_fillers`; `targets`: of
    the goal."""

    def __init__(
        self,
        mode: str,
        phrases: Phrases,
        *,
        bands: Mapping[str, Band] | None = None,
        watch: Sequence[str] = (),
        ignore: Sequence[str] = (),
        targets: Sequence[Target] = (),
    ) -> None:
        known = {**mode_of(mode).bands, **(bands or {})}
        self._aiming = Aiming(targets, phrases, watch=watch, ignore=ignore)
        self._highest = self._aiming.highest({id: band.high for id, band in known.items() if band.high is not None})
        self._phrases = phrases
        self._own = {"watch": tuple(watch), "ignore": tuple(ignore)}
        self._lines: list[Line] = []
        self._spans: dict[str, Times] = {USER: [], PARTNER: []}
        self._open: dict[str, float] = {}
        self._run: float | None = None
        self._interruptions: list[float] = []
        self._sound = Sound()
        self._rate: float | None = None
        self._fillers: list[float] = []
        self._last_word: float | None = None
        self._told: dict[str, Condition] = {}
        self.labelled = False
        """What is called the user's is theirs: else only what is wrong with the microphone is told."""

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def line(self, line: Line) -> None:
        if line.speaker == USER:
            self._lines = [*(each for each in self._lines if each.end > line.end - HEARD), line]
            self._rate = self._pace(line.end)
            self._fillers = self._filler_times()
            self._last_word = line.end
            self._aiming.line(line)

    def voice(self, speaker: str, speaking: bool, at: float) -> None:
        if speaking:
            self._open.setdefault(speaker, at)
            if speaker == USER:
                self._begin_run(at)
        elif (start := self._open.pop(speaker, None)) is not None:
            self._spans.setdefault(speaker, []).append((start, at))
            self._aiming.spoke(speaker, start, at)
            if speaker == USER:
                self._judge_overlap(start, at)
                self._sound.turn(start, at)
            elif at - start > BACKCHANNEL:
                self._run = None

    def frames(self, frames: Frames) -> None:
        self._sound.add(frames)

    def look(self, at: float) -> list[Condition]:
        """What has changed by `at`."""
        self._forget(at - KEPT)
        changed = [found for found in self._conditions(at) if self._is_news(found)]
        self._told |= {found.kind: found for found in changed}
        return changed

    def _is_news(self, found: Condition) -> bool:
        before = self._told.get(found.kind)
        return before != found if before else bool(found.holds)

    # ---- what is true ------------------------------------------------------------------------------------------------

    def _conditions(self, at: float) -> Iterator[Condition]:
        for kind, holds in self._sound.judged(self._user_spans(at), at):
            if self.labelled or kind in TECHNICAL:
                yield self._condition(kind, holds)
        if not self.labelled:
            return
        lately = self._last_word is not None and at - self._last_word <= STALE
        rate = self._rate if lately else None
        yield self._of_pace(rate)
        yield self._condition(FILLERS, self._clustered(at))
        yield self._condition(MONOLOGUE, self._too_long(at))
        yield self._condition(INTERRUPTIONS, self._interrupts(at))
        yield from self._aiming.conditions(at)

    def _of_pace(self, rate: float | None) -> Condition:
        slowest = self._aiming.slowest
        if rate is not None and slowest is not None and rate < slowest:
            return replace(self._condition("wpm_low", True), kind=PACE)
        fast = None if rate is None else rate > self._highest.get(PACE, EXTREME)
        return self._condition(PACE, fast, extreme=rate is not None and rate > EXTREME)

    def _condition(self, kind: str, holds: bool | None, *, extreme: bool = False) -> Condition:
        manner = self._phrases.manner[kind]
        return Condition(kind=kind, holds=holds, text=manner.screen, ear=manner.ear, extreme=extreme and bool(holds))

    def _pace(self, at: float) -> float | None:
        """Words a minute of the user's turns within the 20 s before their last word."""
        said = tokens(self._lines, at + KEPT)
        words = [token for token in said if not token.hesitation and not token.typed]
        end = max((token.end for token in words), default=0.0)
        start = max(0.0, end - thresholds.PACE_WINDOW)
        count = sum(start <= token.middle <= end for token in words)
        spans = [span for span in self._user_spans(at) if span[1] > start]
        speech = Stretches(spans).seconds(start, end)
        if count < thresholds.PACE_WORDS or speech < thresholds.PACE_SPEECH:
            return None
        turns = Stretches(_closed(spans, thresholds.SAME_TURN)).seconds(start, end)
        return 60 * count / turns if turns > thresholds.TYPED * count else None

    def _filler_times(self) -> list[float]:
        since = self._lines[-1].end - 2 * FILLERS_WITHIN
        words = [word for line in self._lines for word in line.words if word.end > since]
        found = find_fillers(words, watch=self._own["watch"], ignore=self._own["ignore"])
        return [words[filler.first].start for filler in found if filler.bucket is Bucket.SURE]

    def _clustered(self, at: float) -> bool | None:
        """Whether three fillers fell within 10 s, the last of them lately."""
        if self._last_word is None or at - self._last_word > STALE:
            return None
        last = self._fillers[-FILLERS_AT_ONCE:]
        if len(last) < FILLERS_AT_ONCE or at - last[-1] > FILLERS_WITHIN + LATENCY:
            return False
        return last[-1] - last[0] <= FILLERS_WITHIN

    def _too_long(self, at: float) -> bool | None:
        longest = self._highest.get(MONOLOGUE)
        if longest is None:
            return None
        spans = self._spans[USER]
        if self._run is None or (USER not in self._open and spans and at - spans[-1][1] > thresholds.MONOLOGUE_GAP):
            return False
        return at - self._run > longest

    def _interrupts(self, at: float) -> bool | None:
        lately = [when for when in self._interruptions if at - when <= INTERRUPTED_WITHIN]
        return len(lately) >= INTERRUPTED and at - lately[-1] <= FORGIVEN

    # ---- who had the floor -------------------------------------------------------------------------------------------

    def _begin_run(self, at: float) -> None:
        """A monologue goes on through the other's backchannels and short silences."""
        before = self._spans[USER][-1][1] if self._spans[USER] else None
        if self._run is None or before is None or at - before > thresholds.MONOLOGUE_GAP:
            self._run = at

    def _judge_overlap(self, start: float, end: float) -> None:
        """The user spoke from `start` to `end`: did they cut into what the other was saying?"""
        theirs = list(self._spans[PARTNER][-8:])
        if PARTNER in self._open:
            theirs.append((self._open[PARTNER], end))
        for begun, ended in theirs:
            late = begun + thresholds.INTERRUPTION_AFTER <= start < ended
            overlap = min(end, ended) - start >= thresholds.INTERRUPTION_OVERLAP
            if late and overlap and end - start > BACKCHANNEL:
                self._interruptions.append(start)
                return

    def _user_spans(self, at: float) -> Times:
        return [*self._spans[USER], *([(self._open[USER], at)] if USER in self._open else [])]

    def _forget(self, before: float) -> None:
        self._interruptions = [when for when in self._interruptions if when > before]
        for speaker, spans in self._spans.items():
            if spans and spans[0][1] <= before:
                self._spans[speaker] = [span for span in spans if span[1] > before]


def _closed(spans: Times, gap: float) -> Times:
    """Ordered `spans`, those at most `gap` apart as one."""
    found: Times = []
    for start, end in spans:
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
