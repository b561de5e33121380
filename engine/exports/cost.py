"""What a session cost, in words: "About $0.03: 2.1 minutes heard by nova-3 at Deepgram"."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bills import Item, total

CENT = 0.01
"""US dollars: less is said to be less."""


def told(items: Sequence[Item]) -> str:
    """All of a session's bill in a sentence without its full stop; "" where no vendor was used. It is an estimate."""
    if not items:
        return ""
    parts = ", ".join(f"{amount(item)} by {item.label}" for item in items)
    if all(item.usd is None for item in items):
        return f"No price is known: {parts}"
    unpriced = ", what has no known price left out" if any(item.usd is None for item in items) else ""
    usd = total(items)
    return f"{f'About {dollars(usd)}' if usd >= CENT else 'Less than $0.01'}{unpriced}: {parts}"


def dollars(usd: float) -> str:
    """ "$0.03"."""
    return f"${usd:.2f}"


def amount(item: Item) -> str:
    """How much of it, as people count: "2.1 minutes heard", "12,400 tokens read"."""
    if item.unit.startswith("seconds "):
        if item.amount >= 60:
            return f"{item.amount / 60:.1f} {item.unit.replace('seconds', 'minutes', 1)}"
        return f"{item.amount:.0f} {item.unit}"
    return f"{item.amount:,.0f} {item.unit}"
