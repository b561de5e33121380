"""From the command line to a served app: options, sockets, logging, the server. `main.py` says in which order."""

from __future__ import annotations

import argparse
import errno
import importlib.util
import logging
import os
import re
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import settings as settings_module
from engine.errors import SettingsError
from engine.installation import COMMAND
from engine.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from engine.providers.base import About

NOT_STARTED, BAD_SETTING = 1, 2
"""Exit codes."""
LONGEST_USER, MOST_DAYS = 200, 3650
"""Characters of a user's name, and days, in a token."""
SWITCH_INTERVAL = 0.0005
"""Seconds after which a computing thread must let the event loop run. With Python's 5 ms a single such thread made
live audio up to 75 ms late; with this, 10 ms."""
SERVER: dict[str, Any] = {
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    # With 40 live links this one takes a quarter less CPU than the default; compressing audio made it 100 ms late.
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    # Bytes: clients upload whole recordings in base64.
    "ws_max_size": 32 * 1024 * 1024,
    # Generous: pages in the background and clients that do not read for seconds must not be dropped.
    "ws_ping_interval": 20,
    "ws_ping_timeout": 40,
    # What open requests get at the end; with closing the studio, a stop stays under two seconds.
    "timeout_graceful_shutdown": 1,
}


class CannotListen(SettingsError):
    """A port or an address cannot be had. The message names its variable."""


def leave_on_signals() -> None:
    """Until `run` takes over, SIGINT and SIGTERM end the process as if it had ended by itself."""

    def leave(number: int, frame: object) -> None:
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line. Prints and exits for --help and for what it does not know (exit code 2)."""
    parser = argparse.ArgumentParser(prog=COMMAND.rpartition(" ")[2], description="Rostrum, a voice practice studio.")
    parser.add_argument("--host", help="address to listen on (HOST)")
    parser.add_argument("--port", help="port to listen on (PORT)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in the browser")
    parser.add_argument("--native", action="store_true", help="open Rostrum in a window of its own (NATIVE)")
    parser.add_argument(
        "--local-audio", action="store_true", help="sound on this machine itself, not in the browser (LOCAL_AUDIO)"
    )
    parser.add_argument("--check", action="store_true", help="print what works here and what is missing, then end")
    commands = parser.add_subparsers(dest="command", metavar="models")
    models = commands.add_parser("models", help="which better local models to get, and whether a directory has them")
    models.add_argument("directory", nargs="?", help="a directory to check")
    token = commands.add_parser("token", help="a token for a user of realtime conversations, signed with SECRET_KEY")
    token.add_argument("--user", required=True, type=_user, metavar="NAME", help="whom it names")
    token.add_argument("--days", default=30, type=_days, help="how long it holds, 1 to 3650 (default 30)")
    return parser.parse_args(arguments)


def settings(given: argparse.Namespace) -> Settings:
    """Settings with the options that were given, logging and storage places set up to them.

    Raises:
        SettingsError: one line for each wrong value.
    """
    browser = False if given.no_browser else None
    chosen = settings_module.load(
        host=given.host,
        port=given.port,
        open_browser=browser,
        native=given.native or None,
        local_audio=given.local_audio or None,
    )
    # Only our own loggers speak at the chosen level: those of libraries print addresses with tokens, and headers.
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for name in ("engine", "ui"):
        logging.getLogger(name).setLevel(chosen.log_level.upper())
    # NiceGUI reads it when it is imported.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(Path(chosen.database_path).parent / "nicegui"))
    return chosen


def listen(chosen: Settings) -> list[socket.socket]:
    """Open the ports, before anything slow: a port in use is known at once, and whoever connects meanwhile waits.

    Raises:
        CannotListen: also where the address is none.
    """
    opened = _listen("PORT", chosen.host, chosen.port)
    for port in dict.fromkeys(chosen.compat_ports):
        if port != chosen.port:
            opened += _listen("COMPAT_PORTS", chosen.host, port)
    return opened


def run(
    api: FastAPI,
    chosen: Settings,
    sockets: Sequence[socket.socket],
    about: Callable[[], Mapping[str, About]],
    until: Callable[[Callable[[], None]], None] | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM; the exit code. `about` is asked who hears, thinks and speaks once it serves, and
    `until` is given then what ends the server, to be called from any thread."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(chosen, about())
                if until:
                    until(self.leave)

        def leave(self) -> None:
            self.should_exit = True

    sys.setswitchinterval(SWITCH_INTERVAL)
    server = Server(uvicorn.Config(api, **SERVER, loop="uvloop" if importlib.util.find_spec("uvloop") else "asyncio"))

    def leave(number: int, frame: object) -> None:
        """Uvicorn handles signals while it serves and raises them again when it is done: that is no news then."""
        if not server.started:
            raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    server.run(list(sockets))
    return 0 if server.started else NOT_STARTED


def models(directory: str | None) -> int:
    """Print which better local models to get, and what `directory` holds or lacks; the exit code."""
    from engine import local_models

    if directory is not None:
        print("\n".join(local_models.check(Path(directory))))
        return 0 if Path(directory).is_dir() else BAD_SETTING
    print("Unpack what you want into one directory, and name that in SPEECH_MODELS. Nothing here is needed.")
    for one in local_models.RECOMMENDED:
        print(f"\n{one.name} (about {one.megabytes} MB): {one.purpose}\n  {one.address}")
    print(f"\nCheck the directory with: {COMMAND} models DIRECTORY")
    return 0


def token(user: str, days: int, chosen: Settings) -> int:
    """Print a token for `user`, and nothing else, so that a script can take it; the exit code.

    Raises:
        SettingsError: there is no key to sign it with.
    """
    from engine.wire import tokens

    if chosen.secret_key is None:
        raise SettingsError(
            "SECRET_KEY: set it to a long secret text, in .env or the environment, for the server and for this command "
            'alike. A good one is printed by: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    print(tokens.issue(user, days, chosen.secret_key))
    return 0


def _user(text: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST_USER or not text.isprintable():
        raise argparse.ArgumentTypeError(f"expected a name of 1 to {LONGEST_USER} characters")
    return text.strip()


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"expected a whole number of days from 1 to {MOST_DAYS}")
    return int(text)


def address(chosen: Settings) -> str:
    """Where this machine's browser finds the page."""
    everywhere = chosen.host in {"0.0.0.0", "::"}
    host = "localhost" if everywhere else f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    return f"http://{host}:{chosen.port}"


def _listen(variable: str, host: str, port: int) -> list[socket.socket]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(f"HOST: {host} is no address of this machine ({error.strerror}).") from None
    opened: list[socket.socket] = []
    problem: OSError | None = None
    for family, _, _, _, place in dict.fromkeys(found):
        try:
            opened.append(_bound(family, place))
        except OSError as error:
            # A name such as localhost may stand for IPv6 as well, where there is none.
            if error.errno != errno.EADDRNOTAVAIL or problem is None:
                problem = error
    if opened and (problem is None or problem.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}):
        return opened
    for one in opened:
        one.close()
    raise CannotListen(_trouble(variable, host, port, problem))


def _bound(family: int, place: tuple[object, ...]) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two processes have one port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(place)
        one.listen(2048)
    except OSError:
        one.close()
        raise
    one.setblocking(False)
    return one


def _trouble(variable: str, host: str, port: int, error: OSError | None) -> str:
    if error is not None and error.errno == errno.EADDRINUSE:
        return f"{variable}: port {port} is in use. End what holds it, or choose another, e.g. {variable}={port + 1}."
    if error is not None and error.errno == errno.EACCES:
        return f"{variable}: port {port} may not be opened by this user. Choose one above 1023."
    return f"HOST: cannot listen on {host} ({error.strerror if error else 'no address'})."


def _announce(chosen: Settings, about: Mapping[str, About]) -> None:
    more = "".join(f", :{port}" for port in chosen.compat_ports)
    print(f"Rostrum is at {address(chosen)}{more}", flush=True)
    print(" · ".join(f"{role}: {one.label}{_caveat(one)}" for role, one in about.items()), flush=True)
    if chosen.open_browser and not chosen.native and _has_screen():
        threading.Thread(target=webbrowser.open, args=(address(chosen),), daemon=True).start()


def _caveat(one: About) -> str:
    return f" ({one.caveat})" if one.caveat else ""


def _has_screen() -> bool:
    """Without one, Python would start a text browser in the terminal."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
