"""What goes wrong with ElevenLabs' voices is told in time, in words fit to show; no sentence ends short in silence."""

from __future__ import annotations

import asyncio

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
from engine.providers.elevenlabs_voice import ElevenLabsVoice
from tests.providers.text_to_speech_conformance import SENTENCE, hear
from tests.vendors.elevenlabs import KEY, emulated, eventually, signal
from tests.vendors.faults import Faults
from tests.vendors.test_elevenlabs_speaks_over_the_wire import BOTH, SLOW, voice

QUICK = SpeakingDeadlines(handshake=1.0, first=1.0, between=1.0, interrupt=0.2, close=0.2)
"""Where nothing comes anyway: whoever does answer has more time."""
LATE = {"slow_headers", "slow_first_byte", "silent_peer", "stall"}
FAULTS = {
    "unauthorized": (True, "did not accept ELEVENLABS_API_KEY", False),
    "rate_limited": (600.0, "too many requests", True),
    "server_error": (True, "having trouble", True),
    "bad_gateway_html": (True, "having trouble", True),
    "slow_headers": (30.0, "did not answer in time", True),
    "slow_first_byte": (30.0, "did not answer in time", True),
    "stall": (2, "did not answer in time", True),
    "cut": (2, "broke off", True),
    "clean_early_end": (2, "stopped in the middle", True),
    "malformed_frame": (True, "cannot be read", True),
    "silent_peer": (True, "did not answer in time", True),
}


async def failing(speaker):
    """How it fails, and what was heard before."""
    heard = b""
    with pytest.raises(ProviderFailed) as failed:
        async for chunk in speaker.speak(SENTENCE, Voice()):
            heard += chunk.pcm.data
    assert failed.value.provider == speaker.about.name
    assert KEY not in str(failed.value)
    assert "No:" not in str(failed.value)
    assert "<" not in str(failed.value)
    return failed.value, heard


@BOTH
@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_told_in_time_and_leaves_nothing_behind(kind, fault):
    set_to, message, retryable = FAULTS[fault]
    async with emulated(faults=Faults(**{fault: set_to})) as vendor:
        before = asyncio.all_tasks()
        async with voice(kind, vendor, deadlines=QUICK if fault in LATE else SLOW) as speaker:
            error, heard = await failing(speaker)
        assert message in str(error)
        assert error.retryable is retryable
        assert isinstance(error, ProviderTimeout) == (fault in LATE)
        assert signal(SENTENCE).startswith(heard)
        assert bool(heard) == (
            fault in {"stall", "cut", "clean_early_end"} or (kind is ElevenLabsVoice and fault == "malformed_frame")
        )
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


@BOTH
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in LATE])
async def test_what_passes_is_forgotten(kind, fault):
    async with emulated(faults=Faults(**{fault: FAULTS[fault][0]}, times=1)) as vendor, voice(kind, vendor) as speaker:
        await failing(speaker)
        assert (await hear(speaker, SENTENCE)).data == signal(SENTENCE)


@pytest.mark.parametrize(
    ("code", "message", "retryable"),
    [
        ("quota_exceeded", "no credit left", False),
        ("detected_unusual_activity", "unusual activity", False),
        ("system_busy", "too busy", True),
        ("something_new", "having trouble", True),
    ],
)
async def test_what_the_vendor_says_is_wrong_is_told(code, message, retryable):
    async with emulated(error=code, faults=Faults(error_event=True)) as vendor:
        async with voice(ElevenLabsSocketVoice, vendor) as speaker:
            error, heard = await failing(speaker)
        assert message in str(error)
        assert error.retryable is retryable
        assert not heard


async def test_an_error_amid_http_lines_is_no_sound():
    async with emulated(faults=Faults(error_event=True)) as vendor, voice(ElevenLabsVoice, vendor) as speaker:
        error, heard = await failing(speaker)
        assert "cannot be read" in str(error)
        assert not heard


@BOTH
async def test_an_end_that_comes_too_early_is_noticed_by_the_times_even_if_all_came_at_first(kind):
    async with (
        emulated(timing="first", faults=Faults(clean_early_end=3)) as vendor,
        voice(kind, vendor) as speaker,
    ):
        error, heard = await failing(speaker)
        assert "stopped in the middle" in str(error)
        assert signal(SENTENCE).startswith(heard)


@BOTH
async def test_an_end_before_the_first_sound_is_a_failure(kind):
    async with (
        emulated(timing="none", faults=Faults(clean_early_end=0)) as vendor,
        voice(kind, vendor) as speaker,
    ):
        error, _ = await failing(speaker)
        assert error.retryable


async def test_a_lost_socket_fails_all_who_speak_over_it_and_the_next_opens_another():
    async with (
        emulated(pace=0.01, faults=Faults(cut=8, times=1)) as vendor,
        voice(ElevenLabsSocketVoice, vendor) as speaker,
    ):
        results = await asyncio.gather(*(hear(speaker, SENTENCE) for _ in range(3)), return_exceptions=True)
        assert len(results) == 3
        assert all(isinstance(result, ProviderFailed) and result.retryable for result in results)
        assert (await hear(speaker, SENTENCE)).data == signal(SENTENCE)


@BOTH
@pytest.mark.parametrize("fault", ["stall", "silent_peer"])
async def test_closing_does_not_wait_for_whoever_does_not_answer(kind, fault):
    patient = SpeakingDeadlines(handshake=20, first=20, between=20, close=0.2)
    async with emulated(faults=Faults(**{fault: 1})) as vendor, asyncio.timeout(5):
        async with voice(kind, vendor, deadlines=patient) as speaker:
            speaking = asyncio.gather(hear(speaker, SENTENCE), return_exceptions=True)
            await eventually(lambda: vendor.requests)
            await asyncio.sleep(0.05)
        (result,) = await speaking
        assert isinstance(result, ProviderFailed)
        await eventually(lambda: not vendor.open)
