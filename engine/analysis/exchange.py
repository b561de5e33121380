"""How two people share a conversation."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from engine.analysis import thresholds
from engine.analysis.catalogue import measured
from engine.analysis.spoken import Spoken, Stretches, between
from engine.analysis.tokens import opening
from engine.analysis.turns import Floor, Turn
from engine.analysis.values import PARTNER, USER, Band, Confidence, Evidence, Mark, Measure

Found = tuple[Measure, tuple[Mark, ...]]

_ALONE = "Only one person was heard."
_UNTIMED = "It is not known closely enough when each of you spoke."
_ONE_MICROPHONE = "One microphone cannot tell two people who speak at once."
_AFTER_QUESTION = 1.0
"""Seconds after a question of the other's within which a "yes" is its answer and no sign of listening."""


def _alone(spoken: Spoken) -> bool:
    return not (spoken.partner.speech_time and spoken.user.speech_time)


def talk_share(spoken: Spoken) -> Measure:
    """The user's part of all speech, in percent; silence does not count."""
    if _alone(spoken):
        return measured("talk_share", None, int(spoken.user.speech_time), why=_ALONE)
    mine, theirs = spoken.user.speech_time, spoken.partner.speech_time
    return measured("talk_share", 100 * mine / (mine + theirs), int(mine + theirs), at_best=spoken.worse_amount)


def longest_monologue(spoken: Spoken, floor: Floor, band: Band | None = None) -> Found:
    """The user's longest stretch. A mark for each that is longer than `band` allows."""
    runs = [run for run in floor.runs(USER, thresholds.MONOLOGUE_GAP) if run.spans]
    longest = max(runs, key=lambda run: run.seconds, default=None)
    measure = measured(
        "longest_monologue",
        longest.seconds if longest else None,
        len(runs),
        evidence=[_moment(longest)] if longest else [],
        at_best=spoken.user.amount,
        why="" if longest else "Nothing was heard from you.",
    )
    most = band.high if band else None
    long = [run for run in runs if most is not None and run.seconds > most]
    return measure, tuple(
        Mark(
            layer="monologue",
            start=run.start,
            end=run.end,
            text=opening(run.tokens),
            note=f"{run.seconds:.0f} s without a break{_very_long(run.seconds, most)}",
            line=run.tokens[0].line if run.tokens else None,
        )
        for run in long
    )


def _very_long(seconds: float, most: float | None) -> str:
    """A half more than the band allows is more than a note."""
    flag = thresholds.MONOLOGUE_FLAG / thresholds.MONOLOGUE_NOTE
    return ": very long" if most is not None and seconds > most * flag else ""


def interactivity(spoken: Spoken, floor: Floor) -> Measure:
    """Changes of speaker a minute, from the first turn to the end of the last."""
    turns = floor.turns
    if _alone(spoken):
        return measured("interactivity", None, len(turns), why=_ALONE)
    seconds = max((turn.end for turn in turns), default=0.0) - min((turn.start for turn in turns), default=0.0)
    changes = sum(one.speaker != other.speaker for one, other in pairwise(turns))
    rate = 60 * changes / seconds if seconds else None
    return measured("interactivity", rate, len(turns), at_best=spoken.worse_amount)


def patience(spoken: Spoken, floor: Floor) -> Measure:
    """The median gap between the end of the other's turn and the user's."""
    gaps: list[tuple[float, Evidence]] = []
    ends = {USER: float("-inf"), PARTNER: float("-inf")}
    for turn in floor.turns:
        gap = turn.start - ends[PARTNER]
        if turn.speaker == USER and turn.spans and gap > 0 and ends[PARTNER] > ends[USER]:
            line = turn.tokens[0].line if turn.tokens else None
            gaps.append((gap, Evidence(start=ends[PARTNER], end=turn.start, text=opening(turn.tokens), line=line)))
        ends[turn.speaker] = max(ends[turn.speaker], turn.end)
    finite = [(gap, moment) for gap, moment in gaps if gap < spoken.seconds]
    value = median(gap for gap, _ in finite) if finite else None
    shortest = sorted(finite, key=lambda found: found[0])[:3]
    why = _ALONE if _alone(spoken) else "" if spoken.worse_edges is not Confidence.NONE else _UNTIMED
    return measured(
        "patience",
        None if _alone(spoken) else value,
        len(finite),
        evidence=[moment for _, moment in shortest],
        at_best=spoken.worse_edges,
        why=why,
    )


def interruptions(spoken: Spoken, floor: Floor) -> Found:
    """How often the user began while the other was speaking, and went on; marked with whether the other stopped."""
    theirs = len(floor.turns_of(PARTNER))
    if _alone(spoken):
        return measured("interruptions", None, theirs, why=_ALONE), ()
    if not spoken.separate:
        return measured("interruptions", None, theirs, why=_ONE_MICROPHONE), ()
    if spoken.worse_edges is Confidence.NONE:
        return measured("interruptions", None, theirs, why=_UNTIMED), ()
    speech = [u for u in floor.utterances if u.speaker == PARTNER and not u.aside]
    held = Stretches((u.start, u.end) for u in speech)
    found = [(turn, end) for turn in floor.turns_of(USER) if (end := _interrupted(turn, held)) is not None]
    evidence = [_moment(turn) for turn, _ in found]
    marks = tuple(
        Mark(
            layer="interruption",
            start=turn.begun,
            end=max(end, turn.begun),
            text=opening(turn.tokens),
            note="they stopped" if between(turn.begun, end) < thresholds.GAVE_WAY else "they went on",
            line=turn.tokens[0].line,
            first=turn.tokens[0].place,
            last=turn.tokens[0].place,
        )
        for turn, end in found
    )
    return measured("interruptions", len(found), theirs, evidence=evidence, at_best=spoken.worse_edges), marks


def _interrupted(turn: Turn, held: Stretches) -> float | None:
    """Where the speech that `turn` cut into ends; None where it cut into none."""
    if len([token for token in turn.tokens if not token.hesitation]) <= thresholds.INTERRUPTION_WORDS:
        return None
    for start, end in held.overlapping(turn.begun, turn.begun + thresholds.INTERRUPTION_OVERLAP):
        overlap = sum(max(0.0, between(max(turn.begun, span.start), min(end, span.end))) for span in turn.spans)
        late = between(start, turn.begun) >= thresholds.INTERRUPTION_AFTER
        if late and turn.begun < end and round(overlap, 6) >= thresholds.INTERRUPTION_OVERLAP:
            return end
    return None


def active_listening(spoken: Spoken, floor: Floor) -> Measure:
    """The user's backchannels a minute of the other's speech."""
    seconds = spoken.partner.speech_time
    if _alone(spoken):
        return measured("active_listening", None, int(seconds), why=_ALONE)
    questions = Stretches(
        (token.start, token.end + _AFTER_QUESTION) for token in spoken.partner.tokens if token.asks and not token.typed
    )
    signs = [
        aside
        for aside in floor.asides_of(USER)
        if aside.tokens and aside.spans and not questions.overlapping(aside.start, aside.start + 0.01)
    ]
    at_best = spoken.worse_amount if spoken.separate else min(spoken.worse_amount, Confidence.LOW, key=_LEVELS.index)
    evidence = [_moment(aside) for aside in signs]
    rate = 60 * len(signs) / seconds
    return measured("active_listening", rate, int(seconds), evidence=evidence, at_best=at_best)


_LEVELS = (Confidence.NONE, Confidence.LOW, Confidence.OK)


def _moment(turn: Turn) -> Evidence:
    line = turn.tokens[0].line if turn.tokens else None
    return Evidence(start=turn.start, end=turn.end, text=opening(turn.tokens), speaker=turn.speaker, line=line)
