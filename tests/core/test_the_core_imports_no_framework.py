"""The arrows of the architecture, read from every import there is, those inside functions and for types included.

main -> ui, engine.wire -> the engine's core -> the Protocols in engine.providers.base; providers are handed in.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAMEWORKS = {"nicegui", "fastapi", "starlette", "uvicorn", "gradio", "flask", "socketio"}
VENDORS = {"openai", "deepgram", "elevenlabs"}
EDGE = {"engine.start", "engine.check", "engine.settings", "engine.local_models"}
"""Modules of the engine that start it, read its environment, and report on both for the command line."""
UNTOLD = "?"
"""An import of a name that only the run tells."""
EDGES = ("base", "registry", "tab", "housekeeping")
CHOOSES = {"engine.studio": EDGES[:2], "engine.engines": EDGES}
"""Who chooses the providers and hands them in, and the files of theirs that it may know: none of a vendor."""


def imports_of(source: str, module: str, *, package: bool = False) -> set[str]:
    """Every module that `source` may import, as `a.b.c`; for `from a import b` both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=name, names=names, level=level):
                here = module.split(".")
                above = here[: len(here) - level + package] if level else []
                base = ".".join([*above, *([name] if name else [])])
                found |= {base, *(f"{base}.{one.name}" for one in names)}
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"), args=[first, *_]):
                found.add(str(first.value) if isinstance(first, ast.Constant) else UNTOLD)
    return found


@cache
def modules(folder: str) -> dict[str, set[str]]:
    """Each module below `folder`, and all that it may import."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = imports_of(path.read_text(encoding="utf-8"), name, package=path.name == "__init__.py")
    return found


def under(names: set[str], *packages: str) -> set[str]:
    return {name for name in names if any(name == one or name.startswith(f"{one}.") for one in packages)}


def product() -> dict[str, set[str]]:
    main = (ROOT / "main.py").read_text(encoding="utf-8")
    return {**modules("engine"), **modules("ui"), "main": imports_of(main, "main")}


def core() -> dict[str, set[str]]:
    return {
        name: imported
        for name, imported in modules("engine").items()
        if name not in EDGE and not under({name}, "engine.wire", "engine.providers")
    }


def test_the_core_knows_no_framework_and_no_vendor():
    assert {"engine.conversation", "engine.studio", "engine.store", "engine.media.decode"} <= core().keys()
    for module, imported in core().items():
        assert not under(imported, *FRAMEWORKS, *VENDORS), module


def test_the_core_imports_nothing_by_a_name_made_up_at_run_time():
    for module, imported in core().items():
        assert UNTOLD not in imported, module


def test_what_the_command_line_needs_is_used_by_the_command_line_only():
    for module, imported in product().items():
        if module not in {*EDGE, "main"}:
            assert not under(imported, *EDGE - {"engine.settings"}), module


def test_no_provider_knows_a_framework():
    for module, imported in modules("engine").items():
        if under({module}, "engine.providers"):
            assert not under(imported, *FRAMEWORKS), module


def test_a_vendor_is_known_by_its_own_provider_files_only():
    for vendor in VENDORS:
        users = [module for module, imported in product().items() if under(imported, vendor)]
        assert all(module.startswith("engine.providers.") for module in users), (vendor, users)
        theirs = [module for module in users if module.removeprefix("engine.providers.").startswith(vendor)]
        assert len(users) - len(theirs) <= 1, (vendor, users)


def test_the_engine_knows_no_page():
    for module, imported in modules("engine").items():
        assert not under(imported, "ui", "main", "bench", "tests"), module


def test_the_core_knows_no_wire():
    for module, imported in core().items():
        assert not under(imported, "engine.wire"), module


def test_providers_are_handed_to_the_core():
    for module, imported in core().items():
        files = {name for name in under(imported, "engine.providers") if name.count(".") == 2}
        allowed = {f"engine.providers.{name}" for name in CHOOSES.get(module, ("base",))}
        assert files <= allowed, (module, files)


def test_pages_and_wires_choose_no_provider():
    for module, imported in product().items():
        if under({module}, "ui", "engine.wire", "main"):
            files = {name for name in under(imported, "engine.providers") if name.count(".") == 2}
            assert files <= {"engine.providers.base"}, (module, files)


def test_the_scripted_providers_are_for_tests_and_benchmarks_only():
    for module, imported in product().items():
        assert not under(imported, "engine.providers.scripted"), module
    assert any(under(imported, "engine.providers.scripted") for imported in modules("bench").values()), (
        "the search finds them"
    )


def test_only_pages_know_nicegui():
    users = {module for module, imported in product().items() if under(imported, "nicegui")}
    assert users
    assert users == under(users, "ui")


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import nicegui.ui", "nicegui.ui"),
        ("from engine import wire", "engine.wire"),
        ("def f():\n    from engine.wire.pitch import routes", "engine.wire.pitch"),
        ("from .wire import pitch", "engine.wire.pitch"),
        ("import importlib\nimportlib.import_module('ui.app')", "ui.app"),
        ("if TYPE_CHECKING:\n    from fastapi import FastAPI", "fastapi"),
    ],
)
def test_no_way_of_importing_is_overlooked(source, module):
    assert module in imports_of(source, "engine.conversation")
