"""A partner without a model: an interviewer who takes the persona's questions in order and never repeats one."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from engine.providers.base import About, Prompt


class OfflinePartner:
    """Asks what the persona would ask. The conversation so far is all it knows: the same words get the same reply."""

    about = About(name="offline", label="Offline partner", local=True, caveat="asks from a list, does not understand")

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply, a sentence at a time. Never fails and never waits."""
        said = " ".join(line.text for line in prompt.history if line.role == "assistant")
        persona = prompt.persona
        if persona is None:
            return
        for question in persona.questions:
            if question not in said:
                yield question
                return
        yield persona.closing
