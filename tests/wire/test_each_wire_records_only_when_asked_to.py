"""`?record=1` on every WebSocket of other programs; nothing is kept without it."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets

from engine.conversation import Conversation
from tests.wire.serving import serving

PATHS = ("/ws/pitch", "/api/conversation", "/conversation", "/api/v1/streaming/realtime/somebody")
STARTS = {
    "/ws/pitch": {"event": "start"},
    "/conversation": {
        "type": "websocket_audio_config_start",
        "input_audio_config": {"sampling_rate": 16000, "audio_encoding": "linear16", "chunk_size": 2048},
        "output_audio_config": {"sampling_rate": 16000, "audio_encoding": "linear16"},
    },
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", ["", "?record=0", "?record=1"])
async def test_a_conversation_is_recorded_where_its_address_says_so(tmp_path, monkeypatch, path, query):
    begun, recorded = [], []

    class Noted(Conversation):
        async def __aenter__(self):
            begun.append(self)
            return await super().__aenter__()

        def record(self, tape):
            recorded.append(self)
            super().record(tape)

    monkeypatch.setattr("engine.studio.Conversation", Noted)
    async with serving(tmp_path) as server:
        address = f"ws://127.0.0.1:{server.port}{path}{query}"
        async with websockets.connect(address, max_size=None) as client:
            if start := STARTS.get(path):
                await client.send(json.dumps(start))
            async with asyncio.timeout(10):
                while not begun:
                    await asyncio.sleep(0.02)
    assert len(begun) == 1
    assert recorded == (begun if query == "?record=1" else [])
