"""HostedStreamingConversation of the `vocode` package, unmodified, over TLS as it insists: greeted, asked, answered."""

import asyncio
import base64
import json
import os
import shlex
import ssl
import urllib.request
import wave
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from engine.audio import Pcm, resample
from engine.media import RawFormat
from engine.providers.base import Voice
from engine.providers.offline_espeak import EspeakVoice
from tests.clients.installed import client
from tests.e2e.browser import server

ID = "hosted-conversation-1"
CERTIFY = """openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out certificate.pem
    -subj /CN=localhost -addext subjectAltName=DNS:localhost"""


@pytest.mark.parametrize(("rate", "encoding"), [(24_000, "linear16"), (8_000, "mulaw")])
async def test_a_hosted_conversation(tmp_path, rate, encoding):
    python = client("vocode/bin/python")
    question = await recorded(tmp_path / "question.wav")
    with server(tmp_path) as running:
        async with behind_tls(tmp_path, int(running.url.rpartition(":")[2])) as port:
            got = await conversation(python, port, question, rate, encoding, tmp_path)
        lines = transcript(running.url)
    assert got["ended"] == "well", "the server closed properly, and said nothing that the client does not know"
    form = RawFormat(encoding=encoding, rate=rate)
    chunks = [(at, Pcm(form.mono(base64.b64decode(chunk)), rate)) for at, chunk in got["given"]]
    greeting = [pcm for at, pcm in chunks if at < got["spoke"]]
    answer = [pcm for at, pcm in chunks if at > got["spoke"]]
    assert 1 < sum(pcm.seconds for pcm in greeting) < 5 and max(map(loudness, greeting)) > 1000
    assert sum(pcm.seconds for pcm in answer) > 0.5 and max(map(loudness, answer)) > 1000
    assert max(pcm.seconds for _, pcm in chunks) <= 0.1, "small enough to fall silent soon"
    assert [line["speaker"] for line in lines][:2] == ["agent", "user"]
    assert lines[0]["text"] == "Good morning from the hosted client."
    assert "what do you do" in lines[1]["text"]
    assert lines[2]["speaker"] == "agent" and len(lines[2]["text"]) > 5


async def recorded(path: Path) -> Path:
    chunks = [chunk.pcm async for chunk in EspeakVoice().speak("What do you do at the weekend?", Voice())]
    pcm = resample(Pcm(b"".join(pcm.data for pcm in chunks), chunks[0].rate), 48_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.rate)
        file.writeframes(pcm.data)
    return path


async def conversation(python, port, question, rate, encoding, folder):
    program = Path(__file__).with_name("vocode_hosted.py")
    process = await asyncio.create_subprocess_exec(
        *map(str, (python, program, ID, question, rate, encoding)),
        cwd=folder,
        env={
            **os.environ,
            "VOCODE_BASE_URL": f"localhost:{port}",
            "VOCODE_API_KEY": "a-key",
            "SSL_CERT_FILE": str(folder / "certificate.pem"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complaint = await asyncio.wait_for(process.communicate(), 90)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complaint.decode()
    return json.loads(printed)


@asynccontextmanager
async def behind_tls(folder: Path, port: int):
    """A port of localhost that passes on to `port` what comes through TLS."""
    making = await asyncio.create_subprocess_exec(
        *shlex.split(CERTIFY),
        cwd=folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await making.wait() == 0
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")

    async def carry(reader, writer):
        with suppress(ConnectionError, ssl.SSLError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connected(reader, writer):
        inside, outside = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, outside), carry(inside, writer))

    async with await asyncio.start_server(connected, "localhost", 0, ssl=context) as listening:
        yield listening.sockets[0].getsockname()[1]


def transcript(url):
    with urllib.request.urlopen(f"{url}/api/v1/meetings/{ID}/transcript", timeout=5) as reply:
        return json.load(reply)


def loudness(pcm):
    return max(map(abs, memoryview(pcm.data).cast("h")), default=0)
