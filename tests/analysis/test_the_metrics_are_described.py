"""docs/metrics.md describes every measure that there is, and no other, with the samples and bands of the code."""

import re
from pathlib import Path

import pytest

from engine.analysis import Word, filler_measures, find_fillers, hesitations, thresholds
from engine.analysis.bands import MODES
from engine.analysis.catalogue import KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
DEFINED, BANDS = TEXT.split("## Bands")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| (.+) \| (.+): (\d+), (\d+) \|$", DEFINED, re.MULTILINE)}


def test_every_measure_is_defined_and_no_other():
    assert set(ROWS) == set(KINDS)
    assert len(re.findall(r"^\| `\w+` \|", DEFINED, re.MULTILINE)) == len(KINDS)


@pytest.mark.parametrize("id", KINDS)
def test_its_smallest_sample_is_that_of_the_code(id):
    _, of, least, enough = ROWS[id]
    assert (of, int(least), int(enough)) == (KINDS[id].of, KINDS[id].least, KINDS[id].enough)


def test_the_bands_are_those_of_the_code():
    head, *rows = [row.split("|")[1:-1] for row in BANDS.splitlines() if row.startswith("| ")]
    modes = [cell.strip(" `") for cell in head[1:]]
    assert set(modes) == set(MODES)
    described = {row[0].strip(" `"): [cell.strip() for cell in row[1:]] for row in rows}
    written = {id: [band(MODES[mode].bands.get(id)) for mode in modes] for id in described}
    assert described == written
    assert {id for mode in MODES.values() for id in mode.bands} == set(described) | {"questions"}


def band(known):
    low, high = (
        "" if known is None or bound is None else f"{bound:g}" for bound in (known and known.low, known and known.high)
    )
    return f"{low}–{high}" if known else ""


@pytest.mark.parametrize(
    ("written", "constant"),
    [
        ("silences below 0.25 s closed", thresholds.SAME_SPEECH),
        ("speech with silences below 0.5 s", thresholds.SAME_UTTERANCE),
        ("silences of at most 2.0 s", thresholds.SAME_TURN),
        ("farther than 0.2 s", thresholds.STRAY),
        ("pauses of 0.5 s and more", thresholds.COUNTED_PAUSE),
        ("longer than 1.0 s", thresholds.LONG_PAUSE),
        ("very long* above 3.0 s", thresholds.VERY_LONG_PAUSE),
        ("0.25 s to 10 s", thresholds.LONGEST_PAUSE),
        ("last 20 s of the clock", thresholds.PACE_WINDOW),
        ("at least 8 words", thresholds.PACE_WORDS),
        ("a silence above 3 s does", thresholds.MONOLOGUE_GAP),
        ("every stretch of 50", thresholds.VOCABULARY_WINDOW),
        ("sounds of 0.3 to 1.5 s", hesitations.SHORTEST),
        ("sounds of 0.3 to 1.5 s", hesitations.LONGEST),
        ("60 % of them are voiced", 100 * hesitations.VOICED),
        ("spreads by 1.2 semitones", hesitations.LEVEL),
        ("more within 10 s", filler_measures.CROWDED),
    ],
)
def test_its_constants_are_those_of_the_code(written, constant):
    flat = " ".join(TEXT.split())
    assert written in flat
    assert constant in {float(number) for number in re.findall(r"\d+(?:\.\d+)?", written)}


def test_an_opening_well_is_possible_and_a_like_never_sure():
    assert "opens a turn, too" in TEXT and 'no "like" and no "well" is ever sure' in " ".join(TEXT.split())
    texts = ["Well", ",", "it", "was", ",", "like", ",", "uh", ",", "late"]
    words = [Word(text=text, start=i, end=i + 0.4) for i, text in enumerate(texts)]
    assert [str(filler.bucket) for filler in find_fillers(words)] == ["possible", "possible", "sure"]


def test_its_example_prints_what_it_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(code, {})  # noqa: S102
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.*  # (.+)$", code, re.MULTILINE)
