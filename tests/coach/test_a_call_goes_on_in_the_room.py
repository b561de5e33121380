"""A session that had a channel of the partner's own for a part of its time only."""

from datetime import UTC, datetime

from engine.analysis.packing import packed, silent
from engine.analysis.values import FRAME, PARTNER, USER, Span
from engine.material import material_of
from engine.records import Aim, PastMeeting, TranscriptLine

AT = datetime(2026, 11, 21, tzinfo=UTC)
PAST = PastMeeting(
    id="session", scenario="coach", pitch=None, persona=None, title="", begun=AT, mark=None, finished=True, turns=1,
    seconds=30.0, recorded=False, mode="conversation",
)  # fmt: skip


def line(id, speaker, start, end):
    return TranscriptLine(
        id=id, speaker=speaker, text="so it was", start=start, end=end, mark=None, interrupted=False, at=AT
    )


def sound(side, start, end, *spans):
    return side, start, end, packed(silent(round((end - start) / FRAME), start)), list(spans)


def test_each_side_has_what_its_channel_heard_and_what_its_lines_say_of_the_shared_one():
    lines = [line(1, USER, 1.0, 4.0), line(2, PARTNER, 5.0, 9.8), line(3, USER, 12.0, 15.0), line(4, PARTNER, 16, 20)]
    sounds = [
        sound(USER, 0.0, 10.0, (1.0, 4.0)),
        sound(PARTNER, 0.0, 9.5, (5.0, 9.5)),
        sound(USER, 10.0, 30.0, (12.0, 15.0), (16.0, 20.0)),
    ]
    aim = Aim(context="", goal="", user_name="")
    speech = material_of(PAST, lines, sounds, aim, {"separate": True}).speech
    assert speech[USER] == (Span(start=1.0, end=4.0), Span(start=12.0, end=15.0))
    assert speech[PARTNER] == (Span(start=5.0, end=9.5), Span(start=16.0, end=20.0))


def test_on_one_microphone_the_lines_tell_all_of_it():
    lines = [line(1, USER, 1.0, 4.0), line(2, PARTNER, 5.0, 8.0)]
    aim = Aim(context="", goal="", user_name="")
    speech = material_of(PAST, lines, [sound(USER, 0.0, 10.0, (1.0, 4.0), (5.0, 8.0))], aim, {}).speech
    assert speech == {USER: (Span(start=1.0, end=4.0),), PARTNER: (Span(start=5.0, end=8.0),)}
