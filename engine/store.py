"""What outlives the process. SQL is here, in `schema` and in `database`, nowhere else.

Any method may be called from any thread and blocks its caller for as long as the disk takes: request handlers run in
threads, and a conversation writes with `soon`, which returns at once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine import pitch_text
from engine.archive import Archive
from engine.asked import Asked
from engine.bills import Bills
from engine.clock import wall
from engine.database import Row, SqliteFile
from engine.errors import NotFound
from engine.messages import QuestionAsked, Said
from engine.people import People
from engine.recordings import Recordings
from engine.records import Meeting, Pitch, Question, TranscriptLine
from engine.sessions import Sessions, words_as_json, words_of_json
from engine.takes import Takes

SAMPLES = Path(__file__).parents[1] / "data" / "pitches"
SAMPLE, SAMPLE_TITLE = "rostrum", "Rostrum in one minute"
"""Name of the sample pitch's files, which is its id in the database too; its title, unless its text has a heading."""

Json = Any
"""Whatever `json` reads and writes."""


def new_id() -> str:
    """A name that nothing else has."""
    return secrets.token_hex(8)


class Store:
    """Keeps pitches, questions, meetings with their transcripts, and preferences, in the SQLite file at `path`. The
    very first opening adds the sample pitch of `samples`. `lost` is told when a write given to `soon` failed.

    Raises:
        SettingsError: the file cannot be opened, is no database, or was made by a newer Rostrum.
        StorageFailed: from every method, when the disk or the database refuses.
    """

    def __init__(
        self, path: str | Path, *, samples: Path = SAMPLES, lost: Callable[[str], None] = lambda message: None
    ) -> None:
        self._file = SqliteFile(path, lost)
        self.people, self.sessions, self.takes = People(self._file), Sessions(self._file), Takes(self._file)
        self.archive = Archive(self._file, Recordings(Path(path).parent / "recordings"))
        self.bills, self.asked = Bills(self._file), Asked(self._file)
        self._add_sample(samples)

    def soon(self, function: Callable[..., object], *args: object) -> Future[object]:
        """Call one of the methods below on the writing thread, after all that was given before; see `SqliteFile`."""
        return self._file.soon(function, *args)

    def flush(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for all that `soon` was given so far; whether all of it is done."""
        return self._file.flush(timeout)

    def close(self) -> None:
        """Write what `soon` was given, within 1.5 seconds, and close. May be called twice."""
        self._file.close()

    # ---- pitches -----------------------------------------------------------------------------------------------------

    def pitches(self) -> list[Pitch]:
        """All pitches, newest first."""
        return [_pitch(row) for row in self._file.rows("pitches", order_by="created DESC, rowid DESC")]

    def pitch(self, id: str) -> Pitch:
        """Raises NotFound."""
        for row in self._file.rows("pitches", "id = ?", (id,)):
            return _pitch(row)
        raise NotFound("Pitch not found")

    def add_pitch(self, title: str, text: str, notes: str = "") -> Pitch:
        """Raises BadInput or TooLarge, saying which part and what was expected."""
        return self._add_pitch(new_id(), title, text, notes)

    def change_pitch(
        self, id: str, title: str | None = None, text: str | None = None, notes: str | None = None
    ) -> Pitch:
        """Replace the parts that are given. Raises NotFound, BadInput or TooLarge, having changed nothing."""
        with self._file.write() as db:
            old = _pitch(_one(db, "pitches", id, "Pitch not found"))
            new = pitch_text.checked(
                old.title if title is None else title,
                old.text if text is None else text,
                old.notes if notes is None else notes,
            )
            db.table("pitches").update(id, new | {"updated": wall().isoformat()})
            return _pitch(db.table("pitches").get(id))

    def remove_pitch(self, id: str) -> None:
        """Also removes its questions; its meetings stay, without a pitch. Raises NotFound."""
        with self._file.write() as db:
            _one(db, "pitches", id, "Pitch not found")
            db.table("pitches").delete(id)

    def _add_pitch(self, id: str, title: str, text: str, notes: str) -> Pitch:
        now = wall().isoformat()
        row = {"id": id} | pitch_text.checked(title, text, notes) | {"created": now, "updated": now}
        with self._file.write() as db:
            db.table("pitches").insert(row)
        return _pitch(row)

    def _add_sample(self, samples: Path) -> None:
        """Once in a database's life: a sample that was deleted stays deleted."""
        script, notes = samples / f"{SAMPLE}.md", samples / f"{SAMPLE}.notes.md"
        if self.preference("store.sample") or not script.exists():
            return
        title, text = pitch_text.heading(script.read_text(encoding="utf-8"))
        with self._file.write():
            self._add_pitch(
                SAMPLE, title or SAMPLE_TITLE, text, notes.read_text(encoding="utf-8") if notes.exists() else ""
            )
            self.set_preference("store.sample", True)

    # ---- meetings and their transcripts ------------------------------------------------------------------------------

    def begin_meeting(  # noqa: PLR0917, a record's columns
        self,
        scenario: str,
        pitch: str | None,
        id: str | None = None,
        begun: datetime | None = None,
        persona: str | None = None,
        title: str = "",
    ) -> Meeting:
        """`id` and `begun` where its caller knows them already; `title` where it is not about a pitch that is there.
        Raises NotFound for a pitch that is not there."""
        row = {"id": id or new_id(), "scenario": scenario, "pitch": pitch, "begun": (begun or wall()).isoformat()}
        with self._file.write() as db:
            if pitch is not None:
                title = _one(db, "pitches", pitch, "Pitch not found")["title"]
            row |= {"persona": persona, "title": title}
            db.table("meetings").insert(row | {"mark": None, "finished": 0})
        return self.meeting(str(row["id"]))

    def set_place(self, meeting_id: str, mark: int | None, finished: bool) -> None:
        """Keep where the meeting stands. Raises NotFound."""
        with self._file.write() as db:
            _one(db, "meetings", meeting_id, "Meeting not found")
            db.table("meetings").update(meeting_id, {"mark": mark, "finished": int(finished)})

    def meeting(self, id: str) -> Meeting:
        """Raises NotFound."""
        for row in self._file.rows("meetings", "id = ?", (id,)):
            return _meeting(row)
        raise NotFound("Meeting not found")

    def meetings(self, pitch: str | None = None, limit: int = 20) -> list[Meeting]:
        """Newest first; of one pitch, or all."""
        where, values = ("pitch = ?", (pitch,)) if pitch is not None else (None, ())
        order = "begun DESC, rowid DESC"
        return [_meeting(row) for row in self._file.rows("meetings", where, values, order_by=order, limit=limit)]

    def add_line(self, meeting_id: str, said: Said, at: datetime) -> int:
        """Append a finished line; `at` is when it was finished. Its id. Raises NotFound."""
        row: dict[str, Json] = {"meeting": meeting_id, "speaker": said.speaker, "text": said.text, "start": said.start}
        row |= {"end": said.end, "mark": said.mark, "interrupted": int(said.interrupted), "at": at.isoformat()}
        with self._file.write() as db:
            _one(db, "meetings", meeting_id, "Meeting not found")
            return int(db.table("lines").insert(row | {"words": words_as_json(said.words)}).last_pk or 0)

    def lines(self, meeting_id: str) -> list[TranscriptLine]:
        """The transcript, in the order it was written. Raises NotFound."""
        self.meeting(meeting_id)
        return [_line(row) for row in self._file.rows("lines", "meeting = ?", (meeting_id,), order_by="id")]

    # ---- questions ---------------------------------------------------------------------------------------------------

    def add_question(self, pitch: str, asked: QuestionAsked) -> Question:
        """See `Asked.add`."""
        return self.asked.add(pitch, asked)

    def questions(self, pitch: str) -> list[Question]:
        """See `Asked.about`."""
        return self.asked.about(pitch)

    def remove_question(self, id: int) -> None:
        """See `Asked.remove`."""
        self.asked.remove(id)

    # ---- the rest ----------------------------------------------------------------------------------------------------

    def save_segment(  # noqa: PLR0917, the columns of an existing protocol
        self, slide_no: int, audio_seq_no: int, audio_url: str, start_time: float, end_time: float, text_content: str
    ) -> int:
        """Keep a segment of a recorded pitch, as POST /save_pitch sends it; returns its number."""
        row = {"slide_no": slide_no, "audio_seq_no": audio_seq_no, "audio_url": audio_url}
        row |= {"start_time": start_time, "end_time": end_time, "text_content": text_content}
        with self._file.write() as db:
            return int(db.table("segments").insert(row).last_pk or 0)

    def preference(self, key: str, default: Json = None) -> Json:
        """The JSON value kept under `key`."""
        for row in self._file.rows("preferences", "key = ?", (key,)):
            return json.loads(row["value"])
        return default

    def set_preference(self, key: str, value: Json) -> None:
        """Keep a JSON value under `key`."""
        with self._file.write() as db:
            db.table("preferences").upsert({"key": key, "value": json.dumps(value)}, pk="key")


def _one(db: Database, table: str, id: str | int, missing: str) -> Row:
    for row in db.table(table).rows_where("id = ?", [id]):
        return row
    raise NotFound(missing)


# ---- rows to values --------------------------------------------------------------------------------------------------


def _pitch(row: Row) -> Pitch:
    return Pitch(
        **{name: row[name] for name in ("id", "title", "text", "notes")},
        sentences=pitch_text.sentences(row["text"]),
        created=datetime.fromisoformat(row["created"]),
        updated=datetime.fromisoformat(row["updated"]),
    )


def _meeting(row: Row) -> Meeting:
    begun = datetime.fromisoformat(row["begun"])
    kept = {name: row[name] for name in ("id", "scenario", "pitch", "persona", "title", "mark")}
    return Meeting(**kept, begun=begun, finished=bool(row["finished"]))


def _line(row: Row) -> TranscriptLine:
    kept: dict[str, Json] = {name: row[name] for name in ("id", "speaker", "text", "start", "end", "mark")}
    more: dict[str, Json] = {"interrupted": bool(row["interrupted"]), "words": words_of_json(row["words"])}
    return TranscriptLine(**kept, **more, at=datetime.fromisoformat(row["at"]))
