"""What the analysis is given of a session, put together from what was kept of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from engine.analysis.packing import joined, unpacked
from engine.analysis.values import PARTNER, USER, Band, Capability, Frames, Line, Material, Span
from engine.errors import BadInput
from engine.providers.base import Word
from engine.records import Aim, PastMeeting, TranscriptLine

AGENT = "agent"
Sound = tuple[str, float, float, bytes, list[tuple[float, float]]]
"""A row of `sessions.sounds`: side, start, end, frames, spans."""


def material_of(
    meeting: PastMeeting,
    lines: Sequence[TranscriptLine],
    sounds: Sequence[Sound],
    aim: Aim,
    heard: Mapping[str, Any],
    *,
    watch: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    own: Mapping[str, Band] | None = None,
) -> Material:
    """Where Rostrum was the partner, its lines are the partner's and tell when it spoke. `watch` and `ignore`: the
    user's own fillers, and those they use on purpose; `own`: their own bands."""
    coached = meeting.scenario == "coach"
    said = tuple(sorted(map(_line, lines), key=lambda line: (line.start, line.id)))
    seconds = max([line.end for line in said] + [end for _, _, end, *_ in sounds], default=0.0)
    sides = {side for side, *_ in sounds}
    speech = _speech(said, sounds, coached=coached)
    return Material(
        seconds=seconds,
        lines=said,
        speech={side: spans for side, spans in speech.items() if spans},
        frames={side: frames for side in sides if (frames := _frames(sounds, side, seconds)) is not None},
        mode=aim.mode
        if coached or meeting.scenario == "rehearsal"
        else meeting.scenario
        if meeting.scenario == "pitch"
        else "conversation",
        capability=Capability(heard.get("capability", Capability.VERBATIM)),
        goal=aim.goal,
        context=aim.context,
        watch=watch,
        ignore=ignore,
        separate=not coached or bool(heard.get("separate")),
        own=own or {},
    )


def _speech(said: Sequence[Line], sounds: Sequence[Sound], *, coached: bool) -> dict[str, tuple[Span, ...]]:
    from engine.analysis.segments import merged

    speech = {side: _spans(sounds, side) for side in {side for side, *_ in sounds}}
    if not coached:
        return speech | {PARTNER: _spoken(said, PARTNER)}
    # Where they had no channel of their own, the partner's lines tell when the user's microphone heard them.
    apart = [(start, end) for side, start, end, *_ in sounds if side == PARTNER]
    middles = ((line, (line.start + line.end) / 2) for line in said)
    shared = _spoken([line for line, at in middles if not any(a <= at <= b for a, b in apart)], PARTNER)
    user = _without(speech.get(USER, ()), shared)
    return speech | {USER: user, PARTNER: merged([*speech.get(PARTNER, ()), *shared])}


def retimed(text: str, line: TranscriptLine) -> tuple[Word, ...]:
    """The words of `text`, with the times of those that were in `line` already; between them the time is shared."""
    new = text.split()
    if not line.words or not new:
        return ()
    old = [_plain(word.text) for word in line.words]
    words: list[Word] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, [_plain(word) for word in new], autojunk=False).get_opcodes():
        if tag == "equal":
            words += [replace(word, text=text) for word, text in zip(line.words[i1:i2], new[j1:j2], strict=True)]
        elif j2 > j1:
            start = line.words[i1].start if i1 < len(old) else line.words[-1].end
            start = line.words[i1 - 1].end if i1 == i2 and i1 else start
            end = line.words[i2 - 1].end if i2 > i1 else line.words[i2].start if i2 < len(old) else line.words[-1].end
            step = max(0.0, end - start) / (j2 - j1)
            words += [
                Word(text=word, start=start + number * step, end=start + (number + 1) * step)
                for number, word in enumerate(new[j1:j2])
            ]
    return tuple(words)


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).lower()


def _line(line: TranscriptLine) -> Line:
    speaker = PARTNER if line.speaker == AGENT else line.speaker
    end = line.words[-1].end if line.words else line.end
    return Line(
        id=line.id, speaker=speaker, text=line.text, start=line.start, end=max(line.start, end), words=line.words
    )


def _spans(sounds: Sequence[Sound], side: str) -> tuple[Span, ...]:
    from engine.analysis.segments import merged

    pairs = sorted(pair for name, _, _, _, spans in sounds if name == side for pair in spans)
    return merged([Span(start=start, end=end) for start, end in pairs])


def _spoken(lines: Sequence[Line], speaker: str) -> tuple[Span, ...]:
    from engine.analysis.segments import merged

    return merged([Span(start=line.start, end=line.end) for line in lines if line.speaker == speaker])


def _without(spans: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """What of `spans` is in none of `others`: on one microphone whoever speaks is heard."""
    left: list[Span] = []
    for span in spans:
        start = span.start
        for other in others:
            if other.end <= start or other.start >= span.end:
                continue
            if other.start > start:
                left.append(Span(start=start, end=other.start))
            start = max(start, other.end)
        if start < span.end:
            left.append(Span(start=start, end=span.end))
    return tuple(left)


def _frames(sounds: Sequence[Sound], side: str, seconds: float) -> Frames | None:
    pieces: list[Frames] = []
    for name, _, _, data, _ in sounds:
        if name != side:
            continue
        try:
            pieces.append(unpacked(data))
        except BadInput:
            continue  # damaged: the rest can be measured
    return joined(pieces, seconds) if pieces else None
