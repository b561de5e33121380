"""A conversation on a stage: scripted providers, virtual time, and everything that the listener's side was sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine import clock, words
from engine.audio import HEARING_RATE, Pcm, silence
from engine.conversation import Conversation
from engine.floor import Floor
from engine.limits import Limits
from engine.messages import (
    ANSWER,
    Clear,
    Clip,
    Ended,
    Fault,
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
)
from engine.playout import Delivery
from engine.providers.base import Expectation, Senses
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.scenario import Line

FRAME = 0.02
"""Seconds of a microphone frame."""
FOUR = (
    "One two three four five six seven eight.",
    "Alpha beta gamma delta epsilon zeta eta theta.",
    "Red orange yellow green blue indigo violet white.",
    "North east south west up down left right.",
)
"""Four sentences of eight words: two seconds each at the scripted pace."""


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

    def onward(self):
        return None if not self.begun or self.ended else self._from(self.next)

    async def _from(self, place):
        for number, sentence in list(enumerate(self.sentences, 1))[place - 1 :]:
            yield Line(text=sentence, mark=number)

    async def answer(self, question, history):
        from engine.providers.base import Prompt

        self.history = list(history.lines)
        prompt = Prompt(instructions="", question=question, history=history.lines)
        text = "".join([piece async for piece in self.mind.reply(prompt)])
        yield QuestionAsked(text=question, answer=text, answered=True)
        yield Line(text=text, mark=ANSWER)


@dataclass
class Scene:
    """`out`: (when, output) of everything emitted. Times are seconds since the scene began."""

    talk: Conversation = None
    scenario: Recital = None
    out: list[tuple[float, Output]] = field(default_factory=list)
    began: float = 0.0

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

    def send_clip(self, seconds, *, whole=True, voiced=True):
        pcm = voice(seconds) if voiced else silence(seconds, HEARING_RATE)
        self.talk.post(Clip(pcm=pcm, whole=whole))

    async def until(self, kind, times=1):
        """Wait until `kind` has been emitted `times` times."""
        async with asyncio.timeout(300):
            while len(self.all(kind)) < times:
                await asyncio.sleep(0.005)

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
async def stage(
    sentences=FOUR, *, ears=None, mind=None, speech=None, activity=None, delivery=None, deadlines=None, **floor
):
    """A conversation about `sentences`. Leaving it asserts that nobody is left speaking and no fault went unseen."""
    scene = Scene(began=clock.now())
    speech = speech or ScriptedSpeech()
    scene.ears = ears or ScriptedEars(says=["how much does it cost"] * 9)
    scene.speech = speech
    scene.mind = mind or ScriptedMind()
    scene.scenario = Recital(sentences, scene.mind, **floor)
    conversation = Conversation(
        scenario=scene.scenario,
        senses=Senses(ears=scene.ears, activity=activity or ScriptedActivity(), speech=speech),
        delivery=delivery or Delivery(allowance=0.0),
        emit=lambda output: scene.out.append((clock.now() - scene.began, output)),
        deadlines=deadlines,
    )
    async with conversation as scene.talk:
        yield scene
    assert speech.open_now == 0, "a speech outlived its conversation"


class ReportingClient:
    """A client that plays what it gets in real time and reports it, as the page does: every 50 ms and when cleared."""

    def __init__(self, scene):
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
            await asyncio.sleep(0.05)
            self.played = min(self.got, self.played + 0.05)
            self.report()

    def report(self):
        self.scene.talk.post(Played(generation=self.generation, seconds=self.played))


__all__ = ["FOUR", "Ended", "Fault", "ReportingClient", "Resumed", "State", "stage", "voice"]
