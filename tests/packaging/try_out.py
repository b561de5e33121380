"""`python -m tests.packaging.try_out COMMAND`: whether an installed Rostrum works where nothing of the checkout is.

It is started in a fresh directory; a page opens, a pitch sounds, and a spoken question is heard, answered and kept.

For the bundle and for an installation with everything that it asks for: both take minutes to make, and a network, so
they are no part of `make test`. `make package-test` makes and tries them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websockets

from engine.audio import Pcm
from engine.media import encode_wav
from engine.providers.base import Voice
from engine.providers.offline_espeak import EspeakVoice

PATIENCE = 60.0
SHOWN = {"/": b"Rostrum", "/_rostrum/rostrum.css": b"--paper", "/docs": b"swagger", "/api-guide": b"import websockets"}
"""By address, what has to be there: pages, their files, and those of the data that ships."""
QUESTION = "How much does it cost?"


async def question() -> bytes:
    """A spoken question, as a WAV file."""
    chunks = [chunk.pcm async for chunk in EspeakVoice().speak(QUESTION, Voice(name="en-us"))]
    return encode_wav(Pcm(b"".join(pcm.data for pcm in chunks), chunks[0].rate))


async def asked(port: int) -> None:
    """Cuts in on the pitch with a question, until its answer has come."""
    recording = base64.b64encode(await question()).decode()
    async with (
        asyncio.timeout(PATIENCE),
        websockets.connect(f"ws://127.0.0.1:{port}/ws/pitch?format=wav", max_size=None) as pitch,
    ):
        await pitch.send('{"event": "start"}')
        sent = False
        async for frame in pitch:
            event = json.loads(frame)
            print(event["event"], event.get("message") or event.get("media", {}).get("mark", ""), flush=True)
            assert event["event"] != "error"
            if event["event"] == "media" and not sent:
                sent = True
                await pitch.send(json.dumps({"event": "user_audio", "audio": recording}))
            elif event["event"] == "media" and event["media"]["mark"] == "user_response":
                return


def got(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def opened(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended"
        try:
            got(port, "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it does not answer")


def kept(port: int, pitch: str) -> str:
    """The one that was asked: it is written down in its own time."""
    end = time.monotonic() + PATIENCE
    while not (questions := json.loads(got(port, f"/api/v1/pitches/{pitch}/questions"))):
        assert time.monotonic() < end, "no question was kept"
        time.sleep(0.1)
    [question] = questions
    return question["text"]


def main(command: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOME": folder, "PATH": os.defpath, "OFFLINE_VOICE": "espeak"}
        program = [str(Path(command).absolute()), "--no-browser", "--port", str(port)]
        process = subprocess.Popen(program, cwd=folder, env=environment)
        try:
            opened(port, process)
            for path, holds in SHOWN.items():
                assert holds in got(port, path), path
                print(path, "ok")
            asyncio.run(asked(port))
            [pitch] = json.loads(got(port, "/api/v1/pitches"))
            print("heard:", kept(port, pitch["id"]))
        finally:
            process.terminate()
            process.wait(PATIENCE)
        assert process.returncode == 0
        assert list(Path(folder).rglob("rostrum.db")), "it kept nothing"
    print("It works.")


if __name__ == "__main__":
    main(sys.argv[1])
