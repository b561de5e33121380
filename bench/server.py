"""A server on scripted providers, for benchmarks: prints its port when it is ready, ends when its input does. For each
line that it reads it prints what it has used so far.

    python -m bench.server '{"mind": 0.05, "speech": 0.03}'

`mind` and `speech` are the seconds that the scripted language model and voice take for their first piece; `activity`
"silero" puts the real voice activity detector in front; `patience` null is that of everybody's conversations. Every
spoken utterance is understood as a question at once.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from engine import words
from engine.audio import Pcm
from engine.floor import Floor
from engine.providers.base import About, Expectation, Transcript, VoiceActivityDetector
from engine.providers.offline_vad import SileroVad
from engine.providers.registry import Providers
from engine.providers.scripted import ScriptedActivity, ScriptedMind, ScriptedSpeech
from engine.settings import Settings
from engine.start import SERVER, SWITCH_INTERVAL
from engine.studio import Studio
from engine.wire.app import build

QUESTION = "how much does it cost"
ANSWER = "Sure. Here is your full and honest answer to the very question that you have just asked me, in some detail."


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Seconds."""

    mind: float = 0.05
    speech: float = 0.03
    activity: str = "scripted"
    patience: float | None = 0.0


class Nothing(list[Any]):
    """Keeps nothing of what it is given: a benchmark of memory is about the engine's."""

    def append(self, _: object) -> None:
        pass


class Ears:
    """Understands the same question in whatever is no digital silence, for any number of listeners."""

    about = About(name="bench ears", label="Scripted", local=True)

    @asynccontextmanager
    async def listen(self, expect: Expectation) -> AsyncIterator[Ear]:
        yield Ear()


class Ear:
    def __init__(self) -> None:
        self._finals: asyncio.Queue[Transcript] = asyncio.Queue()
        self._voiced = False

    def push(self, pcm: Pcm, turn: int) -> None:
        self._voiced = self._voiced or any(pcm.data)

    def finish(self, turn: int) -> None:
        text, self._voiced = QUESTION if self._voiced else "", False
        self._finals.put_nowait(Transcript(turn=turn, text=text, final=True))

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while True:
            yield await self._finals.get()


def providers(script: Script) -> Providers:
    activity: VoiceActivityDetector = SileroVad()
    if script.activity == "scripted":
        activity = ScriptedActivity(onset_after=0.02, offset_after=0.02)
    mind = ScriptedMind(text=ANSWER, first_after=script.mind, asked=Nothing())
    speech = ScriptedSpeech(first_after=script.speech, chunk=0.1, chunk_every=0.02, spoken=Nothing(), ended=Nothing())
    return Providers(ears=Ears(), activity=activity, mind=mind, partner=mind, speech=speech)


async def rostrum(script: Script) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/bench.db")  # type: ignore[call-arg]
        floor = None if script.patience is None else Floor(words=words.load(), patience=script.patience)
        studio = Studio(settings, providers=providers(script), floor=floor)
        studio.store.add_pitch("Bench", "Ask me anything.")
        await serve(build(studio))


async def serve(app: ASGIApp) -> None:
    """As `python main.py` serves, on a port of its own, until the input ends."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, **SERVER))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps({"cpu": time.process_time(), "at": time.monotonic()}), flush=True)
    server.should_exit = True
    await running


def main(app: Callable[[Script], Coroutine[Any, Any, None]]) -> None:
    """Run `app`, a coroutine function, with the script on the command line."""
    import uvloop

    sys.setswitchinterval(SWITCH_INTERVAL)
    uvloop.run(app(Script(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}"))))


if __name__ == "__main__":
    main(rostrum)
