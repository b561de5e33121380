"""`/voice`: what the pages rely on beyond the frames that docs/page-link.md lists."""

import asyncio
import json

import pytest
import websockets

from engine.conversation import Conversation
from tests.wire.serving import serving


async def connect(server, **hello):
    socket = await websockets.connect(f"ws://127.0.0.1:{server.port}/voice", max_size=None)
    await socket.send(json.dumps({"type": "hello", "pitch": server.pitch, **hello}))
    return socket


async def until(socket, kind):
    async with asyncio.timeout(5):
        while True:
            frame = await socket.recv()
            if isinstance(frame, str) and json.loads(frame)["type"] == kind:
                return json.loads(frame)


MALFORMED = {
    "not JSON": "hello",
    "a list": "[]",
    "an unknown type": '{"type":"sing"}',
    "no type": "{}",
    "a type that is a list": '{"type":["play"]}',
    "a seek without a mark": '{"type":"seek"}',
    "a seek to a text": '{"type":"seek","mark":"two"}',
    "a seek below nothing": '{"type":"seek","mark":-1}',
    "a speed beyond measure": '{"type":"set","speed":99}',
    "a voice that is a number": '{"type":"set","voice":7}',
    "a voice name without end": json.dumps({"type": "set", "voice": "x" * 5000}),
    "a question without words": '{"type":"ask","text":"  "}',
    "a question without end": json.dumps({"type": "ask", "text": "x" * 5000}),
    "a report that is a text": '{"type":"played","generation":1,"seconds":"all"}',
    "a report of minus one": '{"type":"played","generation":1,"seconds":-1}',
    "a report that is no number": '{"type":"played","generation":1,"seconds":NaN}',
    "a ping with a book in it": json.dumps({"type": "ping", "at": "x" * 100_000}),
}


async def test_whatever_is_wrong_is_said_and_the_link_stays(tmp_path):
    async with serving(tmp_path) as server:
        socket = await connect(server)
        await until(socket, "ready")
        for what, frame in MALFORMED.items():
            await socket.send(frame)
            refused = await until(socket, "error")
            assert refused["message"] and len(refused["message"]) < 300, what
        await socket.send(b"\x00\x01\x02")  # a sample and a half
        await socket.send('{"type":"ping","at":12.5}')
        assert (await until(socket, "pong"))["at"] == 12.5
        await socket.close()


@pytest.mark.parametrize(
    "hello",
    [
        {"type": "play"},
        {"type": "hello", "pitch": "nobody"},
        {"type": "hello", "mic_rate": 1},
        {"type": "hello", "speed": "fast"},
    ],
)
async def test_a_first_frame_that_is_no_good_hello_closes_with_the_reason(tmp_path, hello):
    async with serving(tmp_path) as server:
        socket = await websockets.connect(f"ws://127.0.0.1:{server.port}/voice")
        await socket.send(json.dumps(hello))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
        assert closed.value.rcvd.code == 1008
        assert closed.value.rcvd.reason


async def test_a_page_that_only_looks_holds_no_meeting(tmp_path):
    async with serving(tmp_path) as server:
        socket = await connect(server)
        await until(socket, "ready")
        await socket.close()
        await asyncio.sleep(0.1)
        assert not server.studio.store.meetings()


async def test_the_words_of_a_pitch_that_is_deleted_while_it_is_held_are_kept(tmp_path):
    async with serving(tmp_path) as server:
        socket = await connect(server)
        ready = await until(socket, "ready")
        server.studio.store.remove_pitch(server.pitch)
        await socket.send('{"type":"ask","text":"What now?"}')
        await until(socket, "question")
        await socket.close()
        await asyncio.sleep(0.2)
        assert server.studio.store.flush(2)
        assert server.studio.store.lines(ready["conversation"])[0].text == "What now?"


async def test_a_write_that_is_lost_is_told_to_who_is_talking(tmp_path):
    async with serving(tmp_path) as server:
        socket = await connect(server)
        await until(socket, "ready")
        server.studio.store.soon(_full_disk)
        assert (await until(socket, "error"))["code"] == "storage_failed"
        await socket.close()


def _full_disk():
    from engine.errors import StorageFailed

    raise StorageFailed("the disk is full")


async def test_a_bug_ends_one_conversation_with_a_close_frame(tmp_path, monkeypatch, caplog):
    async with serving(tmp_path) as server:
        monkeypatch.setattr(Conversation, "_direct", lambda self, message: 1 / 0)
        socket = await connect(server)
        await until(socket, "ready")
        await socket.send('{"type":"play"}')
        with pytest.raises(websockets.ConnectionClosed) as closed:
            while True:
                await asyncio.wait_for(socket.recv(), 5)
        assert closed.value.rcvd.code == 1011
        assert "ZeroDivision" not in closed.value.rcvd.reason
        assert "ZeroDivisionError" in caplog.text
