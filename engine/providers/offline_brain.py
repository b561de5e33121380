"""A brain without a model: it reads out the passage that bears on a question and adds nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from engine.providers.base import About, Prompt
from engine.sentences import split

MOST_SENTENCES = 2
MOST_WORDS = 45
"""About a quarter of a minute of speech: an answer, not a reading."""
_SAYS = {"notes": "Your notes say:", "pitch": "In the pitch it says:"}
NOTHING = "I have nothing on that in your notes. I have kept it on the list of questions to prepare."


class OfflineBrain:
    """Answers with the first sentences of the best passage, word for word."""

    about = About(name="offline", label="Offline brain", local=True, caveat="quotes your notes, invents nothing")

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer, a sentence at a time. Never fails and never waits."""
        if not prompt.passages:
            if not prompt.begun:
                yield NOTHING
            return
        best = prompt.passages[0]
        quoted = [sentence for sentence in _quoted(best.text) if sentence not in prompt.begun]
        if quoted:
            yield _SAYS.get(best.source, "Your material says:")
        for sentence in quoted:
            yield f" {sentence}"


def _quoted(text: str) -> list[str]:
    """The first sentence, and as many more as the limits allow."""
    sentences = split(text)
    quoted = sentences[:1]
    for sentence in sentences[1:MOST_SENTENCES]:
        if len(" ".join([*quoted, sentence]).split()) > MOST_WORDS:
            break
        quoted.append(sentence)
    return quoted
