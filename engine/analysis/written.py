"""How what was said is written down: words run together by a dash, and remarks of the writer, which nobody said."""

from __future__ import annotations

import re

_HESITATION = re.compile(r"u+h+m*|u+m+|e+r+m*|e+h+|a+h+|h+m+|m{2,}")
_PIECE = re.compile(r"(?<!\S)(?:\[[^\[\]]*\]|<[^<>]*>)[^\w\s]*(?!\S)|\S+")
_GLUED = re.compile(r"(?<=[—–…])(?=\w)|(?<=--)(?=\w)|(?<=\.\.)(?=\w)|(?<=[,;])(?=[^\W\d])")
_REMARK = re.compile(r"[\[<(]([^\[\]<>()]*)[\])>][^\w\s]*")
_LAUGHED = "laughter-"


def is_hesitation(word: str) -> bool:
    """Whether `word`, in lower case, is an um or uh."""
    return _HESITATION.fullmatch(word) is not None


def pieces(text: str) -> list[str]:
    """The words of `text` with the punctuation around them, remarks whole: "so—um, [door slams]" are three."""
    return [
        part
        for piece in _PIECE.findall(text)
        for part in ([piece] if _REMARK.fullmatch(piece) else _GLUED.split(piece))
    ]


def spoken(piece: str) -> str:
    """What was said of a piece: nothing of "[laughter]", "yes" of "[laughter-yes]", "uh" of "[hesitation]" or "[UH]",
    all of what is no remark."""
    remark = _REMARK.fullmatch(piece)
    if remark is None:
        return piece
    inside = remark[1].lower()
    if inside.startswith(_LAUGHED):
        return inside.removeprefix(_LAUGHED)
    return "uh" if "hesitation" in inside else inside if is_hesitation(inside) else ""
