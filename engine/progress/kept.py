"""What the trends need of a session, and how it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.analysis.values import Confidence
from engine.records import Sample, Summary

if TYPE_CHECKING:
    from engine.analysis.values import Analysis
    from engine.desk import Desk, Dossier
    from engine.store import Store


def samples(analysis: Analysis) -> dict[str, Sample]:
    """What the trends need of an analysis: the measures that have a value."""
    return {
        measure.id: Sample(
            value=measure.value,
            unit=measure.unit,
            n=measure.n,
            of=measure.of,
            sure=measure.confidence is Confidence.OK,
            low=measure.band.low if measure.band else None,
            high=measure.band.high if measure.band else None,
        )
        for measure in analysis.measures.values()
        if measure.value is not None
    }


def summary_of(dossier: Dossier) -> Summary:
    """A session as the trends see it, as it stands."""
    meeting, analysis = dossier.meeting, dossier.analysis
    kept = {name: getattr(meeting, name) for name in ("scenario", "title", "begun", "mode")}
    return Summary(meeting=meeting.id, **kept, capability=str(analysis.capability), measures=samples(analysis))


def keep(store: Store, dossier: Dossier) -> None:
    """Keep its summary, so that the trends measure nothing again. Blocks. Raises NotFound, StorageFailed."""
    kept = samples(dossier.analysis)
    store.sessions.keep_summary(dossier.id, str(dossier.analysis.capability), kept, dossier.revision)


def catch_up(store: Store, desk: Desk, most: int = 5) -> int:
    """Summarise the latest `most` sessions whose summary is missing, or stale since they were corrected; how many that
    were. Blocks, for as long as measuring them takes. Raises StorageFailed."""
    waiting = store.sessions.unsummarised(most)
    for id in waiting:
        keep(store, desk.dossier(id))
    return len(waiting)
