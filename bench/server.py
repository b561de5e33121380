"""A server on scripted providers, for benchmarks: prints its port when it is ready, ends when its input does.

    python -m bench.server '{"mind": 0.05, "speech": 0.03}'

`mind` and `speech` are the seconds that the scripted language model and voice take for their first piece; `activity`
"silero" puts the real voice activity detector in front. Every spoken utterance is understood as a question at once.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
from dataclasses import dataclass

import uvicorn

from engine import words
from engine.floor import Floor
from engine.providers.base import VoiceActivityDetector
from engine.providers.offline_vad import SileroVad
from engine.providers.registry import Providers
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.settings import Settings
from engine.studio import Studio
from engine.wire.app import build

ANSWER = "Sure. Here is your full and honest answer to the very question that you have just asked me, in some detail."


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Seconds."""

    mind: float = 0.05
    speech: float = 0.03
    activity: str = "scripted"


def providers(script: Script) -> Providers:
    activity: VoiceActivityDetector = SileroVad()
    if script.activity == "scripted":
        activity = ScriptedActivity(onset_after=0.02, offset_after=0.02)
    mind = ScriptedMind(text=ANSWER, first_after=script.mind)
    return Providers(
        ears=ScriptedEars(says=["how much does it cost"] * 100_000),
        activity=activity,
        mind=mind,
        partner=mind,
        speech=ScriptedSpeech(first_after=script.speech, chunk=0.1, chunk_every=0.02),
    )


async def serve(script: Script) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/bench.db")  # type: ignore[call-arg]
        studio = Studio(settings, providers=providers(script), floor=Floor(words=words.load(), patience=0.0))
        studio.store.add_pitch("Bench", "Ask me anything.")
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            build(studio), ws="websockets-sansio", ws_per_message_deflate=False, log_level="error", access_log=False
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await running


if __name__ == "__main__":
    import uvloop

    sys.setswitchinterval(0.0005)

    uvloop.run(serve(Script(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}"))))
