"""What was spoken of is named in the speaker's own words, and only where that makes a whole sentence."""

import re

import pytest

from engine import personas
from engine.interview import lexicon
from engine.interview.cues import proof_wanted
from engine.interview.phrases import topics
from engine.personas import KINDS

LEXICON = lexicon.load()
AGREES = r"(?:is|are|was|were|has|have|does|do|be|been)"


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ("My thesis is about student housing in Berlin.", {"your thesis", "student housing", "Berlin"}),
        ("we run it in two hospitals with our co-founder Maria", {"two hospitals", "your co-founder Maria"}),
        ("a new billing system for small farms", {"the new billing system", "small farms"}),
        ("The cost of energy is killing our bakery.", {"the cost of energy", "your bakery"}),
        (
            "i had a disagreement with a colleague about the payment service",
            {"the disagreement", "the colleague", "the payment service"},
        ),
        ("our customers complain that the delivery takes forever", {"your customers", "the delivery"}),
        ("they presented the quarterly figures to every department", {"the quarterly figures", "every department"}),
        ("well i think it is really hard and expensive", set()),
        ("that is what i mean you know and so on", set()),
        ("we triage patients", {"patients"}),
        ("you said your order was wrong", set()),
        ("at the end of the day it is a lot of work", set()),
        ("", set()),
    ],
)
def test_things_are_found_between_small_words_and_verbs(says, found):
    assert {topic.text for topic in topics(says, LEXICON)} == found


@pytest.mark.parametrize(
    ("says", "number"),
    [
        ("it went down by forty percent last year", "forty percent"),
        ("It costs $90 per unit", "$90"),
        ("Two hundred euros a month", "two hundred euros"),
        ("we asked thirty ward managers", "thirty ward managers"),
        ("20% less", "20%"),
        ("12,000 users", "12,000 users"),
        ("a hundred and fifty machines", "hundred and fifty machines"),
        ("since 2019 we have two children", ""),
        ("at ten in the morning", ""),
        ("when i was twelve", ""),
        ("for eighteen months", ""),
        ("seven one four nine", ""),
        ("one of them", ""),
        ("in twenty twenty six", ""),
    ],
)
def test_numbers_that_ask_for_proof_are_told_from_ages_dates_and_small_ones(says, number):
    assert proof_wanted(says, LEXICON.grammar) == number


def templates(slot):
    """Every line, of anybody, that is filled with `slot`."""
    kinds = [kind for kind, named in KINDS.items() if named == slot]
    pools = [LEXICON.probes, *(persona.probes for persona in personas.shipped())]
    lines = [line for pool in pools for kind in kinds for line in pool.get(kind, ())]
    return lines + [line for line in LEXICON.taken if f"{{{slot}}}" in line]


@pytest.mark.parametrize("line", templates("phrase"))
def test_a_line_about_a_thing_fits_one_many_and_masses(line):
    assert not re.search(
        rf"\b{AGREES} \{{phrase\}}|\{{phrase\}} (?!do\b|be\b|have\b){AGREES}\b|\{{phrase\}}[’']s", line
    )
    assert not re.search(r"\b(a|an|the|this|these|your|my) \{phrase\}", line)
    assert not re.search(r"\{phrase\} [a-z]+s\b", line), "a verb that fits one only"


def test_every_kind_has_enough_lines_and_they_are_questions():
    for kind in KINDS:
        assert len(LEXICON.probes[kind]) >= 3
        assert all(line.count("?") == 1 for line in LEXICON.probes[kind])
    for persona in personas.shipped():
        for lines in persona.probes.values():
            assert all(line.count("?") == 1 for line in lines), lines


def test_the_personas_are_whole_characters():
    assert len(personas.shipped()) == 7
    for persona in personas.shipped():
        assert 14 <= len(persona.questions) <= 20
        assert persona.who.startswith(f"You are {persona.name}")
        assert persona.scene and persona.summary and persona.reactions and persona.probes and persona.answers
    patience = {persona.id: persona.patience for persona in personas.shipped()}
    assert patience["executive"] == min(patience.values())
    assert patience["mentor"] == max(patience.values())
