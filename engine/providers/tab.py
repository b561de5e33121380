"""The tab of one conversation: what it is told of those who hear, think and speak for it, and what they have cost it.

Providers are shared by all conversations. A wrapper that has to know for whom it works has `of`, which gives the same
one for a conversation of its own; `Providers.of` asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable

from engine.errors import ProviderFailed
from engine.providers import prices
from engine.providers.base import About


class Unit(StrEnum):
    """What a vendor counts."""

    HEARD = "seconds heard"
    SPOKEN = "seconds spoken"
    CHARACTERS = "characters spoken"
    READ = "tokens read"
    WRITTEN = "tokens written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much of one provider was used; `usd`: what that probably cost, None where no price is known for it."""

    provider: str
    label: str
    unit: Unit
    amount: float
    usd: float | None


class Tab:
    """`tell` is told what the conversation should know; `changed` that the bill has grown; `most`: US dollars that this
    conversation may cost, None: whatever it does. All on the event loop."""

    def __init__(
        self,
        tell: Callable[[ProviderFailed], None],
        *,
        most: float | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._tell = tell
        self._most = most
        self._changed = changed
        self._told: set[Hashable] = set()
        self._used: dict[tuple[str, str, Unit], Used] = {}

    def add(self, about: About, unit: Unit, amount: float) -> None:
        """`amount` more of what `about` does. Whoever is on this machine costs nothing and is not counted."""
        if about.local or amount <= 0:
            return
        key = (about.name, about.label, unit)
        known = self._used.get(key) or Used(provider=about.name, label=about.label, unit=unit, amount=0.0, usd=None)
        total = known.amount + amount
        self._used[key] = replace(known, amount=total, usd=prices.usd(about, unit.value, total))
        self._changed()

    @property
    def used(self) -> tuple[Used, ...]:
        return tuple(self._used.values())

    @property
    def usd(self) -> float:
        """What all of it probably cost, as far as prices are known."""
        return sum(each.usd or 0.0 for each in self._used.values())

    @property
    def spent_up(self) -> bool:
        """Whoever costs something is not asked any more."""
        return self._most is not None and self.usd >= self._most

    def tell(self, notice: ProviderFailed, *, once: Hashable = None) -> None:
        """Say it to whoever talks; where `once` is given, only the first time."""
        if once is not None:
            if once in self._told:
                return
            self._told.add(once)
        self._tell(notice)


NOBODY = Tab(lambda _: None)
"""For whoever works for no conversation: nobody is told, nothing is limited."""

Kind = TypeVar("Kind")


@runtime_checkable
class Tabbed(Protocol):
    """A wrapper that has to know for whom it works."""

    def of(self, tab: Tab) -> object:
        """The same, for another conversation; what is shared stays shared."""
        ...


def of(provider: Kind, tab: Tab) -> Kind:
    """`provider` as it works for the conversation of `tab`."""
    return provider.of(tab) if isinstance(provider, Tabbed) else provider  # type: ignore[return-value]
