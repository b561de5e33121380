"""What is warm has imported all that it needs: a first reply and a first sound wait for nothing but the vendor."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.vendors import deepgram, elevenlabs, openai
from tests.vendors.elsewhere import elsewhere

SCRIPT = """
import asyncio, importlib, sys

from engine.providers.base import Prompt, Voice

module, name, url, key = sys.argv[1:]


async def main():
    provider = getattr(importlib.import_module(module), name)(base_url=url, key=key)
    await provider.warm()
    before = set(sys.modules)
    if hasattr(provider, "reply"):
        assert [piece async for piece in provider.reply(Prompt(instructions="", question="How?"))]
    else:
        assert [chunk async for chunk in provider.speak("Yes.", Voice())]
    print(*sorted(set(sys.modules) - before))
    await provider.close()


asyncio.run(main())
"""
KINDS = {
    "openai_chat.OpenAiChat": openai.OpenAi,
    "openai_responses.OpenAiResponses": openai.OpenAi,
    "openai_voice.OpenAiVoice": openai.OpenAi,
    "deepgram_voice.DeepgramVoice": deepgram.Deepgram,
    "elevenlabs_voice.ElevenLabsVoice": elevenlabs.ElevenLabs,
}
KEYS = {deepgram.Deepgram: deepgram.KEY, elevenlabs.ElevenLabs: elevenlabs.KEY, openai.OpenAi: "k"}


@pytest.mark.parametrize("kind", KINDS)
async def test_the_first_request_imports_nothing(kind):
    module, _, name = kind.partition(".")
    made = KINDS[kind]
    async with elsewhere(made()) as server:
        url = getattr(server, "base", server.url)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-c", SCRIPT, f"engine.providers.{module}", name, url, KEYS[made]),
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, _ = await process.communicate()
    assert process.returncode == 0
    assert not out.split(), out.decode()
