"""What whoever wraps a provider hands on to it: to be loaded ahead of its use, to be checked, to let go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar, runtime_checkable

from engine.providers.base import About


@runtime_checkable
class Warm(Protocol):
    """A provider that has something to load ahead of its first use."""

    async def warm(self) -> None: ...


@runtime_checkable
class Checked(Protocol):
    """A provider that can say whether it would work, without spending: `check` raises ProviderFailed if not."""

    async def check(self) -> None: ...


@runtime_checkable
class Closing(Protocol):
    """A provider that holds something to give back."""

    async def close(self) -> None: ...


async def warm(provider: object) -> None:
    if isinstance(provider, Warm):
        await provider.warm()


async def check(provider: object) -> None:
    if isinstance(provider, Checked):
        await provider.check()


async def close(providers: Iterable[object]) -> None:
    """All of them at once; what one of them raises keeps none of the others."""
    closing = [provider.close() for provider in providers if isinstance(provider, Closing)]
    await asyncio.gather(*closing, return_exceptions=True)


class Named(Protocol):
    @property
    def about(self) -> About: ...


Inner = TypeVar("Inner", bound=Named)


class Around(Generic[Inner]):
    """What every wrapper of one provider hands on to it."""

    def __init__(self, inner: Inner) -> None:
        self._inner = inner

    @property
    def about(self) -> About:
        return self._inner.about

    async def warm(self) -> None:
        await warm(self._inner)

    async def check(self) -> None:
        await check(self._inner)

    async def close(self) -> None:
        await close([self._inner])
