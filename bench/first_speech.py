"""How soon and how fast each voice of this machine speaks: `python -m bench.first_speech [directory of a voice ...]`.

Cold, median, worst: from asking to the first chunk, the first time and in `ROUNDS` repeats. Cut: leaving a long text in
its first chunk and having the first chunk of another. Crowd: the worst first chunk of `CROWD` that ask at once. RTF:
seconds of waiting for each second of speech.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path
from statistics import median
from time import perf_counter

from engine.errors import ProviderFailed
from engine.providers.base import TextToSpeech, Voice
from engine.providers.cached import CachedVoice
from engine.providers.local_sherpa_voice import SherpaVoice
from engine.providers.offline_espeak import EspeakVoice
from engine.providers.offline_system import SystemVoice

ROUNDS = 20
CROWD = 50
TEXT = "Most people practise a talk alone, and nobody ever interrupts them; Rostrum listens, and asks."


async def first(speaker: TextToSpeech, text: str = TEXT) -> float:
    """Seconds to the first chunk."""
    asked = perf_counter()
    async with aclosing(speaker.speak(text, Voice())) as chunks:
        await anext(chunks)
        return perf_counter() - asked


async def whole(speaker: TextToSpeech, text: str = TEXT) -> float:
    """Seconds of waiting for each second of speech."""
    asked = perf_counter()
    seconds = sum([chunk.pcm.seconds async for chunk in speaker.speak(text, Voice())])
    return (perf_counter() - asked) / seconds


async def cut(speaker: TextToSpeech) -> float:
    """Seconds from leaving a long text to the first chunk of another one."""
    async with aclosing(speaker.speak(f"{TEXT} " * 50, Voice())) as chunks:
        await anext(chunks)
        left = perf_counter()
    await first(speaker, f"And so, {TEXT}")
    return perf_counter() - left


async def row(name: str, speaker: TextToSpeech) -> str:
    cold = await first(speaker)
    await whole(speaker)
    firsts = [await first(speaker) for _ in range(ROUNDS)]
    rtf = median([await whole(speaker) for _ in range(ROUNDS)])
    cuts = [await cut(speaker) for _ in range(5)]
    crowd = max(await asyncio.gather(*(first(speaker, f"{number}. {TEXT}") for number in range(CROWD))))
    times = (cold, median(firsts), max(firsts), median(cuts), crowd)
    return f"{name:22}" + "".join(f"{1000 * seconds:11.2f}" for seconds in times) + f"{rtf:10.5f}"


async def main() -> None:
    speakers: dict[str, TextToSpeech] = {"espeak": EspeakVoice(), "espeak, remembered": CachedVoice(EspeakVoice())}
    if system := SystemVoice.find():
        speakers[system.about.name] = system
    for directory in sys.argv[1:]:
        try:
            speakers[Path(directory).name] = SherpaVoice(directory)
        except ProviderFailed as failure:
            print(failure)
    heads = ("cold ms", "median ms", "worst ms", "cut ms", "crowd ms")
    print(f"{'voice':22}" + "".join(f"{head:>11}" for head in heads) + f"{'RTF':>10}")
    for name, speaker in speakers.items():
        print(await row(name, speaker))


if __name__ == "__main__":
    asyncio.run(main())
