"""A stream of a vendor's, no piece of which is waited for too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Item = TypeVar("Item")

NESTED = 8
"""Generators of the transport inside those of the SDK: left half way, each is closed by a task of the event loop's own,
one after the other."""


async def in_time(items: AsyncIterator[Item], *, first: float, between: float) -> AsyncGenerator[Item, None]:
    """`items`, which are closed with it. Raises TimeoutError where the first takes longer than `first` seconds, or
    another than `between`."""
    patience = first
    try:
        while True:
            async with asyncio.timeout(patience):
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
            yield item
            patience = between
    finally:
        if isinstance(items, AsyncGenerator):
            await items.aclose()
        for _ in range(NESTED):
            await asyncio.sleep(0)
