"""Rostrum's own desktop window: a process beside the server's that shows the page and remembers its place.

A toolkit wants the main thread and its signals, as the server does, and some end their process without asking. In a
process of its own neither is in the other's way, and whatever ends the window, the server ends in order.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import multiprocessing
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.errors import RostrumError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import webview

    from engine.settings import Settings

CLOSED_WITHIN = 1.0
"""Seconds for the window's process to end by itself; with the server's own, the whole stays under two."""
SHOWN, CLOSED = "shown", "closed"
"""What the window's process says, over its pipe."""
LEAST = (380, 520)
"""Smallest width and height, pixels: that of a phone, for which the pages have a layout."""
PIP = "pip install -r requirements-native.txt"
DEBIAN = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-xinerama0 libxcb-xkb1 "
    "libxkbcommon-x11-0 libegl1 libgl1 libopengl0 libnss3 libasound2"
)
"""What Qt's window stands on: packages that a Debian or Ubuntu without a desktop lacks."""
ELSEWHERE = """
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.origin === location.origin || !/^(https?|mailto):/.test(link.href)) return;
  event.preventDefault();
  pywebview.api.browse(link.href);
}, true);
"""


class NoWindow(RostrumError):
    """The window cannot be opened. The message says what to install."""

    code = "no_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window is, in pixels of the whole desktop; None: wherever the system puts it."""

    x: int | None = None
    y: int | None = None
    width: int = 1240
    height: int = 860

    def within(self, screens: Sequence[Place]) -> Place:
        """As much of it as fits on the screen that its middle is on, or else on the first one."""
        if not screens:
            return self
        x, y = self.x, self.y
        middle = None if x is None or y is None else (x + self.width // 2, y + self.height // 2)
        screen = next((one for one in screens if middle and one.holds(*middle)), None)
        if screen is None or x is None or y is None:
            first = screens[0]
            return Place(width=min(self.width, first.width), height=min(self.height, first.height))
        width, height = min(self.width, screen.width), min(self.height, screen.height)
        left, top = screen.x or 0, screen.y or 0
        return Place(
            x=max(left, min(x, left + screen.width - width)),
            y=max(top, min(y, top + screen.height - height)),
            width=width,
            height=height,
        )

    def holds(self, x: int, y: int) -> bool:
        left, top = self.x or 0, self.y or 0
        return left <= x < left + self.width and top <= y < top + self.height


def kept(path: Path) -> Place:
    """The place that was kept in `path`; the first one where there is none that can be used."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        place = Place(**{name: int(values[name]) for name in ("x", "y", "width", "height")})
    except (OSError, ValueError, TypeError, KeyError):
        return Place()
    return place if place.width >= LEAST[0] and place.height >= LEAST[1] else Place()


def keep(place: Place, path: Path) -> None:
    """A place that cannot be written is not worth a word: the next window opens as the first did."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(place)), encoding="utf-8")
        fresh.replace(path)


# ---- in the server's process -----------------------------------------------------------------------------------------


class Window:
    """The window's process, started. `on_closed` waits for its end; `close` ends it."""

    def __init__(self, address: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_show, args=(address, folder, theirs), name="window", daemon=True)
        # Inherited: Ctrl-C reaches all processes of a terminal, and it is the server that ends the window then.
        handled = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.start()
        finally:
            signal.signal(signal.SIGINT, handled)
        theirs.close()
        self._closing = False
        self._opened = False

    @property
    def failed(self) -> bool:
        """It ended without having been seen."""
        return not self._opened and not self._closing

    def on_closed(self, then: Callable[[], object]) -> None:
        """Call `then`, from a thread, when the user has closed it, or it has ended otherwise."""

        def wait() -> None:
            with suppress(EOFError, OSError):
                while self._pipe.recv() != CLOSED:
                    self._opened = True
            then()

        threading.Thread(target=wait, name="waiting for the window", daemon=True).start()

    def close(self) -> None:
        """End it, in order if it can. Returns within `CLOSED_WITHIN`."""
        self._closing = not self.failed or self._process.is_alive()
        with suppress(OSError):
            self._pipe.send(CLOSED)
        self._process.join(CLOSED_WITHIN)
        if self._process.is_alive():
            self._process.kill()


@contextmanager
def beside(settings: Settings, address: str) -> Iterator[Window | None]:
    """The window on `address` while this lasts, if `settings` want one. It waits for the server by itself.

    Raises:
        NoWindow: what it stands on is missing; at the end, too, where it could not open.
    """
    if not settings.native:
        yield None
        return
    if (problem := missing()) is not None:
        raise NoWindow(problem)
    if settings.access_token:
        address += f"/?token={quote(settings.access_token.get_secret_value(), safe='')}"
    window = Window(address, Path(settings.database_path).parent)
    try:
        yield window
    finally:
        window.close()
    if window.failed:
        raise NoWindow(f"The window could not be opened. {hint()}")


def missing() -> str | None:
    """What keeps a window from opening here, as far as can be told beforehand."""
    if importlib.util.find_spec("webview") is None:
        return f"--native: pywebview is not installed. {hint()}"
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "--native: there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    return None


def hint() -> str:
    """How to mend it on this system."""
    system = str(sys.platform)
    if system == "linux":
        return f"{PIP}\nDebian, Ubuntu: apt-get install {DEBIAN}\nWithout --native, Rostrum opens in the browser."
    if system == "darwin":
        return f"{PIP}  (macOS: the window is the system's own, nothing else is needed)"
    return f"{PIP}  (Windows: it also needs the WebView2 runtime, which Windows 11 has)"


# ---- in the window's process -----------------------------------------------------------------------------------------


class _Desk:
    """What the page may ask of the window."""

    def browse(self, address: str) -> None:
        if address.startswith(("http://", "https://", "mailto:")):
            webbrowser.open(address)


def _show(address: str, folder: Path, pipe: Connection) -> None:
    """Until it is closed, by the user or over the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("pywebview").setLevel(logging.CRITICAL)
    if sys.platform == "linux":
        # Of the two engines there, the one that gives pages a microphone.
        os.environ.setdefault("PYWEBVIEW_GUI", "qt")
        if os.geteuid() == 0:
            _chromium("--no-sandbox")
    _chromium("--autoplay-policy=no-user-gesture-required")
    import webview

    webview.settings["ALLOW_DOWNLOADS"] = True
    window = webview.create_window("Rostrum", address, js_api=_Desk(), text_select=True, zoomable=True, min_size=LEAST)
    assert window
    _follow(window, folder / "window.json", pipe)
    webview.start(private_mode=False, storage_path=str(folder / "window"))


def _chromium(flag: str) -> None:
    name = "QTWEBENGINE_CHROMIUM_FLAGS"
    os.environ[name] = f"{os.environ.get(name, '')} {flag}".strip()


def _follow(window: webview.Window, where: Path, pipe: Connection) -> None:
    """Tell the server what becomes of the window, and keep its place."""
    now = asdict(Place())

    def beginning() -> None:
        """The toolkit is there, and tells the screens, which it may not before it knows where to keep its files."""
        import webview

        place = kept(where).within([Place(x=s.x, y=s.y, width=s.width, height=s.height) for s in webview.screens])
        now.update(asdict(place))
        window.initial_x, window.initial_y = place.x, place.y
        window.initial_width, window.initial_height = place.width, place.height

    def closing() -> None:
        keep(Place(**now), where)
        with suppress(OSError):
            pipe.send(CLOSED)

    def ended() -> None:
        """The server has ended, whether it could say so or not."""
        with suppress(EOFError, OSError):
            pipe.recv()
        window.destroy()

    window.events.initialized += beginning
    window.events.resized += lambda width, height: now.update(width=int(width), height=int(height))
    window.events.moved += lambda x, y: now.update(x=int(x), y=int(y))
    window.events.shown += lambda: pipe.send(SHOWN)
    window.events.loaded += lambda: window.run_js(ELSEWHERE)
    window.events.closing += closing
    window.events.shown += lambda: threading.Thread(target=ended, daemon=True).start()
