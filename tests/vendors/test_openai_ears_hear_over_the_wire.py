"""OpenAI's ears, by file and live, against its wire: every sample, every word once, turns in order."""

import asyncio

import pytest

from engine.audio import Pcm, Resampler, resample
from engine.errors import TooLarge
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_hearing import IN_THE_SAME_STYLE, VERBATIM
from engine.providers.openai_live_ears import OpenAiLiveEars
from tests.vendors.openai import form, openai
from tests.vendors.openai_hearing import KINDS, SAID, ear, final, heard, pause, say, speech

BOTH = pytest.mark.parametrize("kind", KINDS)
SENTENCES = ("We sell Oatly bars to Jerry's.", "The B2B price is low.")


@BOTH
async def test_a_turn_gets_interims_and_one_final(kind):
    async with openai(says=[SAID]) as server, ear(kind, server) as listening:
        say(listening)
        *interims, last = await heard(listening)
    assert (last.turn, last.text, last.final) == (1, SAID, True)
    assert interims
    assert all(SAID.startswith(interim.text) and not interim.final for interim in interims)
    assert [interim.text for interim in interims] == sorted({interim.text for interim in interims}, key=len)


async def test_a_file_holds_every_sample_of_its_turn():
    pcm = speech(1.234)
    async with openai(says=[SAID]) as server, ear(OpenAiEars, server) as listening:
        say(listening, pcm=pcm)
        await final(listening)
    assert server.heard == [pcm.data]


async def test_live_every_sample_is_sent_at_its_rate():
    pcm, resampler = speech(1.234), Resampler(16_000, 24_000)
    async with openai(says=[SAID]) as server, ear(OpenAiLiveEars, server) as listening:
        say(listening, pcm=pcm)
        await final(listening)
    assert server.heard == [resampler.push(pcm).data + resampler.flush().data]
    assert server.sessions[0].transcribing


@BOTH
async def test_another_rate_is_taken_too(kind):
    pcm = speech(1.0, rate=48_000)
    async with openai(says=[SAID]) as server, ear(kind, server) as listening:
        say(listening, pcm=pcm)
        assert (await final(listening)).text == SAID
    rate = 16_000 if kind is OpenAiEars else 24_000
    assert server.heard == [resample(pcm, rate).data]


@BOTH
async def test_turns_are_told_in_order_each_once(kind):
    async with openai(says=["first", "second", "third"]) as server, ear(kind, server) as listening:
        for turn in (1, 2, 3):
            say(listening, turn)
        found = [each for each in await heard(listening, 3) if each.final]
        assert [(each.turn, each.text) for each in found] == [(1, "first"), (2, "second"), (3, "third")]
        say(listening, 3)
        listening.finish(3)
        say(listening, 4)
        assert (await final(listening)).turn == 4


@BOTH
async def test_a_turn_without_a_sound_of_it_is_empty(kind):
    async with openai(says=[SAID]) as server, ear(kind, server) as listening:
        listening.finish(1)
        nothing = await final(listening)
        say(listening, 2)
        assert (await final(listening)).text == SAID
    assert (nothing.turn, nothing.text) == (1, "")
    assert len(server.heard) == 1


@BOTH
async def test_silence_and_a_click_are_empty(kind):
    async with openai(says=[SAID]) as server, ear(kind, server) as listening:
        say(listening, 1, pause(0.5))
        assert (await final(listening)).text == ""
        say(listening, 2, pause(0.01))
        assert (await final(listening)).text == ""
    assert min(map(len, server.heard)) >= 0.1 * 16_000 * 2, "the vendor refuses less"


@BOTH
async def test_an_unfinished_turn_is_abandoned_by_the_next(kind):
    async with openai(says=["of the first", "of the second"]) as server, ear(kind, server) as listening:
        if kind is OpenAiLiveEars:
            while not server.sessions:
                await asyncio.sleep(0.01)
        say(listening, 1, finish=False)
        if kind is OpenAiLiveEars:
            while not any(event["type"] == "input_audio_buffer.append" for event in server.sessions[0].received):
                await asyncio.sleep(0.01)
        else:
            server.says.pop(0)
        say(listening, 2)
        found = [each for each in await heard(listening) if each.final]
    assert [(each.turn, each.text) for each in found] == [(2, "of the second")]
    assert server.heard[0] == resample(speech(), 16_000 if kind is OpenAiEars else 24_000).data


@BOTH
async def test_a_turn_is_bounded(kind):
    async with openai() as server, ear(kind, server) as listening:
        for _ in range(120):
            listening.push(Pcm(bytes(32_000), 16_000), 1)
        with pytest.raises(TooLarge):
            listening.push(Pcm(bytes(32_000), 16_000), 1)


@BOTH
async def test_what_is_said_before_it_is_ready_is_not_lost(kind):
    async with openai(says=[SAID]) as server, ear(kind, server) as listening:
        say(listening)  # not a millisecond was given to connect
        assert (await final(listening)).text == SAID


@BOTH
async def test_iterating_ends_with_the_context_and_leaves_no_task_nor_connection(kind):
    async with openai(says=[SAID]) as server:
        before = asyncio.all_tasks()
        async with ear(kind, server) as listening:
            say(listening)
            await final(listening)
            say(listening, 2, finish=False)
        assert [each async for each in listening if each.final] == []
        async with asyncio.timeout(5):
            while server.open:
                await asyncio.sleep(0.01)
        assert {task for task in asyncio.all_tasks() if "serve" not in repr(task)} <= before


@BOTH
async def test_leaving_while_an_answer_is_waited_for_hangs_up(kind):
    async with openai(says=[SAID]) as server:
        server.faults.stall = 0
        async with ear(kind, server) as listening:
            say(listening)
            async with asyncio.timeout(5):
                while not (server.heard or (server.sessions and server.sessions[0].received)):
                    await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            await server.requests[0].gone.wait()


async def test_fillers_names_and_the_language_are_asked_for():
    async with openai(says=[SAID]) as server:
        async with ear(OpenAiEars, server, sentences=SENTENCES) as listening:
            say(listening)
            await final(listening)
        async with ear(OpenAiLiveEars, server, sentences=SENTENCES) as listening:
            say(listening)
            await final(listening)
    fields = form(server.requests[0])
    assert fields["model"] == b"gpt-transcribe"
    assert (fields["prompt"].decode(), fields["languages"], fields["keywords"]) == (VERBATIM, b"en", b"B2B")
    told = server.sessions[0].settings["audio"]["input"]
    assert told["turn_detection"] is None
    assert told["transcription"] == {
        "model": "gpt-live-transcribe",
        "languages": ["en"],
        "prompt": VERBATIM,
        "keywords": ["Oatly", "Jerry's", "B2B"],
    }


async def test_a_local_server_tells_when_each_word_was_said():
    async with openai(says=["It is free, um."]) as server, ear(OpenAiEars, server, model="whisper-1") as listening:
        say(listening)
        understood = await final(listening)
    assert [(word.text, word.start, word.end) for word in understood.words] == [
        ("It", 0.0, pytest.approx(0.5, abs=0.01)),
        ("is", pytest.approx(0.5, abs=0.01), pytest.approx(1.0, abs=0.01)),
        ("free,", pytest.approx(1.0, abs=0.01), pytest.approx(1.5, abs=0.01)),
        ("um.", pytest.approx(1.5, abs=0.01), pytest.approx(2.0, abs=0.01)),
    ]
    fields = form(server.requests[0])
    assert fields["prompt"].decode() == IN_THE_SAME_STYLE
    assert (fields["response_format"], fields["timestamp_granularities"]) == (b"verbose_json", b"word")
    assert server.requests[0].headers["authorization"] == "Bearer none", "a server that wants no key"


async def test_a_server_that_knows_only_the_plain_way_is_asked_so_from_then_on():
    refuses = {"timestamp_granularities"}
    async with openai(says=[SAID, SAID], refuses=refuses) as server, ear(OpenAiEars, server, model="w") as listening:
        for turn in (1, 2):
            say(listening, turn)
            assert (await final(listening)).text == SAID
    assert len(server.requests) == 3


async def test_a_server_that_does_not_stream_answers_at_once():
    async with openai(says=[SAID], streams=False) as server, ear(OpenAiEars, server) as listening:
        say(listening)
        assert (await final(listening)).text == SAID


async def test_a_model_that_repeats_its_prompt_heard_nothing():
    echo = IN_THE_SAME_STYLE.partition(",")[2].strip()
    async with openai(says=[echo]) as server, ear(OpenAiEars, server, model="whisper-1") as listening:
        say(listening)
        assert (await final(listening)).text == ""


async def test_a_live_server_that_does_not_know_terms_is_told_less():
    refuses = {"keywords", "prompt"}
    async with openai(says=[SAID], refuses=refuses) as server, ear(OpenAiLiveEars, server) as listening:
        say(listening)
        assert (await final(listening)).text == SAID
    assert server.sessions[-1].settings["audio"]["input"]["transcription"] == {"model": "gpt-live-transcribe"}
