"""ElevenLabs' ears: one session of Scribe for a whole conversation, each turn committed when it ends.

Turns go over the wire one after another. A session that is lost is opened again, and a turn that it took with it is
sent once more from its beginning; a turn that got no answer takes its session with it, so that no words of it are taken
for the next one's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from engine import clock
from engine.audio import HEARING_RATE, Pcm, silence
from engine.errors import ProviderFailed
from engine.providers import elevenlabs_common as common
from engine.providers.base import About, Expectation, Listening, Transcript
from engine.providers.deadlines import HearingDeadlines
from engine.providers.deepgram_hearing import BYTES, Hearing, Turn
from engine.providers.deepgram_turns import Turns
from engine.providers.elevenlabs_answers import Answers
from engine.providers.elevenlabs_failures import BrokeOff
from engine.providers.elevenlabs_scribe import Scribe, Soft

MODEL = "scribe_v2_realtime"
SHORTEST = 0.4
"""Seconds: a shorter turn is filled up with silence. To commit less than 0.3 ends the session."""


class ElevenLabsEars:
    """Nothing is loaded before `warm` or the first ear."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str = common.BASE_URL,
        model: str = MODEL,
        deadlines: HearingDeadlines | None = None,
    ) -> None:
        self._account = common.Account(key=key, base_url=base_url)
        self._model = model
        self._deadlines = deadlines or HearingDeadlines()
        self.about = common.about(model, base_url, "your voice")

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return _Listening(self._account, self._model, expect, self._deadlines, self.about)

    async def warm(self) -> None:
        """Import the SDK, in a thread."""
        await self._account.client()

    async def check(self) -> None:
        """Raises ProviderFailed where the key is refused, or nobody is there; costs nothing."""
        await self._account.check()

    async def close(self) -> None:
        await self._account.close()


class _Listening:
    """One conversation's ear, in a task group of its own."""

    def __init__(
        self, account: common.Account, model: str, expect: Expectation, deadlines: HearingDeadlines, about: About
    ) -> None:
        self._account, self._model, self._expect, self._deadlines = account, model, expect, deadlines
        self._turns = Turns(about, deadlines, self._nobody)
        self._group = asyncio.TaskGroup()
        self._task: asyncio.Task[None] | None = None
        self._scribe: Scribe | None = None
        self._left = False

    def push(self, pcm: Pcm, turn: int) -> None:
        self._turns.push(pcm, turn)

    def finish(self, turn: int) -> None:
        self._turns.finish(turn)

    def __aiter__(self) -> AsyncIterator[Transcript]:
        return self

    async def __anext__(self) -> Transcript:
        heard = await self._turns.heard.get()
        if heard is None:
            self._turns.heard.put_nowait(None)
            raise StopAsyncIteration
        if isinstance(heard, ProviderFailed):
            raise heard
        return heard

    async def __aenter__(self) -> Listening:
        await self._group.__aenter__()
        self._task = self._group.create_task(self._keep_connected(), name="elevenlabs ear")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left = True
        self._turns.close()
        if self._task:
            self._task.cancel()
        await self._group.__aexit__(None, None, None)

    async def _keep_connected(self) -> None:
        """Until what is wrong will not pass, or cancelled."""
        failures, waits = 0, self._deadlines
        while True:
            began = clock.now()
            try:
                client = await self._account.client()
                async with Scribe.session(client, self._model, self._expect, waits) as self._scribe:
                    await self._converse(self._scribe)
            except ProviderFailed as error:
                trouble = error
            self._scribe = None
            if self._left:
                return  # a group whose task fails just when it is cancelled tells only of the failure
            steady = clock.now() - began >= waits.steady
            failures = 0 if steady else failures
            self._turns.trouble(trouble, tell=failures > 0 or not isinstance(trouble, BrokeOff))
            if not trouble.retryable:
                return
            await asyncio.sleep(0.0 if steady else min(waits.backoff * 2**failures, waits.longest_backoff))
            failures += 1

    async def _converse(self, scribe: Scribe) -> None:
        """Send and hear until the session ends, which raises ProviderFailed."""
        answers = Answers(self._judge, self._deadlines.quiet)
        lost: list[BaseException] = []
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(scribe, answers), name="words")
                both.create_task(self._speak(scribe, answers), name="audio")
        except* ProviderFailed as failed:
            lost.extend(failed.exceptions)
        finally:
            answers.close()
        raise lost[0]

    async def _listen(self, scribe: Scribe, answers: Answers) -> None:
        while True:
            try:
                message = await scribe.receive()
            except Soft:
                answers.nothing()
                continue
            self._turns.well()
            try:
                answers.take(message, scribe.seconds)
            except (LookupError, TypeError, ValueError, AttributeError):
                continue  # not what was promised: as if it had not come

    def _judge(self) -> None:
        if turn := self._turns.first:
            self._turns.judge(turn)

    async def _speak(self, scribe: Scribe, answers: Answers) -> None:
        while True:
            await self._convey(scribe, answers, await self._turns.next())

    async def _convey(self, scribe: Scribe, answers: Answers, turn: Turn) -> None:
        """Send all of `turn`, and wait until it is over."""
        hearing = turn.hearing = Hearing(base=scribe.seconds)
        turn.conveyed = False
        answers.begin(hearing)
        sent = 0
        while piece := await turn.piece(sent):
            await scribe.send(piece)
            sent += len(piece)
        if turn.over.is_set():
            raise BrokeOff  # abandoned: what was sent of it is to be in no other
        missing = SHORTEST - sent / BYTES
        if missing > 0.0:
            await scribe.send(silence(missing, HEARING_RATE).data)
        answers.commit()
        await scribe.commit()
        turn.conveyed = True
        await turn.over.wait()
        if not hearing.closed:
            raise BrokeOff  # the answer may still come, and be taken for the next turn's

    def _nobody(self) -> None:
        """Not a word was said of a whole turn."""
        if self._scribe:
            self._scribe.abort()
