"""Cutting in while a vendor synthesizes: how soon it knows, and what a thousand times leave behind.

    python -m bench.vendor_barge_in [times] [voice ...]

A talk over each voice, and one with a model that hears and speaks, emulated on this machine in a thread of its own and
reached through its SDK. As soon as an answer sounds, the listener writes something else, which cuts it; measured from
there to the emulator seeing its stream closed, or being told to stop. A thousand times by default, 50 in one
conversation; then what is left: tasks, connections at the emulator, open files; how much memory grew in the second
half of them, without what the allocator keeps though nobody holds it; and how much more Python held after a
hundred others than after fifty.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.client import spread, table
from bench.first_audio import SILENT
from engine import words
from engine.conversation import Conversation
from engine.dialogue import Dialogue
from engine.floor import Floor
from engine.limits import Limits
from engine.messages import Fault, Output, Speech, Typed
from engine.playout import Delivery
from engine.providers.base import Senses, Voice
from engine.providers.deadlines import DialogueDeadlines, HearingDeadlines, SpeakingDeadlines
from engine.providers.deepgram_flux_voice import DeepgramFluxVoice
from engine.providers.deepgram_voice import DeepgramVoice
from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
from engine.providers.elevenlabs_voice import ElevenLabsVoice
from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from engine.providers.openai_realtime_voice import OpenAiRealtimeVoice
from engine.providers.openai_voice import OpenAiVoice
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.start import SWITCH_INTERVAL
from engine.talk import TalkScenario
from tests.vendors import deepgram, elevenlabs, openai
from tests.vendors.elsewhere import elsewhere

TIMES, IN_ONE = 1_000, 50
PACE = 0.005
"""Seconds between two pieces of an emulated voice."""
LONG = " ".join(["This answer is a sentence that goes on and on without a pause"] + ["and on and on and on"] * 12) + "."
PATIENT = SpeakingDeadlines(handshake=10, first=10, between=10)
"""A machine that is busy with something else is no vendor that fails."""
SETTLED_WITHIN = 3.0
"""Seconds for connections to be closed after the last conversation."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """An emulator, a voice that speaks with it, and when it saw itself cut, on the monotonic clock. `talks`: no voice
    but a model that hears, thinks and speaks."""

    server: Any
    voice: Callable[[Any], Any]
    cuts: Callable[[Any], list[float]]
    talks: bool = False


def _closed(server: Any) -> list[float]:  # noqa: ANN401 (an emulator)
    return [each.closed for each in server.connections if each.closed is not None]


def _interrupted(server: Any) -> list[float]:  # noqa: ANN401
    return [told["at"] for each in server.sessions for told in each.messages if told["type"] == "Interrupt"]


def _context_closed(server: Any) -> list[float]:  # noqa: ANN401
    told = (pair for each in server.sessions for pair in zip(each.messages, each.times, strict=False))
    return [at for message, at in told if message.get("close_context")]


def _cancelled(server: Any) -> list[float]:  # noqa: ANN401
    return [at for each in server.sessions for at in tuple(each.cancelled.values())]  # it is another thread's


def _deepgram(kind: type, server: Any) -> Any:  # noqa: ANN401
    return kind(key=deepgram.KEY, base_url=server.url, deadlines=PATIENT)


def _elevenlabs(kind: type, server: Any) -> Any:  # noqa: ANN401
    return kind(key=elevenlabs.KEY, base_url=server.base, deadlines=PATIENT)


def _openai(kind: type, server: Any) -> Any:  # noqa: ANN401
    return kind(base_url=server.url, deadlines=PATIENT)


def _realtime_talk(server: Any) -> Any:  # noqa: ANN401
    patient = DialogueDeadlines(hearing=HearingDeadlines(handshake=10, final=10), speaking=PATIENT)
    return OpenAiRealtimeDialogue(base_url=server.url, model="gpt-realtime-2.1-mini", deadlines=patient)


VENDORS: dict[str, Callable[[], Vendor]] = {
    "Deepgram Aura": lambda: Vendor(deepgram.Deepgram(chunk_every=PACE), partial(_deepgram, DeepgramVoice), _closed),
    "Deepgram Flux": lambda: Vendor(
        deepgram.Deepgram(chunk_every=PACE), partial(_deepgram, DeepgramFluxVoice), _interrupted
    ),
    "ElevenLabs over HTTP": lambda: Vendor(
        elevenlabs.ElevenLabs(pace=PACE), partial(_elevenlabs, ElevenLabsVoice), _closed
    ),
    "ElevenLabs over sockets": lambda: Vendor(
        elevenlabs.ElevenLabs(pace=PACE), partial(_elevenlabs, ElevenLabsSocketVoice), _context_closed
    ),
    "OpenAI speech": lambda: Vendor(openai.OpenAi(), partial(_openai, OpenAiVoice), _closed),
    "OpenAI realtime": lambda: Vendor(openai.OpenAi(pace=PACE), partial(_openai, OpenAiRealtimeVoice), _cancelled),
    "OpenAI realtime talk": lambda: Vendor(
        openai.OpenAi(pace=PACE, replies=[(LONG,)] * 2 * TIMES), _realtime_talk, _cancelled, talks=True
    ),
}


@dataclass(slots=True)
class Left:
    """What is left after so many; memory in MiB and KiB."""

    waits: list[float] = field(default_factory=list)
    connections: int = 0
    tasks: int = 0
    files: int = 0
    resident: float = 0.0
    counted: float = 0.0


@dataclass(slots=True)
class Sounding:
    news: asyncio.Event = field(default_factory=asyncio.Event)
    faults: list[str] = field(default_factory=list)

    def emitted(self, output: Output) -> None:
        if isinstance(output, Speech):
            self.news.set()
        elif isinstance(output, Fault):
            self.faults.append(output.message)
            self.news.set()


def _conversation(
    voice: Any,  # noqa: ANN401
    sounding: Sounding,
    *,
    talks: bool,
) -> AbstractAsyncContextManager[Conversation]:
    floor, mind = Floor(words=words.load(), directed=False), ScriptedMind(text=LONG)
    senses = Senses(ears=ScriptedEars(), activity=ScriptedActivity(), speech=ScriptedSpeech() if talks else voice)
    dialogue = Dialogue(voice, senses=senses, mind=mind, voice=Voice()) if talks else None
    scenario = TalkScenario(
        persona=SILENT, mind=mind, dialogue=dialogue, words=words.load(), floor=floor, limits=Limits()
    )
    if dialogue:
        senses = replace(senses, ears=dialogue, speech=dialogue)
    delivery = Delivery(allowance=0.0)
    return Conversation(scenario=scenario, senses=senses, delivery=delivery, emit=sounding.emitted)


async def cut_in(vendor: Vendor, voice: Any, times: int) -> list[float]:  # noqa: ANN401
    """Seconds from each cut to the emulator seeing it, of `times` in one conversation."""
    waits, sounding = [], Sounding()
    async with _conversation(voice, sounding, talks=vendor.talks) as talk:
        talk.post(Typed(text="Tell me everything."))
        for number in range(times):
            async with asyncio.timeout(30):
                await sounding.news.wait()
                if sounding.faults:
                    raise RuntimeError(sounding.faults[0])
                before, cut = len(vendor.cuts(vendor.server)), time.monotonic()
                talk.post(Typed(text=f"No, number {number}."))
                sounding.news.clear()
                while len(seen := vendor.cuts(vendor.server)) == before:  # noqa: ASYNC110 - a benchmark may poll
                    await asyncio.sleep(0.0005)
            waits.append(seen[before] - cut)
    return waits


def _forget(server: Any) -> None:  # noqa: ANN401
    """What an emulator remembers of what is over is not the engine's."""
    server.requests.clear()
    server.connections[:] = [each for each in server.connections if each.closed is None]
    for session in getattr(server, "sessions", ()):
        for kept in ("messages", "times", "received", "cancelled"):
            if hasattr(session, kept):
                getattr(session, kept).clear()


def _files() -> int:
    """Open ones."""
    return len(list(Path("/dev/fd").iterdir()))


def _resident() -> float:
    """MiB, after the allocator gave back what it can."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    command = ["ps", "-o", "rss=", "-p", str(os.getpid())]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024


async def measure(make: Callable[[], Vendor], times: int) -> Left:
    left, vendor = Left(), make()
    async with elsewhere(vendor.server):
        tasks, files = asyncio.all_tasks(), _files()
        voice = vendor.voice(vendor.server)
        await voice.warm()
        resident = 0.0
        for done in range(0, times, IN_ONE):
            left.waits += await cut_in(vendor, voice, min(IN_ONE, times - done))
            _forget(vendor.server)
            if done < times / 2:
                resident = _resident()
        left.resident = _resident() - resident
        left.counted = await _growth(vendor, voice)
        await voice.close()
        async with asyncio.timeout(SETTLED_WITHIN):
            while vendor.server.open:  # noqa: ASYNC110 - a benchmark may poll
                await asyncio.sleep(0.01)
        left.connections = vendor.server.open
        left.tasks = len(asyncio.all_tasks() - tasks)
        left.files = _files() - files
    return left


async def _growth(vendor: Vendor, voice: Any) -> float:  # noqa: ANN401
    """KiB that Python holds more after a hundred than after fifty."""
    held = []
    tracemalloc.start()
    for _ in range(2):
        await cut_in(vendor, voice, IN_ONE)
        _forget(vendor.server)
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return (held[1] - held[0]) / 1024


async def main(times: int, names: Sequence[str]) -> None:
    heads = ["", "p50", "p95", "max", "tasks", "connections", "files", "resident MiB", "of Python's, KiB"]
    rows: list[Sequence[object]] = [heads]
    for name in names:
        make = VENDORS[name]
        left = await measure(make, times)
        memory = [f"{left.resident:+.1f}", f"{left.counted:+.0f}"]
        rows.append([name, *spread(left.waits), left.tasks, left.connections, left.files, *memory])
        print(*rows[-1], sep="  ", flush=True)
    table(f"From cutting in to the vendor seeing it, {times} times each, ms; and what is left", rows)


if __name__ == "__main__":
    import uvloop

    sys.setswitchinterval(SWITCH_INTERVAL)  # as the server does
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES, sys.argv[2:] or list(VENDORS)))
