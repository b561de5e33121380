"""The report without a language model: from the measures and the transcript alone, and personal all the same."""

from __future__ import annotations

from collections.abc import Sequence

from engine.analysis.catalogue import KINDS
from engine.analysis.values import USER, Measure
from engine.report.drills import drills
from engine.report.facts import count, filler_percentage, known, number
from engine.report.gaps import gaps
from engine.report.goals import reached, targets
from engine.report.language import named, read
from engine.report.said import Said
from engine.report.session import LEAST, Session
from engine.report.strengths import Candidate, strengths
from engine.report.summary import cleaned, summary
from engine.report.values import Brief, Earlier, Remark, Report
from engine.transcript import clock

TEMPLATE = "template"
_COMPARED = 4
_GOAL_WORDS = 24


def write(brief: Brief) -> Report:
    """The report. It never fails, whatever was said or not."""
    session = Session(brief)
    if not session.sentences:
        return _unheard(session)
    wishes = gaps(session)
    stars = _two(strengths(session), wishes[0])
    return Report(
        stars=(stars[0].remark, stars[1].remark),
        wish=wishes[0].remark,
        takeaways=_takeaways(wishes, stars),
        summary=summary(session),
        filler_percentage=filler_percentage(brief.analysis),
        goal_answer=goal_answer(session),
        compared=compared(brief, wishes[0].remark.metric),
        missing=brief.analysis.missing,
        written_by=TEMPLATE,
    )


def _two(found: Sequence[Candidate], wish: Candidate) -> list[Candidate]:
    """The best two that are not about one moment, nor about that of the wish if there are others."""
    first = next((one for one in found if not _same(one.remark, wish.remark)), found[0])
    rest = [one for one in found if one is not first]
    apart = [one for one in rest if not _same(one.remark, first.remark)]
    fresh = [one for one in apart if not _same(one.remark, wish.remark)]
    return [first, (fresh or apart or rest)[0]]


def _same(one: Remark, other: Remark) -> bool:
    """Whether both are about the same words, or the same measure."""
    if one.metric and one.metric == other.metric:
        return True
    times = (one.start, one.end, other.start, other.end)
    if None in times:
        return False
    assert one.start is not None and one.end is not None and other.start is not None and other.end is not None
    return one.start < other.end and other.start < one.end


def _takeaways(wishes: Sequence[Candidate], stars: Sequence[Candidate]) -> tuple[str, ...]:
    """Three: what the wish asks, what comes after it, and what to keep."""
    if wishes[0].kind == "brief":
        return tuple(read("gaps")["brief"]["does"])
    drill = drills().get(wishes[0].remark.drill or "")
    practise = f"Practise the drill {drill.title} for a minute" if drill else ""
    found = [one.does for one in wishes[:2]] + [stars[0].does] + [practise, stars[1].does]
    return tuple(dict.fromkeys(filter(None, found)))[:3]


def goal_answer(session: Session) -> str:
    """What became of the goal, in numbers; "" where none was set."""
    words = session.goal.rstrip(".!").split()
    if not words:
        return ""
    goal = " ".join(words[:_GOAL_WORDS]) + (" …" if len(words) > _GOAL_WORDS else "")
    if session.words < LEAST:
        return f"Your goal: {goal}. Too little was said to answer it."
    told = [_of_target(session, target.id, target.text) for target in targets(session.goal)]
    met = {target.id for target in targets(session.goal)}
    others = [id for id in session.wanted if id not in met]
    told += [_says(session, id) for id in others]
    facts = [fact for fact in told if fact][: max(3, len(met))]
    missed = [named()[each.id].name for each in targets(session.goal) if not session.known(each.id)]
    if missed:
        facts.append(f"{' and '.join(missed)} could not be measured this time")
    if not facts:
        return f"Your goal: {goal}. Nothing that was measured answers it; the moments below come closest."
    return f"Your goal: {goal}. {_joined(facts)}."


def _of_target(session: Session, id: str, text: str) -> str:
    target = next(target for target in targets(session.goal) if target.id == id and target.text == text)
    came = reached(target, session.analysis)
    measure, counted = session.known(id), count(session.analysis, id)
    by_count = measure and measure.unit == "%" and counted is not None and not target.share
    said = f"you came to {counted} {named()[id].name}" if by_count else _says(session, id)
    return f"{said}, which {'is what you set out to do' if came else 'is not there yet'}" if said else ""


def _says(session: Session, id: str) -> str:
    """The value of `id` in a clause; "" where it was not measured, or is about nobody but the other side."""
    measure = session.known(id)
    if measure is None or measure.value is None or id not in named():
        return ""
    if session.alone and read("gaps").get(f"{id}_low", {}).get("alone") is False:
        return ""
    says, value = named()[id].says, number(id, measure.value)
    counted = 0 if value == "0" else count(session.analysis, id) if not measure.unit else None
    return says.format(value=value) if counted is None else _counted(id, counted, says)


def _counted(id: str, counted: int, says: str) -> str:
    """A count in a clause, right for none and one of it."""
    once: Sequence[str] = read("phrases")["counts"].get(id, ())
    if counted < len(once):
        return once[counted]
    return says.format(value=counted)


def _joined(facts: Sequence[str]) -> str:
    text = facts[0] if len(facts) == 1 else f"{'; '.join(facts[:-1])}; and {facts[-1]}"
    return text[:1].upper() + text[1:]


def compared(brief: Brief, wished: str | None) -> tuple[str, ...]:
    """What changed since the last session of the same mode that was heard as well, with the samples of both."""
    last = next((one for one in brief.previous if _comparable(brief, one)), None)
    if last is None:
        return ()
    session = Session(brief)
    ids = dict.fromkeys(
        [wished or "", *list(session.wanted)[:2], "filler_percentage", "wpm", "talk_share", "questions"]
    )
    pairs = [(known(brief.analysis, id), known(last.analysis, id)) for id in ids]
    found = [_change(now, then) for now, then in pairs if now and then]
    return tuple(found[:_COMPARED])


def _comparable(brief: Brief, earlier: Earlier) -> bool:
    return earlier.mode == brief.material.mode and earlier.analysis.capability is brief.analysis.capability


def _change(now: Measure, then: Measure) -> str:
    assert now.value is not None and then.value is not None
    new, old = number(now.id, now.value), number(now.id, then.value)
    unit = f" {now.unit}".rstrip()
    change = f"as last time, {old}{unit}" if new == old else f"{old}{unit} last time"
    return f"{KINDS[now.id].label}: {new}{unit} (of {now.n:,} {now.of}), {change} (of {then.n:,})."


def _unheard(session: Session) -> Report:
    """Nothing was heard from the user: no praise, and what to do about it."""
    lines, ways = session.said.lines, read("phrases")["unheard"]
    values = {
        "length": clock(session.said.seconds),
        "goal": " ".join(session.goal.rstrip(".!").split()[:14]),
        "others": session.said.words("partner"),
        "who": session.partner or "the other side",
    }
    heard = ways["others"] if lines else ways["nobody"]
    goal = ways["goal"] if session.goal else ways["no_goal"]
    first, second, wish = (text.format(**values) for text in (heard["star"], goal, heard["wish"]))
    told = tuple(f"{session.partner or 'The other side'}: {cleaned(s.text)}" for s in session.said.sentences()[:3])
    return Report(
        stars=(Remark(text=first, claim=first), Remark(text=second, claim=second)),
        wish=Remark(text=wish, claim=wish, try_next=ways["try"], drill="first_sentence"),
        takeaways=tuple(ways["takeaways"]),
        summary=told or (ways["summary"].format(**values),),
        filler_percentage=0.0,
        goal_answer=ways["goal_answer"].format(**values) if session.goal else "",
        missing=session.analysis.missing,
        written_by=TEMPLATE,
    )


def too_little(brief: Brief) -> bool:
    """Whether so little was heard from the user that there is nothing for a language model to write about."""
    return Said(brief.material).words(USER) < LEAST
