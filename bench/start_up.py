"""From `python main.py` to the first HTTP 200, and what it costs in memory: a table without keys, and one with all of
them. Goals: 200 within 2.5 s, and with keys no more than a tenth later.

With keys the vendors' addresses are of this machine, at ports where nobody listens: nothing leaves it. The runs take
turns, so that both meet the same load.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 5
WARM_AFTER = 3.0
"""Seconds after the first answer at which memory is read again: models are loaded in the background by then."""
PATIENCE = 60.0
FIRST = "start to the first HTTP 200 (s)"
GOAL = 1.1
"""How many times as long a start with all keys may take."""
NOBODY = "http://127.0.0.1:9"
"""Port 9 discards; on hardly any machine anything listens there."""
VENDORS = {"OPENAI": f"{NOBODY}/v1", "DEEPGRAM": NOBODY, "ELEVENLABS": NOBODY}
KEYS = {f"{vendor}_API_KEY": "a-key-of-nobody" for vendor in VENDORS} | {
    f"{vendor}_BASE_URL": address for vendor, address in VENDORS.items()
}


def main(runs: int = RUNS) -> None:
    tables: dict[str, dict[str, list[float]]] = {"without keys": {}, "with all keys": {}}
    with tempfile.TemporaryDirectory() as where:
        for run in range(runs + 1):
            for rows, keys in zip(tables.values(), ({}, KEYS), strict=True):
                measured = measure(Path(where), keys)
                if run:  # the first fills the caches of Python and of the disk
                    for name, value in measured.items():
                        rows.setdefault(name, []).append(value)
    for title, rows in tables.items():
        print(f"{title:<44}{'median':>9}{'min':>9}{'max':>9}   ({runs} runs, warm disk)")
        for name, values in rows.items():
            print(f"{name:<44}{statistics.median(values):>9.2f}{min(values):>9.2f}{max(values):>9.2f}")
    without, with_all = (statistics.median(rows[FIRST]) for rows in tables.values())
    print(f"with all keys the first HTTP 200 takes {with_all / without:.2f} times as long (goal: {GOAL:g})")


def measure(where: Path, keys: Mapping[str, str]) -> dict[str, float]:
    """One start with the settings in `keys`, first answers, memory and stop."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    known = {name: value for name, value in os.environ.items() if not name.startswith((*VENDORS, "XI_"))}
    environment = known | {"DATABASE_URL": f"sqlite:///{where}/rostrum.db", "PORT": str(port), "HOST": "127.0.0.1"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "--no-browser"],
        env={**environment, **keys},
        cwd=where,
        stdout=subprocess.DEVNULL,
    )
    try:
        first = answered(f"http://127.0.0.1:{port}/health") - began
        page = answered(f"http://127.0.0.1:{port}/") - began
        early = memory(process.pid)[0]
        time.sleep(WARM_AFTER)
        own, children = memory(process.pid)
    finally:
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    return {
        FIRST: first,
        "start to the first page (s)": page,
        "memory at the first page (MiB)": early,
        f"memory {WARM_AFTER:.0f} s later (MiB)": own,
        "memory of its child processes then (MiB)": children,
        "SIGTERM to the end (s)": time.monotonic() - told,
    }


def answered(url: str) -> float:
    """The moment at which `url` has answered with 200."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                answer.read()
                return time.monotonic()
        except urllib.error.URLError:
            time.sleep(0.005)
    raise SystemExit(f"{url} did not answer within {PATIENCE:.0f} s")


def memory(pid: int) -> tuple[float, float]:
    """Resident memory of a process, and of its children, in MiB."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listing.splitlines()]
    own = sum(rss for one, _, rss in rows if one == pid)
    children = sum(rss for _, parent, rss in rows if parent == pid)
    return own / 1024, children / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else RUNS)
