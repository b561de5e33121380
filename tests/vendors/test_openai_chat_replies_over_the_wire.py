"""A language model behind an address, over a real socket: what is asked of it, and how its reply arrives."""

import asyncio
import json
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.providers.base import ChatLine, Passage, Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.openai_chat import MODEL, OpenAiChat
from engine.providers.openai_prompt import BUDGET, messages
from engine.providers.registry import choose
from engine.settings import Settings
from tests.vendors.openai import openai
from tests.vendors.openai_frames import chunk, reply

PROMPT = Prompt(
    instructions="You are Ada.",
    question="And you?",
    history=(ChatLine(role="assistant", text="I am Ada —"), ChatLine(role="user", text="Hello.")),
)


@asynccontextmanager
async def model_at(server, **made):
    model = OpenAiChat(base_url=server.url, model="test-model", **made)
    try:
        yield model
    finally:
        await model.close()


async def said(model, prompt=PROMPT):
    return [piece async for piece in model.reply(prompt)]


async def test_the_reply_comes_in_pieces_and_the_request_is_plain():
    async with openai() as server, model_at(server, key="sk-1") as model:
        assert await said(model) == ["Hello ", "there."]
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == "Bearer sk-1"
    assert request.json == {"model": "test-model", "stream": True, "messages": messages(PROMPT)}


async def test_what_a_client_asked_for_is_passed_on():
    prompt = Prompt(instructions="", question="?", temperature=0.3, most_tokens=50)
    async with openai() as server, model_at(server) as model:
        await said(model, prompt)
    asked = server.requests[0].json
    assert (asked["temperature"], asked["max_tokens"]) == (0.3, 50)


async def test_a_local_server_needs_no_key_and_one_connection_serves_all_turns():
    async with openai() as server, model_at(server) as model:
        await said(model)
        await said(model)
    assert len(server.requests) == 2
    assert len(server.connections) == 1


async def test_a_piece_arrives_before_the_next_is_written():
    events = [json.dumps(chunk({"content": "First."})), 30, *reply("never")]
    async with openai(events=events) as server, model_at(server) as model, aclosing(model.reply(PROMPT)) as pieces:
        assert await asyncio.wait_for(anext(pieces), 20) == "First."


async def test_leaving_in_the_middle_closes_the_connection_at_once():
    events = [json.dumps(chunk({"content": "Once upon a time"})), 30, *reply("never")]
    async with openai(events=events) as server, model_at(server) as model:
        async with aclosing(model.reply(PROMPT)) as pieces:
            await anext(pieces)
        await asyncio.wait_for(server.requests[0].gone.wait(), 10)


async def test_cancelling_while_it_waits_closes_the_connection_at_once():
    async with openai(events=[30, *reply("never")]) as server, model_at(server) as model:
        task = asyncio.create_task(said(model))
        while not server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.requests[0].gone.wait(), 10)


async def test_thoughts_and_fields_it_does_not_know_are_not_spoken():
    events = reply("<thi", "nk>I should be ", "brief.</th", "ink>\n\n", "It is ", "free.")
    odd = chunk({"content": None}) | {"usage": None}
    odd["choices"][0]["delta"]["reasoning_content"] = "Hm."
    events.insert(1, json.dumps(odd))
    events.insert(
        -1, json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []})
    )
    async with openai(events=events) as server, model_at(server) as model:
        assert "".join(await said(model)) == "It is free."


@pytest.mark.parametrize("rest", [[], [30]], ids=["it hangs up", "it says nothing more"])
async def test_a_server_that_does_not_mark_the_end_has_said_all_once_it_gave_its_reason(rest):
    events = [*reply("It is free.")[:-1], *rest]
    deadlines = ThinkingDeadlines(between=0.2)
    async with openai(events=events) as server, model_at(server, deadlines=deadlines) as model:
        assert "".join(await said(model)) == "It is free."


async def test_a_refusal_is_spoken():
    events = [json.dumps(chunk({"refusal": "I cannot say that."})), *reply()]
    async with openai(events=events) as server, model_at(server) as model:
        assert await said(model) == ["I cannot say that."]


def test_the_chat_is_instructions_then_what_was_heard_then_the_question():
    assert messages(PROMPT)[1:] == [
        {"role": "assistant", "content": "I am Ada —"},
        {"role": "user", "content": "Hello."},
        {"role": "user", "content": "And you?"},
    ]
    assert messages(PROMPT)[0]["content"].startswith("You are Ada.")


def test_the_material_is_in_the_instructions_and_its_absence_too():
    found = messages(
        Prompt(instructions="Answer.", question="?", passages=(Passage(text="It is free.", source="notes"),))
    )
    assert "- It is free." in found[0]["content"]
    assert "nothing that bears on it" in messages(Prompt(instructions="Answer.", question="?"))[0]["content"]


def test_a_long_history_is_cut_at_whole_lines_and_keeps_the_newest():
    lines = [ChatLine(role="user", text=f"{number} " + "word " * 200) for number in range(40)]
    sent = [each["content"] for each in messages(Prompt(instructions="", question="?", history=lines, language="en"))]
    kept = [content for content in sent if content.endswith("word ")]
    assert kept == [line.text for line in lines][-len(kept) :]
    assert 0 < sum(map(len, kept)) <= BUDGET
    huge = (ChatLine(role="user", text="x" * BUDGET + "end"),)
    assert messages(Prompt(instructions="", question="?", history=huge))[1]["content"].endswith("end")


@pytest.mark.parametrize(
    ("settings", "local", "label"),
    [
        ({"openai_api_key": "sk-1"}, False, f"{MODEL} at OpenAI"),
        ({"openai_base_url": "http://localhost:11434/v1", "openai_chat_model": "llama"}, True, "llama at localhost"),
        ({"openai_base_url": "http://127.0.0.1:1/v1", "openai_api_key": "k"}, True, f"{MODEL} at 127.0.0.1"),
        ({"openai_base_url": "https://llm.example.org/v1"}, False, f"{MODEL} at llm.example.org"),
    ],
)
def test_settings_choose_it_for_both_parts_and_say_whether_it_is_local(settings, local, label):
    chosen = choose(Settings(_env_file=None, **settings))
    assert chosen.mind.about == chosen.partner.about
    assert (chosen.partner.about.local, chosen.partner.about.label) == (local, label)
    assert bool(chosen.partner.about.caveat) is not local


def test_without_settings_the_offline_ones_are_chosen():
    chosen = choose(Settings(_env_file=None, openai_api_key=None, openai_base_url=None))
    assert (chosen.mind.about.name, chosen.partner.about.name) == ("offline", "offline")
    assert chosen.partner.about.label == "Offline partner"
    assert "does not understand" in chosen.partner.about.caveat
