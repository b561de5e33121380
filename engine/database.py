"""One SQLite file: its connections, its transactions, and writing without waiting. `store` says what is kept in it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.errors import NotFound, SettingsError, StorageFailed
from engine.schema import migrate

BUSY = 2.0
"""Seconds to wait for another process that holds the database."""
CLOSING = 1.5
"""Seconds that `close` waits for what `soon` was given: a stop of the whole process must fit into two."""
REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program holds the database",
    sqlite3.SQLITE_READONLY: "the database cannot be written to",
    sqlite3.SQLITE_IOERR: "the disk failed",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_NOTADB: "the file is no database",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
}
"""What SQLite's primary error codes mean to a person."""

Row = Mapping[str, Any]

log = logging.getLogger(__name__)


class SqliteFile:
    """Opens the file at `path` and brings its schema up to date. `lost`: see `soon`.

    Reading has a connection of its own, so that it never waits for a write.

    Raises:
        SettingsError: the file cannot be opened, is no database, or was made by a newer Rostrum.
        StorageFailed: from `write` and `rows`, when the disk or the database refuses.
    """

    def __init__(self, path: str | Path, lost: Callable[[str], None]) -> None:
        self._lost = lost
        self._failing = False
        self._closed = False
        self._pending: set[Future[object]] = set()
        self._write_lock = threading.RLock()
        self._read_lock = threading.Lock()
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            with suppress(
                FileExistsError
            ):  # what people said is for its owner's eyes; SQLite's other files follow suit
                Path(path).touch(0o600, exist_ok=False)
            self._db = _connect(path)
            with self.write() as db:
                migrate(db.conn)
            self._reader = _connect(path)
        except OSError as error:
            raise SettingsError(f"DATABASE_URL: {path} cannot be used: {error.strerror or error}") from None
        except StorageFailed as error:
            raise SettingsError(f"DATABASE_URL: {path} cannot be used: {error}") from None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store")

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A transaction: all of it or nothing. Nested, it is part of the outer one."""
        with self._write_lock, _refusals():
            if self._db.conn.in_transaction:
                yield self._db
                return
            self._db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.conn.execute("COMMIT")
            finally:
                self._db.rollback()  # does nothing after the commit

    def rows(
        self,
        table: str,
        where: str | None = None,
        values: Sequence[object] = (),
        *,
        order_by: str | None = None,
        limit: int | None = None,
    ) -> list[Row]:
        """What is committed."""
        with self._read_lock, _refusals():
            return list(self._reader.table(table).rows_where(where, list(values), order_by=order_by, limit=limit))

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What is committed."""
        with self._read_lock, _refusals():
            return list(self._reader.query(sql, list(values)))

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log either, unless somebody is just reading."""
        with self._write_lock, _refusals():
            self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def soon(self, function: Callable[..., object], *args: object) -> Future[object]:
        """Call `function` on the one writing thread, after all that was given before. Returns at once. The result is
        on disk when the future is done, but nobody has to look: a failure is logged without content, and the first of
        a row of failures is told to `lost`, on the writing thread, as a message fit to show."""
        job: Future[object] = Future()
        if self._closed:
            job.set_exception(StorageFailed("the store is closed"))
        else:
            job = self._writer.submit(function, *args)
        self._pending.add(job)
        job.add_done_callback(self._settle)
        return job

    def flush(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for all that `soon` was given so far; whether all of it is done."""
        return not wait(self._pending.copy(), timeout).not_done

    def close(self) -> None:
        """Write what `soon` was given, for at most `CLOSING` seconds, and close. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self.flush(CLOSING)
        self._writer.shutdown(wait=False, cancel_futures=True)
        if self._write_lock.acquire(timeout=0.2):  # else a write is stuck: SQLite mends the file at the next opening
            self._db.close()
            self._write_lock.release()
        with self._read_lock:
            self._reader.close()

    def _settle(self, job: Future[object]) -> None:
        self._pending.discard(job)
        error = StorageFailed("Rostrum ended before it was written") if job.cancelled() else job.exception()
        if error is None:
            self._failing = False
            return
        # Never the text of an unforeseen error: it may hold what somebody said.
        message = str(error) if isinstance(error, StorageFailed | NotFound) else "an internal error"
        log.error("a write was lost: %s (%s)", message, type(error).__name__)
        if not self._failing:
            self._failing = True
            self._lost(f"What is being said is not kept: {message}.")


def _connect(path: str | Path) -> Database:
    with _refusals():
        connection = sqlite3.connect(path, timeout=BUSY, check_same_thread=False)
        db = Database(connection, execute_plugins=False)
        db.enable_wal()
        # With a write-ahead log, what is committed survives the death of the process; NORMAL may lose the last
        # moments in a power cut, and never damages the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What somebody said and deleted is overwritten, not left in a free page of the file.
        connection.execute("PRAGMA secure_delete = ON")
        # SQLite's own lower() knows English letters only.
        connection.create_function("fold", 1, str.casefold, deterministic=True)
    return db


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        log.warning("SQLite refused with code %d (%s)", code, type(error).__name__)
        raise StorageFailed(REASONS.get(code, "the database could not be used")) from error
