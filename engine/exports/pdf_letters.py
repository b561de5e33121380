"""Which fonts a PDF takes for its letters: Inter, which ships and has Latin, Greek and Cyrillic, then those of this
computer for the rest; what none has is replaced, and the reader is told."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parents[2] / "data" / "fonts"
REGULAR, SEMIBOLD = FONTS / "inter-regular.ttf", FONTS / "inter-semibold.ttf"
TRIED = 12
"""Font files that are looked into at most: each takes some 20 ms."""
_FOLDERS = {
    "win32": ("C:/Windows/Fonts",),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
}
_UNIX = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_WIDE = (
    *("dejavusans.", "notosans-regular", "segoeui.", "arial unicode", "arialuni", "notosanscjk-regular", "wqy-zenhei"),
    *(
        "droidsansfallback",
        "pingfang",
        "hiragino",
        "applesdgothic",
        "msyh.",
        "malgun.",
        "meiryo.",
        "nirmala",
        "unifont",
    ),
)
"""Parts of the names of fonts that have many scripts or one of the large ones, in the order in which they are tried."""
_JOINING = ((0x0590, 0x10FF), (0x1780, 0x18AF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""Scripts that run from right to left or whose letters change with their neighbours."""
_UNKNOWN = "?"


def missing_letters(text: str) -> set[str]:
    """Those that Inter does not have."""
    return {letter for letter in set(text) if ord(letter) not in _letters_of(REGULAR) and not letter.isspace()}


def fonts_for(missing: Iterable[str]) -> tuple[list[Path], set[str]]:
    """Fonts of this computer that have these letters, as few as are found quickly, and the letters that none has."""
    rest, chosen = set(missing), []
    for path in _candidates(frozenset(rest)) if rest else ():
        if has := {letter for letter in rest if ord(letter) in _letters_of(path)}:
            chosen.append(path)
            rest -= has
        if not rest:
            break
    return chosen, rest


def replaced(text: str, unknown: set[str]) -> str:
    """Pictures are named, "[grinning face]"; a letter that cannot be drawn is a question mark."""
    if unknown.isdisjoint(text):
        return text
    return "".join(_instead(letter) if letter in unknown else letter for letter in text)


def needs_shaping(text: str) -> bool:
    """Whether there are letters that have to be put in order and joined."""
    return any(first <= ord(letter) <= last for letter in set(text) for first, last in _JOINING)


def _instead(letter: str) -> str:
    if unicodedata.category(letter) in {"Cf", "Mn", "Me"}:  # joins and varies its neighbours: nothing by itself
        return ""
    name = unicodedata.name(letter, "")
    return f"[{name.lower()}]" if unicodedata.category(letter) in {"So", "Sm"} and name else _UNKNOWN


def _candidates(missing: frozenset[str]) -> Iterator[Path]:
    """Fonts named after a script that is asked for, as Noto's are, then those with many letters."""
    scripts = {unicodedata.name(letter, "").partition(" ")[0].lower() for letter in missing} - {""}
    fonts = _installed()
    named = [path for path in fonts if any(f"sans{script}-regular" in path.name.lower() for script in scripts)]
    wide = [path for part in _WIDE for path in fonts if part in path.name.lower()]
    yield from list(dict.fromkeys([*named, *wide]))[:TRIED]


@cache
def _installed() -> tuple[Path, ...]:
    """All font files of this computer, by name: looked for once."""
    folders = (Path(folder).expanduser() for folder in _FOLDERS.get(sys.platform, _UNIX))
    found = [Path(folder) / name for root in folders for folder, _, names in os.walk(root) for name in names]
    return tuple(sorted((path for path in found if path.suffix.lower() in {".ttf", ".ttc", ".otf"}), key=_by_name))


def _by_name(path: Path) -> str:
    return path.name.lower()


@cache
def _letters_of(path: Path) -> frozenset[int]:
    """The characters a font can draw; none where it cannot be read, or forbids to be part of a document."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            forbidden = "OS/2" in font and font["OS/2"].fsType & 0x000F == 2  # restricted licence embedding
            return frozenset() if forbidden else frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError, AssertionError, KeyError, ValueError):
        return frozenset()
