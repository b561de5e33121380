"""Sessions to export: a conversation that was coached, with a report, and lines made for one case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from engine.analysis.analyse import analyse
from engine.analysis.values import Capability, Line, Mark, Material, Span
from engine.audio import HEARING_RATE
from engine.desk import Dossier
from engine.messages import Said
from engine.providers.base import Word
from engine.recording import Track
from engine.records import Aim, Cue, PastMeeting
from engine.report.kept import as_dict
from engine.report.values import Remark, Report
from engine.store import Store, new_id
from tests.store.sound import tone

BEGUN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AIM = Aim(
    context="An evening about city bikes.",
    goal="Ask at least three questions",
    user_name="Asha",
    participants="Sam Okafor",
)
TITLE = "Sam Okafor at the bike meetup"
SCRIPT = (
    ("partner", "Hi, I am Sam. I run the repair shop behind the station. What brings you here tonight?"),
    ("user", "Hi Sam, I am Asha. I um I write booking systems for small shops, and I liked your talk about queues."),
    ("partner", "Oh good. The queue is the part that nobody believes. There are two hundred bikes in it."),
    ("user", "Two hundred? How did it get that long?"),
    ("partner", "The council sent everybody to us in March, and there are only four of us to do the work."),
    ("user", "Right, so the phone is the, you know, the slow part, because every call takes one of you off a bike."),
    ("user", "What happens when somebody calls? Walk me through it."),
    ("partner", "I pick up, I look into the book, and I say that we will ring back. And then we never ring back."),
    (
        "user",
        "Could they see it by themselves? We built that for a tailor um in Leith. People get a link, and the link",
    ),
    ("user", "says what is done and what is next. The phone went from sixty calls a day to uh nine of them."),
    ("partner", "Nine calls. What did she have to do for that?"),
    ("user", "She moves a card, um, from one column to the next, and I mean, that is really the whole of it for her."),
    ("partner", "I would pay for one quiet morning like that."),
    ("user", "Then let us try one morning. Could I sit beside you on Tuesday and count the calls?"),
    ("partner", "Come at nine, and bring the tailor."),
    ("user", "I will um I will ask her. Thank you, Sam."),
)
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


def conversation() -> tuple[Line, ...]:
    """One after the other, half a second between two, 0.32 seconds a word."""
    found: list[Line] = []
    for id, (speaker, text) in enumerate(SCRIPT, start=11):
        found.append(line(text, id=id, speaker=speaker, start=found[-1].end + 0.5 if found else 0.8, each=0.32))
    return tuple(found)


@cache
def coached() -> Dossier:
    """The whole conversation, with a report."""
    lines = conversation()
    speech = {
        side: [Span(start=each.start, end=each.end) for each in lines if each.speaker == side]
        for side in ("user", "partner")
    }
    return dossier(*lines, speech=speech, report=REPORT, aim=AIM, title=TITLE)


def write(store: Store, *, sound: bool = False, aim: Aim = AIM, begun: datetime = BEGUN) -> str:
    """The same in a store, with or without a recording; its id."""
    id = new_id()
    store.sessions.begin(id, aim, begun, TITLE)
    lines = conversation()
    for each in lines:
        said = Said(speaker=each.speaker, text=each.text, start=each.start, end=each.end, words=each.words)
        store.add_line(id, said, begun)
    store.sessions.keep_report(id, as_dict(REPORT), 0)
    store.sessions.end(id)
    if sound:
        folder = store.archive.recordings.folder
        folder.mkdir(exist_ok=True)
        for side, name in (("user", "user"), ("partner", "agent")):
            track = Track(folder / f"{id}.{name}.ogg", HEARING_RATE)
            for each in lines:
                if each.speaker == side:
                    track.push(tone(each.end - each.start), each.end)
            track.close()
    return id


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
