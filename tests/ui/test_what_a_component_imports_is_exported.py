"""A name that a component's JavaScript imports and nobody exports leaves a page blank: none does."""

import re
from pathlib import Path

COMPONENTS = Path(__file__).parents[2] / "ui" / "components"
_PACKAGE = re.compile(r'esm=\{"([\w-]+)": "(\w+)"\}')
_IMPORT = re.compile(r'import\s*\{([^}]*)\}\s*from\s*"([^"]+)"')
_NAMED = re.compile(r"export\s*\{([^}]*)\}")
_ALL = re.compile(r'export\s*\*\s*from\s*"([^"]+)"')
_OWN = re.compile(r"export\s+(?:async\s+)?(?:const|let|function\*?|class)\s+(\w+)")


def names(listed):
    """The names in braces: as they are called inside, and outside."""
    found = [each.split(" as ") for each in re.split(r"\s*,\s*", listed.strip()) if each]
    return {each[0].strip() for each in found}, {each[-1].strip() for each in found}


def exported(file):
    text = file.read_text(encoding="utf-8")
    found = set(_OWN.findall(text))
    for listed in _NAMED.findall(text):
        found |= names(listed)[1]
    for other in _ALL.findall(text):
        found |= exported(file.parent / other)
    return found


def packages():
    """The index file of every package by its name."""
    found = {}
    for file in COMPONENTS.rglob("*.py"):
        for name, folder in _PACKAGE.findall(file.read_text(encoding="utf-8")):
            found[name] = file.parent / folder / "index.js"
    return found


def test_every_imported_name_is_exported_where_it_is_imported_from():
    known = packages()
    assert {"rostrum-voice", "rostrum-talk", "rostrum-coach", "rostrum-rehearse"} <= known.keys()
    checked = 0
    for file in COMPONENTS.rglob("*.js"):
        for listed, source in _IMPORT.findall(file.read_text(encoding="utf-8")):
            target = known.get(source, file.parent / source)
            if not target.exists():
                continue  # a library's
            wanted, there = names(listed)[0], exported(target)
            assert wanted <= there, f"{file.relative_to(COMPONENTS)}: {source} has no {sorted(wanted - there)}"
            checked += len(wanted)
    assert checked > 100
