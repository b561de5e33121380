"""From a human voice at the microphone of a real browser to its speaker being silent, everything at default settings.

    python -m bench.silent_speaker [rounds]

The server as anybody starts it, Chromium with a fake microphone that plays recorded voices. From the first sample of
speech (as `bench.barge_in` finds it) entering the page to the last one the playback worklet rendered, and to `clear`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import urllib.request
import wave
from pathlib import Path
from typing import Any

from bench.barge_in import voices
from bench.browser import FLAGS, chromium
from bench.client import RATE, serving_offline, spread, table
from engine.audio import Pcm, resample

MIC_RATE = 48_000
QUIET, SPEECH = 9.0, 0.8
"""Seconds: between two voices, long enough for the answer to be over and the pitch to go on; and of each voice."""
FRAME_MS = 16.0
"""Of the page's microphone: a frame is sent when its last sample was taken."""


def microphone(path: Path, rounds: int) -> None:
    """A WAV file in which somebody speaks every 10 seconds."""
    recorded = voices()
    data = bytearray()
    for number in range(rounds):
        samples, onset = recorded[number % len(recorded)]
        spoken = Pcm(samples[2 * onset : 2 * (onset + round(SPEECH * RATE))], RATE)
        data += bytes(2 * round(QUIET * MIC_RATE)) + resample(spoken, MIC_RATE).data
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MIC_RATE)
        file.writeframes(bytes(data) + bytes(2 * 4 * MIC_RATE))


def add_pitch(port: int) -> str:
    """A pitch that is long enough for all rounds."""
    text = " ".join(f"This is sentence number {n}, and it goes on for quite a while before it ends." for n in range(80))
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/pitches",
        json.dumps({"title": "Bench", "text": text}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as reply:
        return str(json.load(reply)["id"])


async def trace(folder: Path, rounds: int) -> dict[str, Any]:
    """What the page noted while it played and was cut in on."""
    from playwright.async_api import async_playwright

    microphone(folder / "microphone.wav", rounds)
    async with serving_offline(folder) as port, async_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={folder}/microphone.wav%noloop"]
        browser = await playwright.chromium.launch(executable_path=chromium(), args=flags)
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/pitch/{add_pitch(port)}")
        await page.locator(".play").click()
        await page.get_by_text("Keep the microphone open").click()
        await asyncio.sleep(rounds * (QUIET + SPEECH) + 2)
        noted: dict[str, Any] = await page.evaluate("rostrumVoice")
        await browser.close()
    return noted


def waits(noted: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Seconds from each onset to the silent speaker, and to `clear`; onsets while nothing sounds do not count."""
    voiced = [voice["t"] for voice in noted["voices"]]
    onsets = [at for before, at in zip([0.0, *voiced], voiced, strict=False) if at - before > 1000 * QUIET / 2]
    silent, cleared = [], []
    for onset in onsets:
        spoken = onset - FRAME_MS
        after = [clear for clear in noted["clears"] if spoken < clear["silent"] < spoken + 1500]
        if after:
            silent.append((after[0]["silent"] - spoken) / 1000)
            cleared.append((after[0]["received"] - spoken) / 1000)
    return silent, cleared


async def main(rounds: int) -> None:
    if not voices():
        print("no recordings beside the checkout: nothing measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        silent, cleared = waits(await trace(Path(folder), rounds))
    rows = [["", "p50", "p95", "max"], ["to the silent speaker", *spread(silent)], ["to `clear`", *spread(cleared)]]
    table(f"Human voice into a real browser, {len(silent)} of {rounds} rounds cut in on speech, ms", rows)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
