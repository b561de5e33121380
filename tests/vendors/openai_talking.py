"""What the tests of talks with OpenAI's Realtime model share."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from engine.messages import ReplyEnded, Said, Speech
from engine.providers.deadlines import DialogueDeadlines, HearingDeadlines, SpeakingDeadlines
from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from engine.providers.scripted import ScriptedSpeech
from tests.core.scene import talking_with
from tests.vendors.openai import openai

SLOW = DialogueDeadlines(
    hearing=HearingDeadlines(handshake=10, final=10, backoff=0.02),
    speaking=SpeakingDeadlines(handshake=10, first=10, between=10, interrupt=10),
)
"""Where an answer comes."""
QUICK = DialogueDeadlines(
    hearing=HearingDeadlines(handshake=0.5, final=0.5, catch_up=0.0, backoff=0.02, close=0.1),
    speaking=SpeakingDeadlines(handshake=0.5, first=0.5, between=0.5, interrupt=0.2, close=0.1),
)
"""Where none comes anyway."""


@asynccontextmanager
async def talk(*, deadlines=SLOW, play=False, before=None, ears=None, **made):
    """A talk over real sockets in real time; `before` is done to the server before the session is opened."""
    model = made.pop("model", "gpt-realtime-2.1-mini")
    scene = {"ears": ears, "speech": ScriptedSpeech(word_seconds=0.05), "patience": 0.1}
    async with openai(**made) as server:
        partner = OpenAiRealtimeDialogue(base_url=server.url, model=model, deadlines=deadlines)
        await partner.check()
        if before:
            before(server)
        async with asyncio.timeout(60), talking_with(partner, play=play, **scene) as stage:
            yield server, stage
        await partner.close()
        server.faults.stall = None
        async with asyncio.timeout(5):
            while server.open:
                await asyncio.sleep(0.01)


def sessions(server):
    """The sessions of conversations, without those that read."""
    return [each for each in server.sessions if each.settings.get("audio", {}).get("input", {}).get("transcription")]


def sent(session, kind):
    return [event for event in session.received if event["type"] == kind]


async def ask(stage, text, replies=None):
    """Type `text` and wait for the end of its reply."""
    replies = replies or len(stage.all(ReplyEnded)) + 1
    stage.write(text)
    await stage.until(ReplyEnded, replies)


def agent(stage):
    return " ".join(said.text for said in stage.all(Said) if said.speaker == "agent")


def sound(stage):
    return b"".join(speech.pcm.data for speech in stage.all(Speech))
