import os
import sqlite3
from pathlib import Path

import pytest

import engine.schema
from engine.errors import SettingsError
from engine.store import Store


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_a_new_file_gets_its_directories_and_todays_version(tmp_path: Path) -> None:
    path = tmp_path / "data" / "local" / "rostrum.db"
    Store(path, samples=tmp_path).close()
    assert version(path) == len(engine.schema.MIGRATIONS)


def test_what_is_missing_is_run_on_what_is_there(path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.")
    store.close()

    def shout(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE pitches SET title = upper(title)")

    monkeypatch.setattr(engine.schema, "MIGRATIONS", (*engine.schema.MIGRATIONS, shout))
    for _ in range(2):
        again = Store(path, samples=path.parent)
        assert again.pitch(pitch.id).title == "CUPS"
        again.close()
    assert version(path) == len(engine.schema.MIGRATIONS)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.")
    store.close()
    before = version(path)

    def breaks(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM pitches")
        connection.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(engine.schema, "MIGRATIONS", (*engine.schema.MIGRATIONS, breaks))
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: "):
        Store(path, samples=path.parent)
    monkeypatch.undo()
    assert version(path) == before
    again = Store(path, samples=path.parent)
    assert again.pitch(pitch.id) == pitch
    again.close()


def test_a_newer_database_is_refused_and_left_alone(path: Path, store: Store) -> None:
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .*version 99.*newer Rostrum"):
        Store(path, samples=path.parent)
    assert version(path) == 99


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .*no database"):
        Store(path, samples=path.parent)
    assert path.read_text().startswith("Dear diary")


def test_a_directory_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .*cannot be"):
        Store(tmp_path, samples=tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: "):
        Store(tmp_path / "new" / "rostrum.db", samples=tmp_path)


def test_a_file_where_a_directory_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: "):
        Store(tmp_path / "data" / "rostrum.db", samples=tmp_path)
