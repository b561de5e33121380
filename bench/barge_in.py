"""How fast Rostrum falls silent when a person begins to speak, with the real voice activity detector.

    python -m bench.barge_in [rounds]

Recorded human voices over the page's voice link; from the first sample of speech (by the energy of the clean recording)
leaving the microphone to `clear` arriving. `python -m bench.silent_speaker` measures to the speaker of a real browser.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence

import numpy as np

from bench.client import FRAME, RATE, SILENCE, Link, link, scripted_server, spread, table
from bench.recordings import pcm, readings

WINDOW = 160
"""Samples of 10 ms over which energy is taken."""
WITHIN, SUSTAINED = 18.0, 5
"""Speech begins with the first 50 ms that stay within so many dB of a recording's loud tenth: no breath, no click."""


def voices() -> list[tuple[bytes, int]]:
    """16 kHz recordings and the sample at which speech begins in each."""
    found = []
    for reading in readings():
        data = pcm(reading.path).data
        samples = np.frombuffer(data, "<i2").astype(float)
        energy = 10 * np.log10((samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW) ** 2).mean(1) + 1)
        loud = energy > np.percentile(energy, 90) - WITHIN
        runs = np.convolve(loud, np.ones(SUSTAINED), "valid") == SUSTAINED
        onset = int(np.flatnonzero(runs)[0]) * WINDOW
        found.append((data, onset))
    return found


def frames(data: bytes, onset: int, phase: int) -> tuple[list[bytes], int]:
    """Half a second up to the onset, 0.7 s from it, in frames that begin `phase` samples apart; the onset's sample."""
    lead = RATE // 2 + phase
    start = max(0, onset - lead)
    padded = bytes(2 * (lead - (onset - start))) + data[2 * start : 2 * (onset + RATE * 7 // 10)]
    size = len(SILENCE)
    return [padded[at : at + size].ljust(size, b"\0") for at in range(0, len(padded), size)], lead


async def barge_in(page: Link, data: bytes, onset: int, phase: int) -> float:
    """Seconds from the onset leaving the microphone to `clear`."""
    cleared = len(page.clear_at)
    made, first = frames(data, onset, phase)
    sent = await page.speak([*made, *[SILENCE] * 40])
    frame, offset = divmod(first, len(SILENCE) // 2)
    spoken = sent[frame] - FRAME + offset / RATE  # a frame is sent when its last sample was taken
    return page.clear_at[cleared] - spoken


async def main(rounds: int) -> None:
    recorded: Sequence[tuple[bytes, int]] = voices()
    if not recorded:
        print("no recordings beside the checkout: nothing measured")
        return
    dice = random.Random(1)
    waits = []
    async with scripted_server(activity="silero", mind=0.0, speech=0.0) as port, link(port) as page:
        await page.tell(type="ask", text="What does it cost?")
        await asyncio.sleep(1.0)
        for number in range(rounds):
            data, onset = recorded[number % len(recorded)]
            waits.append(await barge_in(page, data, onset, dice.randrange(320)))
            await asyncio.sleep(0.5)
    table(
        f"Onset of a human voice to `clear`, default detector, {rounds} rounds, ms",
        [["", "p50", "p95", "max"], ["over the page's link", *spread(waits)]],
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
