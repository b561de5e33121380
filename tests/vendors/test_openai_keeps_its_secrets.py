"""Neither the key nor what is said is in any log, however much is logged."""

import logging

from engine.errors import ProviderFailed
from engine.providers.base import Expectation, Prompt, Voice
from engine.providers.openai_chat import OpenAiChat
from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from engine.providers.openai_realtime_voice import OpenAiRealtimeVoice
from engine.providers.openai_responses import OpenAiResponses
from engine.providers.openai_voice import OpenAiVoice
from tests.vendors.openai import openai
from tests.vendors.openai_hearing import KINDS, QUICK, SAID, SLOW, ear, heard, say

KEY = "sk-a-key-that-nobody-may-see"
ASKED = "How large is the fortune of the Duke?"


async def test_no_key_and_no_word_is_logged_at_any_level(caplog):
    with caplog.at_level(logging.DEBUG):
        for faulty in (False, True):
            async with openai(says=[SAID, SAID]) as server:
                server.faults.cut = 1 if faulty else None
                await everything(server)
    assert KEY not in caplog.text
    for word in ("fortune", "Duke", "Hello", SAID):
        assert word not in caplog.text


async def everything(server):
    """Hear, think and speak in every way; faults are told, not raised."""
    for kind in KINDS:
        async with ear(kind, server, key=KEY, deadlines=QUICK if server.faults.cut else SLOW) as listening:
            say(listening)
            await heard(listening)
    for kind in (OpenAiChat, OpenAiResponses):
        model = kind(key=KEY, base_url=server.url)
        await taken(model.reply(Prompt(instructions="", question=ASKED)))
        await model.close()
    for kind in (OpenAiVoice, OpenAiRealtimeVoice):
        voice = kind(key=KEY, base_url=server.url)
        await taken(voice.speak(ASKED, Voice()))
        await voice.close()
    partner = OpenAiRealtimeDialogue(key=KEY, base_url=server.url)
    async with partner.converse(Expectation(), Voice()) as session:
        await taken(session.reply(Prompt(instructions="", question=ASKED), Voice()))
    await partner.close()


async def taken(pieces):
    try:
        async for _ in pieces:
            pass
    except ProviderFailed as failed:
        logging.getLogger("tests").debug("as the engine logs it: %s", failed, exc_info=failed)
