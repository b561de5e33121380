"""The fault table: whatever a vendor does wrong, on whatever leg, what the user hears, and how long it takes.

    python -m bench.faults [leg …]

Each cell is a talk of its own over real sockets: a vendor's provider, by its official SDK, against its emulator with
one fault, followed by a scripted one that works, wrapped and chained as the registry does it. Seconds are the longest
silence that the user waits through: for ears, from the end of the turn to its words; else from the question, which is
spoken to a model that hears, to the first sound of the answer, and between any two of its sounds as they are played.

A cell is worse than allowed where that is more than two seconds, where anything was said or heard twice or lost, or
where somebody else went on and the user was not told. The command ends with 1 if there is one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from bench.client import FRAME, table
from engine import clock, words
from engine.audio import HEARING_RATE, Pcm, silence
from engine.conversation import Conversation
from engine.dialogue import Dialogue
from engine.errors import ProviderFailed
from engine.floor import Floor
from engine.journal import Event
from engine.limits import Limits
from engine.messages import Fault, MicAudio, Output, ReplyEnded, Said, Speech, Typed
from engine.playout import Delivery
from engine.providers import housekeeping
from engine.providers.base import About, LanguageModel, Senses, SpeechToText, TextToSpeech, Voice
from engine.providers.cached import CachedVoice
from engine.providers.circuit import Chain, Link
from engine.providers.deadlines import IMPATIENT
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from engine.providers.deepgram_flux_voice import DeepgramFluxVoice
from engine.providers.deepgram_voice import DeepgramVoice
from engine.providers.elevenlabs_ears import ElevenLabsEars
from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
from engine.providers.elevenlabs_voice import ElevenLabsVoice
from engine.providers.fallback_ears import FallbackEars
from engine.providers.fallback_mind import FallbackMind
from engine.providers.fallback_voice import FallbackVoice
from engine.providers.metered import MeteredEars, MeteredMind, MeteredVoice
from engine.providers.metered_dialogue import MeteredDialogue
from engine.providers.openai_chat import OpenAiChat
from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_live_ears import OpenAiLiveEars
from engine.providers.openai_realtime_voice import OpenAiRealtimeVoice
from engine.providers.openai_responses import OpenAiResponses
from engine.providers.openai_voice import OpenAiVoice
from engine.providers.persistent import PersistentMind, PersistentVoice
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.providers.tab import Tab
from engine.records import Persona
from engine.talk import TalkScenario
from tests.vendors import deepgram, elevenlabs, openai
from tests.vendors.coded_speech import Understanding, uttered
from tests.vendors.elsewhere import elsewhere
from tests.vendors.faults import Faults

AT_MOST = 2.0
"""Seconds until somebody goes on."""
AT_ONCE = 6
"""Cells that run at the same time: most of each is waiting."""
GIVEN_UP = 30.0
QUESTION = "what is it like"
REPLY = ("It is quiet here. ", "There are many trees. ", "People like it.")
OTHERS = "Somebody else says this. And this too."
SPOKEN = "".join(REPLY)
SILENT = Persona(id="p", name="P", summary="", who="You are P.", scene="", opening="", questions=(), closing="")

FAULTS: dict[str, Faults] = {
    "none": Faults(),
    "401": Faults(unauthorized=True),
    "429, 0.1 s": Faults(rate_limited=0.1, times=1),
    "429, 600 s": Faults(rate_limited=600.0),
    "500": Faults(server_error=True),
    "502, HTML": Faults(bad_gateway_html=True),
    "slow headers": Faults(slow_headers=30.0),
    "slow first byte": Faults(slow_first_byte=30.0),
    "stall": Faults(stall=2),
    "cut": Faults(cut=2),
    "early end": Faults(clean_early_end=2),
    "malformed": Faults(malformed_frame=True),
    "error event": Faults(error_event=True),
    "silent peer": Faults(silent_peer=True),
    "idle close": Faults(idle_close=0.6),
    "session limit": Faults(session_limit=0.6),
}
LATER = {"idle close", "session limit"}
"""Faults that strike between two turns: the second one counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One provider at work: `kind` is hear, think, speak, or talk for all of them in one."""

    kind: str
    provider: type
    emulated: Callable[..., AbstractAsyncContextManager[object]]
    key: str


@asynccontextmanager
async def _deepgram(faults: Faults) -> AsyncIterator[str]:
    async with elsewhere(deepgram.Deepgram(faults=faults)) as server:
        yield server.url


@asynccontextmanager
async def _elevenlabs(faults: Faults) -> AsyncIterator[str]:
    said = [(word, 0.25 * at, 0.25 * at + 0.2) for at, word in enumerate(QUESTION.split())]
    async with elsewhere(elevenlabs.ElevenLabs(faults=faults, says=[said] * 40)) as server:
        yield server.base


@asynccontextmanager
async def _openai(faults: Faults) -> AsyncIterator[str]:
    async with elsewhere(openai.OpenAi(faults=faults, says=[QUESTION] * 40, replies=[REPLY])) as server:
        yield server.url


LEGS: dict[str, Leg] = {
    "Nova": Leg(kind="hear", provider=DeepgramEars, emulated=_deepgram, key=deepgram.KEY),
    "Flux": Leg(kind="hear", provider=DeepgramFlux, emulated=_deepgram, key=deepgram.KEY),
    "Scribe": Leg(kind="hear", provider=ElevenLabsEars, emulated=_elevenlabs, key=elevenlabs.KEY),
    "transcriptions": Leg(kind="hear", provider=OpenAiEars, emulated=_openai, key="sk-mine"),
    "live": Leg(kind="hear", provider=OpenAiLiveEars, emulated=_openai, key="sk-mine"),
    "Chat": Leg(kind="think", provider=OpenAiChat, emulated=_openai, key="sk-mine"),
    "Responses": Leg(kind="think", provider=OpenAiResponses, emulated=_openai, key="sk-mine"),
    "Aura": Leg(kind="speak", provider=DeepgramVoice, emulated=_deepgram, key=deepgram.KEY),
    "Flux voice": Leg(kind="speak", provider=DeepgramFluxVoice, emulated=_deepgram, key=deepgram.KEY),
    "11 HTTP": Leg(kind="speak", provider=ElevenLabsVoice, emulated=_elevenlabs, key=elevenlabs.KEY),
    "11 sockets": Leg(kind="speak", provider=ElevenLabsSocketVoice, emulated=_elevenlabs, key=elevenlabs.KEY),
    "speech": Leg(kind="speak", provider=OpenAiVoice, emulated=_openai, key="sk-mine"),
    "Realtime voice": Leg(kind="speak", provider=OpenAiRealtimeVoice, emulated=_openai, key="sk-mine"),
    "Realtime talk": Leg(kind="talk", provider=OpenAiRealtimeDialogue, emulated=_openai, key="sk-mine"),
}


@dataclass(slots=True)
class Heard:
    """What the user gets of one turn."""

    first: float = 0.0
    """When the first sound came."""
    longest: float = 0.0
    """Seconds between two sounds as they are played."""
    ends: float = 0.0
    """When the last sound will have been played."""
    user: list[str] = field(default_factory=list)
    agent: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def emitted(self, output: Output) -> None:
        match output:
            case Speech(pcm=pcm):
                now = clock.now()
                self.first = self.first or now
                self.longest = max(self.longest, now - (self.ends or now))
                self.ends = max(self.ends, now) + pcm.seconds
            case Said(speaker=who, text=text):
                (self.user if who == "user" else self.agent).append(text)
            case Fault(message=message):
                self.told.append(message)
            case ReplyEnded():
                self.over.set()
            case _:
                pass

    def begin(self) -> None:
        self.first = self.longest = self.ends = 0.0
        self.user, self.agent = [], []
        self.over.clear()

    def waited(self, asked: float) -> float:
        """The longest silence since `asked`, in seconds."""
        return max(self.first - asked, self.longest)


@dataclass(slots=True)
class CodedEars(ScriptedEars):
    """They understand what they hear, also where a slow machine cut it in two."""

    def understood(self, pieces: Sequence[Pcm]) -> str:
        stream = Understanding()
        for pcm in pieces:
            stream.take(pcm.data)
        return " ".join(word.text for word in stream.words)


class Others:
    """Whoever goes on, and does the rest of the work."""

    def __init__(self, leg: Leg) -> None:
        self.ears = CodedEars(final_after=0.05, about=_other("ears"))
        self.mind = ScriptedMind(text=OTHERS if leg.kind in {"think", "talk"} else SPOKEN, about=_other("mind"))
        self.voice = ScriptedSpeech(word_seconds=0.15, chunk_every=0.001, about=_other("voice"))
        self._kind = leg.kind

    @property
    def went_on(self) -> bool:
        at_work = {"hear": self.ears.heard, "think": self.mind.asked, "speak": self.voice.spoken}
        return any(at_work.values()) if self._kind == "talk" else bool(at_work[self._kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`waited` seconds at most; `told`: how often; `wrong`: what is not as it must be."""

    waited: float
    told: int
    others: bool
    wrong: str

    def __str__(self) -> str:
        went_on = " →" if self.others else ""
        return f"{self.waited:.2f}{went_on}{' !' + self.wrong if self.wrong else ''}"


def _chained(leg: Leg, made: object, others: Others, tab: Tab) -> tuple[Senses, TalkScenario]:
    """Everybody at work in the cell: `made` where the leg has it, followed by a scripted one; else scripted ones."""
    ears: SpeechToText = others.ears
    mind: LanguageModel = others.mind
    voice: TextToSpeech = others.voice
    dialogue: Dialogue | None = None
    if leg.kind == "hear":
        ears = FallbackEars(Chain([Link(MeteredEars(made)), Link(ears)])).of(tab)  # type: ignore[arg-type]
    elif leg.kind == "think":
        mind = FallbackMind(Chain([Link(PersistentMind(MeteredMind(made))), Link(mind)])).of(tab)  # type: ignore[arg-type]
    elif leg.kind == "speak":
        first = CachedVoice(PersistentVoice(MeteredVoice(made)))  # type: ignore[arg-type]
        voice = FallbackVoice(Chain([Link(first), Link(voice)])).of(tab)
    else:
        instead = Senses(ears=ears, activity=ScriptedActivity(), speech=voice)
        dialogue = Dialogue(MeteredDialogue(made, tab), senses=instead, mind=mind, voice=Voice())  # type: ignore[arg-type]
        ears = voice = dialogue
    floor = Floor(words=words.load(), patience=0.3, directed=False)
    return Senses(ears=ears, activity=ScriptedActivity(), speech=voice), TalkScenario(
        persona=SILENT, mind=mind, dialogue=dialogue, words=words.load(), floor=floor, limits=Limits()
    )


def _other(kind: str) -> About:
    return About(name=f"other {kind}", label=f"The other {kind}", local=True)


async def cell(leg: Leg, fault: str) -> Cell:
    # A server that is not of the vendor itself is given the patience of one at home; the vendor's own is meant here.
    options = {"deadlines": IMPATIENT} if leg.kind == "think" else {}
    async with AsyncExitStack() as exits:
        address = await exits.enter_async_context(leg.emulated(replace(FAULTS[fault])))
        made = leg.provider(key=leg.key, base_url=address, **options)
        exits.push_async_callback(housekeeping.close, [made])
        if fault in {"none", *LATER}:  # else loading would wear the fault out
            await _warm(made)
        heard = Heard()
        tab = Tab(lambda notice: heard.told.append(str(notice)))
        others = Others(leg)
        senses, scenario = _chained(leg, made, others, tab)
        talk = await exits.enter_async_context(
            Conversation(scenario=scenario, senses=senses, delivery=Delivery(allowance=0.0), emit=heard.emitted)
        )
        for turn in range(2 if fault in LATER else 1):
            if turn:
                await asyncio.sleep(1.2)
            waited = await (_speak(talk, heard, leg) if leg.kind in {"hear", "talk"} else _type(talk, heard))
        return _judged(leg, heard, waited, others)


async def _warm(made: object) -> None:
    try:
        await housekeeping.warm(made)
    except ProviderFailed:
        return


async def _type(talk: Conversation, heard: Heard) -> float:
    heard.begin()
    asked = clock.now()
    talk.post(Typed(text=QUESTION))
    async with asyncio.timeout(GIVEN_UP):
        await heard.over.wait()
    return heard.waited(asked)


async def _speak(talk: Conversation, heard: Heard, leg: Leg) -> float:
    """Seconds from the end of the turn to its words, or to the sound of the model that heard them."""
    heard.begin()
    pcm, step = uttered(QUESTION), round(FRAME * HEARING_RATE) * 2
    frames = [Pcm(pcm.data[at : at + step], HEARING_RATE) for at in range(0, len(pcm.data), step)]
    due = clock.now()
    async with asyncio.timeout(GIVEN_UP):
        while not heard.over.is_set():
            talk.post(MicAudio(pcm=frames.pop(0) if frames else silence(FRAME, HEARING_RATE)))
            due += FRAME
            await asyncio.sleep(max(0.0, due - clock.now()))
    at = {event: [entry.at for entry in talk.journal.entries if entry.event is event] for event in Event}
    ended = at[Event.TURN_ENDED][-1]
    if leg.kind == "hear":
        return at[Event.TRANSCRIBED][-1] - ended
    return heard.waited(clock.now() - talk.journal.elapsed + ended)


def _judged(leg: Leg, heard: Heard, waited: float, others: Others) -> Cell:
    wrong = []
    said, went_on = " ".join(heard.agent), others.went_on
    if leg.kind in {"hear", "talk"} and heard.user != [QUESTION]:
        wrong.append(f"heard {heard.user}")
    if leg.kind in {"hear", "speak"} and said != SPOKEN:
        wrong.append(f"said {said!r}")
    if leg.kind in {"think", "talk"}:
        sentences = [sentence.strip() for sentence in REPLY]
        begun = [sentence for sentence in sentences if sentence in said]
        whole = " ".join([*begun, OTHERS] if others.mind.asked else begun)
        if said != whole or begun != sentences[: len(begun)] or (not others.mind.asked and begun != sentences):
            wrong.append(f"said {said!r}")
    if went_on and not any("goes on" in told or "from now on" in told for told in heard.told):
        wrong.append("not told")
    if waited > AT_MOST:
        wrong.append("late")
    return Cell(waited=waited, told=len(heard.told), others=went_on, wrong="; ".join(wrong))


async def measure(names: Sequence[str]) -> dict[tuple[str, str], Cell]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(8 * AT_ONCE))  # each emulator has a thread
    found: dict[tuple[str, str], Cell] = {}
    turnstile = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, fault: str) -> None:
        async with turnstile:
            try:
                found[name, fault] = await cell(LEGS[name], fault)
            except TimeoutError:
                found[name, fault] = Cell(waited=GIVEN_UP, told=0, others=False, wrong="never over")

    for name in names:
        await one(name, "none")  # loads the SDK, which is done at start-up else
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            for fault in FAULTS:
                tasks.create_task(one(name, fault))
    return found


def main() -> int:
    names = sys.argv[1:] or list(LEGS)
    found = asyncio.run(measure(names))
    rows = [[fault, *(str(found[name, fault]) for name in names)] for fault in FAULTS]
    table(
        "Seconds that the user waits; →: the next provider went on, and the user was told", [["fault", *names], *rows]
    )
    worse = [(name, fault, one.wrong) for (name, fault), one in found.items() if one.wrong]
    print(f"\n{len(found) - len(worse)} of {len(found)} cells as they must be")
    for name, fault, wrong in worse:
        print(f"  {name}, {fault}: {wrong}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
