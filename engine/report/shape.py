"""What the object looks like that a language model writes a report as, for models that can be held to it."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.report.drills import drills

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_REMARK = {"text": _TEXT, "quote": _TEXT, "metric": _MAYBE, "why": _TEXT, "try_next": _TEXT}


@cache
def schema() -> dict[str, Any]:
    """A strict JSON schema: the shape that `data/report/instructions.txt` describes, no more than `gate` takes."""
    drill = {"type": ["string", "null"], "enum": [*drills(), None]}
    return _object(
        {
            "stars": _list(_object(_REMARK), 2, 2),
            "wish": _object(_REMARK | {"drill": drill}),
            "takeaways": _list(_TEXT, 3, 3),
            "summary_bullets": _list(_TEXT, 3, 5),
            "goal_answer": _TEXT,
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}
