"""The pitch that ships: about a minute at 160 words a minute, and its notes answer questions."""

from pathlib import Path

from engine.notes import read
from engine.sentences import split

PITCHES = Path(__file__).parents[2] / "data" / "pitches"


def test_it_takes_about_a_minute():
    sentences = split((PITCHES / "rostrum.md").read_text(encoding="utf-8"))
    assert 11 <= len(sentences) <= 14
    assert 150 <= len(" ".join(sentences).split()) <= 165
    assert max(len(sentence.split()) for sentence in sentences) <= 25


def test_its_notes_are_questions_with_answers():
    notes = read((PITCHES / "rostrum.notes.md").read_text(encoding="utf-8"))
    assert len(notes) >= 12
    assert all(note.question and note.text for note in notes)
