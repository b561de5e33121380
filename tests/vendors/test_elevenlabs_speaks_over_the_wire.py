"""ElevenLabs' voices against its wires: every sample, when words sound, paces, cutting in, connections kept."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest

from engine.errors import ProviderFailed
from engine.providers.base import Voice
from engine.providers.deadlines import SpeakingDeadlines
from engine.providers.elevenlabs_contexts import MOST, Contexts
from engine.providers.elevenlabs_socket import ElevenLabsSocketVoice
from engine.providers.elevenlabs_voice import ElevenLabsVoice
from tests.providers.text_to_speech_conformance import SENTENCE, TextToSpeechConformance, assert_words_fit, hear
from tests.vendors.elevenlabs import CHARACTER, KEY, VOICES, ElevenLabs, emulated, eventually, signal
from tests.vendors.elsewhere import elsewhere

SLOW = SpeakingDeadlines(handshake=10, first=10, between=10, interrupt=5)
BOTH = pytest.mark.parametrize("kind", [ElevenLabsVoice, ElevenLabsSocketVoice])


@asynccontextmanager
async def voice(kind, vendor, **made):
    speaker = kind(**{"key": KEY, "base_url": vendor.base, "deadlines": SLOW} | made)
    try:
        yield speaker
    finally:
        await speaker.close()


async def cut_in(speaker, text=SENTENCE):
    """Hear the first sound of a sentence, and no more."""
    async with aclosing(speaker.speak(text, Voice())) as chunks:
        assert await anext(chunks)


class Conformance(TextToSpeechConformance):
    async def test_speed_shortens_and_lengthens(self, speaker):
        """Within the vendor's range, and as far as that goes beyond it."""
        slow, slower, normal, fast, faster = [
            (await hear(speaker, SENTENCE, Voice(speed=speed))).seconds for speed in (0.8, 0.5, 1.0, 1.2, 2.0)
        ]
        assert slow / normal == pytest.approx(1.25, rel=0.01)
        assert slower / normal == pytest.approx(1 / 0.7, rel=0.01)
        assert normal / fast == pytest.approx(1.2, rel=0.01)
        assert faster == fast


class TestElevenLabsVoice(Conformance):
    @pytest.fixture
    async def speaker(self):
        async with elsewhere(ElevenLabs()) as vendor, voice(ElevenLabsVoice, vendor) as speaker:
            await speaker.warm()
            yield speaker


class TestElevenLabsSocketVoice(Conformance):
    @pytest.fixture
    async def speaker(self):
        async with elsewhere(ElevenLabs()) as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
            await speaker.warm()
            yield speaker


@BOTH
@pytest.mark.parametrize("odd", [False, True], ids=["whole samples", "split samples"])
async def test_every_sample_that_is_sent_is_heard_in_order(kind, odd):
    async with emulated(odd=odd) as vendor, voice(kind, vendor) as speaker:
        assert (await hear(speaker, SENTENCE)).data == signal(SENTENCE)


@BOTH
@pytest.mark.parametrize("timing", ["each", "running", "first"])
async def test_words_sound_when_their_characters_do_from_wherever_times_count(kind, timing):
    text = "Well: it’s “40 %” off — 🎉 or more?"
    async with emulated(timing=timing, pace=0.001) as vendor, voice(kind, vendor) as speaker:
        heard = await hear(speaker, text)
    assert_words_fit(heard, text)
    for word in heard.words:
        assert word.start == pytest.approx(word.first * CHARACTER, abs=0.002)
        assert word.start < word.end <= word.last * CHARACTER + 0.002


@BOTH
async def test_words_are_told_with_the_sound_that_holds_them_not_before(kind):
    async with emulated(timing="first") as vendor, voice(kind, vendor) as speaker:
        seconds, words = 0.0, 0
        async for chunk in speaker.speak(SENTENCE, Voice()):
            seconds += chunk.pcm.seconds
            words += len(chunk.words)
            assert all(word.end <= seconds + 1e-6 for word in chunk.words)
    assert words == 16


@BOTH
async def test_signs_that_the_vendor_does_not_time_cost_no_word_its_time(kind):
    text = "“Well”, she said; that’s *all*!"
    async with emulated(untimed="“”*!,;") as vendor, voice(kind, vendor) as speaker:
        assert_words_fit(await hear(speaker, text), text)


@BOTH
async def test_characters_that_are_not_of_the_text_leave_the_words_behind_them_a_share_of_the_time(kind):
    async with emulated(untimed="w") as vendor, voice(kind, vendor) as speaker:
        heard = await hear(speaker, SENTENCE)
        assert heard.data == signal(SENTENCE)
        assert_words_fit(heard, SENTENCE)


@BOTH
async def test_speech_without_any_times_has_no_words(kind):
    async with emulated(timing="none") as vendor, voice(kind, vendor) as speaker:
        heard = await hear(speaker, SENTENCE)
    assert heard.data == signal(SENTENCE)
    assert not heard.words


@BOTH
async def test_voices_go_by_their_names_or_ids_and_the_default_comes_first(kind):
    async with emulated() as vendor, voice(kind, vendor, voice=VOICES["Sarah"]) as speaker:
        assert list(speaker.voices()) == [VOICES["Sarah"]]
        await speaker.warm()
        assert list(speaker.voices()) == ["Sarah", "George"]
        for name, id in (("George", VOICES["George"]), (VOICES["George"], VOICES["George"]), ("", VOICES["Sarah"])):
            await hear(speaker, "Hello.", Voice(name=name))
            asked = vendor.requests[-1] if kind is ElevenLabsVoice else vendor.sessions[-1]
            assert asked.path.split("/")[3] == id or id in {session.path.split("/")[3] for session in vendor.sessions}


@BOTH
async def test_a_key_that_may_only_speak_speaks(kind):
    async with emulated(restricted=True) as vendor, voice(kind, vendor, voice=VOICES["George"]) as speaker:
        await speaker.warm()
        assert (await hear(speaker, "Hello.")).data == signal("Hello.")


@BOTH
async def test_a_key_is_checked_without_spending(kind):
    async with emulated() as vendor, voice(kind, vendor) as speaker:
        await speaker.check()
        assert {request.path for request in vendor.requests} == {"/v2/voices"}
    async with emulated() as vendor, voice(kind, vendor, key="another") as speaker:
        with pytest.raises(ProviderFailed, match="ELEVENLABS_API_KEY") as failed:
            await speaker.check()
        assert not failed.value.retryable


async def test_http_requests_share_a_warm_connection():
    async with emulated() as vendor, voice(ElevenLabsVoice, vendor) as speaker:
        await speaker.warm()
        for _ in range(3):
            await hear(speaker, SENTENCE)
        assert len(vendor.connections) == 1


async def test_whoever_cuts_in_hangs_up_on_http_at_once():
    async with emulated(pace=0.2) as vendor, voice(ElevenLabsVoice, vendor) as speaker:
        await cut_in(speaker)
        async with asyncio.timeout(3):
            await vendor.requests[-1].gone.wait()
        assert vendor.requests[-1].gone_at


async def test_one_socket_lasts_for_many_sentences_of_one_voice():
    async with emulated() as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
        await speaker.warm()
        for _ in range(3):
            await hear(speaker, SENTENCE)
        await asyncio.gather(*(hear(speaker, SENTENCE) for _ in range(3)))
        assert len(vendor.sessions) == 1
        await hear(speaker, SENTENCE, Voice(name="Sarah"))
        assert len(vendor.sessions) == 2


async def test_whoever_cuts_in_closes_the_context_at_once_and_keeps_the_socket():
    async with emulated(pace=0.05) as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
        await cut_in(speaker)
        (session,) = vendor.sessions
        await eventually(lambda: session.sent("close_context"))
        assert session.contexts, "it is closed while the vendor still speaks"
        vendor.pace = 0.0
        assert (await hear(speaker, "What is it?")).data == signal("What is it?"), "nothing of what was said before"
        assert len(vendor.sessions) == 1


async def test_every_context_is_closed_once_and_never_more_than_the_vendor_allows_are_open():
    async with emulated(pace=0.02) as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
        for _ in range(3 * MOST):
            await cut_in(speaker)
        await hear(speaker, "And now all of it.")
        for session in vendor.sessions:
            assert session.most <= MOST
            opened = [message["context_id"] for message in session.messages if message.get("text") == " "]
            await eventually(lambda s=session, o=opened: len(s.sent("close_context")) == len(o) or s.ended)
            closed = [message["context_id"] for message in session.sent("close_context")]
            assert len(set(closed)) == len(closed)
        assert vendor.open_sessions <= 2


async def test_more_speakers_than_a_socket_takes_get_another():
    async with emulated(pace=0.01) as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
        texts = [f"Speaker {number} says this." for number in range(2 * MOST)]
        for text, heard in zip(texts, await asyncio.gather(*(hear(speaker, text) for text in texts)), strict=True):
            assert heard.data == signal(text)
        assert len(vendor.sessions) == 2


@BOTH
async def test_cutting_in_a_hundred_times_leaves_no_task_and_no_connection(kind):
    async with emulated() as vendor:
        before = asyncio.all_tasks()
        async with voice(kind, vendor) as speaker:
            for _ in range(100):
                await cut_in(speaker)
        await eventually(lambda: not vendor.open)
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_a_socket_is_kept_alive_while_nobody_speaks_and_closed_after_a_while():
    quick = SpeakingDeadlines(idle=0.3, close=0.2)
    async with emulated() as vendor:
        vendor.faults.idle_close = 0.25
        url = f"{vendor.base}/v1/text-to-speech/{VOICES['George']}/multi-stream-input?output_format=pcm_24000"
        contexts = await Contexts.open(url.replace("http", "ws"), KEY, quick, beat=0.05)
        (session,) = vendor.sessions
        await eventually(lambda: session.ended)
        assert len(session.messages) >= 4
        assert all(message == {"text": ""} for message in session.messages), "it would have been hung up on"
        assert not contexts.room
        await contexts.close()


async def test_a_socket_that_the_vendor_closed_while_nobody_spoke_costs_no_sentence():
    async with emulated() as vendor, voice(ElevenLabsSocketVoice, vendor) as speaker:
        vendor.faults.idle_close = 0.1
        await hear(speaker, SENTENCE)
        await eventually(lambda: vendor.sessions[0].ended)
        assert (await hear(speaker, SENTENCE)).data == signal(SENTENCE)
        assert len(vendor.sessions) == 2
