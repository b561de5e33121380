from datetime import UTC, datetime

from engine.messages import QuestionAsked, Said
from engine.records import TranscriptLine
from engine.store import Store

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_a_transcript_comes_back_in_order_with_marks_of_both_kinds(store: Store) -> None:
    meeting = store.begin_meeting("talk", None)
    said = [
        Said(speaker="agent", text="One.", start=0.0, end=1.25, mark=1),
        Said(speaker="user", text="But why?", start=0.9, end=1.5),
        Said(speaker="agent", text="Because", start=2.0, end=3.0, mark="user_response", interrupted=True),
    ]
    for line in said:
        store.add_line(meeting.id, line, AT)
    assert store.lines(meeting.id) == [
        TranscriptLine(
            id=number,
            speaker=line.speaker,
            text=line.text,
            start=line.start,
            end=line.end,
            mark=line.mark,
            interrupted=line.interrupted,
            at=AT,
        )
        for number, line in enumerate(said, start=1)
    ]


def test_a_meeting_knows_its_place(store: Store) -> None:
    meeting = store.begin_meeting("talk", None)
    assert (meeting.mark, meeting.finished) == (None, False)
    store.set_place(meeting.id, 3, False)
    assert store.meeting(meeting.id).mark == 3
    store.set_place(meeting.id, None, True)
    assert store.meeting(meeting.id).finished is True
    assert store.meeting(meeting.id).begun == meeting.begun


def test_meetings_are_newest_first_and_of_one_pitch_if_asked(store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.")
    meetings = [store.begin_meeting("pitch", of) for of in (pitch.id, None, pitch.id)]
    assert store.meetings() == meetings[::-1]
    assert store.meetings(pitch.id) == [meetings[2], meetings[0]]
    assert store.meetings(limit=1) == [meetings[2]]


def test_the_same_question_is_kept_once_with_its_latest_answer(store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.").id
    first = store.add_question(pitch, QuestionAsked(text="What does it cost?", answer="", answered=False))
    other = store.add_question(pitch, QuestionAsked(text="Who are you?", answer="Me.", answered=True))
    again = store.add_question(pitch, QuestionAsked(text="what DOES it   cost", answer="3 euros.", answered=True))

    assert again.id == first.id
    assert again.asked >= first.asked
    assert store.questions(pitch) == [again, other]
    assert (again.text, again.answer, again.answered) == ("what DOES it   cost", "3 euros.", True)

    store.remove_question(other.id)
    assert store.questions(pitch) == [again]


def test_the_same_question_about_another_pitch_is_another(store: Store) -> None:
    pitches = [store.add_pitch("Cups", "Buy cups.").id for _ in range(2)]
    for pitch in pitches:
        store.add_question(pitch, QuestionAsked(text="Why?", answer="", answered=False))
    assert [len(store.questions(pitch)) for pitch in pitches] == [1, 1]


def test_segments_are_numbered(store: Store) -> None:
    numbers = [store.save_segment(1, seq, "/a.mp3", 0.0, 1.5, "Hello.") for seq in (1, 2)]
    assert numbers == [1, 2]


def test_a_preference_is_any_json(store: Store) -> None:
    assert store.preference("voice") is None
    assert store.preference("voice", "default") == "default"
    for value in ({"name": "en-us", "speed": 1.2}, None, [1, 2], "ä"):
        store.set_preference("voice", value)
        assert store.preference("voice", "default") == value
