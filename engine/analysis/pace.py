"""How fast somebody speaks: over the session, and as it goes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from statistics import fmean, pstdev

from engine.analysis import thresholds
from engine.analysis.catalogue import KINDS, measured
from engine.analysis.spoken import Spoken, Stretches, Timing
from engine.analysis.tokens import Token, opening
from engine.analysis.turns import Floor
from engine.analysis.values import USER, Band, Confidence, Mark, Measure, Series

_UNTIMED = "Nobody knows when it was said: it was typed, or came without times."
_SHORT = "You have to speak for about a minute, so that changes of your pace can be told."
_IMPOSSIBLE = "More words than anybody can say in that time: their times cannot be right."


def pace(spoken: Spoken, floor: Floor) -> tuple[Measure, ...]:
    """wpm, articulation_rate, speech_time and turn_time of the user."""
    user = spoken.user
    words = len(_words(spoken))
    times = {"articulation_rate": user.speech_time, "wpm": floor.turn_time(USER)}
    found = [_rate(id, words, times[id], user.amount) for id in ("wpm", "articulation_rate")]
    turns = len(floor.turns_of(USER)) + len(floor.asides_of(USER))
    why = _UNTIMED if user.tokens else "Nothing was heard from you."
    return (
        *found,
        measured("speech_time", user.speech_time, len(user.spans), at_best=user.amount, why=why),
        measured("turn_time", floor.turn_time(USER), turns, at_best=user.amount, why=why),
    )


def _words(spoken: Spoken) -> list[Token]:
    return [token for token in spoken.user.lexical if not token.typed]


def impossible(words: int, seconds: float) -> str:
    """Why nobody can have said so many words in that time; "" where they can."""
    if not words or seconds >= thresholds.TYPED * words:
        return ""
    return _IMPOSSIBLE if seconds else _UNTIMED


def _rate(id: str, words: int, seconds: float, at_best: Confidence) -> Measure:
    if why := impossible(words, seconds):
        return measured(id, None, words, why=why)
    return measured(id, 60 * words / seconds if seconds else None, words, at_best=at_best)


def pace_series(spoken: Spoken, floor: Floor, band: Band | None = None) -> Series:
    """Words a minute of the user's turns within the last `PACE_WINDOW` seconds, every `PACE_HOP`."""
    middles = sorted(token.middle for token in _words(spoken))
    mine = (*floor.turns_of(USER), *floor.asides_of(USER))
    turns = Stretches((turn.start, turn.end) for turn in mine)
    speech = Stretches((span.start, span.end) for span in spoken.user.spans)
    times: list[float] = []
    values: list[float | None] = []
    for hop in range(1, int(spoken.seconds / thresholds.PACE_HOP) + 1):
        end = hop * thresholds.PACE_HOP
        start = max(0.0, end - thresholds.PACE_WINDOW)
        words = bisect_right(middles, end) - bisect_right(middles, start)
        enough = words >= thresholds.PACE_WORDS and speech.seconds(start, end) >= thresholds.PACE_SPEECH
        seconds = turns.seconds(start, end) if enough else 0.0
        times.append(end)
        values.append(60 * words / seconds if seconds > thresholds.TYPED * words else None)
    known = spoken.user.timing is not Timing.NOTHING and values
    return Series(
        id="pace", unit="wpm", times=tuple(times) if known else (), values=tuple(values) if known else (), band=band
    )


def pace_variation(series: Series, spoken: Spoken) -> Measure:
    """The coefficient of variation of the pace."""
    values = [value for value in series.values if value is not None]
    spread = 100 * pstdev(values) / fmean(values) if values else None
    amount = spoken.user.amount
    why = _UNTIMED if amount is Confidence.NONE else _SHORT if len(values) < KINDS["pace_variation"].least else ""
    return measured("pace_variation", spread, len(values), at_best=amount, why=why)


def pace_marks(series: Series, spoken: Spoken) -> tuple[Mark, ...]:
    """Where the pace stayed above ("fast") or below ("slow") its band. A mark lies around the middles of the windows:
    a window tells of the seconds before it."""
    band = series.band
    if band is None:
        return ()
    found: list[Mark] = []
    kinds = enumerate(_kind(value, band) for value in series.values)
    for layer, group in groupby(kinds, key=lambda item: item[1]):
        run = [index for index, _ in group]
        if layer and len(run) * thresholds.PACE_HOP >= thresholds.PACE_HELD:
            found += _marked(layer, run, series, spoken)
    return tuple(found)


def _kind(value: float | None, band: Band) -> str:
    if value is None:
        return ""
    if band.high is not None and value > band.high:
        return "fast"
    return "slow" if band.low is not None and value < band.low else ""


def _marked(layer: str, run: Sequence[int], series: Series, spoken: Spoken) -> list[Mark]:
    half = thresholds.PACE_HOP / 2
    start, end = (_middle(series.times[run[index]]) for index in (0, -1))
    said = [token for token in spoken.user.tokens if start - half <= token.middle <= end + half and not token.typed]
    if not said:
        return []
    values = [value for index in run if (value := series.values[index]) is not None]
    return [
        Mark(
            layer=layer,
            start=min(start - half, said[0].start),
            end=max(end + half, said[-1].end),
            text=opening(said),
            note=f"{fmean(values):.0f} words a minute",
            line=said[0].line,
        )
    ]


def _middle(end: float) -> float:
    return (max(0.0, end - thresholds.PACE_WINDOW) + end) / 2
