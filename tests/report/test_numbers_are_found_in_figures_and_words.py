"""Every number in a text is found, whatever it is written like, with what it is a number of."""

from __future__ import annotations

import pytest

from engine.report.numerals import Sort, numerals


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You asked 5 questions", [(5, Sort.PLAIN)]),
        ("five questions, three of them follow-ups", [(5, Sort.PLAIN), (3, Sort.PLAIN)]),
        ("4.9 % of 1,204 words", [(4.9, Sort.PERCENT), (1204, Sort.PLAIN)]),
        ("forty-eight per cent", [(48, Sort.PERCENT)]),
        ("three point two percent", [(3.2, Sort.PERCENT)]),
        ("at 1:40 and 1:02:03", [(100, Sort.CLOCK), (3723, Sort.CLOCK)]),
        ("74 s, then 1 minute 14 seconds", [(74, Sort.SECONDS), (74, Sort.SECONDS)]),
        ("half of it in half a minute", [(50, Sort.PERCENT), (30, Sort.SECONDS)]),
        ("two thirds of them", [(200 / 3, Sort.PERCENT)]),
        ("a third of the time, the third time", [(100 / 3, Sort.PERCENT), (3, Sort.ORDINAL)]),
        ("twice, 3 times, 5x", [(2, Sort.TIMES), (3, Sort.TIMES), (5, Sort.TIMES)]),
        ("the second answer", [(2, Sort.ORDINAL)]),
        ("for a second", []),
        ("the 3rd and the 21st", [(3, Sort.ORDINAL), (21, Sort.ORDINAL)]),
        ("one hundred and five", [(105, Sort.PLAIN)]),
        ("twelve hundred, half a million", [(1200, Sort.PLAIN), (50, Sort.PERCENT), (10**6, Sort.PLAIN)]),
        ("87/100, MP3", [(87, Sort.PLAIN), (100, Sort.PLAIN), (3, Sort.PLAIN)]),
        ("110-165", [(110, Sort.PLAIN), (165, Sort.PLAIN)]),
        ("5 words a minute, for a minute", [(5, Sort.PLAIN), (60, Sort.SECONDS)]),
        ("a dozen", [(12, Sort.PLAIN)]),
        ("a 60-second drill", [(60, Sort.SECONDS)]),
        ("someone, often, tenant, weight", []),
    ],
)  # fmt: skip
def test_it_is_found(text, found):
    assert [(n.value, n.sort) for n in numerals(text)] == [(pytest.approx(value), sort) for value, sort in found]


@pytest.mark.parametrize(
    ("text", "value", "same"),
    [
        ("148", 147.6, True), ("148", 148.6, False), ("4.9", 4.86, True), ("4.9", 4.8, False), ("5", 4.86, True),
        ("1:40", 100.9, True), ("1:40", 103, False), ("half of", 48, True), ("half of", 40, False),
    ],
)  # fmt: skip
def test_it_equals_what_it_was_rounded_from(text, value, same):
    assert numerals(text)[0].equals(value) is same
