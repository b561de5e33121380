"""One language's words for the live coach. They are data, `data/coach/<language>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from engine.errors import NotFound
from engine.interview import lexicon as lexicons
from engine.interview.lexicon import Lexicon
from engine.words import Phrase, normal

FOLDER = Path(__file__).parents[2] / "data" / "coach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What is said about how somebody speaks."""

    screen: str
    ear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """`manner` by kind of cue; `follow_ups` by kind of reason ("topic", "number"); `content`: single templates; `help`
    by mode, each for the screen and for the ear; `imperatives` and `never`: how a cue that a language model wrote
    begins, and what is never in it.

    `theirs`: the lexicon by which things are found in the other side's words ("my pilot" is "their pilot"), `unknown`:
    … where nobody knows whose words they are ("the pilot"), `own`: in the user's wishes ("your pilot"), `asked`: in
    the other side's questions, where "your" is the user's."""

    manner: Mapping[str, Manner]
    follow_ups: Mapping[str, tuple[str, ...]]
    content: Mapping[str, str]
    help: Mapping[str, tuple[tuple[str, str], ...]]
    imperatives: frozenset[str]
    never: frozenset[Phrase]
    own: Lexicon
    theirs: Lexicon
    unknown: Lexicon
    asked: Lexicon


@cache
def load(language: str = "en") -> Phrases:
    """Read the phrases of `language`, once a process.

    Raises:
        NotFound: there are none for that language.
    """
    path = FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        raise NotFound(f"the live coach does not speak the language {language[:20]!r}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    own = lexicons.load(language)
    grammar = replace(
        own.grammar,
        verbs=own.grammar.verbs - set(data["things"]["ing"]),
        empty=own.grammar.empty | set(data["things"]["empty"]),
    )
    own = replace(own, grammar=grammar)
    theirs = {**own.turned, **dict.fromkeys(grammar.mine, "their")}
    both = replace(grammar, mine=grammar.mine | {"your"}, apart=grammar.apart - {"your"})
    content = data["content"]
    return Phrases(
        manner={kind: Manner(**texts) for kind, texts in data["manner"].items()},
        follow_ups={kind: tuple(lines) for kind, lines in content.items() if isinstance(lines, list)},
        content={name: line for name, line in content.items() if isinstance(line, str)},
        help={mode: tuple((screen, ear) for screen, ear in lines) for mode, lines in data["help"].items()},
        imperatives=frozenset(data["checked"]["imperatives"]),
        never=frozenset(normal(phrase) for phrase in data["checked"]["never"]),
        own=own,
        theirs=replace(own, turned=theirs),
        asked=replace(own, grammar=both, turned={**theirs, "your": "your"}),
        unknown=replace(own, turned={**own.turned, **dict.fromkeys(grammar.mine, "the")}),
    )
