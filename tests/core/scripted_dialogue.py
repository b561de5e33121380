"""A scripted model that hears and speaks: it does what it is told to, as all of `engine.providers.scripted` do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import About, Expectation, Prompt, Transcript, Uttered, Voice
from engine.providers.scripted import RATE, ScriptedEars, ScriptedListening, ScriptedSpeech

LEAD = 3
"""Words that are told before the first of them sounds."""
PAUSE = 0.2
"""Seconds of silence after a sentence."""


@dataclass(slots=True, kw_only=True)
class ScriptedDialogue:
    """Understands `says` and replies `replies`, each in turn, the last one again: a word takes `word_seconds` and comes
    `word_every` after the one before, the first `first_after` seconds after being asked.

    `fails`: a reply breaks off after so many words. `asked` collects the prompts, `spoke_as` the voices, `credited`
    what was heard, `stopped` counts replies that were not wanted to their end, `open_now` sessions.
    """

    says: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=lambda: ["That is good to hear. Tell me more about it, please."])
    final_after: float = 0.0
    first_after: float = 0.0
    word_every: float = 0.02
    word_seconds: float = 0.25
    fails: int | None = None
    reads: ScriptedSpeech = field(default_factory=ScriptedSpeech)
    asked: list[Prompt] = field(default_factory=list)
    spoke_as: list[Voice] = field(default_factory=list)
    credited: list[tuple[float, str]] = field(default_factory=list)
    stopped: int = 0
    open_now: int = 0
    sessions: list[ScriptedConversing] = field(default_factory=list)
    about: About = field(default_factory=lambda: About(name="scripted dialogue", label="Scripted dialogue", local=True))

    @asynccontextmanager
    async def converse(self, expect: Expectation, voice: Voice) -> AsyncIterator[ScriptedConversing]:
        self.sessions.append(ScriptedConversing(self))
        self.open_now += 1
        try:
            yield self.sessions[-1]
        finally:
            self.open_now -= 1


class ScriptedConversing(ScriptedListening):
    """`lost` ends it."""

    def __init__(self, script: ScriptedDialogue) -> None:
        self.ears = ScriptedEars(says=script.says, final_after=script.final_after)
        super().__init__(self.ears)
        self._script = script
        self._failure: ProviderFailed | None = None

    def lost(self) -> ProviderFailed:
        """For a test: the connection breaks."""
        self._failure = ProviderFailed(self._script.about.name, "the scripted dialogue broke off", retryable=True)
        self.interim(0, "")  # wakes whoever waits
        return self._failure

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while True:
            transcript = await self._finals.get()
            if self._failure:
                raise self._failure
            yield transcript

    def heard(self, seconds: float, text: str) -> None:
        self._script.credited.append((seconds, text))

    async def reply(self, prompt: Prompt, voice: Voice) -> AsyncGenerator[Uttered, None]:
        script = self._script
        script.asked.append(prompt)
        script.spoke_as.append(voice)
        text = script.replies.pop(0) if len(script.replies) > 1 else script.replies[0]
        words = text.split(" ")
        wanted = False
        try:
            await asyncio.sleep(script.first_after)
            yield Uttered(text=" ".join(words[:LEAD]))
            for number, word in enumerate(words):
                if script.fails == number:
                    raise self.lost()
                told = "".join(f" {later}" for later in words[number + LEAD : number + LEAD + 1])
                yield Uttered(text=told, pcm=_sound(word, script.word_seconds / voice.speed))
                await asyncio.sleep(script.word_every)
            wanted = True
        finally:
            script.stopped += not wanted


def _sound(word: str, seconds: float) -> Pcm:
    pause = PAUSE if word[-1] in ".!?" else 0.0
    return Pcm(b"\x00\x10" * round(seconds * RATE) + bytes(2 * round(pause * RATE)), RATE)
