"""A conversation on a stage: scripted providers, virtual time, and everything that the listener's side was sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine import clock, words
from engine.audio import HEARING_RATE, Pcm, silence
from engine.conversation import Conversation
from engine.dialogue import Dialogue
from engine.errors import BadInput
from engine.floor import Floor
from engine.limits import Limits
from engine.messages import (
    ANSWER,
    Clear,
    Clip,
    Ended,
    Fault,
    Judged,
    LineBegan,
    MicAudio,
    Output,
    Play,
    Played,
    QuestionAsked,
    Resumed,
    Said,
    Speech,
    State,
    StateChanged,
    Typed,
)
from engine.playout import Delivery
from engine.providers.base import EndOfTurn, Expectation, Prompt, Senses, Transcript, Voice
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.records import Persona
from engine.scenario import Line
from engine.speculation import speculating
from engine.talk import TalkScenario

FRAME = 0.02
"""Seconds of a microphone frame."""
FOUR = (
    "One two three four five six seven eight.",
    "Alpha beta gamma delta epsilon zeta eta theta.",
    "Red orange yellow green blue indigo violet white.",
    "North east south west up down left right.",
)
"""Four sentences of eight words: two seconds each at the scripted pace."""
PAT = Persona(
    id="pat",
    name="Pat",
    summary="For tests",
    who="You are Pat.",
    scene="A stage.",
    opening="Good morning to you. What brings you here today?",
    questions=("Why?",),
    closing="Goodbye.",
    patience=0.5,
)
"""Opens with a second of four words and 1.25 s of five."""


class Recital:
    """The smallest scenario: sentences in order, a reply of the scripted mind to every question."""

    def __init__(self, sentences, mind, **floor):
        self.sentences, self.mind = sentences, mind
        self.floor = Floor(words=words.load(), **floor)
        self.expectation = Expectation(sentences=tuple(sentences))
        self.limits = Limits(paused=None)
        self.next, self.begun = 1, False

    place = property(lambda self: self.next if self.begun else None)
    ended = property(lambda self: self.begun and self.next > len(self.sentences))

    def begin(self):
        if self.next > len(self.sentences):
            self.next = 1
        self.begun = True

    def seek(self, mark):
        self.next = mark

    def heard(self, mark):
        if isinstance(mark, int):
            self.next = mark + 1

    def brief(self, brief):
        raise BadInput("a recital cannot be told anything")

    def onward(self):
        return None if not self.begun or self.ended else self._from(self.next)

    async def _from(self, place):
        for number, sentence in list(enumerate(self.sentences, 1))[place - 1 :]:
            yield Line(text=sentence, mark=number)

    def prompt(self, question, history):
        return Prompt(instructions="", question=question, history=history.lines)

    def interject(self, said, history):
        return None

    async def answer(self, question, history):
        self.history = list(history.lines)
        text = "".join([piece async for piece in self.mind.reply(self.prompt(question, history))])
        yield QuestionAsked(text=question, answer=text, answered=True)
        yield Line(text=text, mark=ANSWER)


@dataclass
class Scene:
    """`out`: (when, output) of everything emitted. Times are seconds since the scene began."""

    talk: Conversation = None
    scenario: Recital = None
    out: list[tuple[float, Output]] = field(default_factory=list)
    began: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    # ---- what the listener does ---------------------------------------------------------------------------------

    def play(self):
        self.talk.post(Play())

    async def at(self, seconds):
        """Wait until `seconds` into the scene."""
        await asyncio.sleep(self.began + seconds - clock.now())

    async def say(self, seconds, *, pause_after=1.0):
        """Speak into the microphone for `seconds`, frame by frame in real time, then be silent for `pause_after`."""
        for voiced, length in ((True, seconds), (False, pause_after)):
            for _ in range(round(length / FRAME)):
                self.talk.post(MicAudio(pcm=voice(FRAME) if voiced else silence(FRAME, HEARING_RATE)))
                await asyncio.sleep(FRAME)

    def understand(self, text, end_of_turn=EndOfTurn.UNKNOWN):
        """Have understood so much of the turn that is going on."""
        turn = self.talk.journal.entries[-1].turn
        self.talk.post(Transcript(turn=turn, text=text, final=False, end_of_turn=end_of_turn))

    def write(self, text):
        self.talk.post(Typed(text=text))

    def send_clip(self, seconds, *, whole=True, voiced=True):
        pcm = voice(seconds) if voiced else silence(seconds, HEARING_RATE)
        self.talk.post(Clip(pcm=pcm, whole=whole))

    async def until(self, kind, times=1):
        """Wait until `kind` has been emitted `times` times."""
        async with asyncio.timeout(300):
            while len(self.all(kind)) < times:
                self.news.clear()
                await self.news.wait()

    def emitted(self, output):
        self.out.append((clock.now() - self.began, output))
        self.news.set()

    # ---- what the listener got ------------------------------------------------------------------------------------

    def all(self, kind):
        return [output for _, output in self.out if isinstance(output, kind)]

    def when(self, kind):
        return [at for at, output in self.out if isinstance(output, kind)]

    @property
    def marks(self):
        """The lines that began, in order; a line announced again is there again."""
        return [line.mark for line in self.all(LineBegan)]

    @property
    def states(self):
        return [change.state for change in self.all(StateChanged)]

    @property
    def transcript(self):
        return [(said.speaker, said.text, said.interrupted) for said in self.all(Said)]

    @property
    def verdicts(self):
        return [judged.verdict for judged in self.all(Judged)]

    def out_before(self, kind):
        """The speech that was emitted before the first `kind`, with its times."""
        first = self.when(kind)[0]
        return [(at, output) for at, output in self.out if isinstance(output, Speech) and at <= first]

    def silent_between(self, start, end):
        return not [at for at in self.when(Speech) if start < at < end]

    def audio_after(self, at, *, generation=None):
        """Seconds of audio emitted after `at`."""
        return sum(
            output.pcm.seconds
            for when, output in self.out
            if isinstance(output, Speech) and when > at and generation in (None, output.generation)
        )


def voice(seconds):
    return Pcm(b"\x00\x20" * round(seconds * HEARING_RATE), HEARING_RATE)


@asynccontextmanager
async def stage(sentences=FOUR, *, mind=None, ahead=False, **rest):
    """A recital of `sentences`, whose mind thinks `ahead`; `rest` are the stage's or the floor's."""
    mind = mind or ScriptedMind()
    providers = {name: rest.pop(name) for name in _STAGE & rest.keys()}
    async with (
        speculating(mind, on=ahead) as thinks,
        _conversation(Recital(sentences, thinks, **rest), mind, **providers) as scene,
    ):
        yield scene


@asynccontextmanager
async def talking(*, persona=PAT, mind=None, ahead=False, limits=None, play=True, **rest):
    """A talk with `persona`, who thinks `ahead`, without limits unless given; `rest` are the stage's or the floor's."""
    mind = mind or ScriptedMind(text="That sounds good to me. Tell me more about it.")
    providers = {name: rest.pop(name) for name in _STAGE & rest.keys()}
    floor = Floor(words=words.load(), directed=False, **{"patience": persona.patience} | rest)
    async with speculating(mind, on=ahead) as thinks:
        scenario = TalkScenario(
            persona=persona, mind=thinks, words=words.load(), floor=floor, limits=limits or Limits(paused=None)
        )
        async with _conversation(scenario, mind, **providers) as scene:
            if play:
                scene.play()
            yield scene


_STAGE = {"ears", "speech", "activity", "delivery", "deadlines"}


@asynccontextmanager
async def _conversation(scenario, mind, *, ears=None, speech=None, activity=None, delivery=None, deadlines=None):
    """Leaving it asserts that nobody is left speaking."""
    scene = Scene(began=clock.now(), scenario=scenario)
    scene.ears = ears or ScriptedEars(says=["how much does it cost"] * 9)
    scene.speech = speech or ScriptedSpeech()
    scene.mind = mind
    conversation = Conversation(
        scenario=scenario,
        senses=Senses(ears=scene.ears, activity=activity or ScriptedActivity(), speech=scene.speech),
        delivery=delivery or Delivery(allowance=0.0),
        emit=scene.emitted,
        deadlines=deadlines,
    )
    async with conversation as scene.talk:
        yield scene
    if isinstance(scene.speech, ScriptedSpeech):
        assert scene.speech.open_now == 0, "a speech outlived its conversation"


@asynccontextmanager
async def talking_with(partner, *, mind=None, ears=None, speech=None, play=True, limits=None, **rest):
    """A talk with PAT, whom `partner` plays while it can; then `ears`, `mind` and `speech` go on."""
    mind = mind or ScriptedMind(text="Now I speak with another voice.")
    senses = Senses(
        ears=ears or ScriptedEars(says=["is anybody there"] * 9),
        activity=ScriptedActivity(),
        speech=speech or ScriptedSpeech(),
    )
    dialogue = Dialogue(partner, senses=senses, mind=mind, voice=Voice())
    providers = {name: rest.pop(name) for name in _STAGE & rest.keys()}
    floor = Floor(words=words.load(), directed=False, **{"patience": PAT.patience} | rest)
    scenario = TalkScenario(
        persona=PAT,
        mind=mind,
        dialogue=dialogue,
        words=words.load(),
        floor=floor,
        limits=limits or Limits(paused=None),
    )
    async with _conversation(scenario, mind, ears=dialogue, speech=dialogue, **providers) as scene:
        scene.senses, dialogue.voice = senses, lambda: scene.talk.voice
        if play:
            scene.play()
        yield scene


class ReportingClient:
    """Plays what it gets in real time and reports it, as the page does: while it plays, and when cleared."""

    def __init__(self, scene, every=0.05):
        self.every = every
        self.scene, self.generation, self.got, self.played = scene, 1, 0.0, 0.0
        self.cleared = 0

    async def run(self):
        seen = 0
        while True:
            for _, output in self.scene.out[seen:]:
                if isinstance(output, Clear):
                    self.report()
                    self.generation, self.got, self.played = output.generation, 0.0, 0.0
                elif isinstance(output, Speech) and output.generation == self.generation:
                    self.got += output.pcm.seconds
            seen = len(self.scene.out)
            await asyncio.sleep(self.every)
            self.played = min(self.got, self.played + self.every)
            self.report()

    def report(self):
        self.scene.talk.post(Played(generation=self.generation, seconds=self.played))


__all__ = ["FOUR", "Ended", "Fault", "ReportingClient", "Resumed", "State", "stage", "voice"]
