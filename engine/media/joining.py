"""A whole talk as one file, by pydub: joining, loudness, fades. Nothing live passes through here.

Synchronous; MP3 costs about 9 ms per second of sound: call it in a thread.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.audio import SAMPLE_BYTES, Pcm, resample, silence
from engine.media.encode import AudioFormat, encode

if TYPE_CHECKING:
    from pydub import AudioSegment

SPEECH_DBFS = -20.0
"""RMS level of exported speech, dB below full scale: loud enough for a laptop, with room for peaks."""

_CEILING_DBFS = -1.0
_GAP_SECONDS = 0.35
_FADE_SECONDS = 0.005
_EXPORT_RATE = 44_100


def join(parts: Sequence[Pcm], gap: float, rate: int) -> Pcm:
    """`parts` in order at `rate` Hz, `gap` seconds of silence between two."""
    joined = _segment(Pcm(b"", rate))
    pause = _segment(silence(gap, rate))
    for index, part in enumerate(parts):
        joined += pause + _segment(resample(part, rate)) if index else _segment(resample(part, rate))
    return Pcm(joined.raw_data, rate)


def level(pcm: Pcm, dbfs: float = SPEECH_DBFS) -> Pcm:
    """`pcm` with its RMS level at `dbfs`, or below where its peaks would pass -1 dBFS. Silence stays silent."""
    segment = _segment(pcm)
    if not segment.rms:
        return pcm
    gain = min(dbfs - segment.dBFS, _CEILING_DBFS - segment.max_dBFS)
    return Pcm(segment.apply_gain(gain).raw_data, pcm.rate)


def fade(pcm: Pcm, seconds: float = _FADE_SECONDS) -> Pcm:
    """`pcm` rising from and falling to silence within `seconds` at both ends, or half of it where it is shorter."""
    milliseconds = round(min(seconds, pcm.seconds / 2) * 1000)
    if not milliseconds:
        return pcm
    return Pcm(_segment(pcm).fade_in(milliseconds).fade_out(milliseconds).raw_data, pcm.rate)


def export(parts: Sequence[Pcm], form: AudioFormat) -> bytes:
    """The sentences of a talk as one file: each at the same level, faded at its ends, 0.35 s apart."""
    return encode(join([fade(level(part)) for part in parts if part.data], _GAP_SECONDS, _EXPORT_RATE), form)


def _segment(pcm: Pcm) -> AudioSegment:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of an ffmpeg that is not needed, and of audioop's end
        from pydub import AudioSegment

    return AudioSegment(data=pcm.data, sample_width=SAMPLE_BYTES, frame_rate=pcm.rate, channels=1)
