"""A talk's ears, mind and voice: one speech-to-speech model while it works, else those that the studio has.

When a turn is over, what is a turn, and what was heard stays with the conversation, which knows nothing of this: to it
a dialogue is ears, a voice, and scripts whose lines bring their own sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.messages import CLOSING, Mark
from engine.providers.base import (
    Anew,
    Conversing,
    Expectation,
    LanguageModel,
    Listening,
    Parting,
    Prompt,
    Senses,
    SpeechChunk,
    SpeechToSpeech,
    Transcript,
    Voice,
)
from engine.scenario import Line, Script
from engine.sentences import SentenceStream
from engine.uttered import Uttering


async def written(mind: LanguageModel, prompt: Prompt, mark: Mark) -> Script:
    """What `mind` replies, sentence by sentence as it is written; from a `Parting` on it is the talk's closing."""
    stream = SentenceStream()
    async with aclosing(mind.reply(prompt)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Anew):
                stream = SentenceStream()
            if isinstance(piece, Parting) and mark != CLOSING:
                for sentence in stream.flush():
                    yield Line(text=sentence, mark=mark)
                mark = CLOSING
            for sentence in stream.push(piece):
                yield Line(text=sentence, mark=mark)
    for sentence in stream.flush():
        yield Line(text=sentence, mark=mark)


class Dialogue:
    """One conversation with `partner`. It is `SpeechToText` and `TextToSpeech` at the same time: openings, reminders
    and goodbyes are read in the partner's own voice, so that nobody else seems to speak. What fails ends the session
    for good, and is told once: `senses` hear, `mind` thinks and `senses` speak from then on, the open turn included.

    `voice` is asked how to sound whenever a reply begins.
    """

    def __init__(self, partner: SpeechToSpeech, *, senses: Senses, mind: LanguageModel, voice: Voice) -> None:
        self.voice: Callable[[], Voice] = lambda: voice
        self.about = partner.about
        self._partner = partner
        self._senses = senses
        self._mind = mind
        self._session: Conversing | None = None
        self._lost = self._mute = False
        """The session has failed; the partner's voice cannot read."""
        self._ears: Listening | None = None
        """Who hears now: the session, or the studio's ears."""
        self._turns: dict[int, _Turn] = {}
        """Those without a final transcript: whoever hears next has to hear them again."""
        self._heard: asyncio.Queue[Transcript | ProviderFailed] = asyncio.Queue()

    # ---- the ears ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def listen(self, expect: Expectation) -> AsyncIterator[Dialogue]:
        """Open the session, and leave it with the context. Entering is quick."""
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(self._hear(expect), name="dialogue")
            try:
                yield self
            finally:
                hearing.cancel()

    def push(self, pcm: Pcm, turn: int) -> None:
        if turn not in self._turns:
            self._turns = {number: kept for number, kept in self._turns.items() if kept.finished}
        self._turns.setdefault(turn, _Turn()).audio.append(pcm)
        if self._ears:
            self._ears.push(pcm, turn)

    def finish(self, turn: int) -> None:
        self._turns.setdefault(turn, _Turn()).finished = True
        if self._ears:
            self._ears.finish(turn)

    async def __aiter__(self) -> AsyncIterator[Transcript]:
        while True:
            heard = await self._heard.get()
            if isinstance(heard, ProviderFailed):
                raise heard
            yield heard

    async def _hear(self, expect: Expectation) -> None:
        """With the session, until it fails, then with the studio's ears."""
        async with self._partner.converse(expect, self.voice()) as session:
            self._session = session
            try:
                await self._follow(session)
            except ProviderFailed as failure:
                self._lose(failure)
        try:
            async with self._senses.ears.listen(expect) as ears:
                while True:
                    try:
                        await self._follow(ears)
                    except ProviderFailed as failure:
                        if not failure.retryable:
                            raise
                        self._heard.put_nowait(failure)
        except ProviderFailed as failure:
            self._ears = None
            self._heard.put_nowait(failure)

    async def _follow(self, ears: Listening) -> None:
        """Hand on what `ears` understand, of the turns that wait as well."""
        if self._ears is not ears:
            self._ears = ears
            for number, turn in self._turns.items():
                for pcm in turn.audio:
                    ears.push(pcm, number)
                if turn.finished:
                    ears.finish(number)
        async for transcript in ears:
            if transcript.final:
                self._turns = {number: turn for number, turn in self._turns.items() if number > transcript.turn}
            self._heard.put_nowait(transcript)

    def _lose(self, failure: ProviderFailed) -> None:
        self._session, self._ears, self._lost = None, None, True
        ears, mind, speech = (each.about.label for each in (self._senses.ears, self._mind, self._senses.speech))
        self._tell(failure, f"from now on {ears} hears, {mind} thinks and {speech} speaks")

    def _tell(self, failure: ProviderFailed, instead: str) -> None:
        """To the listener it is a passing failure: somebody hears all the same."""
        self._heard.put_nowait(ProviderFailed(failure.provider, f"{failure}; {instead}", retryable=True))

    # ---- the mind ---------------------------------------------------------------------------------------------------

    async def lines(self, prompt: Prompt, mark: Mark) -> Script:
        """The partner's reply. Where it breaks off, what is left of its sentences is said by the studio's voice; where
        it had not said one, the studio's mind replies."""
        if session := self._session:
            voice = self.voice()
            reply = Uttering(session.reply(prompt, voice), mark, session.heard, speed=voice.speed)
            async with aclosing(reply.lines()) as lines:
                async for line in lines:
                    yield line
            if reply.failure is None:
                return
            self._session, self._lost = None, True  # its ears find out by themselves, and tell
            if reply.whole:
                for text in reply.rest:
                    yield Line(text=text, mark=mark)
                return
        async with aclosing(written(self._mind, prompt, mark)) as script:
            async for said in script:
                yield said

    # ---- the voice --------------------------------------------------------------------------------------------------

    def voices(self) -> Sequence[str]:
        return self._partner.reads.voices()

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """In the partner's voice; once that or the session has failed, in the studio's."""
        sounded = False
        if not self._lost and not self._mute:
            try:
                async with aclosing(self._partner.reads.speak(text, voice)) as chunks:
                    async for chunk in chunks:
                        sounded = True
                        yield chunk
            except ProviderFailed as failure:
                if sounded:
                    raise
                self._mute = True
                self._tell(failure, f"{self._senses.speech.about.label} reads instead")
        if not sounded:
            async with aclosing(self._senses.speech.speak(text, voice)) as chunks:
                async for chunk in chunks:
                    yield chunk


class _Turn:
    """What is said in a turn: its audio so far."""

    def __init__(self) -> None:
        self.audio: list[Pcm] = []
        self.finished = False
