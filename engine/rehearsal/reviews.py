"""Takes, looked at: each against its script, and all of one pitch beside each other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.rehearsal.review import Review, review
from engine.rehearsal.values import Take
from engine.takes import MISSING, REHEARSAL

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.records import PastMeeting
    from engine.store import Store

REMEMBERED = 64
"""Reviews that are kept at hand; one of two minutes takes a third of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """A take, what was kept of it, and what it came to."""

    meeting: PastMeeting
    take: Take
    review: Review


class Reviews:
    """Methods block, and may be called from any thread.

    Raises:
        NotFound: from `of`, where there is no such take.
        StorageFailed: when the disk or the database refuses.
    """

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._kept: OrderedDict[tuple[object, ...], Review] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, id: str) -> Reviewing:
        """One take, as it stands: a corrected line changes what was said of the script too."""
        take = self._store.takes.take(id)
        dossier = self._desk.dossier(id)
        key = (take, dossier.revision, len(dossier.lines), len(dossier.analysis.marks))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return Reviewing(meeting=dossier.meeting, take=take, review=self._kept[key])
        found = review(take, dossier.lines, dossier.analysis.marks)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return Reviewing(meeting=dossier.meeting, take=take, review=found)

    def past(self, pitch: str, limit: int = 20) -> Sequence[Reviewing]:
        """Takes of a pitch in which something was said, newest first."""
        found: list[Reviewing] = []
        for id in self._store.takes.ids(pitch):
            if len(found) == limit:
                break
            if self._store.lines(id):
                found.append(self.of(id))
        return found

    def remove(self, id: str) -> None:
        """Forget a take: its recording, its transcript, everything. Raises NotFound."""
        if self._store.archive.meeting(id).scenario != REHEARSAL:
            raise NotFound(MISSING)
        self._store.archive.remove(id)
