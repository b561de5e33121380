"""Follow-up questions: found by rules over a labelled set, or written by a language model and checked against the text.
Each says why, and quotes what it is about."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from engine.followups import writer
from engine.followups.rules import MOST, follow_ups
from engine.providers.scripted import ScriptedMind
from engine.sentences import split
from tests.virtual_time import run

LABELLED = tomllib.loads((Path(__file__).parent / "labelled.toml").read_text("utf-8"))["pitch"]
DATA = Path(__file__).parents[2] / "data" / "pitches"


def asked_of(pitch):
    return follow_ups(split(pitch["text"]), pitch.get("notes", ""))


def name_of(one):
    return f"{one.kind}: {one.quote}" if one.quote else one.kind


@pytest.mark.parametrize("pitch", LABELLED, ids=lambda pitch: pitch["name"])
def test_each_of_the_labelled_is_asked_and_nothing_that_must_not_be(pitch):
    """Of the labelled kinds, as many as are asked at most of one pitch."""
    found = asked_of(pitch)
    quoted = [name_of(one) for one in found if one.quote]
    expected = [one for one in pitch["asked"] if ":" in one]
    assert set(quoted) <= set(expected), "a quote that was not labelled"
    assert len(quoted) >= min(len(expected), 7)
    assert {one.kind for one in found if not one.quote} >= {one for one in pitch["asked"] if ":" not in one}
    for never in pitch["not_asked"]:
        assert not any(never in (one.quote, one.kind) or (one.quote and one.quote in never) for one in found), never


@pytest.mark.parametrize("pitch", LABELLED, ids=lambda pitch: pitch["name"])
def test_each_quotes_what_it_is_about_and_says_why(pitch):
    sentences = split(pitch["text"])
    found = asked_of(pitch)
    assert len(found) <= MOST and len({one.text for one in found}) == len(found)
    for one in found:
        assert one.sentence in sentences and one.quote in one.sentence
        assert one.quote in one.text and one.text.endswith(("?", "."))
        assert one.why.endswith(".")


def test_the_same_pitch_is_asked_the_same():
    assert asked_of(LABELLED[0]) == asked_of(LABELLED[0])


def test_nothing_is_asked_of_nothing():
    assert follow_ups([], "") == []


# ---- with a language model -------------------------------------------------------------------------------------------

SENTENCES = split("Our sensor saves farmers 40 % of their water. It talks to a satellite over Leeds.")
NOTES = "The battery lasts two years."


def draft(*questions):
    return json.dumps({"questions": [dict(zip(("question", "why", "quote"), q, strict=True)) for q in questions]})


GOOD = ("How did you measure the 40 %?", "A share without a source is doubted", "saves farmers 40 % of their water")


@pytest.mark.parametrize(
    ("question", "why", "quote"),
    [
        ("How do you know about the 50 %?", "Doubt", "40 % of their water"),
        ("What does Siemens say about it?", "They do the same", "saves farmers"),
        ("Why is that?", "As Bosch found 70 % in a study", "saves farmers"),
        ("Is it safe?", "Nobody said so", "the sensor explodes"),
        ("Is it safe?", "Nobody said so", ""),
        ("It is a good pitch.", "Praise", "saves farmers"),
        ("Is it?", "", "saves farmers"),
        ("Is " + "really " * 40 + "so?", "Long", "saves farmers"),
    ],
)
def test_what_is_not_in_the_text_is_not_asked(question, why, quote):
    assert writer.checked(draft((question, why, quote), GOOD), SENTENCES, NOTES) == writer.checked(
        draft(GOOD), SENTENCES, NOTES
    )


def test_what_stands_in_the_text_or_the_notes_is():
    found = writer.checked(draft(GOOD, ("What comes after two years?", "It ends", "lasts two years")), SENTENCES, NOTES)
    assert [one.sentence for one in found] == [SENTENCES[0], NOTES]
    assert found[0].why == "A share without a source is doubted."


@pytest.mark.parametrize("text", ["", "no JSON", "{", '{"questions": 3}', '{"questions": [3, {}]}', "[1]", "{}"])
def test_an_answer_that_is_none_leaves_the_rules(text):
    async def scene():
        mind = ScriptedMind(text=text or "…")
        assert await writer.write(SENTENCES, NOTES, mind) == follow_ups(SENTENCES, NOTES)

    run(scene())


def test_the_models_come_first_and_those_of_the_rules_after_them():
    async def scene():
        found = await writer.write(SENTENCES, NOTES, ScriptedMind(text=draft(GOOD)))
        assert found[0].kind == "model" and found[0].text == GOOD[0]
        assert found[1:] and all(one.sentence != found[0].sentence for one in found[1:])

    run(scene())


@pytest.mark.parametrize("rest", [{"fails": 1}, {"first_after": 60.0}])
def test_a_model_that_fails_or_is_late_leaves_the_rules(rest):
    async def scene():
        begun = asyncio.get_running_loop().time()
        assert await writer.write(SENTENCES, NOTES, ScriptedMind(text=draft(GOOD), **rest)) == follow_ups(
            SENTENCES, NOTES
        )
        assert asyncio.get_running_loop().time() - begun <= writer.WITHIN

    run(scene())
