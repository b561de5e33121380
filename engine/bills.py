"""What vendors were used for in a session, and what that probably cost. Like `store`, it knows SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from engine.database import SqliteFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """So much of one provider: `unit` is what the vendor counts ("seconds heard"); `usd` None: no price is known."""

    provider: str
    label: str
    unit: str
    amount: float
    usd: float | None


class Bills:
    """Methods block, and may be called from any thread.

    Raises:
        StorageFailed: when the disk or the database refuses.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, meeting: str, items: Iterable[Item]) -> None:
        """So much more was used in `meeting`; of one that is not kept, nothing is."""
        with self._file.write() as db:
            if not db.table("meetings").count_where("id = ?", [meeting]):
                return
            for item in items:
                db.execute(
                    """INSERT INTO bills (meeting, provider, label, unit, amount, usd)
                    VALUES (:meeting, :provider, :label, :unit, :amount, :usd)
                    ON CONFLICT (meeting, provider, label, unit) DO UPDATE SET
                    amount = amount + excluded.amount, usd = coalesce(usd + excluded.usd, usd, excluded.usd)""",
                    {"meeting": meeting, **asdict(item)},
                )

    def of(self, meeting: str) -> tuple[Item, ...]:
        """All that was used in `meeting`, dearest first."""
        query = """SELECT provider, label, unit, amount, usd FROM bills WHERE meeting = ?
            ORDER BY coalesce(usd, 0) DESC, label, unit"""
        return tuple(Item(**row) for row in self._file.query(query, [meeting]))


def total(items: Iterable[Item]) -> float:
    """US dollars, as far as prices are known."""
    return sum(item.usd or 0.0 for item in items)
