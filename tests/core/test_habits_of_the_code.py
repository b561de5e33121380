"""Habits that no run of a test would show to be missing: who may catch a cancellation, start a task, ask the clock."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def nodes():
    """Every call and every `except` of the engine, with its file."""
    return [
        (path.relative_to(ROOT).as_posix(), node)
        for path in sorted((ROOT / "engine").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Call, ast.ExceptHandler))
    ]


def calls(name):
    """The files in which `name` ("asyncio.create_task") is called."""
    last = name.rpartition(".")[2]
    return {
        path
        for path, node in nodes()
        if isinstance(node, ast.Call)
        and last in (getattr(node.func, "attr", ""), getattr(node.func, "id", ""))
        and ast.unparse(node.func).endswith(name)
    }


def test_a_cancellation_is_never_swallowed():
    for path, node in nodes():
        if isinstance(node, ast.ExceptHandler):
            caught = "BaseException" if node.type is None else ast.unparse(node.type)
            ends = isinstance(node.body[-1], ast.Raise)
            assert ends or not ("Cancelled" in caught or "BaseException" in caught), f"{path}:{node.lineno}"
        elif getattr(node.func, "id", "") == "suppress":
            assert "Cancelled" not in ast.unparse(node), f"{path}:{node.lineno}"


def test_every_task_of_the_engine_belongs_to_a_group():
    """But for the studio's warming, which it keeps and cancels itself."""
    assert calls("asyncio.create_task") | calls("ensure_future") <= {"engine/studio.py"}


@pytest.mark.parametrize("wall", ["time.time", "datetime.now", "datetime.utcnow", "datetime.today"])
def test_wall_time_is_for_records_and_tokens_only(wall):
    assert calls(wall) <= {"engine/clock.py", "engine/wire/tokens.py"}
