# pip install websockets
import asyncio
import json

import websockets


async def talk(url: str, text: str) -> None:
    async with websockets.connect(url, max_size=None) as socket:
        said = {"type": "input_text", "text": text}
        await socket.send(json.dumps({"type": "conversation.item.input", "conversation_item_input": said}))
        async for frame in socket:
            message = json.loads(frame)
            if message["type"] == "response.delta":
                print(message["response"]["delta"]["content"], flush=True)
            elif message["type"] in {"response.done", "error"}:
                print(message["type"])
                break


asyncio.run(talk("ws://localhost:8000/api/v1/streaming/realtime/ann", "Hello, how are you?"))
