import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import NotFound, StorageFailed
from engine.messages import Said
from engine.store import Store

AT = datetime(2026, 11, 21, tzinfo=UTC)


def said(text: str) -> Said:
    return Said(speaker="agent", text=text, start=0.0, end=1.0)


def test_soon_returns_while_the_disk_is_busy_and_keeps_the_order(store: Store) -> None:
    meeting = store.begin_meeting("talk", None).id
    free = threading.Event()
    store.soon(free.wait)
    jobs = [store.soon(store.add_line, meeting, said(str(number)), AT) for number in range(200)]
    assert not jobs[0].done()
    assert store.flush(0.0) is False

    free.set()
    assert store.flush(10.0) is True
    assert [line.text for line in store.lines(meeting)] == [str(number) for number in range(200)]


def test_close_writes_what_is_waiting(store: Store, path: Path, tmp_path: Path) -> None:
    meeting = store.begin_meeting("talk", None).id
    for number in range(50):
        store.soon(store.add_line, meeting, said(str(number)), AT)
    store.close()
    again = Store(path, samples=tmp_path)
    assert len(again.lines(meeting)) == 50
    again.close()


def test_close_does_not_wait_for_ever(store: Store) -> None:
    never = threading.Event()
    store.soon(never.wait)
    waiting = store.soon(store.begin_meeting, "talk", None)
    store.close()
    assert waiting.cancelled()
    never.set()


def test_a_row_of_failures_is_told_once_and_logged_without_content(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    store = Store(path, samples=tmp_path, lost=told.append)
    meeting = store.begin_meeting("talk", None).id
    for _ in range(3):
        store.soon(store.add_line, "gone", said("a secret"), AT)
    store.soon(store.add_line, meeting, said("kept"), AT)
    store.soon(store.add_line, "gone", said("a secret"), AT)
    assert store.flush(10.0)
    store.close()

    assert told == ["What is being said is not kept: Meeting not found."] * 2
    assert sum("a write was lost" in record.message for record in caplog.records) == 4
    assert "secret" not in caplog.text


def test_the_reason_of_a_refusing_disk_is_named(store: Store, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed, match="another program holds the database"):
        store.begin_meeting("talk", None)
    holder.execute("ROLLBACK")
    holder.close()
    assert store.begin_meeting("talk", None)
    assert str(path) not in caplog.text


def test_after_closing_nothing_is_lost_silently(path: Path, tmp_path: Path) -> None:
    told: list[str] = []
    store = Store(path, samples=tmp_path, lost=told.append)
    store.close()
    store.close()
    assert isinstance(store.soon(store.begin_meeting, "talk", None).exception(), StorageFailed)
    assert told == ["What is being said is not kept: the store is closed."]
    with pytest.raises(StorageFailed):
        store.pitches()


def test_many_threads_may_use_it_at_once(store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.").id
    failures: list[BaseException] = []

    def use() -> None:
        try:
            for _ in range(20):
                store.add_line(store.begin_meeting("pitch", pitch).id, said("x"), AT)
                store.pitch(pitch)
                store.meetings(pitch)
        except (StorageFailed, NotFound) as error:
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert len(store.meetings(pitch, limit=1000)) == 120
