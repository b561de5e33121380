"""The process dies in the middle of a coached session; whoever comes back finds what was said, and how it sounded."""

import asyncio
import io
import json
import wave
from contextlib import suppress

import httpx
import websockets

from engine.audio import Pcm, silence
from engine.store import Store
from tests.e2e.browser import human_voice, server

PIECE = 8192
"""Bytes that both known clients send at a time: 0.256 s."""
LOST = 5.0
"""Seconds of measured sound that the death of the process may cost."""
BODY = {"context": "A reading", "goal": "Be heard", "user_name": "Alex", "record": True}


async def speak(socket, sound):
    """Send `sound` as fast as it is spoken."""
    began = asyncio.get_running_loop().time()
    for at in range(0, len(sound.data), PIECE):
        await socket.send(sound.data[at : at + PIECE])
        said = Pcm(sound.data[: at + PIECE], sound.rate).seconds
        await asyncio.sleep(began + said - asyncio.get_running_loop().time())


async def until_killed(running, said, begun):
    """Create a session, say all of `said`, begin to say `begun`, and be cut off: its id, the lines shown by then."""
    lines = []

    async def read():
        async for message in socket:
            lines.append(json.loads(message)["text"])

    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as http:
        id = (await http.post("/session", json=BODY)).json()["session_id"]
    async with websockets.connect(f"{running.url.replace('http', 'ws')}/ws/{id}") as socket:
        reading = asyncio.create_task(read())
        for voice in said:
            await speak(socket, Pcm(voice.data + silence(1.0, voice.rate).data, voice.rate))
        async with asyncio.timeout(20):
            while len(lines) < len(said):
                await asyncio.sleep(0.05)
        await speak(socket, begun)
        running.process.kill()
        running.process.wait(5)
        with suppress(websockets.ConnectionClosed):
            await reading
    return id, lines


def test_after_a_restart_the_report_is_about_everything_up_to_the_last_line(tmp_path):
    said = [human_voice("austen-0880.wav"), human_voice("austen-0930.wav")]
    begun = human_voice("austen-0870.wav").cut(0.0, 3.0)
    seconds = sum(voice.seconds + 1.0 for voice in said) + begun.seconds
    with server(tmp_path) as running:
        id, lines = asyncio.run(until_killed(running, said, begun))
    assert len(lines) >= 2 and all(lines)
    with server(tmp_path) as running, httpx.Client(base_url=running.url, trust_env=False, timeout=20) as http:
        report = http.post(f"/session/{id}/finish").json()
        kept = [line["text"] for line in report["transcript"] if line["speaker"] == "user"]
        assert kept[: len(lines)] == lines, "at most a line that was just to be shown comes after them"
        assert len(kept) <= len(lines) + 1
        assert report["metrics"]["speech_time"]["value"] > 3.0
        assert report["stars_detail"][0]["quote"] in " ".join(kept)
        with wave.open(io.BytesIO(http.get(f"/api/v1/sessions/{id}/export.wav").content)) as recorded:
            assert recorded.getnframes() / recorded.getframerate() > seconds - LOST
    store = Store(tmp_path / "rostrum.db")
    try:
        assert max(end for side, _, end, *_ in store.sessions.sounds(id) if side == "user") > seconds - LOST
    finally:
        store.close()
