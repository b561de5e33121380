"""What a pitch may be: its text, and what is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.errors import BadInput, TooLarge
from engine.records import Sentence

TITLE_LENGTH, TEXT_LENGTH, NOTES_LENGTH = 200, 100_000, 200_000
"""Characters at most."""


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Numbered from 1, as they are spoken."""
    from engine.sentences import split

    return tuple(Sentence(index=index, text=sentence) for index, sentence in enumerate(split(text), start=1))


def checked(title: str, text: str, notes: str) -> dict[str, str]:
    """The three as they are kept.

    Raises:
        BadInput, TooLarge: one of them cannot be.
    """
    title = " ".join(title.split())
    for name, value, most in (
        ("title", title, TITLE_LENGTH),
        ("text", text, TEXT_LENGTH),
        ("notes", notes, NOTES_LENGTH),
    ):
        if len(value) > most:
            raise TooLarge(f"{name}: {len(value):,} characters are too many, at most {most:,} are kept")
        if re.search("[\\x00\\ud800-\\udfff]", value):
            raise BadInput(f"{name}: expected text, found a character that is none")
    if not title:
        raise BadInput("title: expected 1 to 200 characters")
    if not any(map(str.isalnum, "".join(sentence.text for sentence in sentences(text)))):
        raise BadInput("text: expected at least one sentence that can be spoken")
    return {"title": title, "text": text, "notes": notes}


def heading(markdown: str) -> tuple[str, str]:
    """The first heading, and the text without it."""
    found = re.search(r"^#+[ \t]+(.+?)[ \t#]*$", markdown, re.MULTILINE)
    if not found:
        return "", markdown.strip()
    return found[1], (markdown[: found.start()] + markdown[found.end() :]).strip()
