"""Whatever comes in whatever order to a talk with a speech-to-speech model, whenever that fails: what may never happen
is the same as with ears, mind and voice."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.limits import Limits
from engine.messages import Fault
from engine.playout import Delivery
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.core.scene import ReportingClient, talking_with
from tests.core.scripted_dialogue import ScriptedDialogue
from tests.core.test_any_order_of_inputs import LIMITS, SAID, Referee, Stage, recover
from tests.virtual_time import run

SEEDS = 150
BATCH = 50


class Both:
    """The model and the mind that goes on after it: what is set is set of both."""

    def __init__(self, partner, mind):
        self.__dict__.update(partner=partner, mind=mind)

    def __setattr__(self, name, value):
        setattr(self.mind, name, value)
        if name == "text":
            self.partner.replies, self.partner.word_every = [value], 0.02  # so quick that it is one line
        else:
            setattr(self.partner, name, value)


class Talk(Stage):
    @asynccontextmanager
    async def open(self):
        partner = self.partner = ScriptedDialogue(
            says=[self.some(*SAID) for _ in range(99)],
            replies=[self.some("It is free.", "One sentence. And another one, no less. And a last one.", "Yes")],
            final_after=self.some(0.0, 0.0, 0.4, 2.0),
            first_after=self.some(0.0, 0.3, 1.5),
            word_every=self.some(0.0, 0.02, 0.3),
            fails=self.some(None, None, None, 0, 2),
        )
        partner.reads.fails = self.some(None, None, None, "you")
        mind = ScriptedMind(text="I go on.", first_after=self.some(0.0, 0.3), fails=self.some(None, None, 0))
        delivery = self.some(
            Delivery(allowance=0.0), Delivery(allowance=0.25, always_clear=True), Delivery(reports=True)
        )
        opened = talking_with(
            partner,
            mind=mind,
            ears=ScriptedEars(says=[self.some(*SAID) for _ in range(99)]),
            speech=ScriptedSpeech(first_after=self.some(0.0, 0.2)),
            play=False,
            limits=self.some(LIMITS, Limits()),
            delivery=delivery,
            longest_turn=5.0,
        )
        async with opened as s:
            s.ears, s.speech, s.mind = s.senses.ears, s.senses.speech, Both(partner, mind)
            others = [asyncio.create_task(ReportingClient(s, every=0.2).run())] if delivery.reports else []
            if self.dice.random() < 0.3:
                others.append(asyncio.create_task(self.break_off()))
            try:
                yield s
            finally:
                for task in others:
                    task.cancel()

    async def break_off(self):
        await asyncio.sleep(self.dice.random() * 15)
        self.partner.sessions[0].lost()


async def conversation(seed):
    plan = Talk(seed)
    async with plan.open() as s:
        referee = Referee(s)
        for _ in range(plan.dice.randrange(5, 25)):
            await plan.act(s)
            referee.arithmetic()
        await recover(s)
    referee.afterwards()
    assert plan.partner.open_now == plan.partner.reads.open_now == 0
    lost = [fault for fault in s.all(Fault) if "from now on" in fault.message]
    assert len(lost) <= 1, "told once"


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_nothing_happens_that_never_may(first):
    for seed in range(first, first + BATCH):
        try:
            run(conversation(seed))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
