"""An event loop whose time is virtual: a wait costs nothing, and every test of timing is arithmetic.

`loop.time()` stands still while anything is ready to run and jumps to the next timer when nothing is. Work given to
threads runs at once, inline: the scripted providers need none, and a thread would not know of virtual time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any


class _JumpingSelector(selectors.SelectSelector):
    """Instead of waiting for a timeout, moves the clock by it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:  # nothing but a thread or a signal could wake anybody
            if ready := super().select(0):
                return ready
            raise AssertionError("everything waits for something that will never come")
        self.now += timeout
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def stall(self, seconds: float) -> None:
        """Nothing runs for so long, as on a machine that is busy with something else."""
        self._jumping.now += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as error:  # noqa: BLE001 - handed to whoever awaits it, as an executor does
            future.set_exception(error)
        return future


def run(scene: Coroutine[Any, Any, None]) -> None:
    """Run `scene` in virtual time and fail on a task that outlives it."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(_without_leak(scene))


async def _without_leak(scene: Coroutine[Any, Any, None]) -> None:
    await scene
    await asyncio.sleep(0)
    left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"tasks outlived their scene: {left}"
