"""Meetings that took place: the list of them, and what it takes to forget one. Like `store`, it knows SQL."""

from __future__ import annotations

from datetime import datetime

from engine.database import Row, SqliteFile
from engine.errors import NotFound
from engine.recordings import Recordings
from engine.records import PastMeeting

PAST = """SELECT meetings.*, count(lines.id) AS lines, coalesce(sum(lines.speaker = 'user'), 0) AS turns,
    coalesce(max(lines."end"), 0) AS seconds
    FROM meetings LEFT JOIN lines ON lines.meeting = meetings.id"""
HOLDS = """(instr(fold(title), ?) > 0
    OR instr(fold(coalesce(json_extract(aim, '$.goal'), '')), ?) > 0
    OR instr(fold(coalesce(json_extract(aim, '$.context'), '')), ?) > 0
    OR EXISTS (SELECT 1 FROM lines WHERE lines.meeting = meetings.id AND instr(fold(lines.text), ?) > 0))"""
SEARCHED = 12
"""Words of a search at most; the rest is not looked for."""


class Archive:
    """What is kept of past meetings: their transcripts in `file`, their sound in `recordings`. Methods block.

    What is removed is overwritten on the disk, not only taken off a list. A meeting's questions belong to its pitch,
    and stay with that.

    Raises:
        StorageFailed: from every method, when the disk or the database refuses.
    """

    def __init__(self, file: SqliteFile, recordings: Recordings) -> None:
        self._file = file
        self.recordings = recordings

    def meetings(
        self,
        scenario: str | None = None,
        limit: int = 20,
        offset: int = 0,
        *,
        mode: str | None = None,
        text: str = "",
    ) -> list[PastMeeting]:
        """Those in which something was said or heard, newest first; of one scenario or mode, or all. With `text`, those
        that hold each of its words, in any case, in the title, the transcript or what the session was for."""
        asked = [("scenario = ?", [scenario])] if scenario else []
        asked += [("mode = ?", [mode])] if mode else []
        asked += [(HOLDS, [word] * HOLDS.count("?")) for word in text.casefold().split()[:SEARCHED]]
        where = f"WHERE {' AND '.join(condition for condition, _ in asked)}" if asked else ""
        values = [value for _, given in asked for value in given]
        kept = "GROUP BY meetings.id HAVING count(lines.id) > 0 OR meetings.mark IS NOT NULL OR finished"
        order = "ORDER BY begun DESC, meetings.rowid DESC LIMIT ? OFFSET ?"
        rows = self._file.query(f"{PAST} {where} {kept} {order}", [*values, limit, offset])
        return [self._past(row) for row in rows]

    def meeting(self, id: str) -> PastMeeting:
        """Raises NotFound."""
        for row in self._file.query(f"{PAST} WHERE meetings.id = ? GROUP BY meetings.id", [id]):
            return self._past(row)
        raise NotFound("Meeting not found")

    def has(self, id: str) -> bool:
        """Whether there is a meeting of that id."""
        return bool(self._file.rows("meetings", "id = ?", (id,)))

    def remove(self, id: str) -> None:
        """Forget it: recording and transcript, in this order, so that it is on the list until all of it is gone. Raises
        NotFound."""
        self.meeting(id)
        self.recordings.remove(id)
        self._remove("id = ?", id)

    def remove_recording(self, id: str) -> None:
        """Its transcript stays. Raises NotFound, also where there is no recording."""
        self.meeting(id)
        if not self.recordings.has(id):
            raise NotFound("This conversation was not recorded.")
        self.recordings.remove(id)

    def remove_old_recordings(self, before: datetime) -> int:
        """Forget the sound of all meetings that began `before`; how many there were. Their transcripts stay."""
        old = [row["id"] for row in self._file.rows("meetings", "begun < ?", (before.isoformat(),))]
        recorded = [id for id in old if self.recordings.has(id)]
        for id in recorded:
            self.recordings.remove(id)
        return len(recorded)

    def remove_all(self) -> None:
        """Forget all of them, and every recording in the folder."""
        self.recordings.remove_all()
        self._remove("1")

    def _remove(self, where: str, *values: object) -> None:
        """Their lines go with them."""
        with self._file.write() as db:
            db.table("meetings").delete_where(where, values)
        self._file.scrub()

    def _past(self, row: Row) -> PastMeeting:
        names = ("id", "scenario", "pitch", "persona", "title", "mark", "turns", "seconds", "mode")
        kept = {name: row[name] for name in names}
        return PastMeeting(
            **kept,
            begun=datetime.fromisoformat(row["begun"]),
            finished=bool(row["finished"]),
            recorded=self.recordings.has(row["id"]),
        )
