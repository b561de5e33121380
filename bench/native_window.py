"""From `python main.py --native` to Home painted in its window, and from closing that to the end of the process: one
table. Goals: 5 s and 2 s."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.desktop import PATIENCE, Desktop, NoDesktop, desktop

ROOT = Path(__file__).parents[1]
RUNS = 3


def main() -> None:
    rows: dict[str, list[float]] = {}
    try:
        with desktop() as screen, tempfile.TemporaryDirectory() as where:
            for run in range(RUNS + 1):
                measured = measure(screen, Path(where))
                if run:  # the first fills the caches of Python and of the disk
                    for name, value in measured.items():
                        rows.setdefault(name, []).append(value)
    except NoDesktop as lacking:
        print(f"not measured: {lacking}")
        return
    print(f"{'':<44}{'median':>9}{'min':>9}{'max':>9}   ({RUNS} runs, warm disk)")
    for name, values in rows.items():
        print(f"{name:<44}{statistics.median(values):>9.2f}{min(values):>9.2f}{max(values):>9.2f}")


def measure(screen: Desktop, where: Path) -> dict[str, float]:
    """One start, until something is painted, and one end."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = os.environ | screen.environment | {"DATABASE_URL": f"sqlite:///{where}/rostrum.db"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "--native", "--port", str(port)],
        env=environment,
        cwd=where,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        window = screen.window("Rostrum")
        shown = time.monotonic() - began
        screen.until_painted()
        painted = time.monotonic() - began
        time.sleep(1)
        told = time.monotonic()
        screen.close(window)
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait(PATIENCE)
    assert code == 0, f"ended with {code}"
    return {
        "start to the window (s)": shown,
        "start to Home painted in it (s)": painted,
        "close to the end of the process (s)": time.monotonic() - told,
    }


if __name__ == "__main__":
    main()
