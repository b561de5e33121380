from pathlib import Path

import pytest

from engine.errors import BadInput, NotFound, TooLarge
from engine.messages import QuestionAsked
from engine.store import Store

TEXT = "Good morning. Dr. Smith sells 3.5 million cups. Will you buy one?"


def test_a_pitch_comes_back_as_it_was_written(store: Store, path: Path, tmp_path: Path) -> None:
    added = store.add_pitch("  Cups \n and saucers ", TEXT, "# Price\n3 euros")

    store.close()
    again = Store(path, samples=tmp_path)
    assert again.pitches() == [added]
    assert again.pitch(added.id) == added
    assert (added.title, added.text, added.notes) == ("Cups and saucers", TEXT, "# Price\n3 euros")
    assert [sentence.index for sentence in added.sentences] == [1, 2, 3]
    assert added.sentences[2].text == "Will you buy one?"
    again.close()


def test_pitches_are_listed_newest_first(store: Store) -> None:
    ids = [store.add_pitch(title, TEXT).id for title in ("first", "second", "third")]
    assert [pitch.id for pitch in store.pitches()] == ids[::-1]


def test_only_what_is_given_is_changed(store: Store) -> None:
    before = store.add_pitch("Cups", TEXT, "notes")
    after = store.change_pitch(before.id, text="One sentence only.")
    assert (after.title, after.notes, after.created) == (before.title, before.notes, before.created)
    assert [sentence.text for sentence in after.sentences] == ["One sentence only."]
    assert after.updated > before.updated
    assert store.pitch(before.id) == after
    assert store.change_pitch(before.id, notes="").notes == ""


def test_a_removed_pitch_takes_its_questions_along_and_leaves_its_meetings(store: Store) -> None:
    pitch = store.add_pitch("Cups", TEXT)
    meeting = store.begin_meeting("pitch", pitch.id)
    question = store.add_question(pitch.id, QuestionAsked(text="Why?", answer="", answered=False))

    store.remove_pitch(pitch.id)

    assert store.pitches() == []
    assert store.meeting(meeting.id).pitch is None
    with pytest.raises(NotFound):
        store.remove_question(question.id)


def test_what_is_not_there_is_said_to_be_so(store: Store) -> None:
    for call in (
        lambda: store.pitch("nope"),
        lambda: store.change_pitch("nope", title="x"),
        lambda: store.remove_pitch("nope"),
        lambda: store.questions("nope"),
        lambda: store.begin_meeting("pitch", "nope"),
        lambda: store.set_place("nope", 1, False),
        lambda: store.lines("nope"),
        lambda: store.remove_question(9),
    ):
        with pytest.raises(NotFound, match="not found"):
            call()


@pytest.mark.parametrize(
    ("title", "text", "notes", "error", "names"),
    [
        ("", TEXT, "", BadInput, "title"),
        (" \n\t", TEXT, "", BadInput, "title"),
        ("t" * 201, TEXT, "", TooLarge, "title"),
        ("t", "", "", BadInput, "text"),
        ("t", " … --- !!", "", BadInput, "text"),
        ("t", "x" * 100_001, "", TooLarge, "text"),
        ("t", TEXT, "n" * 200_001, TooLarge, "notes"),
        ("t", "half a pair \ud83d here", "", BadInput, "text"),
        ("a\x00b", TEXT, "", BadInput, "title"),
    ],
)
def test_a_pitch_that_cannot_be_is_refused(
    store: Store, title: str, text: str, notes: str, error: type[Exception], names: str
) -> None:
    with pytest.raises(error, match=f"^{names}: "):
        store.add_pitch(title, text, notes)
    assert store.pitches() == []


def test_a_refused_change_changes_nothing(store: Store) -> None:
    before = store.add_pitch("Cups", TEXT)
    with pytest.raises(BadInput):
        store.change_pitch(before.id, title="New", text="")
    assert store.pitch(before.id) == before


def test_the_largest_pitch_allowed_is_kept(store: Store) -> None:
    text = ("A sentence of some length. " * 4000)[:100_000].strip()
    assert store.add_pitch("t" * 200, text, "n" * 200_000).text == text
