"""A language model that begins a reply before it is known whether it will be wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import replace
from types import TracebackType

from engine.providers.base import About, LanguageModel, Prompt
from engine.words import normal


def speculating(model: LanguageModel, *, on: bool) -> AbstractAsyncContextManager[LanguageModel]:
    """`model` for one conversation, thinking ahead where that is `on`."""
    return Speculation(model) if on else nullcontext(model)


class Speculation:
    """`LanguageModel` around `inner` for one conversation: an `async with`, at whose end nothing is left. One reply is
    begun in advance at most, and kept to itself; `reply` gives it out where it is asked the same, and else asks
    `inner`. Whatever is given up is cancelled and not waited for."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self._ahead: _Ahead | None = None
        self._tasks = asyncio.TaskGroup()

    @property
    def about(self) -> About:
        return self._inner.about

    async def __aenter__(self) -> Speculation:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.withdraw()
        await self._tasks.__aexit__(kind, error, trace)

    def prepare(self, prompt: Prompt) -> None:
        """Begin the reply to `prompt`, instead of any other."""
        self.keep_only(prompt)
        if self._ahead is None:
            self._ahead = _Ahead(prompt, self._inner, self._tasks)

    def keep_only(self, prompt: Prompt) -> None:
        """Give up what was begun, unless it is the reply to `prompt`."""
        if self._ahead and not self._ahead.answers(prompt):
            self.withdraw()

    def withdraw(self) -> None:
        """Give up what was begun."""
        if self._ahead:
            self._ahead.cancel()
            self._ahead = None

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """As `inner` replies; raises what it raises."""
        self.keep_only(prompt)
        ahead, self._ahead = self._ahead, None
        async with aclosing(ahead.pieces() if ahead else self._inner.reply(prompt)) as pieces:
            async for piece in pieces:
                yield piece


class _Ahead:
    """A reply that is being written whether anybody reads it or not."""

    def __init__(self, prompt: Prompt, model: LanguageModel, tasks: asyncio.TaskGroup) -> None:
        self._prompt = prompt
        self._written: asyncio.Queue[str | None] = asyncio.Queue()
        self._failure: BaseException | None = None
        self._task = tasks.create_task(self._think(model), name="reply in advance")

    def answers(self, prompt: Prompt) -> bool:
        """Whether it is a reply to `prompt`, but for how the question is spelt, and has not failed."""
        same = replace(prompt, question="") == replace(self._prompt, question="")
        return same and normal(prompt.question) == normal(self._prompt.question) and self._failure is None

    def cancel(self) -> None:
        self._task.cancel()

    async def pieces(self) -> AsyncGenerator[str, None]:
        """All of it, from its beginning. Closed, it is cancelled."""
        try:
            while (piece := await self._written.get()) is not None:
                yield piece
            if self._failure:
                raise self._failure
        finally:
            self.cancel()

    async def _think(self, model: LanguageModel) -> None:
        """What goes wrong is raised to whoever reads it, if anybody does: until then it does no harm."""
        (self._failure,) = await asyncio.gather(self._write(model), return_exceptions=True)
        self._written.put_nowait(None)

    async def _write(self, model: LanguageModel) -> None:
        async with aclosing(model.reply(self._prompt)) as pieces:
            async for piece in pieces:
                self._written.put_nowait(piece)
