"""The one who decides whether a cue is given, and when: pure, so that each of its rules is a test. It knows no words,
no sound and no clock: facts come in with the time, what is to be done comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.analysis.values import PARTNER, USER
from engine.coach.cues import (
    FLUENCY,
    PRIORITY,
    TECHNICAL,
    UNANSWERED,
    WORDED,
    Condition,
    Density,
    Earcon,
    Fact,
    Fixed,
    Heard,
    Hush,
    Output,
    Proposed,
    Rules,
    Suggested,
    Tip,
    Tuned,
    Used,
    Voiced,
    Whisper,
)
from engine.coach.given import Gave, Given
from engine.coach.silence import Silence


@dataclass(frozen=True, slots=True)
class _Waiting:
    tip: Tip
    until: float


@dataclass(frozen=True, slots=True)
class _ToSound:
    """What the ear is still to get of the cue on the screen. `text` "": the soft sound."""

    gave: Gave
    text: str
    until: float


@dataclass(slots=True)
class _Held:
    """A condition that holds, or (`over` is a time) has ceased to and may yet turn out not to be over."""

    fact: Condition
    since: float
    over: float | None = None


class Arbiter:
    """`began`: when the session did. All times are seconds of one clock, `now` never goes back."""

    def __init__(
        self,
        began: float,
        *,
        density: Density = Density.CALM,
        ear: bool = False,
        fluency: bool = False,
        rules: Rules | None = None,
    ) -> None:
        self._rules = rules or Rules()
        self._began = self._now = began
        self._tuned = Tuned(density=density, ear=ear, fluency=fluency, practice=False, drill=False)
        self._silence = Silence(began)
        self._given = Given(self._rules)
        self._holding: dict[str, _Held] = {}
        self._queued: _Waiting | None = None
        self._to_sound: _ToSound | None = None
        self._sounds_until = began

    def step(self, fact: Fact | None, now: float) -> list[Output]:
        """Take in `fact` (None: time has passed) and say what to do, in this order."""
        self._now = now
        out: list[Output] = []
        match fact:
            case Voiced():
                out += self._voiced(fact)
            case Condition():
                self._condition(fact)
            case Proposed():
                self._propose(fact.tip)
            case Heard():
                out += [Used(id=gave.id) for gave in self._given.heard(fact.said)]
            case Tuned():
                out += self._tune(fact)
        return [*out, *self._fixed(), *self._show(), *self._sound()]

    @property
    def due(self) -> float | None:
        """When `step` should be called if nothing happens until then: something may be due."""
        return min((at for at in self._times() if at > self._now), default=None)

    def open_for(self, tip: Tip) -> bool:
        """Whether the unasked `tip` could be shown within its time to live: else there is no use in writing it."""
        at = self._open_at(tip)
        return at is not None and at <= self._now + self._rules.ttl

    @property
    def shown(self) -> Tip | None:
        """The cue that was shown last."""
        return self._given.last.tip if self._given.last else None

    def holds(self, kind: str) -> bool:
        """Whether the condition `kind` was the last that was told of it."""
        return kind in self._holding

    # ---- facts -----------------------------------------------------------------------------------------------------

    def _voiced(self, fact: Voiced) -> Iterator[Output]:
        if not self._silence.voiced(fact.speaker, speaking=fact.speaking, now=self._now) or not fact.speaking:
            return
        yield from self._hush()
        if self._to_sound and not self._to_sound.gave.tip.asked:
            self._to_sound = None
        if self._queued and not self._queued.tip.asked and (fact.speaker == PARTNER or self._queued.tip.waits):
            self._queued = None  # the topic has moved, or they know what to say

    def _condition(self, fact: Condition) -> None:
        held = self._holding.get(fact.kind)
        if fact.holds is None:
            self._holding.pop(fact.kind, None)
        elif fact.holds:
            since = held.since if held else min(self._now, fact.since or self._now)
            self._holding[fact.kind] = _Held(fact, since)
        elif held and held.over is None:
            held.over = self._now

    def _propose(self, tip: Tip) -> None:
        """The queue holds one: the more urgent, else the newer."""
        queued = self._queued
        if queued and PRIORITY.index(queued.tip.kind) < PRIORITY.index(tip.kind):
            return
        self._queued = _Waiting(tip, self._now + self._rules.ttl)

    def _tune(self, fact: Tuned) -> Iterator[Output]:
        names = ("density", "ear", "fluency", "practice", "drill")
        told = {name: value for name in names if (value := getattr(fact, name)) is not None}
        self._tuned = replace(self._tuned, **told)
        self._given.drill = bool(self._tuned.drill)
        if not self._tuned.ear:
            self._to_sound = None
            yield from self._hush()

    # ---- the screen ------------------------------------------------------------------------------------------------

    def _fixed(self) -> Iterator[Output]:
        for kind, held in list(self._holding.items()):
            if held.over is not None and self._now >= held.over + self._rules.sustained:
                del self._holding[kind]
                if gave := self._given.fixed(kind, self._now):
                    yield Fixed(kind=kind)
                    if not gave.used:
                        gave.used = True
                        yield Used(id=gave.id)

    def _show(self) -> Iterator[Output]:
        self._forget_late()
        possible = sorted(self._candidates(), key=lambda tip: PRIORITY.index(tip.kind))
        tip = next((tip for tip in possible if self._may_show(tip)), None)
        if tip is None:
            return
        if self._queued and self._queued.tip is tip:
            self._queued = None
        gave = self._given.add(tip, self._now)
        yield Suggested(id=gave.id, text=tip.text, kind=tip.kind, asked=tip.asked, seconds=self._rules.shown)
        self._to_sound = self._for_ear(gave)
        yield from self._hush()

    def _candidates(self) -> Iterator[Tip]:
        if self._queued:
            yield self._queued.tip
        silent = self._silence.since(USER)
        past = silent is not None and self._now >= silent + self._rules.ttl
        for held in self._holding.values():
            fact = held.fact
            if held.over is None and not (past and fact.kind not in TECHNICAL | WORDED):
                yield Tip(kind=fact.kind, text=fact.text, ear=fact.ear, matter=fact.matter, waits=False)

    def _may_show(self, tip: Tip) -> bool:
        at = self._open_at(tip)
        if at is None or self._now < at:
            return False
        lull = self._silence.everybody_since
        return not tip.waits or (lull is not None and self._now >= lull + self._rules.lull)

    def _open_at(self, tip: Tip) -> float | None:
        """When everything but the floor allows `tip`; None: nothing will."""
        last = self._given.last
        if tip.asked:
            return last.at + self._rules.screen if last and _is_kept(last.tip) else self._now
        if not self._wanted(tip.kind):
            return None
        times = [self._given.open_at(tip, self._density, self._now)]
        if last:
            times.append(last.at + self._rules.screen)
        if tip.kind not in TECHNICAL:
            times.append(self._began + self._rules.start)
        if held := self._holding.get(tip.kind):
            times.append(held.since + self._rules.sustained)
            if not held.fact.extreme and tip.kind not in TECHNICAL | {UNANSWERED}:
                times.append(self._calibrated_at())
        return None if None in times else max(at for at in times if at is not None)

    def _calibrated_at(self) -> float | None:
        if self._silence.user_spoke(self._now) >= self._rules.calibration:
            return self._now
        return self._silence.user_spoke_for(self._rules.calibration, self._now)

    @property
    def _density(self) -> Density:
        return self._tuned.density or Density.CALM

    def _wanted(self, kind: str) -> bool:
        if kind in TECHNICAL:
            return True
        return self._density is not Density.OFF and not (self._tuned.fluency and kind in FLUENCY)

    def _forget_late(self) -> None:
        waiting = self._queued
        if waiting is None:
            return
        known, rules = waiting.tip.known, self._rules
        late = known is not None and not waiting.tip.waits and self._now > known + rules.late
        if late or self._now >= waiting.until:
            self._queued = None
        elif waiting.tip.asked and (last := self.shown) and last.asked and not self._may_show(waiting.tip):
            self._queued = None  # pressed twice: the answer is there

    # ---- the ear ---------------------------------------------------------------------------------------------------

    def _for_ear(self, gave: Gave) -> _ToSound | None:
        """Words at once where they are what is needed; else first nothing, then a soft sound, then words."""
        if not self._tuned.ear:
            return None
        until = self._now + self._rules.ttl
        if gave.tip.kind in WORDED or gave.step >= 3:
            return _ToSound(gave, gave.tip.ear, until) if gave.tip.ear else None
        return _ToSound(gave, "", until) if gave.step == 2 else None

    def _sound(self) -> Iterator[Output]:
        waiting = self._to_sound
        if waiting is None:
            return
        at = self._ear_at(asked=waiting.gave.tip.asked)
        if self._now >= waiting.until:
            self._to_sound = None
        elif at is not None and self._now >= at:
            self._to_sound = None
            self._sounds_until = self._now + self._rules.sounding
            yield Whisper(id=waiting.gave.id, text=waiting.text) if waiting.text else Earcon()

    def _hush(self) -> Iterator[Output]:
        """The rest of what sounds is dropped, not put off."""
        if self._now < self._sounds_until:
            self._sounds_until = self._now
            yield Hush()

    def _ear_at(self, *, asked: bool) -> float | None:
        """When something may sound in the ear if nobody speaks until then; None: somebody does."""
        both, user = self._silence.everybody_since, self._silence.since(USER)
        if both is None or user is None:
            return None
        soon = user + self._rules.quiet
        return max(soon, both) if asked or self._tuned.practice else max(soon, both + self._rules.lull)

    def _times(self) -> Iterator[float]:
        """Every moment at which what `step` finds may change by time alone."""
        for tip in self._candidates():
            if (at := self._open_at(tip)) is not None:
                yield at
                lull = self._silence.everybody_since
                if tip.waits and lull is not None:
                    yield max(at, lull + self._rules.lull)
        for held in self._holding.values():
            if held.over is not None:
                yield held.over + self._rules.sustained
        if self._queued:
            yield self._queued.until
        if waiting := self._to_sound:
            yield waiting.until
            if (at := self._ear_at(asked=waiting.gave.tip.asked)) is not None:
                yield at


def _is_kept(tip: Tip) -> bool:
    """Whether it stays on the screen for its time even where help is asked for."""
    return tip.asked or tip.kind in TECHNICAL
