"""A talk with a persona that a language model plays, over a real socket and in real time."""

import asyncio
import json
from contextlib import asynccontextmanager

from engine.messages import ANSWER, Fault, LineBegan, Said
from engine.providers.openai_chat import OpenAiChat
from engine.providers.scripted import ScriptedSpeech
from tests.core.scene import PAT, talking
from tests.vendors.openai import openai
from tests.vendors.openai_frames import chunk, reply


@asynccontextmanager
async def talk(**made):
    async with openai(**made) as server:
        model = OpenAiChat(base_url=server.url, model="m")
        await model.warm()
        speech = ScriptedSpeech(word_seconds=0.05)
        async with talking(mind=model, speech=speech, patience=0.1) as stage, asyncio.timeout(30):
            await stage.until(Said, 2)  # the opening
            yield server, stage
        await model.close()


def agent(stage):
    return " ".join(said.text for said in stage.all(Said) if said.speaker == "agent")


async def test_the_persona_and_what_was_heard_are_in_the_request():
    async with talk(events=reply("That is nice. ", "Tell me more.")) as (server, stage):
        stage.write("I grow beans.")
        await stage.until(Said, 5)
        stage.write("On the roof.")
        await stage.until(Said, 8)
    first, second = (request.json["messages"] for request in server.requests)
    assert first[0]["role"] == "system"
    assert first[0]["content"].startswith(f"{PAT.who} {PAT.scene}")
    assert first[1:] == [
        {"role": "assistant", "content": PAT.opening},
        {"role": "user", "content": "I grow beans."},
    ]
    assert second[1:] == [
        *first[1:],
        {"role": "assistant", "content": "That is nice. Tell me more."},
        {"role": "user", "content": "On the roof."},
    ]


async def test_cutting_in_closes_the_connection_and_only_what_was_heard_is_remembered():
    first = json.dumps(chunk({"content": "One two three four five six seven eight nine ten. And "}))
    async with talk(events=[first, 60, *reply("never")]) as (server, stage):
        stage.write("I grow beans.")
        while not any(line.mark == ANSWER for line in stage.all(LineBegan)):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        server.events = reply("Fine.")
        stage.write("No, wait, I mean peas.")
        await asyncio.wait_for(server.requests[0].gone.wait(), 10)
        while "Fine." not in agent(stage):
            await asyncio.sleep(0.01)
    heard = server.requests[1].json["messages"][3]["content"]
    assert heard.endswith(" —")
    assert "One two three four five six seven eight nine ten.".startswith(heard.removesuffix(" —"))


async def test_a_failure_in_the_middle_is_apologised_for_aloud_and_the_talk_goes_on():
    first = json.dumps(chunk({"content": "Let me tell you this. And "}))
    async with talk(events=[first, None]) as (server, stage):
        stage.write("I grow beans.")
        while "Sorry" not in agent(stage):
            await asyncio.sleep(0.01)
        (fault,) = stage.all(Fault)
        assert (fault.code, fault.retryable) == ("provider_failed", True)
        assert "broke off" in fault.message
        assert "Let me tell you this." in agent(stage), "what had come was said"
        server.events = reply("Now it works.")
        stage.write("Are you well?")
        while "Now it works." not in agent(stage):
            await asyncio.sleep(0.01)


async def test_a_refused_key_is_said_and_shown():
    async with talk(status=401) as (_, stage):
        stage.write("I grow beans.")
        while "Sorry" not in agent(stage):
            await asyncio.sleep(0.01)
        assert "refused the key" in stage.all(Fault)[0].message
