"""The Responses API: the same Protocol, the same faults in the same words as Chat Completions."""

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import ChatLine, Passage, Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.openai_chat import OpenAiChat
from engine.providers.openai_prompt import effort_of
from engine.providers.openai_responses import OpenAiResponses
from engine.report.shape import schema
from tests.vendors.faults import Faults
from tests.vendors.openai import openai
from tests.vendors.openai_frames import response_events

QUICK = ThinkingDeadlines(connect=0.15, first=0.15, between=0.15)
STALLED = ThinkingDeadlines(connect=10, first=10, between=0.15)
SLOW = ThinkingDeadlines(connect=10, first=10, between=10)
PROMPT = Prompt(
    instructions="You are Ada.",
    question="And you?",
    passages=(Passage(text="Ada is 30.", source="notes"),),
    history=(ChatLine(role="assistant", text="I am Ada —"), ChatLine(role="user", text="Hello.")),
    temperature=0.4,
    most_tokens=60,
)
BOTH = pytest.mark.parametrize("kind", [OpenAiChat, OpenAiResponses])
LATE = {"slow_headers", "slow_first_byte", "stall", "silent_peer"}


@asynccontextmanager
async def model_at(kind, server, **made):
    model = kind(base_url=server.url, **{"deadlines": SLOW, "model": "gpt-6-luna"} | made)
    try:
        yield model
    finally:
        await model.close()


async def said(model, prompt=PROMPT):
    return "".join([piece async for piece in model.reply(prompt)])


async def fault_of(model):
    pieces = []
    with pytest.raises(ProviderFailed) as failed:
        async for piece in model.reply(PROMPT):
            pieces.append(piece)
    assert "sk-" not in str(failed.value)
    return "".join(pieces), failed.value


async def test_the_request_is_what_the_api_takes_and_nothing_is_stored_there():
    async with openai() as server, model_at(OpenAiResponses, server, key="sk-1") as model:
        assert await said(model) == "Hello there."
    (request,) = server.requests
    assert request.path == "/v1/responses"
    assert request.headers["authorization"] == "Bearer sk-1"
    assert request.json == {
        "model": "gpt-6-luna",
        "instructions": "You are Ada.\n\nThe material says about this question:\n- Ada is 30.",
        "input": [
            {"role": "assistant", "content": "I am Ada —"},
            {"role": "user", "content": "Hello."},
            {"role": "user", "content": "And you?"},
        ],
        "stream": True,
        "store": False,
        "temperature": 0.4,
        "max_output_tokens": 60,
        "reasoning": {"effort": "none"},
    }


@BOTH
async def test_a_piece_arrives_before_the_next_is_written_and_leaving_closes_at_once(kind):
    async with openai() as server, model_at(kind, server) as model:
        server.faults.stall = 5 if kind is OpenAiResponses else 2
        async with aclosing(model.reply(PROMPT)) as pieces:
            assert await asyncio.wait_for(anext(pieces), 10) == "Hello "
        await asyncio.wait_for(server.requests[0].gone.wait(), 10)


@BOTH
async def test_one_connection_serves_all_turns(kind):
    async with openai() as server, model_at(kind, server) as model:
        for _ in range(3):
            await said(model)
        assert len(server.connections) == 1


@BOTH
async def test_a_connection_that_was_closed_meanwhile_is_replaced_unnoticed(kind):
    async with openai() as server, model_at(kind, server) as model:
        server.faults.idle_close = 0.05
        await said(model)
        async with asyncio.timeout(5):
            while server.open:
                await asyncio.sleep(0.01)
        server.faults.idle_close = None
        assert await said(model) == "Hello there."


@BOTH
@pytest.mark.parametrize("thoughts", [("<think>Hm.</think>", "It is ", "free.")])
async def test_thoughts_are_not_spoken(kind, thoughts):
    async with openai(replies=[thoughts]) as server, model_at(kind, server) as model:
        assert await said(model) == "It is free."


@BOTH
async def test_what_a_server_does_not_take_is_left_out_from_then_on(kind):
    refuses = {"reasoning", "reasoning_effort"}
    async with openai(refuses=refuses) as server, model_at(kind, server, effort="none") as model:
        await said(model)
        await said(model)
    assert len(server.requests) == 3
    assert not refuses & server.requests[-1].json.keys()
    assert server.requests[-1].json["temperature"] == 0.4


@BOTH
@pytest.mark.parametrize(
    ("faults", "says", "retryable"),
    [
        ({"unauthorized": True}, "refused the key", False),
        ({"rate_limited": 1.0}, "has too many requests just now", True),
        ({"rate_limited": 600.0}, "has too many requests just now", True),
        ({"server_error": True}, "is having trouble (status 500)", True),
        ({"bad_gateway_html": True}, "is having trouble (status 502)", True),
        ({"slow_headers": 30.0}, "did not answer in time", True),
        ({"slow_first_byte": 30.0}, "did not answer in time", True),
        ({"silent_peer": True}, "did not answer in time", True),
        ({"malformed_frame": True}, "sent something that is no answer", True),
        ({"error_event": True}, "reported an error", True),
    ],
)
async def test_a_fault_before_the_first_word_says_what_it_is(kind, faults, says, retryable):
    deadlines = QUICK if LATE & faults.keys() else SLOW
    async with (
        openai(faults=Faults(**faults)) as server,
        model_at(kind, server, deadlines=deadlines, key="sk-1") as model,
    ):
        before, fault = await fault_of(model)
    assert before == ""
    assert says in str(fault)
    assert fault.retryable is retryable


@BOTH
@pytest.mark.parametrize("fault", ["stall", "cut", "clean_early_end"])
async def test_a_reply_that_breaks_off_is_never_taken_for_a_whole_one(kind, fault):
    deadlines = STALLED if fault == "stall" else SLOW
    async with openai() as server, model_at(kind, server, deadlines=deadlines) as model:
        setattr(server.faults, fault, 5 if kind is OpenAiResponses else 2)
        before, told = await fault_of(model)
    assert before == "Hello "
    assert isinstance(told, ProviderTimeout) is (fault == "stall")
    assert told.retryable


@pytest.mark.parametrize(
    ("texts", "status", "says"),
    [
        ((), "completed", "answered without a word"),
        ((), "incomplete", "ran out of tokens before it said anything"),
        (("Hello ",), "failed", "reported an error"),
    ],
)
async def test_a_response_that_ends_badly_is_told(texts, status, says):
    error = {"code": "server_error", "message": "sk-secret"} if status == "failed" else None
    events = response_events(*texts, status=status, error=error)
    async with openai(events=events) as server, model_at(OpenAiResponses, server) as model:
        before, fault = await fault_of(model)
    assert before == "".join(texts)
    assert says in str(fault)


async def test_a_response_that_is_cut_at_the_most_tokens_is_said_as_far_as_it_goes():
    events = response_events("It is ", "free", status="incomplete")
    async with openai(events=events) as server, model_at(OpenAiResponses, server) as model:
        assert await said(model) == "It is free"


@pytest.mark.parametrize(
    ("model", "effort"),
    [
        ("gpt-6-luna", "none"),
        ("gpt-5.1", "none"),
        ("gpt-5.4-nano", "none"),
        ("gpt-5-mini", "minimal"),
        ("o3", "low"),
        ("gpt-4o-mini", None),
        ("llama3.2", None),
    ],
)
def test_whoever_listens_does_not_wait_for_thinking(model, effort):
    assert effort_of(model) == effort


@pytest.mark.parametrize("date", [None, "2027-01-14"])
async def test_when_a_model_is_shut_down_can_be_asked_without_spending(date):
    async with openai(shutdown_date=date) as server, model_at(OpenAiChat, server) as model:
        assert await model.shutdown_date() == date
        await said(model)
    assert [request.method for request in server.requests] == ["GET", "POST"]
    assert len(server.connections) == 1, "it left a warm connection"


async def test_a_server_without_a_list_of_models_has_no_dates_but_a_wrong_key_is_told():
    async with openai(status=404) as server, model_at(OpenAiChat, server) as model:
        assert await model.shutdown_date() is None
    async with openai(key="sk-right") as server, model_at(OpenAiChat, server, key="sk-wrong") as model:
        with pytest.raises(ProviderFailed, match="refused the key"):
            await model.shutdown_date()


@BOTH
async def test_a_reply_that_is_to_be_an_object_is_held_to_its_schema(kind):
    asked = question_of_a_report()
    async with openai(replies=[('{"stars": ', "[]}")]) as server, model_at(kind, server) as model:
        assert await said(model, asked) == '{"stars": []}'
    body = server.requests[0].json
    held = body["response_format"]["json_schema"] if kind is OpenAiChat else body["text"]["format"]
    assert held["strict"] is True
    assert held["schema"] == asked.schema
    assert_strict(held["schema"])


@BOTH
async def test_a_model_that_cannot_be_held_to_a_schema_is_only_asked(kind):
    async with openai(refuses={"response_format", "text"}) as server, model_at(kind, server) as model:
        assert await said(model, question_of_a_report()) == "Hello there."
        await said(model, question_of_a_report())
    assert len(server.requests) == 3


@BOTH
async def test_a_server_that_does_not_say_what_it_does_not_take_is_asked_plainly(kind):
    async with openai(refuses={"response_format", "text"}, says_why=False) as server, model_at(kind, server) as model:
        assert await said(model, question_of_a_report()) == "Hello there."
    plain = {"model", "messages", "stream", "max_tokens", "input", "instructions", "store", "max_output_tokens"}
    assert server.requests[-1].json.keys() <= plain


def question_of_a_report():
    return Prompt(instructions="Write.", question="?", temperature=0.3, most_tokens=1600, schema=schema())


def assert_strict(shape):
    """What OpenAI asks of a schema that a model is held to."""
    if shape["type"] == "object":
        assert shape["additionalProperties"] is False
        assert shape["required"] == list(shape["properties"])
        for inner in shape["properties"].values():
            assert_strict(inner)
    elif shape["type"] == "array":
        assert_strict(shape["items"])
