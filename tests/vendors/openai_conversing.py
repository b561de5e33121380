"""What OpenAI's emulator remembers in a Realtime conversation, and how it replies in one."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field

from tests.vendors.openai_frames import new_id, response_of

BYTES = 48
"""Of one millisecond of audio at 24 kHz."""
PIECE = 4800
"""Bytes of audio in one delta."""
LEAD = 3
"""Words that come before the sound of the first one does."""


@dataclass(eq=False)
class Kept:
    """An item; `ms`: of its sound, as far as it is remembered."""

    id: str
    role: str
    text: str
    ms: int = 0
    whole: bool = True


@dataclass(eq=False)
class Remembered:
    items: list[Kept] = field(default_factory=list)
    active: str | None = None
    truncated: list[tuple[str, int]] = field(default_factory=list)

    @property
    def last(self) -> str | None:
        return self.items[-1].id if self.items else None

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Of what was cut the text is gone, but for the sound that was heard."""
        return [(item.role, item.text if item.whole else f"{item.ms} ms") for item in self.items]

    def find(self, id: str) -> Kept | None:
        return next((item for item in self.items if item.id == id), None)


async def remember(session, kept: Kept, after: str | None = None):
    """Add an item, behind `after` or at the end, and tell so."""
    items, before = session.remembered.items, session.remembered.last
    place = len(items)
    if after is not None:
        place = 0 if after == "root" else items.index(session.remembered.find(after)) + 1
        before = items[place - 1].id if place else None
    items.insert(place, kept)
    kinds = {"user": "input_text", "assistant": "output_text"}
    content = [{"type": kinds[kept.role], "text": kept.text}]
    item = {"id": kept.id, "type": "message", "role": kept.role, "status": "completed", "content": content}
    await session.send("conversation.item.added", item=item, previous_item_id=before)
    await session.send("conversation.item.done", item=item, previous_item_id=before)


async def create(session, event: dict):
    item, after = event["item"], event.get("previous_item_id")
    if after not in (None, "root") and not session.remembered.find(after):
        await session.error("item_create_invalid_previous_item_id", event_id=event.get("event_id"))
        return
    text = " ".join(part["text"] for part in item["content"])
    await remember(session, Kept(item.get("id") or new_id("item"), item["role"], text), after)


async def delete(session, event: dict):
    kept = session.remembered.find(event["item_id"])
    if kept is None:
        await session.error("item_delete_invalid_item_id", event_id=event.get("event_id"))
        return
    session.remembered.items.remove(kept)
    await session.send("conversation.item.deleted", item_id=kept.id)


async def truncate(session, event: dict):
    kept, end = session.remembered.find(event["item_id"]), event["audio_end_ms"]
    if kept is None or kept.role != "assistant" or not 0 <= end <= kept.ms:
        await session.error("item_truncate_invalid_item_id", event_id=event.get("event_id"))
        return
    kept.ms, kept.whole = end, False
    session.remembered.truncated.append((kept.id, end))
    await session.send("conversation.item.truncated", item_id=kept.id, content_index=0, audio_end_ms=end)


async def respond(session, event: dict):
    """Reply in the conversation, sending faster than it sounds."""
    remembered = session.remembered
    if remembered.active:
        await session.error("conversation_already_has_active_response", event_id=event.get("event_id"))
        return
    session.vendor.asked.append(remembered.lines)
    response, item = new_id("resp"), Kept(new_id("item"), "assistant", "")
    remembered.active, session.speaking[response] = response, asyncio.current_task()
    await session.send("response.created", response=response_of(response, "in_progress"))
    try:
        await _say(session, "".join(session.vendor.next_reply()), response, item)
    except asyncio.CancelledError:
        if response not in session.cancelled:
            raise
        remembered.active = None
        details = {"type": "cancelled", "reason": "client_cancelled"}
        await asyncio.sleep(session.vendor.stops_after)
        await session.send("response.done", response=response_of(response, "cancelled", details))
    else:
        remembered.active = None
        await session.send("response.done", response=response_of(response, session.vendor.ends))
    finally:
        remembered.active = None
        session.speaking.pop(response, None)


async def _say(session, text: str, response: str, item: Kept):
    from tests.vendors.openai import spoken

    sound = spoken(text)
    where = {"response_id": response, "item_id": item.id, "output_index": 0, "content_index": 0}
    message = {"id": item.id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    await session.send("response.output_item.added", response_id=response, output_index=0, item=message)
    await remember(session, item)
    await session.send("response.content_part.added", part={"type": "audio"}, **where)
    await asyncio.sleep(session.vendor.delays.sound)
    words = text.split(" ")
    pieces = -(-len(sound) // PIECE)
    told = 0
    for number in range(pieces):
        while told < min(len(words), LEAD + len(words) * (number + 1) // max(1, pieces)):
            word = f"{' ' if told else ''}{words[told]}"
            told += 1
            item.text += word
            if session.vendor.tells:
                await session.tell("response.output_audio_transcript.delta", delta=word, **where)
        data = sound[number * PIECE : (number + 1) * PIECE]
        item.ms += len(data) // BYTES
        await session.piece("response.output_audio.delta", delta=base64.b64encode(data).decode(), **where)
        await asyncio.sleep(session.vendor.pace)
    await session.tell("response.output_audio.done", **where)
    await session.tell(
        "response.output_audio_transcript.done", transcript=text if session.vendor.tells else "", **where
    )
