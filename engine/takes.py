"""What is kept of a rehearsal beyond what is kept of every session: the script as it was, the time it may take, where
the speaker went back. Like `store`, it knows SQL."""

from __future__ import annotations

import json
from dataclasses import asdict

from engine.clock import wall
from engine.database import SqliteFile
from engine.errors import NotFound
from engine.records import Aim, Pitch
from engine.rehearsal.values import Again, Take

REHEARSAL = "rehearsal"
"""The scenario of such a session."""
MISSING = "Take not found"


class Takes:
    """Methods block, and may be called from any thread.

    Raises:
        NotFound: from every method that is given an id, where there is no such take.
        StorageFailed: when the disk or the database refuses.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def begin(self, id: str, pitch: Pitch, *, budget: float, record: bool) -> Take:
        """Keep that a take is coming: from now on it is known, also after a restart."""
        aim = Aim(mode="pitch", record=record)
        meeting = {"id": id, "scenario": REHEARSAL, "pitch": pitch.id, "title": pitch.title, "finished": 0}
        script = json.dumps([sentence.text for sentence in pitch.sentences])
        with self._file.write() as db:
            db.table("meetings").insert(meeting | {"begun": wall().isoformat(), "aim": json.dumps(asdict(aim))})
            db.table("takes").insert({"meeting": id, "script": script, "budget": budget, "agains": "[]"})
        return self.take(id)

    def take(self, id: str) -> Take:
        for row in self._file.rows("takes", "meeting = ?", (id,)):
            agains = tuple(Again(at=at, sentence=sentence) for at, sentence in json.loads(row["agains"]))
            return Take(id=id, script=tuple(json.loads(row["script"])), budget=row["budget"], agains=agains)
        raise NotFound(MISSING)

    def went(self, id: str, again: Again) -> None:
        """The speaker went back, or ahead."""
        agains = [*self.take(id).agains, again]
        with self._file.write() as db:
            db.table("takes").update(id, {"agains": json.dumps([[each.at, each.sentence] for each in agains])})

    def ids(self, pitch: str) -> list[str]:
        """Of all takes of a pitch, the newest first."""
        order = "begun DESC, rowid DESC"
        rows = self._file.rows("meetings", "scenario = ? AND pitch = ?", (REHEARSAL, pitch), order_by=order)
        return [str(row["id"]) for row in rows]
