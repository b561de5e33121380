"""An emulator on an event loop of its own, so that none of the tasks that a test counts is the emulator's."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from tests.vendors.http_and_sockets import Server, serving


@asynccontextmanager
async def elsewhere(server: Server):
    """As `serving`, in a thread."""
    here = asyncio.get_running_loop()
    started = here.create_future()

    async def serve():
        over = asyncio.Event()
        async with serving(server):
            here.call_soon_threadsafe(started.set_result, (asyncio.get_running_loop(), over))
            await over.wait()

    running = here.run_in_executor(None, asyncio.run, serve())
    loop, over = await started
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        await running
