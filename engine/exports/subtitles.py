"""Subtitles, as SubRip and as WebVTT: at most two lines of 42 characters at a time, in strict order.

Forty-two characters and two lines are what broadcasters' and streaming services' style guides have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from textwrap import wrap

from engine.analysis.values import COACH, Line, Mark
from engine.exports.readable import ReadWord, clean, fillers_of, plain, text_of, words_read

WIDTH, LINES = 42, 2
LONGEST = 6.0
"""Seconds of speech that one subtitle holds."""
GAP = 1.5
"""Seconds of silence after which a new one begins."""
LINGER = 1.0
"""Seconds that a short one stays, unless the next begins."""
LEAST = 0.2
"""Seconds that each has for itself where two people speak at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitle:
    """What is on the screen from `start` to `end` (milliseconds since the beginning)."""

    start: int
    end: int
    speaker: str
    lines: tuple[str, ...]


def subtitles(lines: Sequence[Line], marks: Sequence[Mark], *, cleaned: bool = False) -> tuple[Subtitle, ...]:
    """All that was said, `cleaned` without the fillers that are sure. Each begins after the one before it has begun,
    and ends by the time the next begins."""
    found: list[Subtitle] = []
    fillers = fillers_of(marks)
    for line in sorted(lines, key=lambda line: (line.start, line.id)):
        if line.speaker != COACH:
            every = words_read(line, fillers)
            found += _of_line(line.speaker, clean(every) if cleaned else every)
    return tuple(_in_order(sorted(found, key=lambda each: each.start)))


def as_srt(shown: Sequence[Subtitle], names: Mapping[str, str]) -> str:
    """SubRip, which has no field for who speaks: where there are several, a name stands before what they say when the
    speaker changes."""
    several = len({each.speaker for each in shown}) > 1
    blocks, last = [], ""
    for number, each in enumerate(shown, start=1):
        named = f"{names.get(each.speaker, each.speaker)}: " if several and each.speaker != last else ""
        last = each.speaker
        text = _wrapped(plain(named + " ".join(each.lines)).replace("-->", "→"))
        blocks.append(f"{number}\n{_clock(each.start, ',')} --> {_clock(each.end, ',')}\n{chr(10).join(text)}\n")
    return "\n".join(blocks)


def as_vtt(shown: Sequence[Subtitle], names: Mapping[str, str]) -> str:
    """WebVTT; who speaks is in a voice tag."""
    blocks = ["WEBVTT\n"]
    for each in shown:
        voice = escape(plain(names.get(each.speaker, each.speaker)), quote=False)
        text = escape("\n".join(each.lines), quote=False)
        blocks.append(f"{_clock(each.start, '.')} --> {_clock(each.end, '.')}\n<v {voice}>{text}\n")
    return "\n".join(blocks)


def _of_line(speaker: str, found: Sequence[ReadWord]) -> Iterator[Subtitle]:
    held: list[ReadWord] = []
    for token in _short(found):
        if held and not _goes_with(held, token):
            yield _subtitle(speaker, held)
            held = []
        held.append(token)
    if held:
        yield _subtitle(speaker, held)


def _goes_with(held: Sequence[ReadWord], token: ReadWord) -> bool:
    """Whether the next word may stand on the same subtitle."""
    text = text_of(held)
    if token.start - held[-1].end > GAP or token.end - held[0].start > LONGEST:
        return False
    if text[-1] in ".!?…" and len(text) > WIDTH:  # a sentence that fills a line stands alone
        return False
    return len(wrap(f"{text} {token.text}", WIDTH, break_on_hyphens=False)) <= LINES


def _short(found: Sequence[ReadWord]) -> Iterator[ReadWord]:
    """A word longer than a line (a script without spaces, an address) is cut into pieces that share its time."""
    for token in found:
        pieces = [token.text[at : at + WIDTH] for at in range(0, len(token.text), WIDTH)]
        step = (token.end - token.start) / max(1, len(pieces))
        for number, piece in enumerate(pieces):
            start = token.start + number * step
            yield replace(token, text=piece, start=start, end=start + step)


def _subtitle(speaker: str, held: Sequence[ReadWord]) -> Subtitle:
    start, end = round(max(0.0, held[0].start) * 1000), round(held[-1].end * 1000)
    return Subtitle(start=start, end=end, speaker=speaker, lines=_wrapped(text_of(held)))


def _wrapped(text: str) -> tuple[str, ...]:
    """In as few lines as it fits into, of about equal length."""
    fewest = len(wrap(text, WIDTH, break_on_hyphens=False))
    for width in range(max(1, len(text) // max(1, fewest)), WIDTH):
        if len(lines := wrap(text, width, break_on_hyphens=False, break_long_words=False)) <= fewest and all(
            len(line) <= WIDTH for line in lines
        ):
            return tuple(lines)
    return tuple(wrap(text, WIDTH, break_on_hyphens=False))


def _in_order(shown: Sequence[Subtitle]) -> list[Subtitle]:
    least, linger = round(LEAST * 1000), round(LINGER * 1000)
    placed: list[Subtitle] = []
    for each in shown:
        start = max(each.start, placed[-1].start + least) if placed else each.start
        if placed and placed[-1].end > start:
            placed[-1] = replace(placed[-1], end=start)
        placed.append(replace(each, start=start, end=max(each.end, start + linger)))
    return placed


def _clock(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{mark}{rest:03}"
