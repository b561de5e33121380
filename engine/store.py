"""What outlives the process. SQL is here, in `schema` and in `database`, nowhere else.

Any method may be called from any thread and blocks its caller for as long as the disk takes: request handlers run in
threads, and a conversation writes with `soon`, which returns at once.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.archive import Archive
from engine.clock import wall
from engine.database import Row, SqliteFile
from engine.errors import BadInput, NotFound, TooLarge
from engine.messages import QuestionAsked, Said
from engine.people import People
from engine.recordings import Recordings
from engine.records import Meeting, Pitch, Question, Sentence, TranscriptLine
from engine.sessions import Sessions, words_as_json, words_of_json
from engine.takes import Takes

TITLE_LENGTH, TEXT_LENGTH, NOTES_LENGTH = 200, 100_000, 200_000
"""Characters at most."""
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
            new = _checked(
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
        row = {"id": id} | _checked(title, text, notes) | {"created": now, "updated": now}
        with self._file.write() as db:
            db.table("pitches").insert(row)
        return _pitch(row)

    def _add_sample(self, samples: Path) -> None:
        """Once in a database's life: a sample that was deleted stays deleted."""
        script, notes = samples / f"{SAMPLE}.md", samples / f"{SAMPLE}.notes.md"
        if self.preference("store.sample") or not script.exists():
            return
        title, text = _heading(script.read_text(encoding="utf-8"))
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
        """Keep a question and its answer. The same words again, whatever their case and punctuation, replace it.
        Raises NotFound."""
        key = " ".join(re.findall(r"\w+", asked.text.casefold())) or asked.text
        row = {"text": asked.text, "answer": asked.answer, "answered": int(asked.answered), "asked": wall().isoformat()}
        with self._file.write() as db:
            _one(db, "pitches", pitch, "Pitch not found")
            for same in db.table("questions").rows_where("pitch = ? AND key = ?", [pitch, key]):
                return _question(db.table("questions").update(same["id"], row).get(same["id"]))
            kept = db.table("questions").insert(row | {"pitch": pitch, "key": key})
            return _question(kept.get(int(kept.last_pk or 0)))

    def questions(self, pitch: str) -> list[Question]:
        """What was asked about a pitch, most recent first. Raises NotFound."""
        self.pitch(pitch)
        rows = self._file.rows("questions", "pitch = ?", (pitch,), order_by="asked DESC, id DESC")
        return [_question(row) for row in rows]

    def remove_question(self, id: int) -> None:
        """Raises NotFound."""
        with self._file.write() as db:
            _one(db, "questions", id, "Question not found")
            db.table("questions").delete(id)

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


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[Sentence, ...]:
    from engine.sentences import split

    return tuple(Sentence(index=index, text=sentence) for index, sentence in enumerate(split(text), start=1))


def _pitch(row: Row) -> Pitch:
    return Pitch(
        **{name: row[name] for name in ("id", "title", "text", "notes")},
        sentences=_sentences(row["text"]),
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


def _question(row: Row) -> Question:
    kept = {name: row[name] for name in ("id", "pitch", "text", "answer")}
    return Question(**kept, answered=bool(row["answered"]), asked=datetime.fromisoformat(row["asked"]))


# ---- what a pitch may be ---------------------------------------------------------------------------------------------


def _checked(title: str, text: str, notes: str) -> dict[str, str]:
    title = " ".join(title.split())
    for name, value, most in (
        ("title", title, TITLE_LENGTH),
        ("text", text, TEXT_LENGTH),
        ("notes", notes, NOTES_LENGTH),
    ):
        if len(value) > most:
            raise TooLarge(f"{name}: {len(value):,} characters are too many, at most {most:,} are kept")
        if re.search("[\\x00\\ud800-\\udfff]", value):
            raise BadInput(f"{name}: expected text, found a character that is none")
    if not title:
        raise BadInput("title: expected 1 to 200 characters")
    if not any(map(str.isalnum, "".join(sentence.text for sentence in _sentences(text)))):
        raise BadInput("text: expected at least one sentence that can be spoken")
    return {"title": title, "text": text, "notes": notes}


def _heading(markdown: str) -> tuple[str, str]:
    """The first heading, and the text without it."""
    found = re.search(r"^#+[ \t]+(.+?)[ \t#]*$", markdown, re.MULTILINE)
    if not found:
        return "", markdown.strip()
    return found[1], (markdown[: found.start()] + markdown[found.end() :]).strip()
