"""The documents as tests read them: fenced blocks with the section they stand in, and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
REST = "…"
"""In an example: the rest of a long text."""


@dataclass(frozen=True)
class Block:
    """A fenced block: `info` stands behind its opening fence, `line` is where it begins."""

    section: str
    info: str
    text: str
    line: int


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    found, section, info, lines, began = [], "", None, [], 0
    for number, line in enumerate((ROOT / document).read_text(encoding="utf-8").splitlines(), start=1):
        fence = re.match(r"```(.*)", line)
        if fence and info is None:
            info, lines, began = fence[1].strip(), [], number
        elif fence:
            found.append(Block(section, info, "\n".join(lines), began))
            info = None
        elif info is not None:
            lines.append(line)
        elif heading := re.match(r"#+ (.*)", line):
            section = heading[1].strip("`")
    assert info is None, f"{document}: the block of line {began} is not closed"
    return found


def python_of(document: str) -> str:
    """The one Python program in a document."""
    [program] = [block.text for block in blocks(document) if block.info == "python"]
    return program


def differences(actual: object, example: object, at: str = "") -> list[str]:
    """Where `actual` does not have the shape of `example`: the same keys, and values of the same kinds. Each item of a
    list has the shape of one of the example's, and each of those is there."""
    if isinstance(example, dict) and isinstance(actual, dict):
        keys = sorted(actual.keys() ^ example.keys())
        wrong = [f"{at}.{key}: only in the {'answer' if key in actual else 'document'}" for key in keys]
        for key in actual.keys() & example.keys():
            wrong += differences(actual[key], example[key], f"{at}.{key}")
        return wrong
    if isinstance(example, list) and isinstance(actual, list):
        wrong = [f"{at}: {item} is like nothing in the document" for item in actual if not _any(item, example)]
        return wrong + [f"{at}: nothing is like {one}" for one in example if not any(_any(i, [one]) for i in actual)]
    return [] if _kind(actual) == _kind(example) else [f"{at}: {actual!r} is not like {example!r}"]


def _any(item: object, examples: list[object]) -> bool:
    return any(not differences(item, example) for example in examples)


def _kind(value: object) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def same(actual: object, example: object) -> bool:
    """Whether `actual` is `example`, but for texts that the example cuts short."""
    if isinstance(example, dict) and isinstance(actual, dict):
        return actual.keys() == example.keys() and all(same(actual[key], example[key]) for key in example)
    if isinstance(example, str) and example.endswith(REST):
        return isinstance(actual, str) and len(actual) > 100 and actual.startswith(example.removesuffix(REST))
    return type(actual) is type(example) and actual == example
