"""The wheel holds everything, and its `rostrum` command runs where nothing of the checkout is."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import subprocess
import urllib.request
import zipfile
from email.parser import Parser

import pytest
import websockets
from packaging.requirements import Requirement

from tests.docs.documents import ROOT
from tests.packaging.conftest import PATIENCE, done

SECRET = "a-key-that-is-long-enough-for-a-test"


def files(*folders: str) -> set[str]:
    """What of the checkout's folders is under version control."""
    listed = done("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", *folders)
    return {f"rostrum/{path}" for path in listed.splitlines() if (ROOT / path).is_file()}


def test_it_holds_every_file_of_the_program_and_nothing_else(wheel):
    if not (ROOT / ".git").exists():
        pytest.skip("only version control knows what belongs to it")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == files("engine", "ui", "data", "main.py") | {"rostrum/__init__.py", "rostrum/__main__.py"}


def test_it_asks_for_what_the_requirements_say(wheel):
    with zipfile.ZipFile(wheel) as opened:
        [name] = [name for name in opened.namelist() if name.endswith("METADATA")]
        asked = Parser().parsestr(opened.read(name).decode()).get_all("Requires-Dist")
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert set(map(Requirement, asked)) == set(map(Requirement, wanted))


def test_what_it_prints_needs_no_checkout(rostrum, environment, tmp_path):
    told = done(rostrum, "--check", env=environment, cwd=tmp_path)
    assert "cannot be loaded" not in told
    assert str(tmp_path / "home" / "data" / "rostrum" / "rostrum.db") in told
    assert "`rostrum models`" in told
    assert "rostrum models DIRECTORY" in done(rostrum, "models", env=environment, cwd=tmp_path)


def test_it_reads_the_env_file_of_the_directory_it_is_started_in(rostrum, environment, tmp_path):
    (tmp_path / ".env").write_text(f"SECRET_KEY={SECRET}\n")
    token = done(rostrum, "token", "--user", "ann", env=environment, cwd=tmp_path).strip()
    claims = token.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"] == "ann"


@pytest.fixture
def served(rostrum, environment, tmp_path):
    """The port of a running `rostrum`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [rostrum, "--no-browser", "--port", str(port)],
        env=environment | {"OFFLINE_VOICE": "espeak"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = [process.stdout.readline(), process.stdout.readline()]
        assert said[1].startswith("hears: "), said
        yield port
    finally:
        process.terminate()
        rest = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0
    assert not rest


def got(port: int, path: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read().decode()


async def test_it_serves_pages_and_their_files_speaks_and_hears(served, home, tmp_path):
    assert "Rostrum" in await asyncio.to_thread(got, served, "/")
    assert "--paper" in await asyncio.to_thread(got, served, "/_rostrum/rostrum.css")
    async with (
        asyncio.timeout(PATIENCE),
        websockets.connect(f"ws://127.0.0.1:{served}/ws/pitch?format=wav", max_size=None) as pitch,
    ):
        await pitch.send('{"event": "start"}')
        while (event := json.loads(await pitch.recv()))["event"] != "media":
            pass
        spoken = event["media"]["payload"]
        # Its own first sentence: heard by the recogniser's own process, it is an echo or a question, never an error.
        await pitch.send(json.dumps({"event": "user_audio", "audio": spoken}))
        after = [json.loads(await pitch.recv())["event"] for _ in range(3)]
    assert base64.b64decode(spoken).startswith(b"RIFF")
    assert "clear" in after
    assert "error" not in after
    assert (home / "data" / "rostrum" / "rostrum.db").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"home"}, "nothing is written where it was started"
