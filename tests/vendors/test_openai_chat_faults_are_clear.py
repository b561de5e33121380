"""What goes wrong with a language model is one sentence fit to show, never the key, and never silence."""

import json

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.openai_chat import OpenAiChat
from tests.vendors.openai import openai
from tests.vendors.openai_frames import chunk, reply

HELLO = json.dumps(chunk({"content": "Hello. "}))


async def fault_of(model):
    """What was said before it failed, and how it failed."""
    said = []
    with pytest.raises(ProviderFailed) as failed:
        async for piece in model.reply(Prompt(instructions="", question="?")):
            said.append(piece)
    await model.close()
    assert "sk-" not in str(failed.value)
    assert "\n" not in str(failed.value)
    return "".join(said), failed.value


@pytest.mark.parametrize(
    ("status", "code", "says", "retryable"),
    [
        (401, None, "refused the key", False),
        (403, None, "refused the key", False),
        (404, None, "is not there: check the model and the address", False),
        (429, None, "has too many requests just now", True),
        (429, "insufficient_quota", "has no credit left on this account", False),
        (400, None, "refused the request (status 400)", False),
        (500, None, "is having trouble (status 500)", True),
        (502, None, "is having trouble (status 502)", True),
    ],
)
async def test_a_refusal_says_what_to_do(status, code, says, retryable):
    async with openai(status=status, code=code) as server:
        said, fault = await fault_of(OpenAiChat(key="sk-mine", base_url=server.url, model="m"))
    assert (said, fault.retryable) == ("", retryable)
    assert says in str(fault)
    assert len(server.requests) == 1, "a retry would keep the listener waiting"


@pytest.mark.parametrize(
    ("events", "before", "says"),
    [
        ([HELLO, None], "Hello. ", "broke off"),
        ([HELLO], "Hello. ", "broke off"),
        ([HELLO, "[DONE]"], "Hello. ", "broke off"),
        ([HELLO, "{not json"], "Hello. ", "sent something that is no answer"),
        (["[1, 2]"], "", "sent something that is no answer"),
        ([json.dumps({"choices": [{"delta": None}]})], "", "sent something that is no answer"),
        ([HELLO, json.dumps({"error": {"message": "boom sk-x", "code": 500}})], "Hello. ", "reported an error"),
        (reply(), "", "answered without a word"),
        (reply("  ", "\n"), "  \n", "answered without a word"),
        (reply("<think>", "for ever"), "", "answered without a word"),
        (reply(finish_reason="length"), "", "ran out of tokens before it said anything"),
        (["[DONE]"], "", "broke off"),
    ],
)
async def test_a_reply_that_goes_wrong_is_never_taken_for_a_whole_one(events, before, says):
    async with openai(events=events) as server:
        said, fault = await fault_of(OpenAiChat(base_url=server.url, model="m"))
    assert said == before
    assert says in str(fault)


@pytest.mark.parametrize("events", [[30], [HELLO, 30]], ids=["no first word", "a stall"])
async def test_a_server_that_keeps_one_waiting_is_a_timeout(events):
    async with openai(events=events) as server:
        deadlines = ThinkingDeadlines(connect=5, first=0.3, between=0.3)
        _, fault = await fault_of(OpenAiChat(base_url=server.url, model="m", deadlines=deadlines))
    assert isinstance(fault, ProviderTimeout)
    assert "did not answer in time" in str(fault)


async def test_nobody_there_is_said_with_the_address():
    async with openai() as server:
        url = server.url
    _, fault = await fault_of(OpenAiChat(base_url=url, model="m"))
    assert f"cannot be reached at {url}" in str(fault)
    assert fault.retryable


async def test_what_is_secret_in_the_address_is_not_said():
    async with openai() as server:
        url = server.url
    model = OpenAiChat(base_url=f"{url.replace('//', '//ann:sesame@')}?key=sesame", model="m")
    _, fault = await fault_of(model)
    assert f"cannot be reached at {url}" in str(fault)
    assert "sesame" not in f"{fault} {model.about}"
    assert fault.retryable
