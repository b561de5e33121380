"""A file is read in one go: at most 300 lines, and a function at most 40."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
LONGER: dict[str, int] = {}
"""What is longer, with its number of lines: it may shrink, never grow."""


def sizes() -> dict[str, int]:
    """Lines of every file, and of every function as `file:function`."""
    found: dict[str, int] = {}
    for path in (ROOT / "main.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "ui").rglob("*.py")):
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        found[name] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
                key, lines = f"{name}:{node.name}", node.end_lineno - node.lineno + 1
                found[key] = max(lines, found.get(key, 0))
    return found


def test_no_file_and_no_function_is_longer_than_can_be_read_at_once():
    measured = sizes()
    assert {"main.py", "engine/turn.py:step", "ui/app.py:mount"} <= measured.keys()
    most = {name: LONGEST_FUNCTION if ":" in name else LONGEST_FILE for name in measured} | LONGER
    over = {name: lines for name, lines in measured.items() if lines > most[name]}
    assert not over
