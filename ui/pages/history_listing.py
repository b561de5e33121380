"""What the history shows: sessions of a kind in which something was said, and where that was."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from engine.transcript import clock, speaker
from ui.pages.telling import Telling, tellings

if TYPE_CHECKING:
    from engine.records import PastMeeting, Summary, TranscriptLine
    from engine.store import Store

PAGE = 20
"""Sessions that are shown before somebody asks for more."""
KINDS = {"": "All", "coach": "Coached", "talk": "Talks", "pitch": "Pitches", "rehearsal": "Rehearsed"}
LONGEST = 100
"""Characters of a search."""
AROUND = 70
"""Characters to both sides of what was found in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line in which something was found, cut to what is around it."""

    at: str
    who: str
    before: str
    word: str
    after: str


class Listing:
    """What is asked for, and what there is of it. `more`: there are earlier ones too."""

    def __init__(self, store: Store, kind: str, words: str) -> None:
        self._store = store
        self.kind = kind if kind in KINDS else ""
        self.words = ""
        self.shown = PAGE
        self.meetings: Sequence[PastMeeting] = ()
        self.more = False
        self.tellings: Mapping[str, Telling] = {}
        self.found: Mapping[str, Found] = {}
        self.ask(words)

    def ask(self, words: str) -> None:
        """Look for other words from now on."""
        self.words, self.shown = words[:LONGEST].strip(), PAGE

    def address(self, kind: str) -> str:
        """Where the same search stands for `kind`."""
        asked = {name: value for name, value in (("kind", kind), ("q", self.words)) if value}
        return f"/history?{urlencode(asked)}" if asked else "/history"

    async def look(self) -> bool:
        """Read what is asked for; False where something else is by then."""
        words, shown = self.words, self.shown
        found, lines, summaries = await asyncio.to_thread(self._read, words, shown)
        if (words, shown) != (self.words, self.shown):
            return False
        self.meetings, self.more = found[:shown], len(found) > shown
        self.tellings, self.found = tellings(summaries), lines
        return True

    def _read(self, words: str, shown: int) -> tuple[list[PastMeeting], dict[str, Found], list[Summary]]:
        store = self._store
        meetings = store.archive.meetings(self.kind or None, limit=shown + 1, text=words)
        places = (
            {meeting.id: place(meeting, store.lines(meeting.id), words) for meeting in meetings[:shown]}
            if words
            else {}
        )
        return meetings, {id: found for id, found in places.items() if found}, store.sessions.summaries()


def place(meeting: PastMeeting, lines: Sequence[TranscriptLine], words: str) -> Found | None:
    """The first line that holds all of `words` side by side, or else the first of them that is said at all."""
    for sought in (" ".join(words.split()), *words.split()):
        for line in lines:
            at = line.text.casefold().find(sought.casefold())
            if at >= 0:
                who = "They" if line.speaker == "partner" else speaker(meeting, line)
                return _found(line, at, at + len(sought), who)
    return None


def _found(line: TranscriptLine, first: int, last: int, who: str) -> Found:
    before, after = line.text[:first], line.text[last:]
    if len(before) > AROUND:
        before = f"… {before[-AROUND:].partition(' ')[2]}"
    if len(after) > AROUND:
        after = f"{after[:AROUND].rpartition(' ')[0]} …"
    return Found(at=clock(line.start), who=who, before=before, word=line.text[first:last], after=after)
