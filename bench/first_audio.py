"""How long the first audio of an answer takes where vendors hear, think and speak, over their SDKs and real sockets.

    python -m bench.first_audio [rounds]

A talk with Deepgram's ears, OpenAI's chat and ElevenLabs' voice, each emulated on this machine in a thread of its own:
what was heard is told after 250 ms, the first token of a reply comes after 400 ms (and ends its first sentence: how
fast a model writes is no wait of the engine's), the first sound of a line after 250.
Measured from the moment at which the turn is over, that is, the engine asks for its final words, to the first audio of
the answer being handed to the wire; without and with thinking ahead (SPECULATE). And the whole, from the last sample of
the listener's voice: with the detector's hangover of 0.25 s, and the pause that decides that they are done.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.client import FRAME, spread, table
from engine import clock, words
from engine.audio import HEARING_RATE, Pcm, silence
from engine.conversation import Conversation
from engine.floor import Floor
from engine.journal import Event
from engine.limits import Limits
from engine.messages import MicAudio, Output, ReplyEnded, Speech
from engine.playout import Delivery
from engine.providers.base import Senses, SpeechToText
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
from engine.providers.openai_chat import OpenAiChat
from engine.providers.scripted import ScriptedActivity
from engine.records import Persona
from engine.speculation import speculating
from engine.start import SWITCH_INTERVAL
from engine.talk import TalkScenario
from tests.vendors import deepgram, elevenlabs, openai
from tests.vendors.coded_speech import uttered
from tests.vendors.elsewhere import elsewhere
from tests.vendors.faults import Faults

FINAL, TOKEN, SOUND = 0.25, 0.4, 0.25
"""Seconds that the emulated vendors take."""
SUM = FINAL + TOKEN + SOUND
HANGOVER = 0.25
PATIENCE = 0.9
"""That of a persona of whom nothing else is said."""
QUESTION = "what is it like"
REPLY = ("Fine. So ", "so.")
SILENT = Persona(
    id="p", name="P", summary="", who="You are P.", scene="", opening="", questions=(), closing="", patience=PATIENCE
)


@dataclass(slots=True)
class Heard:
    """What comes of a turn: when its first audio did, and when it was over."""

    sounded: float | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def emitted(self, output: Output) -> None:
        if isinstance(output, Speech) and self.sounded is None:
            self.sounded = clock.now()
        elif isinstance(output, ReplyEnded):
            self.ended.set()

    def forget(self) -> None:
        self.sounded = None
        self.ended.clear()


@dataclass(slots=True)
class Waits:
    """Seconds to the first audio of each turn, and how often the language model was asked in all."""

    since_over: list[float] = field(default_factory=list)
    since_voice: list[float] = field(default_factory=list)
    asked: int = 0


async def take_turn(talk: Conversation, heard: Heard) -> tuple[float, float]:
    """Ask, hear the answer out: when the last of the voice left the microphone, and when the turn was over."""
    heard.forget()
    pcm = uttered(QUESTION)
    step = round(FRAME * HEARING_RATE) * 2
    voiced = [Pcm(pcm.data[at : at + step], HEARING_RATE) for at in range(0, len(pcm.data), step)]
    due, last, sent = clock.now(), 0.0, 0
    while not heard.ended.is_set():
        frame = voiced[sent] if sent < len(voiced) else silence(FRAME, HEARING_RATE)
        talk.post(MicAudio(pcm=frame))
        if any(frame.data):
            last = clock.now()
        sent, due = sent + 1, due + FRAME
        await asyncio.sleep(max(0.0, due - clock.now()))
    began = clock.now() - talk.journal.elapsed
    over = next(entry.at for entry in reversed(talk.journal.entries) if entry.event is Event.TURN_ENDED)
    return last, began + over


@asynccontextmanager
async def conversation(ears: type, *, ahead: bool) -> AsyncIterator[tuple[Conversation, Heard, Callable[[], int]]]:
    """A talk over the emulated vendors; what is heard of it, and how often its language model was asked."""
    async with (
        elsewhere(deepgram.Deepgram(lag=FINAL)) as hearing,
        elsewhere(openai.OpenAi(delays=openai.Delays(token=TOKEN), replies=[REPLY])) as thinking,
        elsewhere(elevenlabs.ElevenLabs(faults=Faults(slow_first_byte=SOUND))) as speaking,
    ):
        hears: SpeechToText = ears(key=deepgram.KEY, base_url=hearing.url)
        mind = OpenAiChat(base_url=thinking.url, model="m")
        speech = ElevenLabsSocketVoice(key=elevenlabs.KEY, base_url=speaking.base)
        floor, heard = Floor(words=words.load(), patience=PATIENCE, directed=False), Heard()
        await asyncio.gather(hears.warm(), mind.warm(), speech.warm())  # type: ignore[attr-defined]
        async with speculating(mind, on=ahead) as thinks:
            scenario = TalkScenario(persona=SILENT, mind=thinks, words=words.load(), floor=floor, limits=Limits())
            senses = Senses(ears=hears, activity=ScriptedActivity(offset_after=HANGOVER), speech=speech)
            async with Conversation(
                scenario=scenario, senses=senses, delivery=Delivery(allowance=0.0), emit=heard.emitted
            ) as talk:
                yield talk, heard, lambda: sum(each.path == "/v1/chat/completions" for each in thinking.requests)
        await asyncio.gather(hears.close(), mind.close(), speech.close())  # type: ignore[attr-defined]


async def measure(rounds: int, ears: type, *, ahead: bool) -> Waits:
    waits = Waits()
    async with conversation(ears, ahead=ahead) as (talk, heard, asked):
        await take_turn(talk, heard)  # opens what is opened only once
        before = asked()
        for _ in range(rounds):
            last, over = await take_turn(talk, heard)
            assert heard.sounded is not None, "a turn without an answer"
            waits.since_over.append(heard.sounded - over)
            waits.since_voice.append(heard.sounded - last)
        waits.asked = asked() - before
    return waits


def rows(name: str, rounds: int, plain: Waits, ahead: Waits) -> list[Sequence[object]]:
    return [
        [f"{name}: from the end of the turn", *spread(plain.since_over), plain.asked / rounds],
        ["  less the sum of the vendors' 900", *spread([wait - SUM for wait in plain.since_over]), ""],
        ["  from the last of the voice", *spread(plain.since_voice), ""],
        ["  thinking ahead: from the end of the turn", *spread(ahead.since_over), ahead.asked / rounds],
        ["  thinking ahead: from the last of the voice", *spread(ahead.since_voice), ""],
    ]


async def main(rounds: int) -> None:
    found: list[Sequence[object]] = [["", "p50", "p95", "max", "requests a turn"]]
    for name, ears in {"Nova": DeepgramEars, "Flux": DeepgramFlux}.items():
        plain = await measure(rounds, ears, ahead=False)
        found += rows(name, rounds, plain, await measure(rounds, ears, ahead=True))
    table(f"First audio over emulated vendors, {rounds} turns each, ms", found)


if __name__ == "__main__":
    import uvloop

    sys.setswitchinterval(SWITCH_INTERVAL)  # as the server does
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
