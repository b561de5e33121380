"""The sample talk of docs/talk.md is what the offline partner says, its persona can be added, its table is complete."""

import json
import math
import re

import httpx

from engine import grounding, personas
from engine.cutting_in import MANNERS, Gaps
from engine.records import Document
from tests.docs.documents import ROOT
from tests.partner.practising import Practice, persona
from tests.rest.conftest import api, assembled, make_app, store

__all__ = ["api", "assembled", "make_app", "store"]
TEXT = (ROOT / "docs" / "talk.md").read_text(encoding="utf-8")


async def test_the_sample_talk_is_what_it_says():
    id, talk = re.search(r"```text talk (\w+)\n(.+?)\n```", TEXT, re.DOTALL).groups()
    opening, *lines = [line.partition(": ")[2] for line in talk.splitlines()]
    practice = Practice(persona(id))
    assert opening == practice.who.opening
    for said, reply in zip(lines[::2], lines[1::2], strict=True):
        assert await practice.say(said) == reply
    assert practice.parted


async def test_the_sample_persona_can_be_added(api: httpx.AsyncClient):
    sample = json.loads(re.search(r"```json persona\n(.+?)```", TEXT, re.DOTALL)[1])
    added = await api.post("/api/v1/personas", json=sample)
    assert added.status_code == 201
    assert added.json().items() >= {name: value for name, value in sample.items() if name != "id"}.items()


def test_everybody_who_ships_is_in_the_table():
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == {each.id for each in personas.shipped()}


def test_how_hard_one_is_cut_into_is_what_the_table_says():
    times = {1: "once", 2: "twice", 4: "four times"}
    for hardness, manner in MANNERS.items():
        row = next(line for line in TEXT.splitlines() if line.startswith("| ") and f"(`{hardness}`)" in line)
        assert f"{manner.after:g} s of one answer" in row or f"| {manner.after:g} s |" in row
        assert f"{times[manner.times]} in it, {manner.every:g} s apart" in row
        assert (f"after {manner.yields:g} s" in row) == math.isfinite(manner.yields)
    assert f"sound falls by 18 dB for {Gaps.LASTS} s" in " ".join(TEXT.split())


def test_the_material_of_the_example_is_asked_about_as_it_says():
    [example] = re.findall(r"```json\n(\[.*?\])\n```", TEXT, re.DOTALL)
    first, *_ = grounding.questions([Document(**each) for each in json.loads(example)])
    assert first == "Your CV says: “Led a team of five at Acme”. What was your part in it?"
