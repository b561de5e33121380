"""The engine's own share of voice-to-voice, and how fast it falls silent, over a real socket on scripted providers.

    python -m bench.voice_to_voice [rounds]

Share: from the microphone frame that ends speech being sent to the first audio of the answer arriving, less what the
scripted language model and voice are told to take and less the detector's one frame. Barge-in: from the first
microphone frame with speech, over the answer, to `clear` arriving; with the detector's minimal window of one frame.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from bench.client import SILENCE, VOICE, link, scripted_server, spread, table

MIND, SPEECH = 0.05, 0.03
"""Seconds that the scripted providers take."""
STAGES: dict[str, Callable[[dict[str, float]], float]] = {
    "waiting for the turn to end": lambda stage: stage["waiting"],
    "hearing": lambda stage: stage["hearing"],
    "thinking": lambda stage: stage["thinking"] - MIND,
    "speaking": lambda stage: stage["speaking"] - SPEECH,
    "sending": lambda stage: stage["sending"],
}
"""The engine's own part of each stage, as the engine reports them (whole milliseconds: uvloop's clock)."""


async def measure(
    rounds: int, module: str = "bench.server", **about: str
) -> tuple[list[float], list[float], list[dict[str, float]]]:
    """Seconds of voice-to-voice and of onset to `clear`, and the stages that the engine reports, of each round."""
    shares, silences = [], []
    async with scripted_server(module, mind=MIND, speech=SPEECH) as port, link(port, **about) as page:
        await page.speak([VOICE] * 15 + [SILENCE] * 30)  # a first question, so that each round cuts in on an answer
        for _ in range(rounds):
            cleared = len(page.clear_at)
            sent = await page.speak([VOICE] * 15 + [SILENCE] * 50)  # no echo begins so long after the voice it is of
            began, ended = sent[0], sent[15]
            silences.append(page.clear_at[cleared] - began)
            shares.append(next(at for at in page.audio_at if at > ended) - ended)
    return shares, silences, page.stages


async def main(rounds: int) -> None:
    shares, silences, stages = await measure(rounds, talk="partner")
    least, least_silences, _ = await measure(rounds, "bench.floor")
    searching, _, _ = await measure(rounds, pitch="rostrum")
    table(
        f"Voice to voice on scripted providers, {rounds} rounds, ms",
        [
            ["", "p50", "p95", "max"],
            ["a talk: engine's own share", *spread([value - MIND - SPEECH for value in shares])],
            *([f"  of it {name}", *spread([own(stage) for stage in stages])] for name, own in STAGES.items()),
            ["the hand-made floor's share", *spread([value - MIND - SPEECH for value in least])],
            ["a pitch, its notes searched", *spread([value - MIND - SPEECH for value in searching])],
            ["voice-to-voice in all", *spread(shares)],
            ["onset to clear, minimal window", *spread(silences)],
            ["the hand-made floor's", *spread(least_silences)],
        ],
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
