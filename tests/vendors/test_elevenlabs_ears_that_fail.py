"""What goes wrong with ElevenLabs' ears costs a turn its words at most: it is told, and the next turn is heard."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.deadlines import HearingDeadlines
from tests.vendors.elevenlabs import KEY, emulated, eventually
from tests.vendors.faults import Faults
from tests.vendors.test_elevenlabs_hears_over_the_wire import FIRST, SECOND, final, listening, push, sound, words

BRISK = HearingDeadlines(handshake=5, no_result=5, final=10, quiet=5, backoff=0.01, longest_backoff=0.05, close=0.2)
"""Where the next session understands what the last one did not."""
SHORT = HearingDeadlines(
    handshake=0.3, no_result=0.3, final=1.5, catch_up=0.0, quiet=0.3, backoff=0.01, longest_backoff=0.05, close=0.2
)
"""Where nothing comes anyway."""


async def told(ear, turn):
    """All failures up to the final transcript of `turn`, and that."""
    failures = []
    async with asyncio.timeout(15):
        while True:
            try:
                heard, _ = await final(ear, turn)
            except ProviderFailed as error:
                assert KEY not in str(error)
                assert "No:" not in str(error)
                assert error.provider == "elevenlabs"
                failures.append(error)
                if not error.retryable:
                    return failures, None
            else:
                return failures, heard


@pytest.mark.parametrize(
    "fault",
    [{"cut": 1}, {"cut": 2}, {"clean_early_end": 1}, {"malformed_frame": True}, {"session_limit": 0.2}],
    ids=["cut", "cut again", "clean end", "malformed", "session limit"],
)
async def test_a_turn_that_loses_its_session_is_heard_by_the_next_from_its_beginning_and_nobody_is_troubled(fault):
    async with emulated(says=[FIRST, FIRST], faults=Faults(**fault, times=1)) as vendor:  # the lost one may hear
        async with listening(vendor, deadlines=BRISK) as ear:
            push(ear, sound(0.8), 1)
            await eventually(lambda: vendor.sessions and vendor.sessions[0].audio)
            if "session_limit" in fault:
                await eventually(lambda: vendor.sessions[0].ended)
            push(ear, sound(1.5).cut(0.8), 1)
            ear.finish(1)
            failures, heard = await told(ear, 1)
            assert not failures
            assert words(heard) == FIRST
            vendor.says[:] = [SECOND]
            push(ear, sound(1.0), 2)
            ear.finish(2)
            assert words((await told(ear, 2))[1]) == SECOND
        assert bytes(vendor.sessions[-1].audio) == sound(0.8).data + sound(1.5).cut(0.8).data + sound(1.0).data


async def test_an_idle_session_that_the_vendor_closes_is_replaced_before_the_next_turn():
    async with emulated(says=[FIRST]) as vendor:
        vendor.faults.idle_close = 0.1
        async with listening(vendor, deadlines=BRISK) as ear:
            await eventually(lambda: len(vendor.sessions) > 1)
            vendor.faults.idle_close = None
            push(ear, sound(1.5), 1)
            ear.finish(1)
            failures, heard = await told(ear, 1)
            assert not failures
            assert words(heard) == FIRST


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"rate_limited": 600.0}, "too many requests"),
        ({"server_error": True}, "having trouble"),
        ({"bad_gateway_html": True}, "having trouble"),
        ({"slow_headers": 30.0}, "in time"),
        ({"silent_peer": True}, "in time"),
    ],
    ids=["429", "500", "502", "slow headers", "silent"],
)
async def test_while_nobody_hears_that_is_told_once_and_each_turn_ends_empty(fault, message):
    async with emulated(says=[SECOND], faults=Faults(**fault)) as vendor:
        before = asyncio.all_tasks()
        async with listening(vendor, deadlines=SHORT) as ear:
            push(ear, sound(1.5), 1)
            ear.finish(1)
            failures, heard = await told(ear, 1)
            assert [str(failure) for failure in failures if message in str(failure)]
            assert len(failures) == 1
            assert failures[0].retryable
            assert not heard.text
            vendor.faults.__dict__.update(Faults().__dict__)
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_after_an_outage_the_next_turn_is_heard():
    async with (
        emulated(says=[SECOND], faults=Faults(server_error=True)) as vendor,
        listening(vendor, deadlines=SHORT) as ear,
    ):
        push(ear, sound(1.5), 1)
        ear.finish(1)
        assert not (await told(ear, 1))[1].text
        vendor.faults.server_error = False
        await eventually(lambda: vendor.open_sessions)
        push(ear, sound(1.0), 2)
        ear.finish(2)
        failures, heard = await told(ear, 2)
        assert not failures
        assert words(heard) == SECOND


async def test_a_vendor_that_falls_silent_costs_what_it_did_not_say_and_is_left_for_a_new_session():
    async with (
        emulated(says=[FIRST, SECOND], faults=Faults(stall=1, times=1)) as vendor,
        listening(vendor, deadlines=SHORT) as ear,
    ):
        push(ear, sound(0.5), 1)
        async for interim in ear:
            assert interim.text == "Um,"
            break
        push(ear, sound(0.5), 1)
        ear.finish(1)
        _, heard = await told(ear, 1)
        assert heard.text == "Um,", "what was understood so far"
        vendor.says.pop(0)
        push(ear, sound(1.0), 2)
        ear.finish(2)
        _, heard = await told(ear, 2)
        assert words(heard) == SECOND
        assert len(vendor.sessions) >= 2


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_turns():
    async with (
        emulated(says=[FIRST, SECOND], talkative=False, faults=Faults(slow_first_byte=2.5, times=1)) as vendor,
        listening(vendor, deadlines=replace(SHORT, no_result=10)) as ear,
    ):
        push(ear, sound(1.5), 1)
        ear.finish(1)
        failures, heard = await told(ear, 1)
        assert isinstance(failures[0], ProviderTimeout)
        assert not heard.text
        await eventually(lambda: len(vendor.sessions) == 2)
        vendor.says[:] = [SECOND]
        push(ear, sound(1.0), 2)
        ear.finish(2)
        assert words((await told(ear, 2))[1]) == SECOND


async def test_noise_without_words_does_not_end_a_session_that_is_alive():
    quick = HearingDeadlines(handshake=5, no_result=0.05, final=10)
    async with (
        emulated(says=[FIRST], talkative=False) as vendor,
        listening(vendor, deadlines=quick) as ear,
    ):
        push(ear, sound(0.5), 1)
        await asyncio.sleep(0.3)
        push(ear, sound(1.5).cut(0.5), 1)
        ear.finish(1)
        failures, heard = await told(ear, 1)
        assert not failures
        assert words(heard) == FIRST
        assert len(vendor.sessions) == 1


@pytest.mark.parametrize(
    ("code", "message", "retryable"),
    [
        ("auth_error", "ELEVENLABS_API_KEY", False),
        ("quota_exceeded", "no credit left", False),
        ("unaccepted_terms", "terms of use", False),
        ("input_error", "refused the request", False),
        ("rate_limited", "too many requests", True),
        ("queue_overflow", "too busy", True),
        ("resource_exhausted", "too busy", True),
        ("transcriber_error", "having trouble", True),
    ],
)
async def test_an_error_frame_becomes_a_failure_that_says_whose_it_is(code, message, retryable):
    async with (
        emulated(says=[FIRST], error=code, faults=Faults(error_event=True)) as vendor,
        listening(vendor, deadlines=SHORT) as ear,
    ):
        push(ear, sound(1.5), 1)
        ear.finish(1)
        failures, heard = await told(ear, 1)
        assert message in str(failures[0])
        assert failures[0].retryable is retryable
        if retryable:
            assert heard.text == "" or heard.text == "Um, this is it."


@pytest.mark.parametrize("code", ["insufficient_audio_activity", "commit_throttled"])
async def test_nothing_to_understand_is_an_empty_turn_and_no_failure(code):
    async with emulated(says=[FIRST, SECOND], talkative=False, error=code) as vendor:
        vendor.faults = Faults(error_event=True, times=1)
        async with listening(vendor, deadlines=BRISK) as ear:
            push(ear, sound(1.5), 1)
            ear.finish(1)
            failures, heard = await told(ear, 1)
            assert not failures
            assert not heard.text
            push(ear, sound(1.5), 2)
            ear.finish(2)
            failures, heard = await told(ear, 2)
            assert not failures
            assert heard.text


async def test_a_refused_key_ends_hearing_and_all_turns_at_once():
    async with emulated() as vendor, listening(vendor, key="another", deadlines=BRISK) as ear:
        push(ear, sound(1.0), 1)
        ear.finish(1)
        with pytest.raises(ProviderFailed, match="ELEVENLABS_API_KEY") as failed:
            await final(ear, 1)
        assert not failed.value.retryable
        assert not (await final(ear, 1))[0].text
        ear.finish(2)
        assert not (await final(ear, 2))[0].text
        assert len(vendor.requests) == 1


@pytest.mark.parametrize("faults", [{"silent_peer": True}, {"slow_headers": 30.0}], ids=["silent", "opening"])
async def test_leaving_does_not_wait_for_whoever_does_not_answer(faults):
    patient = HearingDeadlines(handshake=20, no_result=20, final=20, close=0.2)
    async with emulated(faults=Faults(**faults)) as vendor:
        before = asyncio.all_tasks()
        async with asyncio.timeout(5):
            async with listening(vendor, deadlines=patient) as ear:
                push(ear, sound(1.0), 1)
                await eventually(lambda: vendor.requests)
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)
