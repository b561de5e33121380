"""A session's bill as a sentence."""

from __future__ import annotations

import pytest

from engine.bills import Item
from engine.exports.cost import told


def item(unit: str, amount: float, usd: float | None, label: str = "nova-3 at Deepgram") -> Item:
    return Item(provider="deepgram", label=label, unit=unit, amount=amount, usd=usd)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], ""),
        ([item("seconds heard", 126.0, 0.03)], "About $0.03: 2.1 minutes heard by nova-3 at Deepgram"),
        (
            [item("tokens read", 12_400, 0.02, "gpt"), item("seconds heard", 30, 0.001)],
            "About $0.02: 12,400 tokens read by gpt, 30 seconds heard by nova-3 at Deepgram",
        ),
        ([item("seconds heard", 5, 0.0004)], "Less than $0.01: 5 seconds heard by nova-3 at Deepgram"),
        ([item("seconds heard", 5, None)], "No price is known: 5 seconds heard by nova-3 at Deepgram"),
        (
            [item("seconds heard", 60, 1.5), item("seconds spoken", 60, None, "x")],
            "About $1.50, what has no known price left out: 1.0 minutes heard by nova-3 at Deepgram, "
            "1.0 minutes spoken by x",
        ),
    ],
)
def test_it_says_how_much_of_whom(items: list[Item], sentence: str) -> None:
    assert told(items) == sentence
