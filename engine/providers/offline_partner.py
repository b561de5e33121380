"""A partner without a model: it asks the persona's questions, takes up the speaker's own words, and asks back where an
answer is vague, unproved, short or long. It does not understand, and says so when asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from engine.interview.interviewer import Interviewer, Reply
from engine.personas import shipped
from engine.providers.base import About, Parting, Prompt
from engine.talk import REMINDERS


class OfflinePartner:
    """The conversation so far is all it knows: the same words get the same reply. Without a persona in the prompt it
    is the one for clients of the API."""

    about = About(
        name="offline",
        label="Offline partner",
        local=True,
        caveat="asks from a list and takes up your own words; it does not understand what you say",
    )

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The reply, a sentence or two at a time. Never fails; in English where it does not speak the language."""
        found = await asyncio.to_thread(_reply, prompt)
        for number, text in enumerate(text for text in found.says if text not in prompt.begun):
            yield f" {text}" if number else text
        for text in found.parting:
            yield Parting(text)


def _reply(prompt: Prompt) -> Reply:
    persona = prompt.persona or shipped()[0]
    reminders = [text for texts in REMINDERS.values() for text in texts]
    interviewer = Interviewer(prompt, persona, reminders)
    return interviewer.interject() if prompt.cuts_in else interviewer.reply()
