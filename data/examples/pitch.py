# pip install websockets
import asyncio
import base64
import json

import websockets


async def hear(url: str) -> None:
    async with websockets.connect(url, max_size=None) as pitch:
        await pitch.send(json.dumps({"event": "start"}))
        async for message in pitch:
            event = json.loads(message)
            if event["event"] == "media":  # one sentence, a complete MP3 file
                media = event["media"]
                print("sentence", media["mark"], len(base64.b64decode(media["payload"])), "bytes")
            elif event["event"] == "end":
                break


asyncio.run(hear("ws://localhost:8000/ws/pitch"))
