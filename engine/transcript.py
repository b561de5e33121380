"""A transcript as people read it: who said what and when, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from engine.records import Meeting, TranscriptLine

YOU, ROSTRUM = "You", "Rostrum"


def speaker(meeting: Meeting, line: TranscriptLine) -> str:
    """Who said it: the persona by name; a pitch is spoken by Rostrum."""
    if line.speaker == "user":
        return YOU
    return meeting.title if meeting.scenario == "talk" and meeting.title else ROSTRUM


def clock(seconds: float) -> str:
    """A place in a conversation: "0:07", "12:30", "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def as_text(meeting: Meeting, lines: Sequence[TranscriptLine]) -> str:
    """All of it. A line that was cut off holds what was heard of it, and ends with a dash."""
    what = {"talk": "A talk with", "pitch": "The pitch"}.get(meeting.scenario, meeting.scenario)
    head = f"{what} {meeting.title or '(deleted)'}, {meeting.begun:%Y-%m-%d %H:%M} UTC"
    said = [f"[{clock(line.start)}] {speaker(meeting, line)}: {line.text}{' —' * line.interrupted}" for line in lines]
    return "\n".join([head, "", *said, ""])
