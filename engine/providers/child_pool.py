"""A recogniser's child processes: started when needed, lent to one turn at a time, replaced when they fail."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import engine
from engine import clock
from engine.errors import ProviderFailed
from engine.floor import LONGEST
from engine.providers.base import About
from engine.providers.child_worker import HEADER, Kind, pack

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long (seconds) is waited for what, and how much is taken."""

    start: float = 20.0
    """From starting a child to its models loaded: 0.7 on an idle machine."""
    answer: float = 10.0
    """For one reply: a second of audio decodes in 0.15, a long script is built in 1."""
    second: float = 1.0
    """And so much longer for each second of audio that the reply is about: a busy machine takes its time."""
    wait: float = 30.0
    """For a child to come free while others speak."""
    quiet: float = 20.0
    """Without new audio in an unfinished turn: then it is taken as finished."""
    audio: float = LONGEST
    """Of audio in one turn."""
    close: float = 0.5
    """For a child to end by itself, before it is killed."""
    backoff: float = 0.5
    """Before a child is started after one has failed; doubles with each failure in a row, up to `longest_backoff`."""
    longest_backoff: float = 8.0


class ChildFailed(Exception):
    """A child died, or did not answer in time: it is of no more use."""


class Child:
    """One recogniser process. Not for two callers at once; a cancelled call leaves it usable."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._limits = process, limits
        self._stdin, self._stdout = process.stdin, process.stdout
        self._serial = 0
        self._header: tuple[int, int, int] | None = None

    @classmethod
    async def start(cls, command: Sequence[str], limits: Limits) -> Child:
        """Start one and wait until it is ready. Raises ChildFailed."""
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, cwd=Path(engine.__file__).parents[1]
            )
        except OSError as error:
            raise ChildFailed(f"cannot be started: {error.strerror}") from error
        child, ready = cls(process, limits), False
        try:
            await child._reply(0, limits.start)
            ready = True
        finally:
            if not ready:
                child.kill()
                await child.end()
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, kind: Kind, body: bytes = b"{}", *, seconds: float = 0.0) -> dict[str, Any]:
        """One request, its reply, which is about so many `seconds` of audio. Raises ChildFailed."""
        self._serial += 1
        most = self._limits.answer + self._limits.second * seconds
        self._stdin.write(pack(kind, self._serial, body))
        answer: dict[str, Any] = json.loads(await self._reply(self._serial, most))
        return answer

    async def _reply(self, serial: int, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    answered, body = await self._frame()
                    if answered == serial:
                        return body
        except TimeoutError as error:
            raise ChildFailed(f"did not answer within {seconds:g} s") from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise ChildFailed("died") from error

    async def _frame(self) -> tuple[int, bytes]:
        """The next frame's serial and body; if cancelled in between, the next call goes on where this one stopped."""
        if self._header is None:
            self._header = HEADER.unpack(await self._stdout.readexactly(HEADER.size))
        size, _, serial = self._header
        body = await self._stdout.readexactly(size)
        self._header = None
        return serial, body

    async def end(self) -> None:
        """Let it end, or kill it: gone within `Limits.close` and a moment."""
        self._stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.close):
                await self._process.wait()
        self.kill()
        await self._process.wait()
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(self._limits.close):
                await self._stdin.wait_closed()
                await self._stdout.read()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()


class Pool:
    """At most `size` children, each `python` with `arguments`. Needs no event loop until a child is asked for."""

    def __init__(self, *, about: About, arguments: Sequence[str], size: int, limits: Limits) -> None:
        self._about, self._limits = about, limits
        self._command = (sys.executable, *arguments)
        self._places = asyncio.Semaphore(size)
        self.waiting = 0
        """How many wait for a child."""
        self._watchers: set[asyncio.Event] = set()
        self._free: list[Child] = []
        self._children: set[Child] = set()
        self._failures = 0
        self._not_before = 0.0
        self._closed = False

    @asynccontextmanager
    async def child(self) -> AsyncIterator[Child]:
        """A child of one's own for as long as the block lasts; first come, first served. A block that ends with
        `ChildFailed` costs the child its life.

        Raises:
            TimeoutError: none came free within `Limits.wait`.
            ProviderFailed: none can be started.
        """
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait):
                await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            child = await self._take() or await self._start()
            try:
                yield child
            except ChildFailed:
                self._failed()
                self._children.discard(child)
                await child.end()
                raise
            finally:
                if child in self._children:
                    self._free.append(child)
        finally:
            self._places.release()
            for watcher in self._watchers:
                watcher.set()

    @property
    def has_room(self) -> bool:
        """Whether a child can be had at once."""
        return not self._places.locked()

    @contextmanager
    def watched(self, watcher: asyncio.Event) -> Iterator[None]:
        """`watcher` is set whenever a child has come free."""
        self._watchers.add(watcher)
        try:
            yield
        finally:
            self._watchers.discard(watcher)

    async def warm(self) -> None:
        """Have one child ready. Raises ProviderFailed where that cannot be done."""
        if not self._children:
            async with self.child():
                pass

    def well(self) -> None:
        """A turn went through: the next failure is a first one again."""
        self._failures = 0

    async def close(self) -> None:
        """End all children, whatever they are doing, within a second."""
        self._closed = True
        children, self._children = self._children, set()
        self._free.clear()
        async with asyncio.TaskGroup() as group:
            for child in children:
                group.create_task(child.end())

    async def _take(self) -> Child | None:
        while self._free:
            child = self._free.pop()
            if child.alive:
                return child
            self._children.discard(child)
            self._failed()
            await child.end()
        return None

    async def _start(self) -> Child:
        self._refuse_if_closed()
        await asyncio.sleep(max(0.0, self._not_before - clock.now()))
        try:
            child = await Child.start(self._command, self._limits)
        except ChildFailed as error:
            self._failed()
            raise ProviderFailed(self._about.name, f"{self._about.label} {error}", retryable=True) from error
        self._children.add(child)
        try:
            self._refuse_if_closed()
        except ProviderFailed:
            await child.end()
            raise
        return child

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ProviderFailed(self._about.name, f"{self._about.label} was closed")

    def _failed(self) -> None:
        pause = min(self._limits.backoff * 2**self._failures, self._limits.longest_backoff)
        self._failures += 1
        self._not_before = clock.now() + pause
        log.warning(
            "%s: a process failed (%d in a row); the next starts in %.1f s", self._about.label, self._failures, pause
        )
