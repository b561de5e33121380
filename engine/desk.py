"""Where sessions are looked at: all that is known of one is put together, measured, and reported on.

Whatever was talked about with Rostrum is a session: one that was coached, a talk, a pitch. Nothing that is measured is
kept, since it follows from what is: a corrected line changes the numbers at once.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.analysis.analyse import analyse
from engine.analysis.values import Analysis, Band, Capability, Confidence, Line, Material, Measure
from engine.material import material_of, retimed
from engine.progress.kept import keep
from engine.progress.trend import own_bands
from engine.records import Aim, Cue, PastMeeting, Summary, TranscriptLine
from engine.report import kept
from engine.report.cut_ins import CutIn, cut_ins
from engine.report.values import Brief, Earlier, Report

if TYPE_CHECKING:
    from engine.providers.base import LanguageModel
    from engine.store import Store

WATCH, IGNORE = "coach.watch", "coach.ignore"
"""Preferences."""
OWN = ("wpm", "articulation_rate")
"""Measures that a user's own usual value judges, after a few sessions."""
REMEMBERED = 16
"""Analyses that are kept at hand; one of an hour takes a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dossier:
    """One session, whole. `report` is None until it was finished. `revision` counts corrections by hand."""

    meeting: PastMeeting
    aim: Aim
    ended: datetime | None
    material: Material
    analysis: Analysis
    cues: tuple[Cue, ...]
    report: Report | None
    revision: int
    cut_ins: tuple[CutIn, ...] = ()
    """How they dealt with being cut into."""

    @property
    def id(self) -> str:
        return self.meeting.id

    @property
    def lines(self) -> tuple[Line, ...]:
        """The transcript with everybody's lines, the coach's cues not among them."""
        return self.material.lines


class Desk:
    """Methods block, but for `finish`, and may be called from any thread. `writing`: who writes
    the report of a session, where there is a language model.

    Raises:
        NotFound: from every method that is given an id, where there is no such session or line.
        StorageFailed: when the disk or the database refuses.
    """

    def __init__(
        self, store: Store, writing: Callable[[str], AbstractContextManager[LanguageModel | None]] | None = None
    ) -> None:
        self._store = store
        self._writing = writing
        self._analyses: OrderedDict[tuple[object, ...], tuple[Material, Analysis]] = OrderedDict()
        self._lock = threading.Lock()

    def dossier(self, id: str) -> Dossier:
        """All that is known of a session, as it stands."""
        sessions = self._store.sessions
        meeting, lines = self._store.archive.meeting(id), self._store.lines(id)
        revision, report = sessions.revision(id), sessions.report(id)
        material, analysis = self._analysed(id, meeting, lines, revision)
        return Dossier(
            meeting=meeting,
            aim=sessions.aim(id),
            ended=sessions.ended(id),
            material=material,
            analysis=analysis,
            cues=tuple(sessions.cues(id)),
            report=_read(report[0]) if report else None,
            revision=revision,
            cut_ins=cut_ins(lines),
        )

    async def finish(self, id: str) -> Dossier:
        """Write the report, or write it anew, from all that was said by now."""
        dossier = await asyncio.to_thread(self.dossier, id)
        brief = await asyncio.to_thread(self._brief, dossier)
        from engine.report import writer

        with self._writing(id) if self._writing else nullcontext() as model:
            report = await writer.write(brief, model)
        await asyncio.to_thread(self._keep, dossier, report)
        return await asyncio.to_thread(self.dossier, id)

    def change_line(self, id: str, line: int, *, text: str | None = None, speaker: str | None = None) -> None:
        """Correct what a line says, or who said it. Its words keep their times as far as they are still there."""
        words = None
        if text is not None:
            before = next((each for each in self._store.lines(id) if each.id == line), None)
            words = retimed(text, before) if before else None
        self._store.sessions.change_line(id, line, text=text, speaker=speaker, words=words)

    def swap_speakers(self, id: str) -> None:
        """The user is the partner, and the other way round."""
        self._store.sessions.swap_speakers(id)

    def own_fillers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Phrases that the user wants counted as fillers, and those they use on purpose."""
        watch, ignore = (tuple(self._store.preference(key, [])) for key in (WATCH, IGNORE))
        return watch, ignore

    def set_own_fillers(self, watch: Sequence[str], ignore: Sequence[str]) -> None:
        """Change them: what the trends keep of sessions is to be measured anew."""
        for key, phrases in ((WATCH, watch), (IGNORE, ignore)):
            self._store.set_preference(key, list(phrases))
        self._store.sessions.outdate_summaries()

    def own_bands(self, meeting: PastMeeting) -> dict[str, Band]:
        """Of paces, in which people differ and are none the worse for it; not of what everybody should do less."""
        heard = self._store.sessions.heard(meeting.id).get("capability", "")
        found = own_bands(self._before(meeting), meeting.mode, heard)
        return {measure: found[measure] for measure in OWN if measure in found}

    def past(self, scenario: str | None = None, text: str = "", limit: int = 20, offset: int = 0) -> list[PastMeeting]:
        """Sessions in which something was said, newest first; with `text`, only those that hold its words."""
        return self._store.archive.meetings(scenario, limit, offset, text=text)

    def _before(self, meeting: PastMeeting) -> list[Summary]:
        """Sessions before that one, the oldest first."""
        return [each for each in self._store.sessions.summaries() if each.begun < meeting.begun]

    def _keep(self, dossier: Dossier, report: Report) -> None:
        keep(self._store, dossier)
        self._store.sessions.keep_report(dossier.id, kept.as_dict(report), dossier.revision)
        self._store.sessions.end(dossier.id)

    def _brief(self, dossier: Dossier) -> Brief:
        return Brief(
            material=dossier.material,
            analysis=dossier.analysis,
            aim=dossier.aim,
            previous=[_earlier(summary) for summary in reversed(self._before(dossier.meeting))],
        )

    def _analysed(
        self, id: str, meeting: PastMeeting, lines: list[TranscriptLine], revision: int
    ) -> tuple[Material, Analysis]:
        sessions = self._store.sessions
        sounds = sessions.sounds(id)
        watch, ignore = self.own_fillers()
        own = self.own_bands(meeting)
        key = (id, revision, len(lines), len(sounds), watch, ignore, *((name, *astuple(own[name])) for name in own))
        with self._lock:
            if key in self._analyses:
                self._analyses.move_to_end(key)
                return self._analyses[key]
        told = sessions.aim(id), sessions.heard(id)
        material = material_of(meeting, lines, sounds, *told, watch=watch, ignore=ignore, own=own)
        found = material, analyse(material)
        with self._lock:
            self._analyses[key] = found
            while len(self._analyses) > REMEMBERED:
                self._analyses.popitem(last=False)
        return found


def _read(report: dict[str, Any]) -> Report | None:
    """A report as it was kept; None of another version of Rostrum's, which is to be written anew."""
    try:
        return kept.from_dict(report)
    except ValueError:
        return None


def _earlier(summary: Summary) -> Earlier:
    """A session of which only the numbers were kept, as the report takes it."""
    measures = {
        id: Measure(
            id=id,
            value=sample.value,
            unit=sample.unit,
            n=sample.n,
            of=sample.of,
            confidence=Confidence.OK if sample.sure else Confidence.LOW,
        )
        for id, sample in summary.measures.items()
    }
    return Earlier(mode=summary.mode, analysis=Analysis(measures=measures, capability=Capability(summary.capability)))
