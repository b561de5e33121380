"""The questions about pitches: those that were asked, and those that a pitch gives reason to ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from engine.clock import wall
from engine.database import Row, SqliteFile
from engine.errors import NotFound
from engine.followups.values import FollowUp
from engine.messages import QuestionAsked
from engine.records import Question

NO_PITCH, NO_QUESTION = "Pitch not found", "Question not found"


class Asked:
    """May be called from any thread, and blocks for as long as the disk takes."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, pitch: str, asked: QuestionAsked) -> Question:
        """Keep a question and its answer. The same words again, whatever their case and punctuation, replace it.
        Raises NotFound."""
        key = _key(asked.text)
        row: dict[str, Any] = {"text": asked.text, "answer": asked.answer, "answered": int(asked.answered)}
        row |= {"asked": wall().isoformat(), "generated": 0, "dismissed": 0}
        with self._file.write() as db:
            _there(db, "pitches", pitch, NO_PITCH)
            for same in db.table("questions").rows_where("pitch = ? AND key = ?", [pitch, key]):
                return _question(db.table("questions").update(same["id"], row).get(same["id"]))
            kept = db.table("questions").insert(row | {"pitch": pitch, "key": key})
            return _question(kept.get(int(kept.last_pk or 0)))

    def add_follow_ups(self, pitch: str, found: Iterable[FollowUp]) -> list[Question]:
        """Keep generated questions, in the place of those that were generated before; ones that were asked or dismissed
        stay as they are. All questions, as `about` gives them. Raises NotFound."""
        with self._file.write() as db:
            _there(db, "pitches", pitch, NO_PITCH)
            db.table("questions").delete_where("pitch = ? AND generated = 1 AND dismissed = 0", [pitch])
            for one in reversed(list(found)):  # of one moment: the most recent comes first
                row: dict[str, Any] = {
                    "text": one.text,
                    "why": one.why,
                    "sentence": one.sentence,
                    "asked": wall().isoformat(),
                }
                row |= {"pitch": pitch, "key": _key(one.text), "answer": "", "answered": 0, "generated": 1}
                db.table("questions").insert(row, ignore=True)
        return self.about(pitch)

    def question(self, id: int) -> Question:
        """Raises NotFound."""
        for row in self._file.rows("questions", "id = ? AND dismissed = 0", (id,)):
            return _question(row)
        raise NotFound(NO_QUESTION)

    def about(self, pitch: str) -> list[Question]:
        """What was asked about a pitch, most recent first. Raises NotFound."""
        if not self._file.rows("pitches", "id = ?", (pitch,)):
            raise NotFound(NO_PITCH)
        where = "pitch = ? AND dismissed = 0"
        rows = self._file.rows("questions", where, (pitch,), order_by="generated, asked DESC, id DESC")
        return [_question(row) for row in rows]

    def remove(self, id: int) -> None:
        """One that was generated does not come back. Raises NotFound."""
        with self._file.write() as db:
            if _there(db, "questions", id, NO_QUESTION)["generated"]:
                db.table("questions").update(id, {"dismissed": 1})
            else:
                db.table("questions").delete(id)


def _key(question: str) -> str:
    """The question without case and punctuation: the same one is kept once a pitch."""
    return " ".join(re.findall(r"\w+", question.casefold())) or question


def _question(row: Row) -> Question:
    kept = {name: row[name] for name in ("id", "pitch", "text", "answer", "why", "sentence")}
    made: dict[str, Any] = {name: bool(row[name]) for name in ("answered", "generated")}
    return Question(**kept, **made, asked=datetime.fromisoformat(row["asked"]))


def _there(db: Database, table: str, id: str | int, missing: str) -> Row:
    for row in db.table(table).rows_where("id = ?", [id]):
        return row
    raise NotFound(missing)
