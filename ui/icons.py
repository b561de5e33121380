"""The one set of icons, for what Python draws; components in JavaScript import the same list."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "components" / "voice_link" / "web" / "icons.js"
_SHAPE = re.compile(r'^  (\w+): "(M[^"]+)",$', re.MULTILINE)


@cache
def shapes() -> dict[str, str]:
    """Every shape by its name, as the path of an SVG on a 24 x 24 grid."""
    return dict(_SHAPE.findall(LIST.read_text(encoding="utf-8")))


def svg(name: str, classes: str = "icon") -> str:
    """The icon as HTML. It says nothing to a screen reader: what it stands on has the words.

    Raises:
        KeyError: there is none of that name.
    """
    return f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true"><path d="{shapes()[name]}"/></svg>'
