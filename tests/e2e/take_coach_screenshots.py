"""Takes the pictures of the coach's pages in docs/images, light and dark, both sizes:
`python -m tests.e2e.take_coach_screenshots`. Somebody reads aloud into the microphone, and asks for help."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from engine.audio import Pcm, silence
from tests.e2e.browser import human_voice, microphone, page, server
from tests.e2e.take_screenshots import IMAGES, SIZES

READ = ("austen-0930.wav", "austen-0880.wav", "austen-0870.wav")


def reading() -> Pcm:
    """Three sentences, a second apart."""
    voices = [human_voice(name) for name in READ]
    return Pcm(b"".join(voice.data + silence(1.0, voice.rate).data for voice in voices), voices[0].rate)


async def take(url: str, look: str, size: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        voice = microphone(Path(folder), reading(), before=6.0)
        async with page(Path(folder), microphone=voice, viewport=SIZES[size], color_scheme=look) as tab:

            async def picture(name: str) -> None:
                await tab.screenshot(path=IMAGES / f"{name}-{look}-{size}.png")

            await tab.goto(f"{url}/coach")
            await tab.wait_for_load_state("networkidle")
            await tab.get_by_role("button", name="Networking at a hackathon").click()
            await picture("coach")
            await tab.get_by_text("Start without a check").click()
            await tab.wait_for_function(
                "window.rostrumCoach?.messages.filter((said) => said.type === 'transcript').length >= 2", timeout=60_000
            )
            await tab.get_by_role("button", name="Help").click()
            await tab.wait_for_function("window.rostrumCoach?.messages.some((said) => said.type === 'suggestion')")
            await asyncio.sleep(1)
            await picture("coached")


async def main() -> None:
    for look in ("light", "dark"):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as running:
                await take(running.url, look, size)


if __name__ == "__main__":
    asyncio.run(main())
