"""What is kept of a session beyond its transcript: what it was for, what was measured of its sound, its cues, its
report. A session is a meeting, seen from the side of what can be learned from it. Like `store`, it knows SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from engine.clock import wall
from engine.database import Row, SqliteFile
from engine.errors import NotFound
from engine.messages import Said
from engine.providers.base import Word
from engine.records import Aim, Cue, Sample, Summary
from engine.takes import REHEARSAL

MISSING = "Session not found"
COACH = "coach"
LISTENED = (COACH, REHEARSAL)
"""Scenarios in which the user speaks and Rostrum listens."""
SUMMARISED = """SELECT meetings.*, summary FROM summaries JOIN meetings ON meetings.id = summaries.meeting
    ORDER BY begun, meetings.rowid"""
UNSUMMARISED = """SELECT meetings.id FROM meetings LEFT JOIN summaries ON summaries.meeting = meetings.id
    WHERE EXISTS (SELECT 1 FROM lines WHERE lines.meeting = meetings.id AND lines.speaker = 'user')
    AND (summaries.revision IS NOT meetings.revision
        OR summaries.lines IS NOT (SELECT count(*) FROM lines WHERE lines.meeting = meetings.id))"""
SWAP_LINES = """UPDATE lines SET speaker = CASE speaker WHEN 'user' THEN 'partner' ELSE 'user' END
    WHERE meeting = ? AND speaker IN ('user', 'partner')"""
SWAP_SIDES = (
    """UPDATE sounds SET side = CASE side WHEN 'user' THEN 'partner' ELSE 'user' END WHERE meeting = ?""",
    """UPDATE meetings SET heard = json_set(heard, '$.swapped', 1 - coalesce(json_extract(heard, '$.swapped'), 0))
    WHERE id = ?""",
)


class Sessions:
    """Methods block, and may be called from any thread.

    Raises:
        NotFound: from every method that is given an id, where there is no such session, line or cue.
        StorageFailed: when the disk or the database refuses.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def begin(self, id: str, aim: Aim, begun: datetime, title: str) -> None:
        """Keep that a coached session was created: from now on it is known, also after a restart."""
        row = {"id": id, "scenario": COACH, "begun": begun.isoformat(), "title": title, "finished": 0}
        with self._file.write() as db:
            db.table("meetings").insert(row | {"aim": json.dumps(asdict(aim))})

    def began(self, id: str, at: datetime) -> None:
        """Its clock began `at`, later than it was created."""
        self._update(id, {"begun": at.isoformat()})

    def coached(self, id: str) -> None:
        """Make sure that there is such a session, and that it is one that is listened to."""
        if self._meeting(id)["scenario"] not in LISTENED:
            raise NotFound(MISSING)

    def aim(self, id: str) -> Aim:
        kept = json.loads(self._meeting(id)["aim"])
        return Aim(**{name: kept[name] for name in Aim.__dataclass_fields__ if name in kept})

    def set_aim(self, id: str, aim: Aim) -> None:
        self._update(id, {"aim": json.dumps(asdict(aim))})

    def heard(self, id: str) -> Mapping[str, Any]:
        """How it was heard: `capability`, `separate` (channels), `engine`, `swapped` (1: the recording's user is the
        partner); empty where nothing was told."""
        found: Mapping[str, Any] = json.loads(self._meeting(id)["heard"])
        return found

    def set_heard(self, id: str, **heard: str | bool) -> None:
        """Add to `heard`."""
        with self._file.write():
            self._update(id, {"heard": json.dumps(dict(self.heard(id)) | heard)})

    def ended(self, id: str) -> datetime | None:
        """When it was finished, for the last time."""
        ended = self._meeting(id)["ended"]
        return datetime.fromisoformat(ended) if ended else None

    def end(self, id: str) -> None:
        """Its report was written. A pitch that was half heard is half heard all the same."""
        finished = {"finished": 1} if self._meeting(id)["scenario"] in LISTENED else {}
        self._update(id, {"ended": wall().isoformat()} | finished)

    # ---- corrections -------------------------------------------------------------------------------------------------

    def revision(self, id: str) -> int:
        """Counts what was changed by hand."""
        return int(self._meeting(id)["revision"])

    def change_line(
        self,
        id: str,
        line: int,
        *,
        text: str | None = None,
        speaker: str | None = None,
        words: Sequence[Word] | None = None,
    ) -> None:
        """Correct what was heard, or who said it."""
        change: dict[str, Any] = {name: value for name, value in (("text", text), ("speaker", speaker)) if value}
        if words is not None:
            change["words"] = words_as_json(words)
        with self._file.write() as db:
            if not any(db.table("lines").rows_where("id = ? AND meeting = ?", [line, id])):
                raise NotFound("there is no such line in this session")
            db.table("lines").update(line, change)
            self._changed(id)

    def recut(self, id: str, line: int, was: tuple[str, str], parts: Sequence[Said]) -> list[int]:
        """A line was said by others than was guessed: it becomes `parts`, of which the first keeps its number; the
        numbers of all. None, and nothing is changed, where it is not the speaker and the text of `was` any more:
        somebody has corrected it."""
        with self._file.write() as db:
            rows = list(db.table("lines").rows_where("id = ? AND meeting = ?", [line, id]))
            if not rows or (rows[0]["speaker"], rows[0]["text"]) != was:
                return []
            db.table("lines").update(line, _columns(parts[0]))
            rest = dict(rows[0]) | {"id": None}
            more = [db.table("lines").insert(rest | _columns(part)).last_pk for part in parts[1:]]
            self._changed(id)
        return [line, *(int(number or 0) for number in more)]

    def swap_speakers(self, id: str) -> None:
        """The user is the partner, and the other way round; the measured sound of either channel goes with it. A
        microphone that both shared stays what it is: the lines tell whose its sound is."""
        apart = bool(self.heard(id).get("separate"))
        with self._file.write() as db:
            for statement in (SWAP_LINES, *(SWAP_SIDES if apart else ())):
                db.execute(statement, [id])
            self._changed(id)

    def _changed(self, id: str) -> None:
        self._update(id, {"revision": self.revision(id) + 1})

    # ---- what was measured -------------------------------------------------------------------------------------------

    def add_sound(  # noqa: PLR0917, a record's columns
        self, id: str, side: str, start: float, end: float, frames: bytes, spans: Sequence[tuple[float, float]]
    ) -> None:
        """Keep what was measured of `side` from `start` to `end` seconds; `spans` of speech lie within. Nothing is kept
        of a session that was deleted while it went on."""
        row = {"meeting": id, "side": side, "start": start, "end": end, "frames": frames, "spans": json.dumps(spans)}
        with self._file.write() as db:
            if db.table("meetings").count_where("id = ?", [id]):
                db.table("sounds").insert(row)

    def sounds(self, id: str) -> list[tuple[str, float, float, bytes, list[tuple[float, float]]]]:
        """(side, start, end, frames, spans) in order of time."""
        rows = self._file.rows("sounds", "meeting = ?", (id,), order_by='start, "end"')
        return [(row["side"], row["start"], row["end"], row["frames"], _pairs(row["spans"])) for row in rows]

    # ---- cues and reports --------------------------------------------------------------------------------------------

    def add_cue(self, id: str, *, at: float, kind: str, text: str, how: str, asked: bool) -> int:
        """Keep a cue that was given; its number."""
        row = {"meeting": id, "at": at, "kind": kind, "text": text, "how": how, "asked": int(asked), "used": 0}
        with self._file.write() as db:
            return int(db.table("cues").insert(row).last_pk or 0)

    def use_cue(self, cue: int) -> None:
        """What followed took it up."""
        with self._file.write() as db:
            db.table("cues").update(cue, {"used": 1})

    def whisper_cue(self, cue: int) -> None:
        """It was said in the ear too."""
        with self._file.write() as db:
            db.table("cues").update(cue, {"how": "ear"})

    def cues(self, id: str) -> list[Cue]:
        rows = self._file.rows("cues", "meeting = ?", (id,), order_by="at, id")
        return [_cue(row) for row in rows]

    def report(self, id: str) -> tuple[dict[str, Any], int] | None:
        """The report that was written last, as it was kept, and the revision it was written of."""
        for row in self._file.rows("reports", "meeting = ?", (id,)):
            return json.loads(row["report"]), int(row["revision"])
        return None

    def keep_report(self, id: str, report: Mapping[str, Any], revision: int) -> None:
        row = {"meeting": id, "report": json.dumps(report), "revision": revision, "made": wall().isoformat()}
        with self._file.write() as db:
            db.table("reports").upsert(row, pk="meeting")

    # ---- what the trends need ----------------------------------------------------------------------------------------

    def keep_summary(self, id: str, capability: str, measures: Mapping[str, Sample], revision: int) -> None:
        """Keep what was measured of it, as of `revision`, so that nothing has to be measured again for the trends."""
        kept = {measure: asdict(sample) for measure, sample in measures.items()}
        row = {"meeting": id, "summary": json.dumps({"capability": capability, "measures": kept}), "revision": revision}
        with self._file.write() as db:
            self._meeting(id)
            lines = db.table("lines").count_where("meeting = ?", [id])
            db.table("summaries").upsert(row | {"lines": lines}, pk="meeting")

    def outdate_summaries(self) -> None:
        """What is measured is another thing from now on: each is stale, though still there."""
        with self._file.write() as db:
            db.execute("UPDATE summaries SET revision = -1")

    def summaries(self) -> list[Summary]:
        """Of all sessions that have one, the oldest first. One that was corrected or went on since may be stale."""
        return [_summary(row) for row in self._file.query(SUMMARISED)]

    def unsummarised(self, limit: int) -> list[str]:
        """Sessions in which the user spoke and whose summary is missing or stale, the newest first."""
        rows = self._file.query(f"{UNSUMMARISED} ORDER BY begun DESC LIMIT ?", [limit])
        return [str(row["id"]) for row in rows]

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _meeting(self, id: str) -> Row:
        for row in self._file.rows("meetings", "id = ?", (id,)):
            return row
        raise NotFound(MISSING)

    def _update(self, id: str, change: Mapping[str, Any]) -> None:
        with self._file.write() as db:
            self._meeting(id)
            db.table("meetings").update(id, dict(change))


def _columns(part: Said) -> dict[str, Any]:
    kept = {"speaker": part.speaker, "text": part.text, "start": part.start, "end": part.end}
    return kept | {"words": words_as_json(part.words)}


def words_as_json(words: Sequence[Word]) -> str:
    return json.dumps([[word.text, word.start, word.end, word.confidence] for word in words])


def words_of_json(kept: str) -> tuple[Word, ...]:
    return tuple(Word(text=text, start=start, end=end, confidence=sure) for text, start, end, sure in json.loads(kept))


def _summary(row: Row) -> Summary:
    kept = json.loads(row["summary"])
    return Summary(
        meeting=row["id"],
        **{name: row[name] for name in ("scenario", "title", "mode")},
        begun=datetime.fromisoformat(row["begun"]),
        capability=kept["capability"],
        measures={measure: Sample(**sample) for measure, sample in kept["measures"].items()},
    )


def _pairs(text: str) -> list[tuple[float, float]]:
    return [(start, end) for start, end in json.loads(text)]


def _cue(row: Row) -> Cue:
    kept = {name: row[name] for name in ("id", "at", "kind", "text", "how")}
    return Cue(**kept, asked=bool(row["asked"]), used=bool(row["used"]))
