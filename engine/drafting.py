"""What a language model writes to be read and checked as a whole, not to be spoken as it comes."""

from __future__ import annotations

from contextlib import aclosing

from engine.providers.base import LanguageModel, Prompt


async def draft(model: LanguageModel, prompt: Prompt, *, most: int) -> str:
    """All of the reply, or as much as is needed to refuse it: somewhat more than `most` characters. Raises what the
    model raises."""
    text = ""
    async with aclosing(model.reply(prompt)) as pieces:
        async for piece in pieces:
            text += piece
            if len(text) > most:
                break
    return text
