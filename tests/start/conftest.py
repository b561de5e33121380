import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds for a whole start on a busy machine; nothing here measures time."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Served:
    """A running `python main.py`."""

    process: subprocess.Popen[str]
    port: int
    printed: list[str]

    def url(self, path: str = "/health") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code, and all that it printed and logged."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, "".join(self.printed) + rest


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No setting of whoever runs the tests, and a database of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"DATABASE_URL": f"sqlite:///{tmp_path}/rostrum.db", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `python main.py` with arguments and settings to its end, where no .env is."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


@pytest.fixture
def serve(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start `python main.py` and come back when it says where it is."""
    started: list[Served] = []

    def serve(*arguments: str, **settings: str) -> Served:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), "--port", str(port), *arguments],
            env=environment | settings,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        served = Served(process, port, [])
        started.append(served)
        assert process.stdout
        for line in process.stdout:
            served.printed.append(line)
            if line.startswith("hears: "):
                return served
        raise AssertionError("".join(served.printed))

    yield serve
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate(timeout=PATIENCE)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        yield client
