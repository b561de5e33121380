from pathlib import Path

from engine.store import Store


def samples(where: Path) -> Path:
    (where / "rostrum.md").write_text("# A better talk\n\nHello there. This is the talk.\n", encoding="utf-8")
    (where / "rostrum.notes.md").write_text("## Price\nIt is free.\n", encoding="utf-8")
    return where


def test_the_first_opening_adds_it_with_its_notes(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.db", samples=samples(tmp_path))
    (pitch,) = store.pitches()
    assert (pitch.id, pitch.title) == ("rostrum", "A better talk")
    assert pitch.text == "Hello there. This is the talk."
    assert pitch.notes == "## Price\nIt is free.\n"
    store.close()


def test_a_deleted_sample_stays_deleted(tmp_path: Path) -> None:
    for removed in (True, False):
        store = Store(tmp_path / "r.db", samples=samples(tmp_path))
        if removed:
            store.remove_pitch("rostrum")
        assert store.pitches() == []
        store.close()


def test_the_sample_that_ships_is_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.db")
    pitch = store.pitch("rostrum")
    assert pitch.title == "Rostrum in one minute"
    assert pitch.notes
    assert len(pitch.sentences) >= 4
    store.close()
