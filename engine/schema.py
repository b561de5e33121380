"""The database's schema, from its first version on: `store`'s other half, and with it the only place that knows SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from engine.errors import SettingsError

FIRST = (
    """CREATE TABLE pitches (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, notes TEXT NOT NULL,
        created TEXT NOT NULL, updated TEXT NOT NULL)""",
    """CREATE TABLE meetings (
        id TEXT PRIMARY KEY, scenario TEXT NOT NULL, pitch TEXT REFERENCES pitches(id) ON DELETE SET NULL,
        begun TEXT NOT NULL, mark INTEGER, finished INTEGER NOT NULL)""",
    "CREATE INDEX meetings_by_pitch ON meetings(pitch)",
    # `mark` has no type, so that a number stays a number and a name stays a name.
    """CREATE TABLE lines (
        id INTEGER PRIMARY KEY, meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
        speaker TEXT NOT NULL, text TEXT NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL,
        mark, interrupted INTEGER NOT NULL, at TEXT NOT NULL)""",
    "CREATE INDEX lines_by_meeting ON lines(meeting)",
    # `key` is the question without case and punctuation: the same question is kept once a pitch.
    """CREATE TABLE questions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, pitch TEXT NOT NULL REFERENCES pitches(id) ON DELETE CASCADE,
        key TEXT NOT NULL, text TEXT NOT NULL, answer TEXT NOT NULL, answered INTEGER NOT NULL,
        asked TEXT NOT NULL, UNIQUE (pitch, key))""",
    """CREATE TABLE segments (
        id INTEGER PRIMARY KEY AUTOINCREMENT, slide_no INTEGER NOT NULL, audio_seq_no INTEGER NOT NULL,
        audio_url TEXT NOT NULL, start_time REAL NOT NULL, end_time REAL NOT NULL, text_content TEXT NOT NULL)""",
    "CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


def _first(connection: sqlite3.Connection) -> None:
    for statement in FIRST:
        connection.execute(statement)


def _own_personas(connection: sqlite3.Connection) -> None:
    # `fields` is JSON: a persona is read and written whole, and nobody searches inside one.
    connection.execute(
        """CREATE TABLE personas (
            id TEXT PRIMARY KEY, fields TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL)"""
    )


def _with_whom(connection: sqlite3.Connection) -> None:
    # `persona` is an id and no reference: who ships is in no table. `title`, the persona's name or the pitch's title at
    # the time, outlives both.
    connection.execute("ALTER TABLE meetings ADD COLUMN persona TEXT")
    connection.execute("ALTER TABLE meetings ADD COLUMN title TEXT NOT NULL DEFAULT ''")
    connection.execute(
        "UPDATE meetings SET title = coalesce((SELECT title FROM pitches WHERE pitches.id = meetings.pitch), '')"
    )


def _sessions(connection: sqlite3.Connection) -> None:
    # `aim` and what else is told of a session is JSON, read and written whole. `ended`: when it was finished.
    connection.execute("ALTER TABLE meetings ADD COLUMN aim TEXT NOT NULL DEFAULT '{}'")
    # What kind of speaking it is, a key of `analysis.bands.MODES`: as its aim says, else as its scenario has it.
    connection.execute(
        """ALTER TABLE meetings ADD COLUMN mode TEXT GENERATED ALWAYS AS
            (coalesce(json_extract(aim, '$.mode'), CASE scenario WHEN 'pitch' THEN 'pitch' ELSE 'conversation' END))"""
    )
    connection.execute("ALTER TABLE meetings ADD COLUMN heard TEXT NOT NULL DEFAULT '{}'")
    connection.execute("ALTER TABLE meetings ADD COLUMN ended TEXT")
    # [[text, start, end, confidence], ...] in seconds since the conversation began.
    connection.execute("ALTER TABLE lines ADD COLUMN words TEXT NOT NULL DEFAULT '[]'")
    # What was measured of either side's sound, a few seconds a row; see `analysis.packing`.
    connection.execute(
        """CREATE TABLE sounds (
            id INTEGER PRIMARY KEY, meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
            side TEXT NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, frames BLOB NOT NULL, spans TEXT NOT NULL)"""
    )
    connection.execute("CREATE INDEX sounds_by_meeting ON sounds(meeting)")
    connection.execute(
        """CREATE TABLE cues (
            id INTEGER PRIMARY KEY, meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
            at REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, how TEXT NOT NULL,
            asked INTEGER NOT NULL, used INTEGER NOT NULL)"""
    )
    connection.execute("CREATE INDEX cues_by_meeting ON cues(meeting)")
    # `revision` is that of the transcript it was written from: an edit makes it stale.
    connection.execute(
        """CREATE TABLE reports (
            meeting TEXT PRIMARY KEY REFERENCES meetings(id) ON DELETE CASCADE,
            report TEXT NOT NULL, revision INTEGER NOT NULL, made TEXT NOT NULL)"""
    )
    connection.execute("ALTER TABLE meetings ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")
    # What the trends need of a session: `summary` is JSON, and follows from the rest: a correction (`revision`) or a
    # further line (`lines` counts them) makes it stale.
    connection.execute(
        """CREATE TABLE summaries (
            meeting TEXT PRIMARY KEY REFERENCES meetings(id) ON DELETE CASCADE,
            summary TEXT NOT NULL, revision INTEGER NOT NULL, lines INTEGER NOT NULL)"""
    )


def _bills(connection: sqlite3.Connection) -> None:
    # What vendors were used for; `usd` NULL: no price is known.
    connection.execute(
        """CREATE TABLE bills (
            meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
            provider TEXT NOT NULL, label TEXT NOT NULL, unit TEXT NOT NULL, amount REAL NOT NULL, usd REAL,
            PRIMARY KEY (meeting, provider, label, unit))"""
    )


def _generated_questions(connection: sqlite3.Connection) -> None:
    # A question that the pitch itself gives reason to ask: `why`, and the `sentence` it comes from. One that was
    # `dismissed` stays, so that it is not found again.
    for column in ("why", "sentence"):
        connection.execute(f"ALTER TABLE questions ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for column in ("generated", "dismissed"):
        connection.execute(f"ALTER TABLE questions ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")


def _takes(connection: sqlite3.Connection) -> None:
    # A rehearsal's script as it was then (a list of sentences), the seconds it may take, and where the speaker went
    # back ([[at, sentence], ...]).
    connection.execute(
        """CREATE TABLE takes (
            meeting TEXT PRIMARY KEY REFERENCES meetings(id) ON DELETE CASCADE,
            script TEXT NOT NULL, budget REAL NOT NULL, agains TEXT NOT NULL)"""
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _first,
    _own_personas,
    _with_whom,
    _sessions,
    _bills,
    _generated_questions,
    _takes,
)
"""What leads from version n to n + 1, by n. A released migration is never edited: a change is a new one at the end."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to this code's version, within the caller's transaction.

    Raises:
        SettingsError: the database was written by a newer Rostrum.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise SettingsError(
            f"DATABASE_URL: the database is of version {version}, made by a newer Rostrum (this one knows version "
            f"{len(MIGRATIONS)}). Update Rostrum, or name another file."
        )
    for migration in MIGRATIONS[version:]:
        migration(connection)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
