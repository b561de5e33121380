"""What a Realtime session remembers of the conversation, and how it is made to agree with what was really said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
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


@dataclass(frozen=True, slots=True)
class _Run:
    """Items of one side in a row: to the history they are one line."""

    items: tuple[Item, ...]

    @property
    def line(self) -> ChatLine:
        return ChatLine(role=self.items[0].role, text=" ".join(item.text for item in self.items))


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
        dropped = [item for item in self._items if not item.counts]
        kept = [item for item in self._items if item.counts]
        runs = [_Run(tuple(run)) for _, run in groupby(kept, key=lambda item: item.role)]
        lines = list(_merged(wanted))
        opcodes = SequenceMatcher(None, [run.line for run in runs], lines, autojunk=False).get_opcodes()
        items: list[Item] = []
        created: list[Event] = []
        for what, first, last, start, end in opcodes:
            of_runs = [item for run in runs[first:last] for item in run.items]
            if what == "equal":
                items += of_runs
                continue
            dropped += of_runs
            for line in lines[start:end]:
                created.append(_create(line, next(self._names), items[-1].id if items else "root"))
                items.append(Item(created[-1]["item"]["id"], line.role, line.text))
        self._items = items
        return [*map(_delete, dropped), *created]


def _merged(lines: Sequence[ChatLine]) -> Iterator[ChatLine]:
    for role, run in groupby((line for line in lines if line.text), key=lambda line: line.role):
        yield ChatLine(role=role, text=" ".join(line.text for line in run))


def _delete(item: Item) -> Event:
    return {"type": "conversation.item.delete", "event_id": f"delete:{item.id}", "item_id": item.id}


def _create(line: ChatLine, id: str, after: str) -> Event:
    kind = "output_text" if line.role == "assistant" else "input_text"
    content = [{"type": kind, "text": line.text}]
    item = {"id": id, "type": "message", "role": line.role, "content": content}
    return {"type": "conversation.item.create", "event_id": f"create:{id}", "previous_item_id": after, "item": item}
