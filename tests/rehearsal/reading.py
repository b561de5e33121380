"""The sample pitch as it is written, and read aloud by the synthesized voice with three departures from it."""

from __future__ import annotations

from pathlib import Path

from engine.audio import HEARING_RATE, Pcm, resample, silence
from engine.providers.base import Voice
from engine.providers.offline_espeak import EspeakVoice
from engine.sentences import split

SCRIPT = tuple(split((Path(__file__).parents[2] / "data" / "pitches" / "rostrum.md").read_text(encoding="utf-8")))
SKIPPED, CHANGED, AFTER = 7, 1, 10
"""Sentences by their number: one that is not read, one with another word in it, one that something follows."""
WAS, IS = "question", "problem"
ADDED = "Last week my sister tried it."
BREATH = 0.35
"""Seconds between two sentences: too short to end an utterance, as many a speaker makes it."""


def departing() -> list[str]:
    """What is read."""
    said: list[str] = []
    for number, sentence in enumerate(SCRIPT, 1):
        if number != SKIPPED:
            said.append(sentence.replace(WAS, IS) if number == CHANGED else sentence)
        if number == AFTER:
            said.append(ADDED)
    return said


async def read(sentences: list[str]) -> Pcm:
    """Aloud, at 16 kHz, with a moment of silence at both ends."""
    breath, parts = silence(BREATH, HEARING_RATE).data, [silence(0.8, HEARING_RATE).data]
    for sentence in sentences:
        chunks = [chunk.pcm async for chunk in EspeakVoice().speak(sentence, Voice(name="en-us-clear"))]
        spoken = Pcm(b"".join(chunk.data for chunk in chunks), chunks[0].rate)
        parts += [resample(spoken, HEARING_RATE).data, breath]
    return Pcm(b"".join([*parts, silence(1.0, HEARING_RATE).data]), HEARING_RATE)


def followed(places: list[tuple[int, int]]) -> None:
    """The prompter went ahead only, by what was skipped but for a word that it shares, and to the end. How many words
    it is told of at a time depends on how busy the machine is."""
    assert places == sorted(places)
    assert max((words for sentence, words in places if sentence == SKIPPED), default=0) <= 1
    assert tuple(places[-1]) == (len(SCRIPT) + 1, 0)
