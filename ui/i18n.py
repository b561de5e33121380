"""What the pages say, in the language that was chosen. The key of a message is its English sentence.

The helpers of `ui/components/text.py` look up what they show, so that a page says nothing twice; `t` is for what does
not go through them, and for sentences with values in them. `own` marks somebody's own words, which no language changes.
A language is a file `data/languages/<code>.toml`: TOML, as all data here, of sentences and their translations; plurals
are two sentences. What it lacks is shown in English.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nicegui import ui

FOLDER = Path(__file__).parents[1] / "data" / "languages"
COOKIE = "language"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""Each by its code, as its speakers call it."""
COMPONENTS = ("voice_link", "talk_link")
"""The tables of a file that belong to a component in JavaScript; the others belong to the pages."""


class Own(str):
    """Words that are shown as they are: somebody's own, or looked up already."""

    __slots__ = ()


def own(words: str) -> Own:
    """`words`, not to be looked up."""
    return Own(words)


def t(sentence: str, **values: object) -> Own:
    """`sentence` in the language of the page being built, with its `{placeholders}` filled."""
    if isinstance(sentence, Own):
        return sentence
    said = messages(language()).get(sentence, sentence)
    return Own(said.format(**values) if values else said)


def language() -> str:
    """The code of the language of the page being built; English outside of one."""
    try:
        request = ui.context.client.request
    except RuntimeError:  # there is no page
        return ENGLISH
    chosen = request.cookies.get(COOKIE, ENGLISH) if request else ENGLISH
    return chosen if chosen in LANGUAGES else ENGLISH


def apply() -> None:
    """Put the language into the page being built: its `lang`, and the words of what it is built with."""
    client, chosen = ui.context.client, language()
    if chosen != ENGLISH:
        client.page = copy.copy(client.page)  # all visitors share the one it was
        client.page.language = chosen  # type: ignore[assignment]


@cache
def messages(code: str) -> Mapping[str, str]:
    """What the pages say in a language: English sentences and their translations; empty for English."""
    return {key: said for table, words in _file(code).items() if table not in COMPONENTS for key, said in words.items()}


def words(component: str) -> Mapping[str, str]:
    """The same for a component, in the language of the page being built: what its JavaScript is given."""
    return _file(language()).get(component, {})


@cache
def _file(code: str) -> Mapping[str, Mapping[str, str]]:
    if code == ENGLISH:
        return {}
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
