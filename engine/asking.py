"""Somebody who asks one's own pitch: the prepared questions about it, put by voice, the chosen one first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.records import Persona

if TYPE_CHECKING:
    from engine.records import Question
    from engine.store import Store

ID = re.compile(r"asks-(\d{1,18})")
MOST = 12
"""Questions of one sitting."""


def id_of(question: Question) -> str:
    """The id of whoever asks `question` first."""
    return f"asks-{question.id}"


def somebody(store: Store, id: str) -> Persona:
    """The persona `id`, or who asks the question that it names. Blocks.

    Raises:
        NotFound: there is nobody of that id, or no such question any more.
    """
    if not (match := ID.fullmatch(id)):
        return store.people.persona(id)
    first = store.asked.question(int(match[1]))
    pitch = store.pitch(first.pitch)
    others = [one.text for one in store.asked.about(first.pitch) if not one.answered and one.id != first.id]
    return Persona(
        id=id,
        name="A listener",
        summary=f"Asks about “{pitch.title}”",
        who="You have just heard somebody's pitch. You are attentive, fair and hard to satisfy: you want a straight "
        "answer to what you ask, with a number or an example, before you go on to the next question.",
        scene=f"You have just heard the pitch “{pitch.title}”, and put your questions to whoever gave it.",
        opening=_asked(first.text),
        questions=tuple(map(_asked, others[:MOST])) or ("What should I remember of it?",),
        closing="Thank you, that was what I wanted to know.",
        patience=1.2,
    )


def _asked(text: str) -> str:
    return text if text.endswith(("?", ".", "!")) else f"{text}?"
