"""An agent of ElevenLabs' against its wire: what it is told, how its answer comes, every fault, and its secrets."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import ChatLine, Passage, Prompt
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.elevenlabs_agent import ElevenLabsAgent
from tests.vendors.elevenlabs import KEY, eventually
from tests.vendors.elevenlabs_agents import AGENT, SIGNATURE, emulated
from tests.vendors.faults import Faults

SLOW = ThinkingDeadlines(connect=10, first=10, between=10)
"""Where an answer comes."""
QUICK = ThinkingDeadlines(connect=1.0, first=1.0, between=1.0)
"""Where none comes anyway."""
PROMPT = Prompt(
    instructions="Hand them one cue.",
    question="What helps them next?",
    passages=(Passage(text="Maya runs a pilot.", source="notes"),),
    history=(ChatLine(role="user", text="Hello."), ChatLine(role="assistant", text="Greet Maya.")),
)
CUE = "Ask about Maya’s pilot."


@asynccontextmanager
async def agent_at(vendor, **made):
    agent = ElevenLabsAgent(**{"key": KEY, "base_url": vendor.base, "agent": AGENT, "deadlines": SLOW} | made)
    try:
        yield agent
    finally:
        async with asyncio.timeout(5):
            await agent.close()


async def said(agent, prompt=PROMPT):
    return [piece async for piece in agent.reply(prompt)]


def asked(session):
    return [message for message in session.messages if message["type"] != "pong"]


async def test_the_agent_is_told_who_it_is_what_was_said_and_what_is_asked():
    async with emulated() as vendor, agent_at(vendor) as agent:
        assert await said(agent) == ["Ask about ", "Maya’s pilot."]
        opening, before, question = asked(vendor.sessions[0])
    told = opening["conversation_config_override"]["agent"]["prompt"]["prompt"]
    assert told.startswith(PROMPT.instructions)
    assert "- Maya runs a pilot." in told
    assert (before["type"], before["text"]) == (
        "contextual_update",
        "What was said before:\nuser: Hello.\nassistant: Greet Maya.",
    )
    assert (question["type"], question["text"]) == ("user_message", PROMPT.question)
    assert vendor.requests[0].query == {"agent_id": AGENT}
    assert "xi-api-key" not in vendor.requests[1].headers, "the signature is enough"


async def test_a_schema_is_asked_for():
    async with emulated() as vendor, agent_at(vendor) as agent:
        await said(agent, Prompt(instructions="Judge.", question="?", schema={"type": "object"}))
        opening, _ = asked(vendor.sessions[0])
    assert '{"type": "object"}' in opening["conversation_config_override"]["agent"]["prompt"]["prompt"]


@pytest.mark.parametrize(
    "way",
    [
        {"parts": True, "whole": True},
        {"parts": True, "whole": False},
        {"parts": False},
        {"parts": False, "corrects": True},
        {"calls": True},
        {"pings": False},
    ],
    ids=str,
)
async def test_the_answer_is_told_once_however_it_comes(way):
    async with emulated(**way) as vendor, agent_at(vendor) as agent:
        for _ in range(3):
            assert "".join(await said(agent)) == CUE


async def test_a_ping_is_answered():
    async with emulated() as vendor, agent_at(vendor) as agent:
        await said(agent)
        assert {"type": "pong", "event_id": 1} in vendor.sessions[0].messages


async def test_a_public_agent_needs_no_key():
    async with emulated(public=True) as vendor, agent_at(vendor, key="") as agent:
        await agent.check()
        assert "".join(await said(agent)) == CUE
    assert {request.path for request in vendor.requests} == {"/v1/convai/conversation"}


async def test_no_conversation_hears_of_another_and_the_next_is_open_when_it_is_wanted():
    async with emulated() as vendor, agent_at(vendor) as agent:
        await agent.warm()
        for number in range(1, 4):
            await eventually(lambda n=number: len(vendor.sessions) == n)
            assert "".join(await said(agent)) == CUE
        used = [session for session in vendor.sessions if session.messages]
        assert [[m["type"] for m in asked(session)].count("user_message") for session in used] == [1, 1, 1]


async def test_a_kept_conversation_that_the_vendor_ended_costs_no_reply():
    async with emulated(faults=Faults(idle_close=0.2)) as vendor, agent_at(vendor) as agent:
        await agent.warm()
        await eventually(lambda: vendor.sessions and vendor.sessions[0].ended)
        vendor.faults.idle_close = None
        assert "".join(await said(agent)) == CUE


async def test_whoever_leaves_hangs_up_at_once():
    async with emulated(pace=30.0) as vendor, agent_at(vendor) as agent:
        async with aclosing(agent.reply(PROMPT)) as pieces:
            assert await anext(pieces) == "Ask about "
        await eventually(lambda: vendor.requests[1].gone.is_set() or vendor.sessions[0].ended)


async def test_a_hundred_replies_that_nobody_wants_leave_no_task_and_no_connection():
    async with emulated(pace=0.01) as vendor:
        before = asyncio.all_tasks()
        async with agent_at(vendor) as agent:
            for _ in range(100):
                async with aclosing(agent.reply(PROMPT)) as pieces:
                    await anext(pieces)
            assert "".join(await said(agent)) == CUE
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_after_closing_it_says_so_and_what_was_being_replied_fails():
    async with emulated(pace=30.0) as vendor, agent_at(vendor) as agent:
        pieces = agent.reply(PROMPT)
        await anext(pieces)
        async with asyncio.timeout(3):
            await agent.close()
        with pytest.raises(ProviderFailed):
            await anext(pieces)
        with pytest.raises(ProviderFailed, match="closed"):
            await said(agent)


LATE = {"slow_headers", "slow_first_byte", "silent_peer", "stall"}
FAULTS = [
    ({"unauthorized": True}, "did not accept ELEVENLABS_API_KEY", False),
    ({"rate_limited": 600.0}, "too many requests", True),
    ({"server_error": True}, "having trouble", True),
    ({"bad_gateway_html": True}, "having trouble", True),
    ({"slow_headers": 30.0}, "did not answer in time", True),
    ({"slow_first_byte": 30.0}, "did not answer in time", True),
    ({"silent_peer": True}, "did not answer in time", True),
    ({"stall": 1}, "did not answer in time", True),
    ({"cut": 1}, "broke off", True),
    ({"clean_early_end": 1}, "broke off", True),
    ({"malformed_frame": True}, "cannot be read", True),
    ({"error_event": True}, "having trouble", True),
]


async def failing(agent):
    pieces = []
    with pytest.raises(ProviderFailed) as failed:
        async for piece in agent.reply(PROMPT):
            pieces.append(piece)
    message = str(failed.value)
    assert failed.value.provider == agent.about.name
    assert not any(secret in message for secret in (KEY, SIGNATURE, "No:", "<", "\n", "Maya"))
    return "".join(pieces), failed.value


@pytest.mark.parametrize(("faults", "says", "retryable"), FAULTS, ids=[next(iter(each[0])) for each in FAULTS])
async def test_each_fault_is_told_in_time_and_leaves_nothing_behind(faults, says, retryable):
    late = bool(LATE & faults.keys())
    async with emulated(faults=Faults(**faults)) as vendor:
        before = asyncio.all_tasks()
        async with agent_at(vendor, deadlines=QUICK if late else SLOW) as agent:
            got, error = await failing(agent)
        assert says in str(error)
        assert (error.retryable, isinstance(error, ProviderTimeout)) == (retryable, late)
        assert got == ("Ask about " if {"stall", "cut", "clean_early_end"} & faults.keys() else "")
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


@pytest.mark.parametrize("fault", ["rate_limited", "server_error", "cut", "malformed_frame", "error_event"])
async def test_what_passes_is_forgotten(fault):
    value = 1 if fault in {"rate_limited", "cut"} else True
    async with emulated() as vendor, agent_at(vendor) as agent:
        setattr(vendor.faults, fault, value)
        await failing(agent)
        setattr(vendor.faults, fault, None if fault in {"rate_limited", "cut"} else False)
        spare, agent._spare = agent._spare, None  # opened while it failed
        if spare:
            spare.abort()
        assert "".join(await said(agent)) == CUE


@pytest.mark.parametrize(
    ("closes", "says", "retryable"),
    [
        ((1002, "This request exceeds your quota limit."), "no credit left", False),
        ((3000, "This agent requires authentication."), "did not accept ELEVENLABS_API_KEY", False),
        ((1011, "internal"), "broke off", True),
        ((1000, ""), "broke off", True),
    ],
)
async def test_why_the_vendor_hangs_up_is_told(closes, says, retryable):
    async with emulated(closes=closes) as vendor, agent_at(vendor) as agent:
        got, error = await failing(agent)
    assert says in str(error)
    assert (got, error.retryable) == ("", retryable)


async def test_an_agent_that_may_not_be_told_what_to_do_is_no_coach_and_it_is_said_how_to_change_that():
    async with emulated(overrides=False) as vendor, agent_at(vendor) as agent:
        _, error = await failing(agent)
    assert "allow overrides" in str(error)
    assert not error.retryable


async def test_an_agent_that_is_not_there_and_one_without_an_answer_are_told():
    async with emulated() as vendor, agent_at(vendor, agent="agent_of_nobody") as agent:
        _, error = await failing(agent)
        assert "ELEVENLABS_AGENT_ID" in str(error)
        with pytest.raises(ProviderFailed, match="ELEVENLABS_AGENT_ID"):
            await agent.check()
    async with emulated(replies=[("", " ")]) as vendor, agent_at(vendor) as agent:
        _, error = await failing(agent)
        assert "without a word" in str(error)


async def test_nobody_there_is_said():
    async with emulated() as vendor:
        pass
    async with agent_at(vendor) as agent:
        _, error = await failing(agent)
    assert "cannot be reached" in str(error)
    assert error.retryable


@pytest.mark.parametrize("faults", [Faults(), Faults(cut=1), Faults(error_event=True)], ids=["well", "cut", "error"])
async def test_no_key_no_signature_and_no_word_is_logged(faults, caplog):
    caplog.set_level(logging.DEBUG)
    async with emulated(faults=faults) as vendor, agent_at(vendor) as agent:
        try:
            await said(agent)
        except ProviderFailed as error:
            logging.getLogger("tests").debug("as the engine logs it: %s", error, exc_info=error)
        logging.getLogger("tests").debug("it is logged")
    assert "it is logged" in caplog.text
    for secret in (KEY, SIGNATURE, "Maya", "helps them next"):
        assert secret not in caplog.text
