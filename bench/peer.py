"""Rostrum as one of several voice engines that somebody compares, on the comparison's own scripted providers.

    python bench/peer.py

The harness that starts it puts its folder on PYTHONPATH; its module `scripted` has FakeTTS, fake_llm and their timings,
and names each turn in words and in levels of audio. Prints `READY {"port": N, ...}` when it serves, ends on SIGTERM.
PEERBENCH_OPTS is JSON:

* `vad`: "none" (default): speech is what is not digital silence, told at once, and there is no patience; anything else:
  Silero with its default tuning and the default patience, as everybody gets them;
* `patience`: seconds, instead of the default one;
* `pages`: true to serve the pages as well, as `python main.py` does;
* `profile`: a file for the figures of cProfile, written at the end.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

# ruff: noqa: E402 - it is started by its path, from anywhere
BEGAN = time.monotonic()
sys.path.insert(0, str(Path(__file__).parents[1]))

from engine import words
from engine.audio import Pcm
from engine.floor import Floor
from engine.providers.base import (
    About,
    Expectation,
    Prompt,
    SpeechChunk,
    SpeechEdge,
    Transcript,
    Voice,
    VoiceActivityDetector,
)
from engine.providers.offline_vad import SileroVad
from engine.providers.registry import Providers
from engine.settings import Settings
from engine.start import SERVER, SWITCH_INTERVAL
from engine.studio import Studio
from engine.wire.app import build

given: Any = import_module("scripted")
"""The harness's providers."""
SCRIPT = given.Script.from_env()
OPTIONS: dict[str, Any] = json.loads(os.environ.get("PEERBENCH_OPTS", "{}"))
ABOUT = About(name="scripted", label="Scripted", local=True)


class Ears:
    """Understands every turn that had a voice in it, `stt_final_ms` after its end."""

    about = ABOUT

    @asynccontextmanager
    async def listen(self, expect: Expectation) -> AsyncIterator[Ear]:
        yield Ear()


class Ear:
    def __init__(self) -> None:
        self._finals: asyncio.Queue[Transcript] = asyncio.Queue()
        self._voiced = False
        self._understood = 0

    def push(self, pcm: Pcm, turn: int) -> None:
        self._voiced = self._voiced or given.is_voiced(pcm.data)

    def finish(self, turn: int) -> None:
        self._understood += self._voiced
        text = given.stt_text(self._understood) if self._voiced else ""
        self._voiced = False
        final = Transcript(turn=turn, text=text, final=True)
        if SCRIPT.stt_final_ms > 0:
            asyncio.get_running_loop().call_later(SCRIPT.stt_final_ms / 1000, self._tell, final)
        else:
            self._tell(final)

    def _tell(self, final: Transcript) -> None:
        given.trace("stt_final")
        self._finals.put_nowait(final)

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while True:
            yield await self._finals.get()


class Energy:
    """Speech is what is not digital silence; told with the very frame in which it changes."""

    about = ABOUT

    def open(self) -> EnergyDetector:
        return EnergyDetector()


class EnergyDetector:
    def __init__(self) -> None:
        self.speaking = False
        self._at = 0.0

    def feed(self, pcm: Pcm) -> Sequence[SpeechEdge]:
        began, self._at = self._at, self._at + pcm.seconds
        if given.is_voiced(pcm.data) == self.speaking:
            return ()
        self.speaking = not self.speaking
        return (SpeechEdge(onset=self.speaking, at=began),)


class Mind:
    about = ABOUT

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        async with aclosing(given.fake_llm(SCRIPT, given.turn_of(prompt.question))) as tokens:
            async for token in tokens:
                yield token


class Speech:
    about = ABOUT

    def voices(self) -> Sequence[str]:
        return ("scripted",)

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        async with aclosing(given.FakeTTS.say(SCRIPT, text).chunks()) as chunks:
            async for chunk in chunks:
                yield SpeechChunk(pcm=Pcm(chunk, given.RATE))


def studio(folder: str) -> Studio:
    at_once = OPTIONS.get("vad", "none") == "none"
    activity: VoiceActivityDetector = Energy() if at_once else SileroVad()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/peer.db")  # type: ignore[call-arg]
    patience = OPTIONS.get("patience", 0.0 if at_once else None)
    return Studio(
        settings,
        providers=Providers(ears=Ears(), activity=activity, mind=Mind(), partner=Mind(), speech=Speech()),
        floor=None if patience is None else Floor(words=words.load(), patience=patience),
    )


def serve(folder: str) -> None:
    import uvicorn

    made = studio(folder)
    api = build(made)
    if OPTIONS.get("pages"):
        from ui.app import mount

        mount(api, made)
    imported = time.monotonic() - BEGAN
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            since = float(os.environ.get("PEERBENCH_T0", BEGAN))
            ready = {"port": port, "ready_s": time.monotonic() - since, "import_s": imported, "rss_mib": resident()}
            print(f"READY {json.dumps(ready)}", flush=True)

    sys.setswitchinterval(SWITCH_INTERVAL)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again when it is done: there is more to do then
    Server(uvicorn.Config(api, **SERVER, loop="uvloop")).run([listening])
    given.trace.flush()


def resident() -> float:
    """MiB of memory at its most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if profile := OPTIONS.get("profile"):
            profiler = cProfile.Profile()
            try:
                profiler.runcall(serve, folder)
            finally:
                profiler.dump_stats(profile)
        else:
            serve(folder)


if __name__ == "__main__":
    main()
