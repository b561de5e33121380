# pip install websockets
import asyncio
import json

import websockets


async def greeted(url: str) -> None:
    async with websockets.connect(url) as call:
        await call.send(json.dumps({"type": "websocket_audio_config_start", "subscribe_transcript": True}))
        async for frame in call:
            message = json.loads(frame)
            if message["type"] == "websocket_transcript":
                print(f"{message['sender']}: {message['text']}", flush=True)
                if message["text"].endswith("?"):  # now it is listening: send websocket_audio
                    await call.send(json.dumps({"type": "websocket_stop"}))


asyncio.run(greeted("ws://localhost:8000/conversation"))
