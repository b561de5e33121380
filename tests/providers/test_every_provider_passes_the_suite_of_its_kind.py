"""One more provider is one file of at most 200 lines, one line in the registry, and the suite of its kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROVIDERS = ROOT / "engine" / "providers"
LONGEST = 200
SUITES = {
    "listen": "SpeechToTextConformance",
    "reply": "LanguageModelConformance",
    "speak": "TextToSpeechConformance",
    "open": "VoiceActivityConformance",
}
"""By the method that makes a class a provider of a kind."""
SHARED = {"base.py", "scripted.py"}
"""Files that hold several: the Protocols, and what tests use."""
_ABOUT = re.compile(r"^\s+(self\.)?about(: \w+)? = ", re.MULTILINE)
WRAPPERS = {"ChildEars"}
"""What others are made of: nobody listens to it alone."""


def providers() -> Iterator[tuple[Path, str, str]]:
    """File, class and suite of every provider."""
    for path in sorted(PROVIDERS.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.ClassDef) or path.name == "base.py" or node.name in WRAPPERS:
                continue
            methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
            for method in SUITES.keys() & methods:
                if _ABOUT.search(ast.unparse(node)):
                    yield path, node.name, SUITES[method]


FOUND = list(providers())


def test_they_are_found() -> None:
    names = {name for _, name, _ in FOUND}
    assert {"SphinxEars", "DeepgramFlux", "OpenAiChat", "OfflineBrain", "EspeakVoice", "SileroVad"} <= names
    assert {suite for _, _, suite in FOUND} == set(SUITES.values())


@pytest.mark.parametrize(("path", "name", "suite"), FOUND, ids=[name for _, name, _ in FOUND])
def test_it_passes(path: Path, name: str, suite: str) -> None:
    tests = [file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py")]
    assert any(f"({suite})" in text and re.search(rf"\b{name}\b", text) for text in tests)


@pytest.mark.parametrize(
    "path", sorted({path for path, _, _ in FOUND} - {PROVIDERS / name for name in SHARED}), ids=lambda path: path.name
)
def test_it_is_one_short_file(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST
