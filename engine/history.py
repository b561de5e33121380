"""What was said, for whoever thinks of the next reply: the assistant's side as heard, never as planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import BadInput, TooLarge
from engine.messages import Correct, Forget, Remember
from engine.providers.base import ChatLine

CUT = " —"
"""Marks, for a language model, a line that the listener cut off."""


@dataclass(slots=True)
class _Item:
    id: str
    role: str
    text: str


MOST = 1_000
"""Items of a conversation that a client may still add to: more is none that was held."""


class History:
    """Grows; a client may also add, change and remove items by their ids. To a language model consecutive items of one
    side are one line."""

    def __init__(self) -> None:
        self._items: list[_Item] = []
        self._made = 0
        self._replying = ""

    def said(self, text: str) -> str:
        """The listener's words; the id of the new item."""
        self._replying = ""
        return self.add(self._new_id(), "user", text)

    def foreseen(self, heard: str, said: str) -> History:
        """What it will be if what is being said is cut off after `heard`, "" before anything of it, and the listener
        says `said`."""
        later = History()
        later._items = [replace(item) for item in self._items]
        later._made, later._replying = self._made, self._replying
        later.heard(heard, interrupted=True)
        later.said(said)
        return later

    def cut_off(self, text: str) -> str:
        """The listener's words, which the agent has cut off: before what it cut in with, the last of its items, heard
        already or still to be. The id of the new item."""
        id, heard = self._new_id(), self._item(self._replying)
        at = self._items.index(heard) if heard else len(self._items)
        self._items.insert(at, _Item(id, "user", text + CUT))
        return id

    def reply_begins(self) -> str:
        """What is heard from now on is one item of the assistant's; its id."""
        self._replying = self._new_id()
        return self._replying

    def heard(self, text: str, *, interrupted: bool = False) -> str:
        """The assistant's words that were heard; nothing where none were. The id of their item."""
        self._replying = self._replying or self._new_id()
        if text:
            text = text + CUT if interrupted else text
            if item := self._item(self._replying):  # a client may have added others behind it meanwhile
                item.text = f"{item.text} {text}"
            else:
                self._items.append(_Item(self._replying, "assistant", text))
        return self._replying

    def add(self, id: str, role: str, text: str) -> str:
        """Raises BadInput where there is an item `id` already."""
        if id == self._replying or self._item(id):
            raise BadInput(f"there is an item {id[:40]!r} already")
        self._items.append(_Item(id, role, text))
        return id

    def edit(self, change: Remember | Correct | Forget) -> None:
        """Raises BadInput where an item of that id is there already, or is not there; TooLarge."""
        match change:
            case Remember() if len(self._items) >= MOST:
                raise TooLarge(f"this conversation has {MOST:,} items: delete some before you add more")
            case Remember(id=id, role=role, text=text):
                self.add(id, role, text)
            case Correct(id=id, text=text):
                self._find(id).text = text
            case Forget(id=id):
                self._items.remove(self._find(id))

    @property
    def lines(self) -> Sequence[ChatLine]:
        merged: list[ChatLine] = []
        for item in self._items:
            if merged and merged[-1].role == item.role:
                merged[-1] = ChatLine(role=item.role, text=f"{merged[-1].text} {item.text}")
            else:
                merged.append(ChatLine(role=item.role, text=item.text))
        return tuple(merged)

    def _find(self, id: str) -> _Item:
        if item := self._item(id):
            return item
        raise BadInput(f"there is no item {id[:40]!r} in this conversation")

    def _item(self, id: str) -> _Item | None:
        return next((item for item in reversed(self._items) if item.id == id), None)

    def _new_id(self) -> str:
        """One that no client has used for an item of its own."""
        while True:
            self._made += 1
            id = f"item_{self._made}"
            if not self._item(id):
                return id
