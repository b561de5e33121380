"""One session as somebody looks at it: every part of the page shows the same dossier, and follows a correction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import USER
from engine.errors import RostrumError
from engine.exports.naming import speakers
from engine.transcript import YOU

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk import Dossier
    from ui.studio import Studio


class Reading:
    """`stale`: something was corrected since the report was written; the numbers are right, its words may not be.
    `writing`: it is being written."""

    def __init__(self, studio: Studio, dossier: Dossier, stale: bool) -> None:
        self.studio = studio
        self.dossier = dossier
        self.stale = stale
        self.writing = False
        self._followers: list[Callable[[], object]] = []

    @classmethod
    async def open(cls, studio: Studio, id: str) -> Reading:
        """Measuring an hour takes seconds: it happens on another thread.

        Raises:
            NotFound: there is no such session.
        """
        dossier = await asyncio.to_thread(studio.desk.dossier, id)
        return cls(studio, dossier, await asyncio.to_thread(_stale, studio, dossier))

    @property
    def recorded(self) -> bool:
        return self.dossier.meeting.recorded

    @property
    def names(self) -> Mapping[str, str]:
        """Who says a line, as the reader knows them."""
        return {**speakers(self.dossier), USER: YOU}

    def follow(self, show: Callable[[], object]) -> None:
        """Call `show` whenever the dossier is another one."""
        self._followers.append(show)

    async def correct(self, change: Callable[[], object]) -> None:
        """Correct the transcript; everything shown follows."""
        if await self._change(change):
            self.stale = self.dossier.report is not None
        self._tell()

    async def forget_recording(self) -> None:
        """Its sound goes; nothing else changes."""
        await self._change(partial(self.studio.store.archive.remove_recording, self.dossier.id))
        self._tell()

    async def _change(self, change: Callable[[], object]) -> bool:
        """Make a change in what is kept, and look again; whether it could be made."""
        try:
            await asyncio.to_thread(change)
            self.dossier = await asyncio.to_thread(self.studio.desk.dossier, self.dossier.id)
        except RostrumError as error:
            ui.notify(str(error))
            return False
        return True

    async def write(self) -> None:
        """Write the report, for the first time or again."""
        if self.writing:
            return
        self.writing = True
        self._tell()
        try:
            self.dossier = await self.studio.desk.finish(self.dossier.id)
        except RostrumError as error:
            ui.notify(str(error))
        else:
            self.stale = False
        finally:
            self.writing = False
        self._tell()

    def _tell(self) -> None:
        for show in self._followers:
            show()


def _stale(studio: Studio, dossier: Dossier) -> bool:
    written = studio.store.sessions.report(dossier.id)
    return written is not None and written[1] != dossier.revision
