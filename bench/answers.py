"""How well questions find their passage in a talk and its notes, offline: `python -m bench.answers`.

Questions, answers and the talks are in tests/knowledge/material. Right: the best passage is one that answers. False:
something is answered though nothing in the material answers it. Words and weights were settled on the talks called
tuned; the held-out one was written afterwards, and is the figure to expect of a new talk.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from engine.knowledge import Knowledge
from engine.sentences import split

ROOT = Path(__file__).parents[1]
MATERIAL = ROOT / "tests" / "knowledge" / "material"
TUNED, HELD_OUT = ("rostrum", "bikes", "soil"), ("library",)
PASSAGES = 200


@cache
def questions() -> dict[str, Any]:
    """By talk: `questions`, each with its `answer` and the ways to ask it, and `unanswerable`."""
    return tomllib.loads((MATERIAL / "questions.toml").read_text(encoding="utf-8"))


def texts(talk: str) -> tuple[str, str]:
    """The pitch and the notes."""
    folder = MATERIAL if (MATERIAL / f"{talk}.md").exists() else ROOT / "data" / "pitches"
    pitch, notes = ((folder / f"{talk}{ending}").read_text(encoding="utf-8") for ending in (".md", ".notes.md"))
    return pitch, notes


@cache
def knowledge(talk: str) -> Knowledge:
    pitch, notes = texts(talk)
    return Knowledge(split(pitch), notes)


def right(talks: tuple[str, ...], kind: str) -> tuple[int, int]:
    """Questions whose best passage is right, and all; `kind` is "ask" as people write, "misheard" as recognisers do."""
    hits = asked = 0
    for talk in talks:
        for entry in questions()[talk]["questions"]:
            answers = entry["answer"] if isinstance(entry["answer"], list) else [entry["answer"]]
            best = [knowledge(talk).search(question, limit=1) for question in entry[kind]]
            hits += sum(any(answer in passage.text for answer in answers) for found in best for passage in found)
            asked += len(best)
    return hits, asked


def false_answers(talks: tuple[str, ...]) -> tuple[int, int]:
    """Unanswerable questions that were answered, and all."""
    found = [knowledge(talk).search(question) for talk in talks for question in questions()[talk]["unanswerable"]]
    return sum(map(bool, found)), len(found)


def milliseconds() -> tuple[float, float, float]:
    """To index a talk of `PASSAGES` sentences, and the median and worst time of a search in it."""
    sentences = [sentence for talk in TUNED + HELD_OUT for text in texts(talk) for sentence in split(text)]
    many = [f"{sentences[n % len(sentences)]} {n}" for n in range(PASSAGES)]
    began = perf_counter()
    large = Knowledge(many)
    indexed = perf_counter() - began
    times = []
    for entry in (entry for talk in TUNED + HELD_OUT for entry in questions()[talk]["questions"]):
        for question in entry["ask"] + entry["misheard"]:
            began = perf_counter()
            large.search(question)
            times.append(perf_counter() - began)
    return indexed * 1000, median(times) * 1000, max(times) * 1000


def main() -> None:
    print(f"{'talks':24}{'asked plainly':>20}{'misheard':>20}{'false answers':>20}")
    for name, talks in (("tuned", TUNED), ("held out", HELD_OUT)):
        figures = (right(talks, "ask"), right(talks, "misheard"), false_answers(talks))
        print(f"{name:24}" + "".join(f"{f'{hits} of {asked} ({hits / asked:.0%})':>20}" for hits, asked in figures))
    indexed, middle, worst = milliseconds()
    print(
        f"{PASSAGES} passages: {indexed:.0f} ms to index, {middle:.1f} ms a search in the median, {worst:.1f} at worst"
    )


if __name__ == "__main__":
    main()
