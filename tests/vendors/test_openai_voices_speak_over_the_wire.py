"""OpenAI's voices, by request and realtime, against its wire: every sample, cutting in, reading what is written."""

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.errors import ProviderFailed, ProviderTimeout
from engine.media.decode import decode_clip
from engine.providers.base import Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.openai_realtime_voice import OpenAiRealtimeVoice
from engine.providers.openai_voice import OpenAiVoice
from tests.providers.text_to_speech_conformance import SENTENCE, TextToSpeechConformance, hear
from tests.vendors.elsewhere import elsewhere
from tests.vendors.estimated import Estimated
from tests.vendors.openai import OpenAi, dressed, openai, signal

SLOW = SpeakingDeadlines(handshake=10, first=10, between=10, interrupt=5)
"""Where an answer comes."""
QUICK = SpeakingDeadlines(handshake=0.15, first=0.15, between=0.15, interrupt=0.1, close=0.1)
"""Where none comes anyway."""
LATE = {"slow_headers", "slow_first_byte", "stall", "silent_peer"}
KINDS = (OpenAiVoice, OpenAiRealtimeVoice)
BOTH = pytest.mark.parametrize("kind", KINDS)


@asynccontextmanager
async def voice(kind, server, **made):
    speaker = kind(base_url=server.url, **{"deadlines": SLOW} | made)
    yield speaker
    await speaker.close()


async def said(speaker, text=SENTENCE, **how):
    return b"".join([chunk.pcm.data async for chunk in speaker.speak(text, Voice(**how))])


async def cut_in(speaker):
    """Hear the first sound of a sentence, and no more."""
    async with aclosing(speaker.speak(SENTENCE, Voice())) as chunks:
        assert await anext(chunks)


async def until(true):
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


class TestOpenAiVoice(TextToSpeechConformance):
    @pytest.fixture
    async def speaker(self):
        async with elsewhere(OpenAi()) as server, voice(OpenAiVoice, server) as speaker:
            await speaker.warm()
            yield Estimated(speaker)


class TestOpenAiRealtimeVoice(TextToSpeechConformance):
    @pytest.fixture
    async def speaker(self):
        async with elsewhere(OpenAi()) as server, voice(OpenAiRealtimeVoice, server) as speaker:
            await speaker.warm()
            yield Estimated(speaker)

    async def test_speech_that_is_cancelled_before_its_first_sound_leaves_nothing_behind(self, speaker):
        """Nor its session: what has no name yet can be stopped in no other way."""
        before = asyncio.all_tasks()
        task = asyncio.create_task(hear(speaker, SENTENCE))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() <= before
        assert (await hear(speaker, SENTENCE)).data == signal(SENTENCE)

    async def test_speed_shortens_and_lengthens(self, speaker):
        """As far as the vendor goes."""
        slow, normal, fast, faster = [
            (await hear(speaker, SENTENCE, Voice(speed=speed))).seconds for speed in (0.5, 1.0, 1.5, 2.0)
        ]
        assert slow / normal == pytest.approx(2.0, rel=0.05)
        assert normal / fast == pytest.approx(1.5, rel=0.05)
        assert faster == fast


@BOTH
async def test_every_sample_that_is_sent_is_heard_in_order(kind):
    async with openai() as server, voice(kind, server) as speaker:
        assert await said(speaker) == signal(SENTENCE)


@pytest.mark.parametrize("form", ["wav", "endless wav"])
async def test_a_server_that_answers_with_a_file_at_another_rate_is_understood(form):
    async with openai(speaks=form, rate=22_050) as server, voice(OpenAiVoice, server) as speaker:
        chunks = [chunk.pcm async for chunk in speaker.speak(SENTENCE, Voice())]
    assert {pcm.rate for pcm in chunks} == {22_050}
    assert b"".join(pcm.data for pcm in chunks) == signal(SENTENCE, 22_050)
    assert server.requests[0].json["response_format"] == "pcm"


async def test_a_server_that_answers_with_mp3_is_understood():
    async with openai(speaks="mp3") as server, voice(OpenAiVoice, server) as speaker:
        chunks = [chunk.pcm async for chunk in speaker.speak(SENTENCE, Voice())]
    whole = decode_clip(dressed(signal(SENTENCE), "mp3", 24_000))
    assert {pcm.rate for pcm in chunks} == {whole.rate}
    assert abs(sum(pcm.seconds for pcm in chunks) - whole.seconds) < 0.1


@BOTH
async def test_the_connection_is_kept_from_line_to_line(kind):
    async with openai() as server, voice(kind, server) as speaker:
        await speaker.warm()
        for _ in range(3):
            await said(speaker, "Hello there.")
        assert len(server.connections) == 1


@BOTH
async def test_an_unknown_voice_is_the_configured_one(kind):
    async with openai() as server, voice(kind, server, voice="af_heart") as speaker:
        await said(speaker, "Hello there.", name="nobody")
        await said(speaker, "Hello there.", name=speaker.voices()[1])
    if kind is OpenAiVoice:
        asked = [request.json["voice"] for request in server.requests]
    else:
        asked = [session.settings["audio"]["output"]["voice"] for session in server.sessions]
    assert asked == ["af_heart", speaker.voices()[1]]


async def test_whoever_cuts_in_ends_a_request_at_once():
    async with openai() as server, voice(OpenAiVoice, server) as speaker:
        server.faults.stall = 2
        await cut_in(speaker)
        await asyncio.wait_for(server.requests[0].gone.wait(), 5)
        server.faults.stall = None
        assert await said(speaker, "Yes, what?") == signal("Yes, what?")


async def test_whoever_cuts_in_stops_the_realtime_voice_and_its_session_is_kept():
    async with openai(pace=0.02) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        for _ in range(3):
            await cut_in(speaker)
        assert await said(speaker, "Yes, what?") == signal("Yes, what?"), "nothing of the lines before is left in it"
        (session,) = server.sessions
        assert len(session.cancelled) == 3
        assert not session.speaking


@BOTH
async def test_many_interruptions_leave_no_task_and_no_connection(kind):
    async with openai(pace=0.001) as server, voice(kind, server) as speaker:
        await speaker.warm()
        await cut_in(speaker)
        before = len(asyncio.all_tasks())
        for _ in range(30):
            await cut_in(speaker)
        await until(lambda: len(asyncio.all_tasks()) <= before + 1)
        await until(lambda: server.open <= 1)
        assert await said(speaker) == signal(SENTENCE)


@BOTH
async def test_cancelled_before_the_first_sound_it_stops(kind):
    async with openai() as server, voice(kind, server) as speaker:
        server.faults.slow_first_byte = 30
        await speaker.warm()
        task = asyncio.create_task(said(speaker))
        await until(lambda: any(session.speaking for session in server.sessions) or kind is OpenAiVoice)
        await until(lambda: server.requests)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        if kind is OpenAiVoice:
            await until(lambda: server.open == 0)
        else:
            await until(lambda: server.sessions[0].cancelled or server.open == 0)


async def test_a_session_that_died_in_silence_is_replaced_unnoticed():
    async with openai() as server, voice(OpenAiRealtimeVoice, server) as speaker:
        server.faults.idle_close, server.faults.times = 0.05, 1
        await speaker.warm()
        await until(lambda: server.open == 0)
        assert await said(speaker) == signal(SENTENCE)


async def test_a_session_at_its_limit_is_replaced_unnoticed():
    async with openai() as server, voice(OpenAiRealtimeVoice, server) as speaker:
        server.faults.session_limit, server.faults.times = 0.05, 1
        await speaker.warm()
        await until(lambda: server.open == 0)
        assert await said(speaker) == signal(SENTENCE)


async def test_a_session_is_not_kept_for_ever():
    async with (
        openai() as server,
        voice(OpenAiRealtimeVoice, server, deadlines=SpeakingDeadlines(idle=0.05)) as speaker,
    ):
        await said(speaker, "Hello there.")
        await until(lambda: server.open == 0)


async def test_the_names_of_the_protocol_before_are_understood():
    async with openai(beta_names=True) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        assert await said(speaker) == signal(SENTENCE)


async def test_a_model_that_answers_instead_of_reading_is_asked_once_more_before_anything_sounds():
    reads = ["Sure! What a nice sentence that is."]
    async with openai(reads=reads) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        assert await said(speaker) == signal(SENTENCE)
    (session,) = server.sessions
    asked = [event["response"] for event in session.received if event["type"] == "response.create"]
    assert len(asked) == 2
    assert asked[0]["instructions"] != asked[1]["instructions"]


async def test_a_model_that_never_reads_has_failed_without_a_sound():
    reads = ["Sure! What a nice sentence that is."] * 2
    async with openai(reads=reads) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        got, fault = await fault_of(speaker)
    assert got == b""
    assert "does not read what is written" in str(fault)
    assert fault.retryable


async def test_a_model_that_strays_later_on_has_failed_and_is_not_asked_to_begin_anew():
    strays = " ".join(SENTENCE.split()[:5]) + " and now I say something else altogether, my own words."
    async with openai(reads=[strays]) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        got, fault = await fault_of(speaker)
    assert got
    assert signal(strays).startswith(got), "what had sounded sounded once"
    assert "does not read what is written" in str(fault)
    assert len([each for each in server.sessions[0].received if each["type"] == "response.create"]) == 1


async def test_a_model_that_leaves_the_end_out_has_failed():
    async with openai(reads=[" ".join(SENTENCE.split()[:8])]) as server, voice(OpenAiRealtimeVoice, server) as speaker:
        _, fault = await fault_of(speaker)
    assert "does not read what is written" in str(fault)


async def fault_of(speaker):
    got = b""
    with pytest.raises(ProviderFailed) as failed:
        async for chunk in speaker.speak(SENTENCE, Voice()):
            got += chunk.pcm.data
    assert "sk-" not in str(failed.value)
    assert "\n" not in str(failed.value)
    return got, failed.value


BEGUN = (("stall", 2), ("cut", 2), ("clean_early_end", 2))
NOTHING = (
    ("rate_limited", 1.0, "too many requests", True),
    ("rate_limited", 600.0, "too many requests", True),
    ("server_error", True, "having trouble (status 500)", True),
    ("bad_gateway_html", True, "having trouble (status 502)", True),
    ("unauthorized", True, "refused the key", False),
    ("slow_headers", 30.0, "did not answer in time", True),
    ("slow_first_byte", 30.0, "did not answer in time", True),
    ("silent_peer", True, "did not answer in time", True),
    ("stall", 0, "did not answer in time", True),
    ("error_event", True, "", True),
    ("malformed_frame", True, "sent something that is no answer", True),
)


@BOTH
@pytest.mark.parametrize(("fault", "pieces"), BEGUN)
async def test_a_line_that_breaks_off_is_never_taken_for_a_whole_one(kind, fault, pieces):
    async with openai() as server, voice(kind, server, deadlines=QUICK if fault in LATE else SLOW) as speaker:
        setattr(server.faults, fault, pieces)
        got, told = await fault_of(speaker)
    assert signal(SENTENCE).startswith(got)
    assert isinstance(told, ProviderTimeout) is (fault == "stall")
    assert told.retryable


@BOTH
@pytest.mark.parametrize(("fault", "value", "says", "retryable"), NOTHING)
async def test_a_fault_before_the_first_sound_says_what_it_is(kind, fault, value, says, retryable):
    made = {"deadlines": QUICK if fault in LATE else SLOW, "key": "sk-mine"}
    async with openai() as server, voice(kind, server, **made) as speaker:
        setattr(server.faults, fault, value)
        got, told = await fault_of(speaker)
        await until(lambda: server.open == 0 or fault not in LATE)
    assert got == b""
    assert says in str(told)
    assert told.retryable is retryable
