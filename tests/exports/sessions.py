"""Sessions to export: a conversation that was coached, with a report, and lines made for one case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from engine.analysis.analyse import analyse
from engine.analysis.values import Capability, Line, Mark, Material, Span
from engine.desk import Dossier
from engine.providers.base import Word
from engine.records import Aim, Cue, PastMeeting
from engine.report.values import Remark, Report
from tests.ui.a_session import AIM, conversation, spans

BEGUN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REPORT = Report(
    stars=(
        Remark(
            text="You asked what happens when somebody calls.", claim="asked", quote="Walk me through it.", start=53.0
        ),
        Remark(text="You named the price at once.", claim="price"),
    ),
    wish=Remark(text="Hand it back sooner.", claim="long", start=90.5, try_next="Stop after the headline, and ask."),
    takeaways=("Lead with the number.", "Ask back.", "Breathe."),
    summary=("Two hundred bikes wait.",),
    filler_percentage=3.25,
    goal_answer="You asked more than three questions.",
    compared=("Fillers: 5.1 % then, 3.3 % now.",),
    missing=("The loudness: your sound was not measured.",),
)


@cache
def coached() -> Dossier:
    """The whole conversation."""
    spoken = list(conversation())
    lines = tuple(
        Line(id=number, speaker=each.speaker, text=each.text, start=each.start, end=each.end, words=each.words)
        for number, each in enumerate(spoken, start=11)
    )
    speech = {side: [Span(start=start, end=end) for start, end in spans(spoken, side)] for side in ("user", "partner")}
    return dossier(*lines, speech=speech, report=REPORT, aim=AIM, title="Sam Okafor at the bike meetup")


def dossier(
    *lines: Line,
    title: str = "A meeting",
    scenario: str = "coach",
    aim: Aim | None = None,
    report: Report | None = None,
    speech: dict[str, Sequence[Span]] | None = None,
    capability: Capability = Capability.VERBATIM,
) -> Dossier:
    seconds = max((line.end for line in lines), default=0.0)
    material = Material(seconds=seconds, lines=lines, speech=speech or {}, capability=capability)
    meeting = PastMeeting(
        id="51d0c0ffee",
        scenario=scenario,
        pitch=None,
        persona=None,
        title=title,
        begun=BEGUN,
        mark=None,
        finished=True,
        seconds=seconds,
        turns=sum(line.speaker == "user" for line in lines),
        recorded=False,
    )
    return Dossier(
        meeting=meeting,
        aim=aim or Aim(),
        ended=None,
        material=material,
        analysis=analyse(material),
        cues=(Cue(id=1, at=44.0, kind="pace", text="A little slower", how="screen", asked=False, used=True),),
        report=report,
        revision=0,
    )


def line(text: str, *, id: int = 1, speaker: str = "user", start: float = 0.0, each: float = 0.4) -> Line:
    """Its words, `each` seconds long and one after the other."""
    words = tuple(
        Word(text=word, start=start + number * each, end=start + (number + 1) * each)
        for number, word in enumerate(text.split())
    )
    return Line(id=id, speaker=speaker, text=text, start=start, end=start + len(words) * each, words=words)


def fillers(of: Line, *places: int, layer: str = "filler") -> tuple[Mark, ...]:
    """The words of `of` at these places are fillers."""
    return tuple(
        Mark(layer=layer, start=of.words[at].start, end=of.words[at].end, line=of.id, first=at, last=at)
        for at in places
    )
