"""Every sentence that the pages say, as it stands in their source: what a message file may translate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRANSLATED = (
    "layout", "components/keyboard_map", "components/text", "components/confirm", "components/from_file",
    "pages/home", "pages/pitches",
    "pages/pitch_player",
    "pages/pitch_questions",
    "pages/talk_setup", "pages/talk", "pages/talk_stage", "pages/pace",
)  # fmt: skip
"""What a language has to know in full, beside the components."""
SAYS = {"t": 0, "tab_title": 0, "button": 0, "link": 0, "text": 1, "skip_link": 0, "from_file": 0}
"""Functions that look up what they are given, and which of their arguments."""
_SAID = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')""")


def said_by(module: str) -> set[str]:
    """The sentences of a module under `ui/`: constants that are looked up, and those it hands on by name."""
    tree = ast.parse((ROOT / "ui" / f"{module}.py").read_text(encoding="utf-8"))
    return set(_looked_up(tree)) | set(_by_name(tree))


def _looked_up(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        name = call.func.id
        if name in SAYS and len(call.args) > SAYS[name]:
            yield from _sentences(call.args[SAYS[name]])
        elif name == "confirm":
            for value in (
                *call.args,
                *(keyword.value for keyword in call.keywords if keyword.arg in {"keep", "delete"}),
            ):
                yield from _sentences(value)
        elif name == "counted" and isinstance(call.args[1], ast.Constant):
            yield from (f"{{number}} {call.args[1].value}", f"{{number}} {call.args[1].value}s")
        elif name == "Key":
            yield from (keyword.value.value for keyword in call.keywords if keyword.arg == "does")


def _sentences(node: ast.expr) -> Iterator[str]:
    """A constant, or either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_sentences(node.body), *_sentences(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _sentences(value)


def _by_name(tree: ast.Module) -> Iterator[str]:
    """Names of pages, of tasks and of months stand in tables."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"WAYS", "TASKS"}:
            yield from (value.value for value in node.value.values)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MONTHS":
            yield from ast.literal_eval(node.value)


def said_by_component(name: str) -> set[str]:
    """The sentences of a component in JavaScript: what its own `t` is given."""
    folder = ROOT / "ui" / "components" / name
    files = [*folder.glob("*.js"), *folder.glob("web/*.js")]
    return {one or other for file in files for one, other in _SAID.findall(file.read_text(encoding="utf-8"))}


def all_constants() -> set[str]:
    """Every text in the pages' and the providers' Python: what may come to be looked up."""
    files = [*ROOT.glob("ui/**/*.py"), *ROOT.glob("engine/providers/*.py"), ROOT / "engine/analysis/catalogue.py"]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
