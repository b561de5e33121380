"""A small full-text index in memory: SQLite's FTS5, which knows "costs" and "cost" for one word."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Hashable, Iterable
from typing import Generic, TypeVar

from sqlite_utils import Database

from engine.words import Phrase

K = TypeVar("K", bound=Hashable)


class FullText(Generic[K]):
    """Texts under keys; a key may have several, an empty text is not kept. Not for two threads at once."""

    def __init__(self, texts: Iterable[tuple[K, str]]) -> None:
        entries = [(key, text) for key, text in texts if text]
        self._keys = [key for key, _ in entries]
        database = Database(sqlite3.connect(":memory:", check_same_thread=False))
        table = database.table("texts").create({"id": int, "text": str}, pk="id")
        table.insert_all({"id": number, "text": text} for number, (_, text) in enumerate(entries))
        table.enable_fts(["text"], tokenize="porter")
        self._database = database
        self._query = table.search_sql(columns=["id"])  # once: finding out how to ask takes longer than asking

    def find(self, phrases: Collection[Phrase]) -> set[K]:
        """The keys of the texts that hold any of `phrases`."""
        if not phrases:
            return set()
        query = " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
        return {self._keys[row[0]] for row in self._database.execute(self._query, {"query": query})}
