"""Tests, commands, files and sections that the documents name exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.documents import ROOT

DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


@cache
def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if hasattr(node, "name")}


def anchors(document: str) -> set[str]:
    """The anchors of a document's headings, as they are made where it is shown."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text(document), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tests(document):
    for path, name in re.findall(r"`([\w/]+\.py)::(\w+)`", text(document)):
        assert name in functions(ROOT / "tests" / path), f"{path}::{name}"


def test_every_promise_of_the_core_has_one():
    order = text("docs/lifecycle.md").split("## The order of events")[1].split("\n## ")[0]
    promises = [row for row in order.splitlines() if row.startswith("| ") and not row.startswith("| promise")]
    assert len(promises) >= 15
    for promise in promises:
        assert re.search(r"`(core|wire|coach|e2e)/test_\w+\.py::test_\w+`", promise), promise


def test_every_trap_has_one():
    traps = re.findall(
        r"^\| (\d+) \| [^|]+ \| `\w+/test_\w+\.py::test_\w+` \|$", text("docs/lifecycle.md"), re.MULTILINE
    )
    assert traps == [str(number) for number in range(1, 34)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files(document):
    named = re.findall(r"`((?:engine|ui|bench|tests|data|docs)/[\w/.\-]*\w\.(?:py|js|md|sh))`", text(document))
    named += [
        f"tests/{path}"
        for path in re.findall(r"`((?:core|wire|store|e2e|start|providers)/test_\w+\.py)`", text(document))
    ]
    for path in named:
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("document", DOCUMENTS)
def test_folders(document):
    for path in re.findall(r"`((?:engine|ui|bench|tests|data|docs)(?:/\w+)*)/?`", text(document)):
        assert (ROOT / path).is_dir(), path


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", text(document)):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        there = ((ROOT / document).parent / path).resolve() if path else ROOT / document
        if there.suffix == ".png" and there.parent == ROOT / "docs" / "images":
            continue  # taken by a command of their own
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.relative_to(ROOT).as_posix()), target


def test_benchmarks():
    from importlib.util import find_spec

    named = set(re.findall(r"`python -m bench\.(\w+)`", text("docs/developing.md")))
    for name in named:
        assert find_spec(f"bench.{name}"), name
    listed = ast.parse((ROOT / "bench" / "__main__.py").read_text(encoding="utf-8"))
    figures, on_demand = [ast.literal_eval(node.value) for node in ast.walk(listed) if isinstance(node, ast.Assign)]
    assert named == figures.keys() | on_demand.keys()


def test_the_deadlines_of_the_lifecycle_are_those_of_the_code():
    from engine import meetings, playout, speaker, words
    from engine.floor import Floor
    from engine.utterance import Deadlines
    from engine.wire import page, socket

    values = {"Floor": Floor(words=words.load()), "Deadlines": Deadlines(), "speaker": speaker}
    values |= {"page": page, "socket": socket, "playout": playout, "meetings": meetings}
    rows = re.findall(r"\| ([\d.]+) \(`(\w+)\.(\w+)`\) \|", text("docs/lifecycle.md"))
    assert len(rows) == 11
    for number, owner, name in rows:
        assert float(number) == getattr(values[owner], name), name
