"""Ears that need no network: pocketsphinx in child processes, biased to the words that are expected."""

from __future__ import annotations

import os
from contextlib import AbstractAsyncContextManager

from engine.providers.base import About, Expectation, Listening
from engine.providers.child_ears import ChildEars
from engine.providers.child_pool import Limits


class SphinxEars:
    """`SpeechToText` by pocketsphinx. Needs no event loop until somebody listens; `close` when done.

    `children`: how many turns are heard at once, by default one less than there are cores; 100 MB each.
    """

    about = About(name="sphinx", label="Offline recogniser", local=True, caveat="rough hearing")

    def __init__(self, *, children: int | None = None, limits: Limits | None = None) -> None:
        self._ears = ChildEars(
            about=self.about,
            arguments=("-m", "engine.providers.sphinx_worker"),
            children=children or max(1, (os.cpu_count() or 2) - 1),
            limits=limits or Limits(),
        )

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return self._ears.listen(expect)

    async def warm(self) -> None:
        """Start one child and load its models, in half a second. Raises ProviderFailed where that cannot be done."""
        await self._ears.warm()

    async def close(self) -> None:
        """End all children within a second; turns in flight end with empty finals."""
        await self._ears.close()
