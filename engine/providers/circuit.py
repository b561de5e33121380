"""Whom to ask: providers in order of preference, and which of them is not worth asking just now.

A provider that failed is left out for a while, which grows with each failure in a row, and is then tried again by one
request, while the others still pass it by. Nobody waits twice for somebody who is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Generic, TypeVar

from engine import clock
from engine.errors import ProviderAbsent, ProviderBusy, ProviderFailed, Switched
from engine.providers import housekeeping
from engine.providers.base import About
from engine.providers.housekeeping import Named
from engine.providers.tab import NOBODY, Tab, of

COOLS = (15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds for which somebody is left out after the first, second, … failure in a row: 15 is longer than most
interruptions of a network, 300 than most that a vendor announces."""
TRIED = 3.0
"""Seconds that a try may take before another one is made: longer than all deadlines for a first answer."""


Kind = TypeVar("Kind", bound=Named)


class Circuit:
    """How one provider has been doing, in all conversations."""

    def __init__(self) -> None:
        self.error: ProviderFailed | None = None
        """Why it was not worth asking; None while it is."""
        self._failures = 0
        self._until = 0.0

    @property
    def is_well(self) -> bool:
        """Whether it would be asked now."""
        return self.error is None or clock.now() >= self._until

    def ask(self) -> bool:
        """Whether to ask it now. Where it has failed before, that is one try: nobody else is told so meanwhile."""
        if self.error is None:
            return True
        if clock.now() < self._until:
            return False
        self._until = clock.now() + TRIED
        return True

    def worked(self) -> None:
        self.error, self._failures = None, 0

    def failed(self, error: ProviderFailed) -> None:
        """One that will not pass by itself is not tried again soon, one that is not there not at all."""
        cools = COOLS[min(self._failures, len(COOLS) - 1)] if error.retryable else COOLS[-1]
        if isinstance(error, ProviderBusy):
            cools = max(cools, min(error.after, COOLS[-1]))
        if isinstance(error, ProviderAbsent):
            cools = inf
        self._failures += 1
        self.error, self._until = error, clock.now() + cools


@dataclass(frozen=True, slots=True)
class Link(Generic[Kind]):
    """One provider of a chain. `named`: the user asked for it by its name, and is told also that it is not there."""

    provider: Kind
    circuit: Circuit = field(default_factory=Circuit)
    named: bool = True

    @property
    def is_missed(self) -> bool:
        """Whether somebody wonders where it is."""
        return self.named or not isinstance(self.circuit.error, ProviderAbsent)


class Chain(Generic[Kind]):
    """Providers of one kind, best first, as they work for the conversation of `tab`. The last is asked however it has
    been doing: somebody has to answer."""

    def __init__(self, links: Sequence[Link[Kind]], tab: Tab = NOBODY) -> None:
        assert links
        self.links = tuple(links)
        self._tab = tab

    def of(self, tab: Tab) -> Chain[Kind]:
        """The same providers, doing as they have been doing, for another conversation."""
        return Chain([replace(link, provider=of(link.provider, tab)) for link in self.links], tab)

    async def warm(self) -> None:
        """Check and load all of them, so that whoever cannot work is passed by before anybody waits for it."""
        await asyncio.gather(*map(ready, self.links))

    async def close(self) -> None:
        await housekeeping.close(link.provider for link in self.links)

    @property
    def about(self) -> About:
        """Who would be asked now."""
        found = next((link for link in self.links if link.circuit.is_well), self.links[-1])
        return found.provider.about

    def asked(self, after: Link[Kind] | None = None) -> Link[Kind]:
        """The first that is worth asking, of those behind `after`; whoever talks is told, once, that another than the
        best answers.

        Raises:
            ProviderFailed: there is nobody left: why the last one failed.
        """
        rest = self.links if after is None else self.links[self.links.index(after) + 1 :]
        spent_up = self._tab.spent_up
        for link in rest:
            if spent_up and not link.provider.about.local:
                continue
            if link is self.links[-1] or link.circuit.ask():
                self._tell(link, spent_up=spent_up)
                return link
        name = self.links[0].provider.about.name
        if spent_up:
            raise ProviderFailed(name, "what this session may cost is spent (MAX_COST_PER_SESSION)")
        raise (after.circuit.error if after else None) or ProviderFailed(name, "there is nobody left to ask")

    def _tell(self, link: Link[Kind], *, spent_up: bool) -> None:
        """Why it is not the one before `link` that goes on."""
        before = [each for each in self.links[: self.links.index(link)] if each.is_missed]
        if not before:
            return
        passed = before[-1]
        if spent_up:
            why = "What this session may cost is spent"
        elif passed.circuit.error:
            why = str(passed.circuit.error)
        else:
            return
        notice = Switched(passed.provider.about.name, f"{why}: {link.provider.about.label} goes on.")
        self._tab.tell(notice, once=(id(passed.circuit), why))


async def ready(link: Link[Kind]) -> None:
    """Check and load it; its circuit knows what came of that."""
    try:
        await housekeeping.check(link.provider)
        await housekeeping.warm(link.provider)
    except ProviderFailed as error:
        link.circuit.failed(error)
    else:
        link.circuit.worked()
