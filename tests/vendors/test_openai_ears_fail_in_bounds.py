"""What goes wrong with OpenAI's ears: told within its deadline, one final a turn all the same, and hearing goes on."""

import asyncio
import time

import pytest

from engine.audio import resample
from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_live_ears import OpenAiLiveEars
from tests.vendors.openai import openai
from tests.vendors.openai_hearing import KINDS, QUICK, SAID, SLOW, ear, final, heard, say, speech

BOTH = pytest.mark.parametrize("kind", KINDS)
FAULTS = {
    "unauthorized": True,
    "rate_limited": 600.0,
    "server_error": True,
    "bad_gateway_html": True,
    "slow_headers": 30.0,
    "slow_first_byte": 30.0,
    "stall": 1,
    "cut": 1,
    "clean_early_end": 1,
    "malformed_frame": True,
    "error_event": True,
    "silent_peer": True,
}


@BOTH
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_told_and_its_turn_gets_one_final(kind, fault):
    async with openai(says=[SAID] * 9) as server:
        setattr(server.faults, fault, FAULTS[fault])
        deadlines = SLOW if fault == "unauthorized" else QUICK
        async with ear(kind, server, deadlines=deadlines, key="sk-mine") as listening:
            say(listening)
            found = await heard(listening)
    faults = [each for each in found if isinstance(each, ProviderFailed)]
    assert len(faults) == 1
    assert isinstance(found[-2], ProviderFailed), "told before the final, so that another can be asked"
    (told,) = faults
    assert told.retryable is (fault != "unauthorized")
    assert SAID.startswith(found[-1].text)
    assert "sk-" not in str(told)
    assert "<" not in str(told)


@BOTH
async def test_a_refused_key_is_said_as_such(kind):
    async with openai(key="sk-right") as server, ear(kind, server, key="sk-wrong") as listening:
        say(listening)
        told, last = await heard(listening)
    assert "refused the key" in str(told)
    assert (told.retryable, last.text) == (False, "")


@BOTH
@pytest.mark.parametrize("fault", ["server_error", "cut", "malformed_frame", "error_event"])
async def test_it_goes_on_once_all_is_well_again(kind, fault):
    async with openai(says=[SAID, SAID, "later"]) as server, ear(kind, server) as listening:
        setattr(server.faults, fault, FAULTS[fault])
        server.faults.times = 1
        say(listening)
        found = await heard(listening)
        if kind is OpenAiLiveEars:
            assert [each for each in found if isinstance(each, ProviderFailed)] == [], "it was sent once more"
            assert found[-1].text == SAID
        server.says[:] = ["later"]
        say(listening, 2)
        assert (await final(listening)).text == "later"


async def test_live_a_connection_lost_in_a_turn_loses_no_sample_and_no_word():
    pcm = speech()
    async with openai(says=[SAID]) as server, ear(OpenAiLiveEars, server) as listening:
        server.faults.cut, server.faults.times = 3, 1
        say(listening, pcm=pcm.cut(0, 1.5), finish=False)
        async with asyncio.timeout(5):
            while len(server.sessions) < 2:
                await asyncio.sleep(0.01)
        say(listening, pcm=pcm.cut(1.5))
        found = await heard(listening)
    assert found[-1].text == SAID
    assert len(server.heard) == 1
    assert abs(len(server.heard[0]) - len(resample(pcm, 24_000).data)) <= 2
    shown = [each.text for each in found[:-1]]
    assert shown == sorted(set(shown), key=len), "nothing that was understood is taken back"


async def test_live_the_sessions_end_is_nothing_to_worry_about():
    async with openai(says=["one", "two"]) as server:
        server.faults.session_limit, server.faults.times = 0.2, 1
        async with ear(OpenAiLiveEars, server) as listening:
            say(listening)
            assert (await final(listening)).text == "one"
            async with asyncio.timeout(5):
                while len(server.sessions) < 2:
                    await asyncio.sleep(0.01)
            say(listening, 2)
            assert (await final(listening)).text == "two"


async def test_live_being_hung_up_on_while_nobody_speaks_is_not_told():
    async with openai(says=["one"]) as server:
        server.faults.idle_close, server.faults.times = 0.05, 2
        async with ear(OpenAiLiveEars, server) as listening:
            async with asyncio.timeout(5):
                while len(server.sessions) < 3:
                    await asyncio.sleep(0.01)
            say(listening)
            assert (await final(listening)).text == "one"


async def test_live_whoever_refuses_the_key_is_not_asked_again():
    async with openai(status=401) as server, ear(OpenAiLiveEars, server) as listening:
        say(listening)
        await heard(listening)
        await asyncio.sleep(0.2)
        assert len(server.requests) == 1


@BOTH
async def test_a_wait_is_bounded_and_a_timeout(kind):
    async with openai(says=[SAID]) as server:
        server.faults.stall = 0
        async with ear(kind, server, deadlines=QUICK) as listening:
            say(listening)
            told, last = await heard(listening)
    assert isinstance(told, ProviderTimeout)
    assert last.text == ""


@BOTH
async def test_leaving_a_silent_peer_takes_no_second(kind):
    async with openai(says=[SAID]) as server:
        server.faults.stall = 1
        async with ear(kind, server, deadlines=SLOW) as listening:
            say(listening)
            async with asyncio.timeout(5):
                while not server.requests:
                    await asyncio.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 5, "it does not wait for whoever does not answer"


async def test_nobody_there_is_said_with_the_address():
    async with openai() as server:
        pass
    async with ear(OpenAiEars, server) as listening:
        say(listening)
        told, _ = await heard(listening)
    assert f"cannot be reached at {server.url}" in str(told)
