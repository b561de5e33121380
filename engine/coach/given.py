"""The cues that were given: when another may be, which step of the escalation it is, and which were taken up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.coach.cues import CONTENT, HELP, TECHNICAL, Density, Rules, Tip


@dataclass(slots=True, kw_only=True)
class Gave:
    """A cue that was shown."""

    id: int
    tip: Tip
    at: float
    step: int
    used: bool = False
    closed: bool = False
    """Ticked, or no longer to be."""


class Given:
    """`drill`: the same kind may come again soon."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._all: list[Gave] = []
        self.drill = False

    @property
    def last(self) -> Gave | None:
        return self._all[-1] if self._all else None

    def add(self, tip: Tip, now: float) -> Gave:
        gave = Gave(id=len(self._all) + 1, tip=tip, at=now, step=self._step(tip.kind, now))
        self._all.append(gave)
        return gave

    def open_at(self, tip: Tip, density: Density, now: float) -> float | None:
        """When the budget allows the unasked `tip`; None: never again."""
        if tip.kind == CONTENT:
            if any(tip.subject == gave.tip.subject or tip.text == gave.tip.text for gave in self._all):
                return None
            return self.next_at(tip.kind, density, now)
        same = self._of(tip.kind)
        if len(same) >= self._rules.of_a_kind:
            return None
        again = self._rules.drill if self.drill else self._rules.same_kind
        return max(same[-1].at + again if same else now, self.next_at(tip.kind, density, now))

    def next_at(self, kind: str, density: Density, now: float) -> float:
        """When the spacing of unasked cues allows one of `kind`."""
        if not self._all:
            return now
        if kind in TECHNICAL:
            return self._all[-1].at + self._rules.normal
        return self._all[-1].at + self._rules.spacing(density) * (2 if self.neglected(now) else 1)

    def neglected(self, now: float) -> bool:
        """Whether so few of the latest unasked cues were taken up that they should come less often."""
        old = [gave for gave in self._all if not gave.tip.asked and now - gave.at > self._rules.fixed]
        latest = old[-self._rules.judged :]
        used = sum(gave.used for gave in latest)
        return len(latest) == self._rules.judged and used < self._rules.least_used * len(latest)

    def heard(self, said: Sequence[tuple[float, str]]) -> Iterator[Gave]:
        """Those that what was `said` takes up, each once."""
        for gave in self._all[-4:]:
            if gave.used or not gave.tip.matter:
                continue
            until = gave.at + self._rules.used
            if any(gave.at <= at <= until and lemma in gave.tip.matter for at, lemma in said):
                gave.used = True
                yield gave

    def fixed(self, kind: str, now: float) -> Gave | None:
        """The cue that may be ticked now that what it was about is over; once."""
        same = self._of(kind)
        if not same or same[-1].closed or now - same[-1].at > self._rules.fixed:
            return None
        same[-1].closed = True
        return same[-1]

    def _of(self, kind: str) -> list[Gave]:
        return [gave for gave in self._all if gave.tip.kind == kind]

    def _step(self, kind: str, now: float) -> int:
        """1: a chip, 2: with a soft sound, 3: with words in the ear. A long while without it begins anew."""
        same = self._of(kind)
        if kind in (CONTENT, HELP) or not same or now - same[-1].at > self._rules.chain:
            return 1
        return same[-1].step + 1
