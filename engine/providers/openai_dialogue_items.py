"""What a Realtime session remembers of the conversation, and how it is made to agree with what was really said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from engine.providers.base import ChatLine

Event = dict[str, Any]


@dataclass(slots=True)
class Item:
    """`text` is what the history says of it, where it does; `spoilt`: what the session has of it is something else."""

    id: str
    role: str
    text: str = ""
    spoilt: bool = False

    @property
    def counts(self) -> bool:
        return bool(self.text) and not self.spoilt


class Items:
    """In the session's order."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._names = (f"said_{number}" for number in count(1))

    def add(self, id: str, role: str, *, after: str | None = None) -> None:
        """The session has a new item, behind `after` or at the end."""
        if self.find(id):
            return
        places = [place for place, item in enumerate(self._items, 1) if item.id == after]
        self._items.insert(places[0] if places else len(self._items), Item(id, role))

    def find(self, id: str | None) -> Item | None:
        return next((item for item in self._items if item.id == id), None)

    def remove(self, id: str) -> None:
        """The session has no such item, whatever we thought."""
        self._items = [item for item in self._items if item.id != id]

    def match(self, wanted: Sequence[ChatLine]) -> list[Event]:
        """What to send so that the session holds `wanted`; taken for done. An item that agrees is kept as it is: it has
        the sound, which text has not. What was not heard, or was no turn, is deleted."""
        left = [item for item in self._items if item.counts]
        items: list[Item] = []
        created: list[Event] = []
        for line in _merged(wanted):
            found, rest = _find(line, left)
            items += left[found]
            del left[: found.stop]
            if rest:
                created.append(_create(line.role, rest, next(self._names), items[-1].id if items else "root"))
                items.append(Item(created[-1]["item"]["id"], line.role, rest))
        kept = {item.id for item in items}
        dropped = [item for item in self._items if item.id not in kept]
        self._items = items
        return [*map(_delete, dropped), *created]


def _find(line: ChatLine, items: Sequence[Item]) -> tuple[slice, str]:
    """The first of `items` in a row that together are `line`: to the history, what one side says in a row is one. Else
    the very first of them, as far as it begins with them; and what of it is left."""
    for first in range(len(items)):
        last, rest = _reach(line, items, first)
        if not rest:
            return slice(first, last), rest
    last, rest = _reach(line, items, 0)
    return slice(0, last), rest


def _reach(line: ChatLine, items: Sequence[Item], first: int) -> tuple[int, str]:
    """Up to which item, from the `first` on, `line` goes on with what they say, in whole words; and what is left."""
    last, at = first, 0
    while last < len(items) and items[last].role == line.role and line.text.startswith(items[last].text, at):
        end = at + len(items[last].text)
        if line.text[end : end + 1].strip():
            break
        last, at = last + 1, end + 1
    return last, line.text[at:]


def _merged(lines: Sequence[ChatLine]) -> Iterator[ChatLine]:
    for role, run in groupby((line for line in lines if line.text), key=lambda line: line.role):
        yield ChatLine(role=role, text=" ".join(line.text for line in run))


def _delete(item: Item) -> Event:
    return {"type": "conversation.item.delete", "event_id": f"delete:{item.id}", "item_id": item.id}


def _create(role: str, text: str, id: str, after: str) -> Event:
    content = [{"type": "output_text" if role == "assistant" else "input_text", "text": text}]
    item = {"id": id, "type": "message", "role": role, "content": content}
    return {"type": "conversation.item.create", "event_id": f"create:{id}", "previous_item_id": after, "item": item}
