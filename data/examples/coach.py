# pip install websockets; question.wav is any recording.
import asyncio
import json
import urllib.request
from pathlib import Path

import websockets


def post(url: str, **body: str) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


async def stream(url: str, recording: str) -> None:
    async with websockets.connect(url) as coach:
        await coach.send(Path(recording).read_bytes())
        await coach.send(json.dumps({"type": "stop"}))
        async for frame in coach:
            message = json.loads(frame)
            print(message["type"], message.get("text", ""), flush=True)


id = post("http://localhost:8000/session", context="At a meetup", goal="Be brief", user_name="Alex")["session_id"]
asyncio.run(stream(f"ws://localhost:8000/ws/{id}", "question.wav"))
report = post(f"http://localhost:8000/session/{id}/finish")
print(*report["stars"], report["wish"], sep="\n")
