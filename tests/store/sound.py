"""Recordings as tests listen to them, and a studio in virtual time whose conversations are recorded."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import av
import numpy

from engine import clock
from engine.audio import HEARING_RATE, Pcm, silence
from engine.messages import MicAudio, Play
from engine.playout import Delivery
from engine.providers.registry import Providers
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.settings import Settings
from engine.studio import Options, Studio

RATE = 48_000
FRAME = 0.02
PITCH = "One two three four five. Six seven eight nine ten."
"""Two sentences of five words: a second each at the scripted pace of 0.2 s a word."""


def stereo(path: Path) -> numpy.ndarray:
    """The samples of a file as (time, side), at 48 kHz."""
    with av.open(path) as source:
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
        frames = [made for decoded in source.decode(audio=0) for made in resampler.resample(decoded)]
    return numpy.concatenate([made.to_ndarray().reshape(-1, 2) for made in frames])


def stretches(samples: numpy.ndarray, *, level: int = 300, gap: float = 0.05) -> list[tuple[float, float]]:
    """From when to when there is sound, in seconds; silences shorter than `gap` belong to it."""
    loud = numpy.flatnonzero(numpy.abs(samples.astype(int)) > level)
    if not len(loud):
        return []
    cuts = numpy.flatnonzero(numpy.diff(loud) > gap * RATE)
    starts, ends = [loud[0], *loud[cuts + 1]], [*loud[cuts], loud[-1]]
    return [(start / RATE, end / RATE) for start, end in zip(starts, ends, strict=True)]


def tone(seconds: float, rate: int = HEARING_RATE, hertz: float = 440.0) -> Pcm:
    at = numpy.arange(round(seconds * rate)) / rate
    return Pcm((9000 * numpy.sin(2 * numpy.pi * hertz * at)).astype("<i2").tobytes(), rate)


def murmur(seconds: float) -> Pcm:
    """A voice that is nothing like the agent's: no echo of it."""
    made = numpy.random.default_rng(7).normal(0.0, 3000.0, round(seconds * HEARING_RATE))
    return Pcm(made.clip(-32000, 32000).astype("<i2").tobytes(), HEARING_RATE)


class Tonal(ScriptedSpeech):
    """Speaks a tone: a steady level is no sound to a codec."""

    def _chunks(self, text, seconds):
        chunks = super()._chunks(text, seconds)
        whole = tone(sum(chunk.pcm.seconds for chunk in chunks))
        at = 0.0
        for i, chunk in enumerate(chunks):
            chunks[i] = replace(chunk, pcm=whole.cut(at, at + chunk.pcm.seconds))
            at += chunk.pcm.seconds
        return chunks


class Face:
    """Hears every output."""

    def __init__(self):
        self.out = []

    def put(self, output):
        self.out.append((clock.now(), output))

    def part(self, reason):
        pass

    def all(self, kind):
        return [output for _, output in self.out if isinstance(output, kind)]


@asynccontextmanager
async def open_studio(folder: Path, *, says=(), speech=None, ears=None):
    mind = ScriptedMind(text="It is free.")
    providers = Providers(
        ears=ears or ScriptedEars(says=list(says)),
        activity=ScriptedActivity(),
        mind=mind,
        partner=mind,
        speech=speech or Tonal(word_seconds=0.2),
    )
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/rostrum.db")
    studio = Studio(settings, providers=providers)
    await studio.meetings.__aenter__()
    try:
        yield studio
    finally:
        await studio.meetings.__aexit__()
        studio.store.close()


@asynccontextmanager
async def pitching(studio: Studio, *, record: bool, delivery: Delivery | None = None, id: str | None = None):
    """Be with a pitch of two sentences; it is over, and its recording complete, when this is left."""
    pitch = studio.store.add_pitch("Numbers", PITCH)
    face = Face()
    joined = studio.pitch(
        face,
        sort="test",
        delivery=delivery or Delivery(allowance=0.0),
        pitch=pitch.id,
        id=id,
        opts=Options(record=record),
    )
    async with joined as (meeting, _):
        face.began = clock.now()
        face.meeting = meeting
        yield face
        meeting.go(face, for_good=True)
    while studio.meetings.count("test"):
        await asyncio.sleep(0.01)


async def at(face: Face, seconds: float) -> None:
    await asyncio.sleep(face.began + seconds - clock.now())


async def speak(face: Face, *parts: Pcm | float) -> None:
    """The microphone in real time, 20 ms a frame: sound, or seconds of silence."""
    pcm = b"".join(part.data if isinstance(part, Pcm) else silence(part, HEARING_RATE).data for part in parts)
    size = round(FRAME * HEARING_RATE) * 2
    for first in range(0, len(pcm), size):
        await asyncio.sleep(FRAME)
        face.meeting.post(MicAudio(pcm=Pcm(pcm[first : first + size], HEARING_RATE)))


def play(face: Face) -> None:
    face.meeting.post(Play())
