"""A desktop without a screen, for the native window: Xvfb, and what a user does to a window there."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = (1600, 1000)
PATIENCE = 120.0
PAINTED = 50
"""Colours in a picture of it from which a page has been painted: an empty window has two, text alone has hundreds."""


class NoDesktop(Exception):
    """What is missing."""


def missing() -> str:
    """What this machine lacks to show a native window without a screen; "" for nothing."""
    if importlib.util.find_spec("webview") is None:
        return "pywebview is not installed (pip install -r requirements-native.txt)"
    tools = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}
    lacking = [package for program, package in tools.items() if not shutil.which(program)]
    return f"missing here: apt-get install {' '.join(lacking)}" if lacking else ""


class Desktop:
    """`environment` leads programs to it."""

    def __init__(self, display: str) -> None:
        # There is no graphics card either: without the flag Chromium looks for one, and crashes first.
        self.environment = {"DISPLAY": display, "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"}

    @property
    def everything(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def window(self, name: str) -> int:
        """The number of the window of that name, once there is one."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self._run("xdotool", "search", "--onlyvisible", "--name", f"^{name}").split()
            if found:
                return int(found[-1])
            time.sleep(0.05)
        raise TimeoutError(f"no window called {name} within {PATIENCE:.0f} s")

    def until_painted(self) -> None:
        """Wait until there is more in the window than its ground."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            raw = subprocess.run(
                ["import", "-window", "root", "-resize", "25%", "-depth", "8", "rgb:-"],
                env=self.everything,
                capture_output=True,
                check=True,
                timeout=PATIENCE,
            ).stdout
            if len({raw[at : at + 3] for at in range(0, len(raw), 3)}) > PAINTED:
                return
            time.sleep(0.05)
        raise TimeoutError(f"nothing was painted within {PATIENCE:.0f} s")

    def picture(self, path: Path) -> None:
        self._run("import", "-window", "root", str(path))

    def place(self, window: int) -> tuple[int, ...]:
        """x, y, width and height."""
        lines = self._run("xdotool", "getwindowgeometry", "--shell", str(window)).splitlines()
        values = dict(line.split("=") for line in lines if "=" in line)
        return tuple(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def move(self, window: int, x: int, y: int, width: int, height: int) -> None:
        self._run("xdotool", "windowmove", str(window), str(x), str(y))
        self._run("xdotool", "windowsize", str(window), str(width), str(height))

    def close(self, window: int) -> None:
        """As a click on its cross does: it is asked to close."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self.environment["DISPLAY"].encode()))
        message = _ClientMessage(type=33, window=window, format=32)
        message.message_type = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
        message.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
        x11.XSendEvent(display, ctypes.c_ulong(window), 0, 0, ctypes.byref(message))
        x11.XCloseDisplay(display)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.everything, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return done.stdout


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent of Xlib, padded to an XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 24),
    )


@contextmanager
def desktop() -> Iterator[Desktop]:
    """An empty one, while this lasts.

    Raises:
        NoDesktop: something is missing.
    """
    if lacking := missing():
        raise NoDesktop(lacking)
    reading, writing = os.pipe()
    # It picks a free display itself and says which.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        if not number:
            raise NoDesktop("Xvfb did not start")
        yield Desktop(f":{number}")
    finally:
        server.terminate()
        server.wait(PATIENCE)
