"""Sounds of hesitation that whoever wrote the words down left out, found again in the sound.

Most recognisers drop "um", so that a transcript without one says nothing. What is left of voice activity where no word
stands is a hesitation if it is voiced and its pitch is level, as an "um" is; else it is a sound that nothing is said
about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.analysis.spoken import Spoken, Stretches, Timing
from engine.analysis.turns import Floor
from engine.analysis.values import FRAME, USER, Capability, Frames, Material, Span

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

SHORTEST = 0.30
"""Seconds of sound without a word."""
LONGEST = 1.5
"""Seconds; more than that is speech that was not understood. Ours."""
VOICED = 0.6
"""Of its frames, at least."""
LEVEL = 1.2
"""Semitones that its pitch may spread (standard deviation): a hesitation holds its note, words move."""
CONFIDENT = 0.5
"""Of f0."""
TRIM = 0.05
"""Seconds around a word that may still be the word: recognisers end words early. Ours."""

VERBATIM_EARS = frozenset({"scripted"})
"""Recognisers, by their name in the registry, that write every "um" down. Those that are trained on read or edited
text (LibriSpeech, Whisper's subtitles) do not, pocketsphinx takes it for noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unworded:
    """A sound of the user's, `start` to `end` seconds, within a turn of theirs and without a word. Unless it is a
    `hesitation` it is unclear what it was."""

    start: float
    end: float
    hesitation: bool


def capability_of(ear: str, *, sound: bool, written: bool = False) -> Capability:
    """How well fillers can be measured of what `ear` (a provider's name) understood. `sound`: frames of the speaker's
    own voice are there. `written`: there are hesitations among the words, so that somebody writes them down."""
    if ear in VERBATIM_EARS or written:
        return Capability.VERBATIM
    return Capability.RECOVERED if sound else Capability.STRIPPED


def recovered(material: Material, spoken: Spoken, floor: Floor) -> tuple[Unworded, ...]:
    """The sounds without words in the user's turns, in order: none unless voice activity, timed words and frames are
    there."""
    frames = material.frames.get(USER)
    if frames is None or spoken.user.timing is not Timing.SOUND or not any(token.timed for token in spoken.user.tokens):
        return ()
    turns = Stretches((turn.start, turn.end) for turn in floor.turns_of(USER) if turn.tokens)
    found: list[Unworded] = []
    for gap in _without_words(spoken):
        if gap.seconds >= SHORTEST and turns.seconds(gap.start, gap.end) >= gap.seconds / 2:
            held = gap.seconds <= LONGEST and _level(frames, gap)
            found.append(Unworded(start=gap.start, end=gap.end, hesitation=held))
    return tuple(found)


def _without_words(spoken: Spoken) -> Iterator[Span]:
    """What of the user's speech no word covers."""
    tokens = spoken.user.tokens
    words = Stretches((token.start - TRIM, token.end + TRIM) for token in tokens if not token.typed)
    for span in spoken.user.spans:
        at = span.start
        for start, end in words.overlapping(span.start, span.end):
            if start > at:
                yield Span(start=at, end=start)
            at = max(at, end)
        if at < span.end:
            yield Span(start=at, end=span.end)


def _level(frames: Frames, gap: Span) -> bool:
    """Whether the sound is voiced and holds its pitch."""
    import numpy as np

    first, last = (max(0, round((at - frames.start) / FRAME)) for at in (gap.start, gap.end))
    hertz: NDArray[float32] = frames.f0[first:last]
    voiced = hertz[(hertz > 0) & (frames.confidence[first:last] > CONFIDENT)]
    if not len(hertz) or len(voiced) < VOICED * len(hertz):
        return False
    return float(np.std(12 * np.log2(voiced))) <= LEVEL
