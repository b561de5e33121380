"""Where the studio has a model that hears and speaks, its talks are held with it; everything else is as it was."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from engine.messages import Fault, LineBegan, Play, ReplyEnded, Retune, Typed
from engine.playout import Delivery
from engine.providers.registry import Providers
from engine.providers.scripted import ScriptedActivity, ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.settings import Settings
from engine.studio import Options, Studio
from tests.core.scripted_dialogue import ScriptedDialogue


class Face:
    def __init__(self):
        self.got = []

    def put(self, output):
        self.got.append(output)

    def part(self, reason, *, broken=False):
        pass

    def all(self, kind):
        return [output for output in self.got if isinstance(output, kind)]

    async def until(self, kind, times=1):
        async with asyncio.timeout(20):
            while len(self.all(kind)) < times:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def studio(tmp_path, dialogue):
    speech, mind = ScriptedSpeech(word_seconds=0.02), ScriptedMind(text="I am the mind.")
    providers = Providers(
        ears=ScriptedEars(),
        activity=ScriptedActivity(),
        mind=mind,
        partner=mind,
        speech=speech,
        dialogue=dialogue,
    )
    made = Studio(Settings(database_url=f"sqlite:///{tmp_path}/rostrum.db"), providers=providers)
    await made.open()
    try:
        yield made
    finally:
        await made.close()


@pytest.mark.parametrize("has_one", [True, False])
async def test_a_talk_is_held_with_it_where_there_is_one(tmp_path, has_one):
    partner = ScriptedDialogue(replies=["Yes. I do."], word_seconds=0.02)
    partner.reads.word_seconds = 0.02
    face = Face()
    async with studio(tmp_path, partner if has_one else None) as made:
        persona = await asyncio.to_thread(made.persona)
        joined = made.talk(face, sort="s", delivery=Delivery(allowance=0.0), persona=persona, opts=Options())
        async with joined as (meeting, _):
            meeting.post(Play())
            await face.until(ReplyEnded)
            meeting.post(Retune(speed=1.5))
            meeting.post(Typed(text="Do you hear me?"))
            await face.until(ReplyEnded, 2)
            await asyncio.sleep(0.2)  # the store is given lines a moment later
            kept = await asyncio.to_thread(made.store.archive.meeting, meeting.id)
    assert [line.text for line in face.all(LineBegan)][-1] == ("I do." if has_one else "I am the mind.")
    assert face.all(Fault) == []
    assert partner.open_now == 0
    assert bool(partner.reads.ended) is has_one, "the opening is read in its voice"
    assert [voice.speed for voice in partner.spoke_as] == ([1.5] if has_one else [])
    assert kept.turns == 1, "what was said is kept"
