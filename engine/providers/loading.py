"""Vendors' SDKs are loaded in threads, one after the other: each looks at modules that another is just importing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")

_ALONE = threading.Lock()


async def loaded(make: Callable[[], Made]) -> Made:
    """What `make` returns, called in a thread while no other SDK is being loaded."""

    def alone() -> Made:
        with _ALONE:
            import httpx  # noqa: F401  (OpenAI's SDK looks whether others have it, also while they import it)

            return make()

    return await asyncio.to_thread(alone)
