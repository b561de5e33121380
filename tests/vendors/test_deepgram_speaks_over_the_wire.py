"""Deepgram's voices against its wire: every sample, paces, cutting in, connections kept."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.errors import ProviderFailed
from engine.providers.base import Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.deepgram_flux_voice import DeepgramFluxVoice
from engine.providers.deepgram_voice import DeepgramVoice
from tests.providers.text_to_speech_conformance import SENTENCE, TextToSpeechConformance, hear
from tests.vendors.coded_speech import sound
from tests.vendors.deepgram import KEY, deepgram
from tests.vendors.estimated import Estimated

QUICK = SpeakingDeadlines(handshake=0.3, first=0.3, between=0.3, interrupt=0.2, close=0.2)
"""Where nothing comes anyway: whoever does answer has more time."""
SLOW = SpeakingDeadlines(handshake=10, first=10, between=10, interrupt=5)
LATE = {"slow_headers", "slow_first_byte", "silent_peer", "stall"}
BOTH = pytest.mark.parametrize("kind", [DeepgramVoice, DeepgramFluxVoice])


@asynccontextmanager
async def voice(kind, server, **made):
    speaker = kind(key=KEY, base_url=server.url, **{"deadlines": SLOW} | made)
    yield speaker
    await speaker.close()


async def said(speaker, text=SENTENCE, **how):
    return b"".join([chunk.pcm.data async for chunk in speaker.speak(text, Voice(**how))])


async def cut_in(speaker):
    """Hear the first sound of a sentence, and no more."""
    async with aclosing(speaker.speak(SENTENCE, Voice())) as chunks:
        assert await anext(chunks)


async def until(true):
    async with asyncio.timeout(3):
        while not true():
            await asyncio.sleep(0.005)


class Conformance(TextToSpeechConformance):
    async def test_speed_shortens_and_lengthens(self, speaker):
        """Within the vendor's range, and as far as that goes beyond it."""
        slow, normal, fast, faster = [
            (await hear(speaker, SENTENCE, Voice(speed=speed))).seconds for speed in (0.75, 1.0, 1.5, 2.0)
        ]
        assert slow / normal == pytest.approx(4 / 3, rel=0.05)
        assert normal / fast == pytest.approx(1.5, rel=0.05)
        assert faster == fast


class TestDeepgramVoice(Conformance):
    @pytest.fixture
    async def speaker(self):
        async with deepgram() as server, voice(DeepgramVoice, server) as speaker:
            await speaker.warm()
            yield Estimated(speaker)


class TestDeepgramFluxVoice(Conformance):
    @pytest.fixture
    async def speaker(self):
        async with deepgram() as server, voice(DeepgramFluxVoice, server) as speaker:
            await said(speaker, "The first line of a connection cannot be interrupted before it sounds.")
            yield Estimated(speaker)


@BOTH
async def test_every_sample_that_is_sent_is_heard_in_order(kind):
    async with deepgram() as server, voice(kind, server) as speaker:
        assert await said(speaker) == sound(SENTENCE)


@BOTH
async def test_a_long_text_is_said_whole(kind):
    text = " ".join(f"Sentence number {number} of a text that is much longer than others." for number in range(40))
    async with deepgram() as server, voice(kind, server) as speaker:
        assert len(await said(speaker, text)) == len(sound(text))


@BOTH
async def test_the_connection_is_kept_from_line_to_line(kind):
    async with deepgram() as server, voice(kind, server) as speaker:
        await speaker.warm()
        for _ in range(3):
            await said(speaker, "Hello there.")
        assert len(server.connections) == 1


@BOTH
async def test_an_unknown_voice_is_the_configured_one(kind):
    async with deepgram() as server, voice(kind, server, voice="flux-or-aura-of-mine") as speaker:
        await said(speaker, "Hello.", name="nobody")
        await said(speaker, "Hello.", name=speaker.voices()[1])
    asked = [request.query["model"] for request in server.requests]
    assert asked == list(speaker.voices()[:2])
    assert asked[0] == "flux-or-aura-of-mine"


async def test_whoever_cuts_in_ends_a_request_over_http_at_once():
    async with deepgram(chunk_every=0.02) as server, voice(DeepgramVoice, server) as speaker:
        await cut_in(speaker)
        await until(lambda: server.open == 0)
        assert await said(speaker, "Yes?") == sound("Yes?")


async def test_whoever_cuts_in_interrupts_flux_and_the_connection_stays():
    async with deepgram(chunk_every=0.02) as server, voice(DeepgramFluxVoice, server) as speaker:
        await cut_in(speaker)
        (session,) = server.sessions
        assert session.kinds == ["Speak", "Flush", "Interrupt"]
        assert session.sent < len(sound(SENTENCE))
        assert await said(speaker, "Yes?") == sound("Yes?"), "nothing of the line before is left in it"
        assert len(server.sessions) == 1


async def test_flux_that_does_not_confirm_an_interruption_is_hung_up_on():
    async with (
        deepgram(chunk_every=0.02, confirms=False) as server,
        voice(DeepgramFluxVoice, server, deadlines=SpeakingDeadlines()) as speaker,
    ):
        await cut_in(speaker)
        await until(lambda: server.open == 0)
        assert await said(speaker, "Yes?") == sound("Yes?")
        assert len(server.sessions) == 2


@BOTH
async def test_whoever_cuts_in_before_the_first_sound_leaves_nothing_behind(kind):
    async with deepgram(slow_first_byte=30) as server, voice(kind, server, deadlines=QUICK) as speaker:
        await speaker.warm()
        before = asyncio.all_tasks()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(said(speaker))
            await until(lambda: len(server.requests) + sum(len(each.kinds) for each in server.sessions) >= 2)
            task.cancel()
        assert {task for task in asyncio.all_tasks() - before if "tests" not in str(task)} == set()
        await until(lambda: server.open <= 1)


@BOTH
async def test_many_interruptions_leave_no_task_and_no_connection(kind):
    async with deepgram(chunk_every=0.001) as server, voice(kind, server) as speaker:
        await speaker.warm()
        await cut_in(speaker)
        before = len(asyncio.all_tasks())
        for _ in range(30):
            await cut_in(speaker)
        await until(lambda: len(asyncio.all_tasks()) <= before)
        await until(lambda: server.open <= 1)
        assert await said(speaker) == sound(SENTENCE)


async def test_a_connection_that_died_in_silence_is_replaced_unnoticed():
    async with deepgram(idle_close=0.05) as server, voice(DeepgramFluxVoice, server) as speaker:
        await speaker.warm()
        await until(lambda: server.open == 0)
        assert await said(speaker) == sound(SENTENCE)


async def test_a_connection_is_not_kept_for_ever():
    deadlines = SpeakingDeadlines(idle=0.05)
    async with deepgram() as server, voice(DeepgramFluxVoice, server, deadlines=deadlines) as speaker:
        await said(speaker, "Hello.")
        await until(lambda: server.open == 0)


@BOTH
async def test_closing_hangs_up_even_on_whoever_does_not_answer(kind):
    async with deepgram() as server, voice(kind, server) as speaker:
        await speaker.warm()
        await said(speaker, "Hello.")
        async with asyncio.timeout(2):
            await speaker.close()
        await until(lambda: server.open == 0)


async def fault_of(speaker):
    got = b""
    with pytest.raises(ProviderFailed) as failed:
        async for chunk in speaker.speak(SENTENCE, Voice()):
            got += chunk.pcm.data
    message = str(failed.value)
    assert KEY not in message
    assert "secret" not in message
    assert "\n" not in message
    return got, failed.value


BEGUN = (
    ({"stall": 2}, "did not answer in time"),
    ({"cut": 2}, "broke off"),
    ({"clean_early_end": 2}, "broke off|did not say all of it"),
)
NOTHING = (
    ({"rate_limited": 1}, "too many requests", True),
    ({"rate_limited": 600}, "too many requests", True),
    ({"server_error": True}, r"having trouble \(status 500\)", True),
    ({"bad_gateway_html": True}, r"having trouble \(status 502\)", True),
    ({"slow_headers": 30}, "did not answer in time", True),
    ({"slow_first_byte": 30}, "did not answer in time", True),
    ({"silent_peer": True}, "did not answer in time", True),
    ({"error_event": True}, r"reported an error|having trouble \(status 500\)", True),
    ({"key": "another"}, r"refused the key \(DEEPGRAM_API_KEY\)", False),
)


@BOTH
@pytest.mark.parametrize(("faults", "says"), BEGUN, ids=[next(iter(each[0])) for each in BEGUN])
async def test_a_line_that_breaks_off_is_never_taken_for_a_whole_one(kind, faults, says):
    deadlines = QUICK if LATE & faults.keys() else SLOW
    async with deepgram(**faults) as server, voice(kind, server, deadlines=deadlines) as speaker:
        got, fault = await fault_of(speaker)
        assert got
        assert sound(SENTENCE).startswith(got)
        assert fault.retryable
        with pytest.raises(ProviderFailed, match=says):
            raise fault
        await until(lambda: server.open <= (kind is DeepgramVoice))


@BOTH
@pytest.mark.parametrize(("faults", "says", "retryable"), NOTHING, ids=[str(each[0]) for each in NOTHING])
async def test_a_line_that_does_not_begin_is_a_fault_that_says_why(kind, faults, says, retryable):
    deadlines = QUICK if LATE & faults.keys() else SLOW
    async with deepgram(**faults) as server, voice(kind, server, deadlines=deadlines) as speaker:
        got, fault = await fault_of(speaker)
        assert (got, fault.retryable) == (b"", retryable)
        with pytest.raises(ProviderFailed, match=says):
            raise fault
        assert len(server.requests) == 1, "a retry would keep the listener waiting"


@BOTH
async def test_a_message_that_is_none_is_passed_over(kind):
    async with deepgram(malformed_frame=kind is DeepgramFluxVoice) as server, voice(kind, server) as speaker:
        assert await said(speaker) == sound(SENTENCE)


@BOTH
async def test_nobody_there_is_said(kind):
    async with deepgram() as server:
        pass
    async with voice(kind, server) as speaker:
        _, fault = await fault_of(speaker)
    assert "cannot be reached" in str(fault)
    assert fault.retryable


@BOTH
async def test_a_key_is_checked_without_saying_anything(kind):
    async with deepgram() as server:
        async with voice(kind, server) as speaker:
            await speaker.check()
        server.key = "another"
        async with voice(kind, server) as speaker:
            with pytest.raises(ProviderFailed, match="refused the key") as refused:
                await speaker.check()
    assert not refused.value.retryable
    assert {request.path for request in server.requests} == {"/v1/projects"}
