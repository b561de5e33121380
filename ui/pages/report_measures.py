"""Delivery and Conversation: every measure with its value, its band, what it says, and where to hear it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from engine.analysis.values import PARTNER, USER, Confidence
from engine.exports.figures import band_of, label, place, sample, written
from ui.components.behind_a_click import behind_a_click
from ui.components.text import text
from ui.pages.report_parts import moments
from ui.pages.report_reading import Reading
from ui.pages.report_words import PLAIN, says

if TYPE_CHECKING:
    from engine.analysis.values import Band, Line, Measure

Groups = Mapping[str, tuple[str, ...]]
DELIVERY: Groups = {
    "Pace": ("wpm", "articulation_rate", "pace_variation"),
    "Fillers": ("filler_percentage", "fillers_per_min", "filler_clusters", "possible_fillers"),
    "Pauses": ("pause_rate", "pause_share", "long_pauses"),
    "Voice": ("pitch_variation", "monotone_share", "volume", "volume_variation", "fade", "snr"),
    "Wording": ("conciseness", "hedges", "repetition", "sentence_length", "vocabulary"),
    "Time": ("speech_time", "turn_time"),
}
CONVERSATION: Groups = {
    "Sharing the time": ("talk_share", "longest_monologue", "answer_length", "interactivity"),
    "Questions": ("questions", "open_questions", "follow_ups"),
    "Taking turns": ("patience", "interruptions", "active_listening"),
}
SAME_MOMENTS = {"fillers_per_min", "articulation_rate", "turn_time"}
"""Measures of the same moments as the one before: these are listed there."""
BEYOND = {"below": "below the band", "above": "above the band", "within": "inside the band"}


def delivery(reading: Reading) -> None:
    """The tab on how it was said."""
    _follow(reading, DELIVERY)


def conversation(reading: Reading) -> None:
    """The tab on what went to and fro."""

    @ui.refreshable
    def share() -> None:
        _share(reading)

    share()
    reading.follow(share.refresh)
    _follow(reading, CONVERSATION)


def value_and_unit(measure: Measure) -> tuple[str, str]:
    """The number, and what stands behind it."""
    if measure.value is None:
        return "–", ""
    number, _, unit = written(measure.value, measure.unit).partition(" ")
    return number, unit


def _follow(reading: Reading, groups: Groups) -> None:
    @ui.refreshable
    def shown() -> None:
        _groups(reading, groups)

    shown()
    reading.follow(shown.refresh)


def _groups(reading: Reading, groups: Groups) -> None:
    """In each group those that have a band, or else its first; the others are told in a line that opens them."""
    measures = reading.dossier.analysis.measures
    lines = {line.id: line for line in reading.dossier.lines}
    for title, ids in groups.items():
        found = [measures[id] for id in ids if id in measures]
        shown = [measure for measure in found if measure.value is not None]
        missing = [measure for measure in found if measure.value is None]
        if not found:
            continue
        judged = [measure for measure in shown if place(measure)] or shown[:1]
        others = [measure for measure in shown if measure not in judged]
        with ui.element("section").classes("measures"):
            text("h2", title)
            if title == "Fillers":
                ui.link("My words: which of them count", "/words").classes("own-words")
            html = "".join(_measure(measure, lines, reading.recorded) for measure in judged)
            if others:
                more = "".join(_measure(measure, lines, reading.recorded) for measure in others)
                html += behind_a_click(f"Also: {', '.join(map(_told, others))}", more, "others")
            ui.html(html, sanitize=False)
            if missing:
                _missing(missing)


def _told(measure: Measure) -> str:
    return f"{label(measure.id).lower()} {' '.join(value_and_unit(measure)).strip()}"


def _measure(measure: Measure, lines: Mapping[int, Line], recorded: bool) -> str:
    """A row as HTML. What was said is escaped."""
    number, unit = value_and_unit(measure)
    heard = moments(measure.evidence, lines, recorded) if measure.id not in SAME_MOMENTS else ""
    return (
        f"<div class=measure><h3>{escape(label(measure.id))}</h3>"
        f'<p class=says title="{escape(PLAIN.get(measure.id, ""))}">{escape(says(measure))}</p>'
        f"<p class=value><b class=number>{escape(number)}</b> {escape(unit)}</p>{_basis(measure)}{heard}</div>"
    )


def _basis(measure: Measure) -> str:
    """Which band, and how much it rests on; where there is a band, as a stretch of a scale with the value as a sign on
    it: full inside the band, hollow outside."""
    band = band_of(measure.band, measure.unit)
    hint = measure.confidence is Confidence.LOW
    basis = "" if measure.of in {"stretches"} else f"from {sample(measure).split(' – ')[0]}"
    told = [f"{band}, {BEYOND[place(measure)]}"] if band else []
    told += [f"{basis}{': a hint' if hint else ''}"] if basis else []
    return f"<p {_scale(measure)}>{escape('; '.join(told))}</p>"


def _scale(measure: Measure) -> str:
    """The attributes that draw it."""
    if measure.value is None or measure.band is None or (measure.band.low is None and measure.band.high is None):
        return "class=basis"
    low, high, value = measure.band.low, measure.band.high, measure.value
    least, most = scale(measure.band, value)

    def at(number: float) -> float:
        return round(100 * (number - least) / (most - least), 1)

    left, right = at(least if low is None else low), at(most if high is None else high)
    ends = f"{'' if low is None else ' from'}{'' if high is None else ' to'}"
    style = f"--left:{left}%;--right:{round(100 - right, 1)}%;--at:{at(value)}%"
    return f'class="basis scale {place(measure)}{ends}" style="{style}"'


def scale(band: Band, value: float) -> tuple[float, float]:
    """From where to where a bar goes: the band takes about its middle half, and the value is on it."""
    if band.low is not None and band.high is not None:
        room = (band.high - band.low) / 2
        least, most = band.low - room, band.high + room
    elif band.high is not None:
        least, most = min(0.0, 2 * band.high), max(2 * band.high, 0.5 * band.high, 1.0)
    else:
        low = band.low or 0.0
        least, most = min(0.0, 2 * low), max(2 * low, 1.0)
    if value < least:
        least = value - 0.05 * (most - value)
    if value > most:
        most = value + 0.05 * (value - least)
    if (band.low is None or band.low >= 0) and value >= 0:
        least = max(0.0, least)
    return least, most


def _missing(measures: list[Measure]) -> None:
    """What could not be measured, and why."""
    with ui.element("details").classes("unmeasured"):
        text("summary", "Not measured: " + ", ".join(label(measure.id).lower() for measure in measures))
        with ui.element("ul"):
            for measure in measures:
                text("li", f"{label(measure.id)}: {measure.why}")


def _share(reading: Reading) -> None:
    """Who had the time, as one bar."""
    measure = reading.dossier.analysis.measures.get("talk_share")
    if measure is None or measure.value is None:
        return
    yours, names = round(measure.value), reading.names
    with ui.element("figure").classes("share"):
        with ui.element("div").props(
            f'role=img aria-label="You {yours} percent, {names[PARTNER]} {100 - yours} percent"'
        ):
            text("span", f"{names[USER]} {yours} %", "user").style(f"flex-grow:{max(yours, 1)}")
            text("span", f"{names[PARTNER]} {100 - yours} %", "partner").style(f"flex-grow:{max(100 - yours, 1)}")
        text("figcaption", "Who had the speaking time; silence is left out.", "faint")
