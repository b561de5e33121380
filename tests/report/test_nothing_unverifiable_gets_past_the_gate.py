"""Hundreds of answers that a language model might give, each false in its own way, through `write`: what comes out is
read by a checker that knows nothing of the gate."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache

import pytest

from engine.providers.scripted import ScriptedMind
from engine.report import template, writer
from engine.report.gate import Gate, check
from engine.report.kept import protocol_fields
from tests.report.checker import lies
from tests.report.drafts import adversarial
from tests.report.meetup import AIM, ANALYSIS, BRIEF, MATERIAL, at, true_draft

NAMES = "Sam Okafor Asha"
ADVERSARIAL = list(adversarial())
FAMILIES = list(dict.fromkeys(family for family, _ in ADVERSARIAL))
ONCE = writer.Patience(again=1e9)
"""Never asked again: that is tested elsewhere, and would take twice as long here."""


@pytest.fixture(scope="module", autouse=True)
def prepared_once():
    """Gate and template are on one session here: to prepare them for each answer would take most of the time."""
    report, gate = template.write(BRIEF), Gate(MATERIAL, ANALYSIS, NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "write", lambda brief: report)
        patch.setattr(writer, "Gate", lambda *about: gate)
        yield


def fields_of(report):
    return protocol_fields(report, MATERIAL.lines, begun=datetime(2026, 1, 1), analysis=ANALYSIS)


@cache
def lies_of(report):
    return lies(fields_of(report), MATERIAL, ANALYSIS, AIM.goal)


def test_there_are_enough_of_them():
    families = Counter(family for family, _ in ADVERSARIAL)
    assert len(ADVERSARIAL) >= 200
    assert len(families) >= 20
    assert len({text for _, text in ADVERSARIAL}) == len(ADVERSARIAL)


@pytest.mark.parametrize("family", FAMILIES)
async def test_nothing_false_comes_out(family):
    for text in (text for one, text in ADVERSARIAL if one == family):
        mind = ScriptedMind(text=text)
        report = await writer.write(BRIEF, mind, patience=ONCE)
        assert lies_of(report) == [], text[:2000]
        assert report.written_by == "template", text[:2000]
        assert len(mind.asked) == 1


def test_a_true_report_passes():
    report = check(true_draft(), MATERIAL, ANALYSIS, names=NAMES)
    assert not isinstance(report, list), report
    assert lies(fields_of(report), MATERIAL, ANALYSIS) == []


def test_the_checker_sees_what_is_false():
    """Or it would prove nothing: given what the gate refuses, put where the gate would have put it."""
    report = template.write(BRIEF)
    good = fields_of(report)
    assert lies(good, MATERIAL, ANALYSIS, AIM.goal) == []
    for text in (
        "You asked 7 questions.",
        "You asked seven questions.",
        "You said “I love bikes”.",
        "At 1:30 you asked “How did it get that long?”.",
        "58 % of your words were fillers.",
        "Half of your words were fillers.",
        "You used no fillers.",
        "Your longest stretch took 74 s.",
        "You spoke 148 words a minute.",
        "<b>You asked</b> it.",
        "You ‘sold nine hundred bikes’.",
    ):
        assert lies(good | {"stars": [text, good["stars"][1]]}, MATERIAL, ANALYSIS), text


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Here is your report:\n{}",
        "```json\n{}\n```",
        "{}\nI hope this helps.",
        "\n\n  {}  \n",
        "Sure {{ok}}! {}",
        "[{}]",
    ],
)
def test_what_stands_around_the_object_does_not_matter(around):
    text = around.format(json.dumps(true_draft(), ensure_ascii=False))
    assert not isinstance(check(text, MATERIAL, ANALYSIS, names=NAMES), list)


LONG, CALLS, WALK, SIXTY, FREE, TUESDAY = map(
    at,
    (
        "How did it get that long",
        "What happens when somebody calls",
        "Walk me through it",
        "from sixty calls a day to nine",
        "the first two months are free",
        "Could I sit beside you on Tuesday",
    ),
)
TRUE_STARS = [
    f"At {CALLS} you asked “What happens when somebody calls?”. It let Sam describe the day.",
    f"“Walk me through it”, at {WALK}, asks for the whole story.",
    "You asked 4 questions, “How did it get that long?” among them.",
    "You asked four questions; 2 of them were follow-ups, such as “How did it get that long?”.",
    "Three of your questions were open, “Walk me through it” for one.",
    "58 % of the talking was yours, and “Walk me through it” handed it over.",
    "2.3 % of your words were fillers, as in “um the bottleneck”.",
    "Of 177 words, 2.3 % were fillers; “People get a link” has none of them.",
    "You spoke 161 words a minute, within 130 to 190; “People get a link” is easy to follow.",
    f"You named a price at {FREE}: “the first two months are free”.",
    "When Sam asked “What would it cost us?”, you said “Twenty pounds a month”.",
    "Sam’s words “two hundred bikes” came back in your “Two hundred? How did it get that long?”.",
    f"At {TUESDAY} you proposed a next step: “Could I sit beside you on Tuesday”.",
    f"You gave a figure at {SIXTY}, sixty calls a day, that Sam can repeat.",
    "You left 0.5 s before you answered, as before “Walk me through it”.",
    "You never interrupted; “How did it get that long?” came after Sam had finished.",
    "Your longest stretch took 12 s, from “Right, so the phone is the” on.",
    "Your second question, “What happens when somebody calls?”, opened the subject.",
    "You said “you know” once, and “um” twice, in 12 s about the phone.",
    f"At {at('No, seriously')} you offered “we could try it for a week”, with the sentence begun there.",
    "“It does not cost you a contract” answers a worry before it is voiced.",
]


@pytest.mark.parametrize("text", TRUE_STARS)
def test_true_stars_of_many_kinds_pass(text):
    quote = text.split("“")[-1].split("”")[0] if "“" in text else "from sixty calls a day to nine"
    if "sixty calls a day, that" in text:
        quote = "from sixty calls a day to nine"
    if "you know" in text:
        quote = "um the bottleneck"
    draft = true_draft()
    draft["stars"][0] = {"text": text, "quote": quote, "metric": "longest_monologue" if "12 s" in text else None}
    draft["wish"]["metric"] = "hedges"
    report = check(draft, MATERIAL, ANALYSIS, names=NAMES)
    assert not isinstance(report, list), report
    assert report.stars[0].text == text
