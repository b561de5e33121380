"""Whatever comes in whatever order: hundreds of random sequences of all inputs, each judged by what may never happen.

Which sequence it was is the seed's: a failure names it, and it fails again.
"""

import asyncio
import math
import random
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import fields, replace

import pytest

from engine import clock
from engine.audio import HEARING_RATE, silence
from engine.coach.messages import CoachInput
from engine.cutting_in import MANNERS, Hardness
from engine.errors import RostrumError
from engine.floor import Verdict
from engine.inputs import Input
from engine.limits import Limits
from engine.messages import (
    INTERJECTION,
    Brief,
    Clear,
    Clip,
    Correct,
    CutIns,
    Ended,
    Forget,
    Hold,
    Judged,
    LineBegan,
    MarkPlayed,
    MicAudio,
    Patience,
    Play,
    Played,
    Remember,
    ReplyEnded,
    Retune,
    Returned,
    Said,
    Seek,
    Speech,
    State,
    StateChanged,
    TalkReleased,
    Typed,
)
from engine.playout import Delivery
from engine.providers.base import EndOfTurn, Transcript
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.rehearsal.messages import GoAgain
from engine.turn import Phase
from tests.core.scene import FOUR, ReportingClient, stage, talking, voice
from tests.virtual_time import run

SAID = (
    "",
    "",
    "mm-hm",
    "stop",
    "go on",
    "what does it cost",
    "tell me everything about it",
    "goodbye",
    "one two three",
)
LIMITS = Limits(silence=4.0, asks=1, paused=9.0, length=40.0, notice=10.0, overtime=6.0)
SEEDS = 250
BATCH = 50

KINDS = [kind for kind in Input.__args__ if kind not in (*CoachInput.__args__, GoAgain)]
"""Of inputs: nobody is coached here."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    """Nobody speaks for long here."""
    for hardness, manner in MANNERS.items():
        soon = replace(manner, after=0.3, every=0.5, yields=min(manner.yields, 0.3) if manner.times < 4 else math.inf)
        monkeypatch.setitem(MANNERS, hardness, soon)


class Stage:
    """One random conversation; `broken` collects what may never happen."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.texts = iter(range(10_000))
        self.made = set()
        self.cutting = self.dice.random() < 0.4
        """Somebody speaks for long, and is cut into."""

    # ---- what there is ----------------------------------------------------------------------------------------------

    def some(self, *values):
        return self.dice.choice(values)

    @asynccontextmanager
    async def open(self):
        ears = ScriptedEars(
            says=[self.some(*SAID) for _ in range(99)],
            final_after=self.some(0.0, 0.0, 0.4, 2.0),
            confidence=self.some(0.9, 0.9, 0.1),
            stuck=self.dice.random() < 0.1,
        )
        mind = ScriptedMind(
            text=self.some("It is free.", "One sentence. And another one. And a last one.", "…"),
            first_after=self.some(0.0, 0.3, 1.5),
            word_every=self.some(0.0, 0.1),
            fails=self.some(None, None, None, 0, 2),
        )
        speech = ScriptedSpeech(
            first_after=self.some(0.0, 0.2), chunk_every=self.some(0.0, 0.08, 0.15), fails=self.some(None, None, "Red")
        )
        delivery = self.some(
            Delivery(allowance=0.0),
            Delivery(allowance=0.25, always_clear=True),
            Delivery(reports=True),
            Delivery(chunk=None, allowance=0.25),
        )
        rest = {"ears": ears, "mind": mind, "speech": speech, "delivery": delivery, "longest_turn": 5.0}
        rest["ahead"] = self.dice.random() < 0.5
        limits = self.some(LIMITS, Limits())
        opened = talking(limits=limits, play=False, **rest) if self.dice.random() < 0.7 else stage(FOUR, **rest)
        async with opened as s:
            playing = asyncio.create_task(ReportingClient(s, every=0.2).run()) if delivery.reports else None
            try:
                yield s
            finally:
                if playing:
                    playing.cancel()
        assert mind.open_now == 0, "a thought outlived its conversation"

    # ---- what happens to it -----------------------------------------------------------------------------------------

    def input(self, kind):
        match kind.__name__:
            case "MicAudio":
                return MicAudio(pcm=self.some(voice, _silent)(0.1))
            case "Clip":
                return Clip(pcm=self.some(voice, _silent)(self.some(0.2, 1.0)), whole=self.some(True, False))
            case "Typed":
                return Typed(text=f"{self.some('what about', 'goodbye', 'stop')} {next(self.texts)}")
            case "Seek":
                return Seek(mark=self.some(1, 3, 5))
            case "Retune":
                return Retune(speed=self.some(None, 0.8, 2.0), voice=self.some(None, "steadier"))
            case "Played":
                return Played(generation=self.some(1, 2, 3, 4), seconds=self.some(0.0, 0.5, 9.0))
            case "MarkPlayed":
                return MarkPlayed(mark=self.some(1, 2, "opening", "user_response", "closing"))
            case "Hold":
                return Hold(on=self.some(True, False))
            case "Patience":
                return Patience(seconds=self.some(0.1, 0.5, 2.0))
            case "CutIns":
                return CutIns(hardness=self.some(*Hardness))
            case "Brief":
                return Brief(instructions=self.some(None, "Be brief."), temperature=self.some(None, 0.5))
            case "Remember":
                return Remember(id=self.some("a", "b"), role=self.some("user", "assistant"), text="By the way.")
            case "Correct":
                return Correct(id=self.some("a", "item_1", "item_2"), text="Corrected.")
            case "Forget":
                return Forget(id=self.some("a", "b", "item_1", "item_2"))
            case _:
                return kind()

    async def act(self, s):
        kind = self.some(*KINDS, MicAudio, MicAudio, Typed, Play, Returned, *[MicAudio] * 15 * self.cutting)
        if kind is MicAudio:  # somebody speaks, or is silent, for a while
            pcm, gap = self.some(voice, _silent)(0.1), self.some(0.0, 0.08) if self.cutting else 0.0
            for _ in range(self.dice.randrange(1, 30 if self.cutting else 12)):
                s.talk.post(MicAudio(pcm=pcm))
                await asyncio.sleep(0.1)
                if gap:  # between two words
                    s.talk.post(MicAudio(pcm=_silent(gap)))
                    await asyncio.sleep(gap)
        else:
            with suppress(RostrumError):
                s.talk.post(self.input(kind))
        if self.dice.random() < 0.4:
            now, said = s.talk._listener._turn.number, self.some(*SAID)
            heard = Transcript(turn=now, text=said, final=False, end_of_turn=self.some(*EndOfTurn))
            s.talk.post(heard)
        await asyncio.sleep(self.some(0.0, 0.0, 0.05, 0.3, 0.6, 2.0))


def _silent(seconds):
    return silence(seconds, HEARING_RATE)


# ---- what may never happen ------------------------------------------------------------------------------------------


class Referee:
    """Listens to what is emitted as it is emitted."""

    def __init__(self, s):
        self.s, self.talk = s, s.talk
        self.generation = 1
        self.utterances = 0
        before, say = s.talk._emit, s.talk._speaker.say

        def emit(output):
            self.see(output)
            before(output)

        def count(*script, **more):
            self.utterances += 1
            say(*script, **more)

        s.talk._speaker.say = count
        s.talk._emit = s.talk._speaker._emit = emit
        s.talk._director._emit = s.talk._listener._emit = emit
        s.talk._speaker._emit = s.talk._emit_speech

    def see(self, output):
        match output:
            case Clear(generation=generation):
                assert generation > self.generation, "generations only grow"
                self.generation = generation
            case Speech(generation=generation, mark=mark):
                assert generation == self.generation, "speech of an older generation"
                listener = self.talk._listener
                assert not listener.has_floor or listener.cut, "speech while the listener has the floor"
                assert not listener.has_floor or mark == INTERJECTION, "an answer over the listener"
                assert not self.talk._away, "speech to nobody"
                assert not self.talk._vigil.over, "speech after the overtime"
        assert self.s.speech.open_now <= 1, "two speeches at a time"
        self.arithmetic()

    def arithmetic(self):
        ledger = self.talk._speaker.playout._ledger
        assert ledger.heard(clock.now()) <= ledger.sent + 1e-6
        for line in ledger.lines:
            assert line.heard <= line.sent + 1e-6, (line.heard, line.sent)
            assert line.sent <= line.seconds + 1e-6

    def afterwards(self):
        """When it is over and everybody has gone."""
        s = self.s
        ended = [reply.item for reply in s.all(ReplyEnded)]
        assert len(ended) == len(set(ended)) == self.utterances, "every utterance ends exactly once"
        turns = [judged.turn for judged in s.all(Judged)]
        assert turns == sorted(set(turns)), "a turn is judged once, in order"
        begun = Counter(line.text for line in s.all(LineBegan))
        for said in s.all(Said):
            if said.speaker == "agent" and said.text != "…":  # which has no sound
                assert any(text.startswith(said.text) for text in begun), f"{said.text!r} never began to sound"
        told, state = False, None
        for _, output in s.out:
            if isinstance(output, Ended):
                assert not told, "ended twice in one run"
                told = True
            elif isinstance(output, (LineBegan, Judged, ReplyEnded)):
                told = False
            elif isinstance(output, StateChanged):
                told = told and output.state is not state  # whoever comes back is told all that is true anew
                state = output.state


async def recover(s):
    """Let go of everything and be quiet; then ask: whoever was there is there."""
    with suppress(RostrumError):
        s.talk.post(TalkReleased())
    for message in (Hold(on=False), Patience(seconds=0.3), Returned()):
        s.talk.post(message)
    s.ears.stuck = False
    s.speech.fails = s.mind.fails = None
    await asyncio.sleep(11.5)
    assert s.talk._listener.phase is Phase.SILENT
    assert s.talk._state in {State.IDLE, State.PAUSED, State.ENDED, State.SPEAKING, State.THINKING}, s.talk._state
    if s.talk._vigil.over:
        return
    s.mind.text = "Here I am."
    asked = s.talk.journal.elapsed
    s.talk.post(Typed(text="are you there?"))
    await asyncio.sleep(3.5)
    texts = [out.text for at, out in s.out if isinstance(out, LineBegan) and at >= asked - 1e-6]
    assert "Here I am." in texts or s.talk._vigil.over, "deaf or dumb"


async def conversation(seed):
    """Everything that was emitted in the random conversation of `seed`."""
    plan = Stage(seed)
    async with plan.open() as s:
        referee = Referee(s)
        if plan.cutting:
            s.talk.post(CutIns(hardness=plan.some(*list(Hardness)[1:])))
        for _ in range(plan.dice.randrange(5, 25)):
            await plan.act(s)
            referee.arithmetic()
        await recover(s)
    referee.afterwards()
    return [(round(at, 6), _plain(output)) for at, output in s.out]


def _plain(output):
    named = {field.name: getattr(output, field.name) for field in fields(output)}
    return type(output).__name__, {name: len(v.data) if name == "pcm" else v for name, v in named.items()}


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_nothing_happens_that_never_may(first):
    for seed in range(first, first + BATCH):
        try:
            run(_quietly(seed))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


async def _quietly(seed):
    await conversation(seed)


def test_somebody_is_cut_into_in_some_of_them():
    """Else what is asserted of it above would be asserted of nothing."""
    found = Counter()

    async def scene(seed):
        for _, (name, told) in await conversation(seed):
            found["cut in"] += name == "LineBegan" and told["mark"] == INTERJECTION
            found["gave way"] += name == "Judged" and told["verdict"] == Verdict.CUT_OFF

    for seed in range(2 * BATCH):
        run(scene(seed))
    assert found["cut in"] >= 10 and found["gave way"] >= 2, found


def test_the_same_inputs_have_the_same_outcome():
    for seed in range(0, SEEDS, SEEDS // 10):
        outcomes = []

        async def scene(seed=seed, outcomes=outcomes):
            outcomes.append(await conversation(seed))

        run(scene())
        run(scene())
        assert outcomes[0] == outcomes[1], f"seed {seed}"
        assert len(outcomes[0]) > 3
