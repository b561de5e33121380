"""`/conversation` over a real socket: what its clients rely on."""

import asyncio

import pytest
import websockets

from engine import meetings
from engine.media import decode_clip, sniff
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from tests.wire.calling import call, golden, hosted
from tests.wire.serving import serving

OPENING = [("bot", "Hello!"), ("bot", "I am Sam."), ("bot", "What would you like to talk about?")]
RATES = (8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)
WORD = 0.1
"""Seconds a word: the opening takes 1.1."""
SECONDS = 1.1
LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."


def quickly(folder, **providers):
    return serving(folder, speech=ScriptedSpeech(word_seconds=WORD), **providers)


@pytest.mark.parametrize("path", ["conversation", ""], ids=["conversation", "root"])
async def test_ready_then_the_opening_then_an_answer_then_a_proper_close(tmp_path, path):
    async with quickly(tmp_path) as server, call(server, path) as caller:
        await caller.begin()
        await caller.until("transcript", text=OPENING[-1][1])
        await caller.speak()
        await caller.until("transcript", text="It is free.")
        await caller.send(golden("stop"))
        assert await caller.closed() == (1000, "")
    assert caller.transcripts == [*OPENING, ("user", "how much does it cost"), ("bot", "It is free.")]
    assert caller.kinds[0] == "ready" and caller.kinds[1] == "audio", "ready first, a transcript after what it is of"
    assert set(caller.kinds) == {"ready", "audio", "transcript"}


async def test_a_program_gets_raw_samples_in_small_pieces_at_the_pace_of_the_sound(tmp_path):
    async with quickly(tmp_path) as server, call(server) as caller:
        await caller.begin()
        await caller.until("transcript", text=OPENING[-1][1])
    assert all(len(data) % 2 == 0 and 0 < len(data) <= 0.1 * 32_000 for _, data in caller.chunks)
    assert not any(sniff(data) for _, data in caller.chunks)
    assert caller.pcm().seconds == pytest.approx(SECONDS, abs=0.05)
    first, last = caller.chunks[0][0], caller.chunks[-1][0]
    assert last - first > SECONDS - 0.2, "what is ahead cannot be taken back"


async def test_a_page_gets_files(tmp_path):
    async with quickly(tmp_path) as server, call(server, origin="http://localhost:3000") as caller:
        await caller.begin(golden("start_of_the_react_hook"))
        await caller.until("transcript", text=OPENING[-1][1])
    files = [decode_clip(data) for _, data in caller.chunks]
    assert all(data[:4] == b"RIFF" for _, data in caller.chunks)
    assert sum(pcm.seconds for pcm in files) == pytest.approx(SECONDS, abs=0.05)
    assert files[0].seconds <= 0.4 and max(pcm.seconds for pcm in files) <= 0.7


async def test_the_format_in_the_address_wins(tmp_path):
    async with quickly(tmp_path) as server:
        async with call(server, "conversation?format=wav") as program:
            await program.begin()
            await program.until("audio")
        async with call(server, "conversation?format=raw", origin="http://localhost:3000") as page:
            await page.begin()
            await page.until("audio")
    assert program.chunks[0][1][:4] == b"RIFF" != page.chunks[0][1][:4]


async def test_the_hosted_flow_says_only_ready_and_audio_and_obeys_the_start(tmp_path):
    mind = ScriptedMind(text="Certainly.")
    async with quickly(tmp_path, mind=mind) as server, call(server, "conversation?key=a-key") as caller:
        start = hosted("Welcome to the hotel.")
        start["agent_config"]["prompt_preamble"] = "You are a hotel clerk."
        await caller.begin(start)
        await caller.quiet()
        assert caller.pcm().seconds == pytest.approx(4 * WORD, abs=0.05), "its own four words, not the persona's"
        await caller.send("not JSON")
        await caller.speak()
        await caller.until("audio")
        await caller.quiet()
        assert mind.asked[0].instructions == "You are a hotel clerk."
        await caller.send(golden("stop"))
        assert await caller.closed() == (1000, "")
    assert set(caller.kinds) == {"ready", "audio"}


async def test_every_rate_and_encoding_at_once(tmp_path):
    ears = ScriptedEars(says=["how much does it cost"] * 99)
    async with quickly(tmp_path, ears=ears) as server:
        await asyncio.gather(
            *(_converse(server, rate, encoding) for rate in RATES for encoding in ("linear16", "mulaw"))
        )


async def _converse(server, rate, encoding):
    config = {"sampling_rate": rate, "audio_encoding": encoding}
    async with call(server, "conversation?persona=partner") as caller:
        await caller.begin(input_audio_config=config, output_audio_config=config)
        await caller.until("transcript", text=OPENING[-1][1], seconds=20)
        assert caller.pcm().seconds == pytest.approx(SECONDS, abs=0.05), (rate, encoding)
        await caller.speak()
        await caller.until("transcript", text="It is free.", seconds=20)
        assert caller.pcm().seconds == pytest.approx(SECONDS + 3 * WORD, abs=0.05), (rate, encoding)
        assert max(map(abs, memoryview(caller.pcm().data).cast("h"))) == pytest.approx(4096, rel=0.2)


async def test_cutting_in_stops_the_sound_and_the_transcript_is_what_was_heard(tmp_path):
    async with serving(tmp_path) as server, call(server) as caller:
        await caller.begin()
        await caller.until("audio")
        await asyncio.sleep(1.2)  # well into the last sentence, of 1.4 s from 0.8 s on
        speaking = asyncio.create_task(caller.speak())
        await caller.until("transcript", sender="bot", text="It is free.")
        await speaking
    bot = [text for sender, text in caller.transcripts if sender == "bot"]
    assert bot[:2] == ["Hello!", "I am Sam."]
    assert OPENING[-1][1].startswith(bot[2].rstrip("—- ")) and len(bot[2]) < len(OPENING[-1][1])
    assert caller.transcripts[3:] == [("user", "how much does it cost"), ("bot", "It is free.")]
    assert caller.pcm().seconds < 2.8 - 0.2, "the rest of the opening was never sent"


async def test_transcripts_only_where_they_were_asked_for(tmp_path):
    async with quickly(tmp_path) as server, call(server) as caller:
        start = golden("start")
        del start["subscribe_transcript"]
        await caller.begin(start)
        await caller.quiet()
    assert set(caller.kinds) == {"ready", "audio"}


async def test_the_listener_is_called_human_where_that_is_asked_for(tmp_path):
    async with quickly(tmp_path) as server, call(server, "conversation?sender=human") as caller:
        await caller.begin()
        await caller.until("transcript", text=OPENING[-1][1])
        await caller.speak()
        await caller.until("transcript", sender="human")


async def test_a_goodbye_is_answered_and_then_the_server_closes(tmp_path):
    ears, mind = ScriptedEars(says=["goodbye"]), ScriptedMind(text="Goodbye.")
    async with quickly(tmp_path, ears=ears, mind=mind) as server, call(server) as caller:
        await caller.begin()
        await caller.until("transcript", text=OPENING[-1][1])
        await caller.speak()
        assert await caller.closed() == (1000, "the conversation has ended")
    assert caller.transcripts[-2:] == [("user", "goodbye"), ("bot", "Goodbye.")]


async def test_one_that_comes_back_with_its_id_goes_on_where_it_was(tmp_path):
    async with quickly(tmp_path) as server:
        async with call(server) as caller:
            id = (await caller.begin())["conversation_id"]
            await caller.until("transcript", text=OPENING[-1][1])
            caller.socket.transport.abort()
        for address, start in ((f"?conversation={id}", {}), ("", {"conversation_id": id})):
            async with call(server, f"conversation{address}") as again:
                assert (await again.begin(**start))["conversation_id"] == id
                await again.speak()
                await again.until("transcript", text="It is free.")
                assert [sender for sender, _ in again.transcripts] == ["user", "bot"], "nothing is said twice"
                again.socket.transport.abort()
        last = server.studio.providers.partner.asked[-1]
        assert [line.text for line in last.history][:1] == [" ".join(text for _, text in OPENING)]


async def test_an_id_of_its_own_is_kept(tmp_path):
    async with quickly(tmp_path) as server, call(server) as caller:
        assert (await caller.begin(conversation_id="my-conversation-0001"))["conversation_id"] == "my-conversation-0001"


async def test_a_caller_that_vanishes_in_mid_sentence_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(meetings, "GRACE", 0.3)
    async with quickly(tmp_path) as server:
        speech = server.studio.providers.speech
        async with call(server) as caller:
            await caller.begin(hosted(LONG))
            await caller.until("audio")
            caller.socket.transport.abort()
        assert server.studio.meetings.count("vocode") == 1, "it may come back"
        async with asyncio.timeout(10):
            while server.studio.meetings.count("vocode"):
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)
        assert speech.open_now == 0
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert not [name for name in names if name.startswith(("meeting", "playout"))], names


async def test_stop_ends_it_in_mid_sentence(tmp_path):
    async with quickly(tmp_path) as server, call(server) as caller:
        await caller.begin(hosted(LONG * 9))
        await caller.until("audio")
        await caller.send(golden("stop"))
        assert await caller.closed() == (1000, "")
        assert caller.pcm().seconds < 9 * 1.4 / 2
        assert not server.studio.meetings.count("vocode"), "nobody is waited for"


async def test_one_that_stops_before_it_starts_is_let_go(tmp_path):
    async with quickly(tmp_path) as server, call(server) as caller:
        await caller.send(golden("stop"))
        assert await caller.closed() == (1000, "")


async def test_a_page_of_anywhere_else_may_not(tmp_path):
    async with quickly(tmp_path) as server:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with call(server, origin="https://example.org"):
                pass
    assert refused.value.response.status_code == 403


async def test_two_callers_do_not_hear_each_other(tmp_path):
    async with quickly(tmp_path) as server, call(server) as one, call(server) as other:
        await one.begin()
        await other.begin()
        await one.until("transcript", text=OPENING[-1][1])
        await one.speak()
        await one.until("transcript", text="It is free.")
        await other.quiet()
    assert other.transcripts == OPENING
