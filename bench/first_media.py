"""Time from `start` on `/ws/pitch` to the first `media`, with the offline voice and MP3: the first time, and once warm.

python -m bench.first_media [rounds]
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import websockets

from bench.client import serving_offline, spread, table


async def first_media(url: str) -> tuple[float, str]:
    """Seconds to the first media, and its event name."""
    async with websockets.connect(url, max_size=None, compression=None) as socket:
        began = time.monotonic()
        await socket.send('{"event": "start"}')
        event = json.loads(await socket.recv())
        return time.monotonic() - began, event["event"]


async def main(rounds: int) -> None:
    rows: list[list[object]] = [["", "p50", "p95", "max"]]
    with tempfile.TemporaryDirectory() as folder:
        async with serving_offline(Path(folder)) as port:
            for form in ("mp3", "wav"):
                url = f"ws://127.0.0.1:{port}/ws/pitch?format={form}"
                cold, event = await first_media(url)
                assert event == "media", event
                warm = [(await first_media(url))[0] for _ in range(rounds)]
                rows.append([f"{form}, the first time", f"{1000 * cold:.1f}", "", ""])
                rows.append([f"{form}, warm", *spread(warm)])
    table(f"`start` to the first `media`, offline voice, {rounds} rounds, ms", rows)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
