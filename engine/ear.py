"""The ear: microphone audio in, facts about the listener's speech out.

Live frames, uploaded clips and the push-to-talk key keep their order: what can be judged at once is, unless something
that takes longer is before it. Positions are seconds of audio since the ear was opened (the audio's own clock), so a
clip is judged as fast as it can be computed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine import clock
from engine.audio import HEARING_RATE, Pcm
from engine.echo import COMPARED, is_echo
from engine.errors import TooLarge
from engine.providers.base import Detector, Listening, SpeechEdge, VoiceActivityDetector

PRE_ROLL = 0.3
"""Seconds before a detected onset that belong to the speech: detection takes about 0.07 s, soft first sounds more."""
RECENT = 10.0
"""Seconds of audio kept, for a listener who goes on speaking while the words before are still being transcribed."""
QUEUED = 150.0
"""Seconds of audio that may wait to be judged; more is refused."""
IN_THREAD = 0.12
"""Seconds: a longer piece is judged in a thread; 0.12 s cost the event loop about 0.7 ms."""
RECHECKED, DOUBTS = 0.06, 2
"""Seconds after which an echo is looked at again; how often in a row it must then not be one: one look in 30 errs."""
CERTAIN, WARY = 1.0, 3.0
"""Seconds of audio that tell an echo for certain. Less is believed only where there have been echoes, or for so many
seconds after the first sound over the agent: else whoever cuts in on its first words would wait 0.3 s longer."""
OVERSLEPT = 0.1
"""Seconds late that a wait for audio ends where the machine was busy: what came meanwhile may not be read yet."""
ENDS_SILENT = 0.3
"""Seconds of silence at the end of a clip that show that nothing of the utterance is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechBegan:
    """At `at` seconds of the ear's audio, pre-roll included; `ago` seconds before it is told."""

    at: float
    ago: float = 0.0
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded:
    """`settled`: certainly over, no patience needed. `uploaded`: seconds of it that came at once."""

    settled: bool
    manual: bool = False
    uploaded: float = 0.0


EarFact = SpeechBegan | SpeechEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """What waits to be judged: audio (`clip`: an interruption by itself, `whole`: nothing is missing), or the key."""

    pcm: Pcm | None = None
    clip: bool = False
    whole: bool = False
    pressed: bool | None = None

    @property
    def quick(self) -> bool:
        """Whether judging it is no burden for the event loop."""
        return self.pcm is None or (not self.clip and self.pcm.seconds <= IN_THREAD)


class Ear:
    """Judges audio and feeds the turn that the conversation names. `tell` is called on the event loop, in order;
    `audible` says what an echo that is heard now may be of."""

    def __init__(
        self,
        *,
        detector: VoiceActivityDetector,
        listening: Listening,
        audio_gap: float,
        tell: Callable[[EarFact], None],
        audible: Callable[[], Pcm | None],
    ) -> None:
        self._activity = detector
        self._detector: Detector = detector.open()
        self._listening = listening
        self._gap = audio_gap
        self._tell = tell
        self._audible = audible
        self._echo_until: float | None = None
        """What is heard is an echo; in the ear's audio, until when that is taken for granted."""
        self._doubts = 0
        self._echoes = False
        """The agent has been heard in the microphone."""
        self._wary_until = 0.0
        self._spoke_until = 0.0  # what an echo is looked for in comes after it
        self._queue: deque[_Item] = deque()
        self._queued = self._position = self._detector_began = 0.0
        self._wake = asyncio.Event()
        self._recent: deque[tuple[float, Pcm]] = deque()
        self._fed = 0.0  # up to where audio has been given to a turn
        self._busy = self._pressed = False
        self._turn: int | None = None

    def hear(self, pcm: Pcm, *, clip: bool = False, whole: bool = False) -> None:
        """Take 16 kHz audio: live, or as a clip that is itself an interruption.

        Raises:
            TooLarge: more than `QUEUED` seconds are waiting.
        """
        assert pcm.rate == HEARING_RATE
        if not pcm.data:
            return
        if self._queued + pcm.seconds > QUEUED:
            raise TooLarge(f"more than {QUEUED:.0f} seconds of audio are waiting to be heard")
        self._queued += pcm.seconds
        self._put(_Item(pcm=pcm, clip=clip, whole=whole))

    def press(self, pressed: bool) -> None:
        """Push to talk: from pressed to released everything is speech."""
        self._put(_Item(pressed=pressed))

    def _put(self, item: _Item) -> None:
        if item.quick and not self._queue and not self._busy:
            spoke = self._detector.speaking
            self._judge(item)
            if item.pcm is not None and not spoke and not self._detector.speaking:
                return  # `run` would wait for nothing else: most frames are silence
        else:
            self._queue.append(item)
        self._wake.set()

    # ---- what the conversation wants of it --------------------------------------------------------------------------

    def listen(self, turn: int, since: float) -> float:
        """From now on audio belongs to `turn`, beginning `since` seconds into the ear's audio, but no audio twice. How
        many seconds ago that was."""
        self._turn = turn
        since = max(since, self._fed, self._recent[0][0] if self._recent else self._position)
        for at, pcm in self._recent:
            if at + pcm.seconds > since:
                self._feed(pcm.cut(max(0.0, since - at)))
        return self._position - since

    def finish(self, turn: int) -> None:
        """No more audio for `turn`: ask for its words. A key that is still held counts as released."""
        self._listening.finish(turn)
        if self._turn == turn:
            self._turn = None
        if self._pressed:
            self._pressed = False
            self._fresh_detector()

    # ---- judging ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Judge what arrives, for ever; cancel to end. Audio that stops arriving ends speech as silence does."""
        while True:
            while self._queue:
                item = self._queue.popleft()
                if item.quick:
                    self._judge(item)
                else:
                    await self._judge_long(item)
            self._wake.clear()
            due = clock.now() + self._gap
            try:
                async with asyncio.timeout_at(due if self._detector.speaking and not self._pressed else None):
                    await self._wake.wait()
            except TimeoutError:
                if clock.now() - due <= OVERSLEPT:
                    self._fresh_detector()
                    self._ended(settled=True)

    def _judge(self, item: _Item) -> None:
        if item.pressed is not None:
            self._key(item.pressed)
        elif item.pcm is not None:
            base = self._detector_began
            self._heard(item.pcm, self._detector.feed(item.pcm), base)

    async def _judge_long(self, item: _Item) -> None:
        assert item.pcm is not None
        self._busy = True
        try:
            if item.clip:
                await self._clip(item.pcm, whole=item.whole)
            else:
                base = self._detector_began
                self._heard(item.pcm, await asyncio.to_thread(self._detector.feed, item.pcm), base)
        finally:
            self._busy = False

    def _key(self, pressed: bool) -> None:
        if pressed == self._pressed:
            return
        self._pressed = pressed
        self._echo_until = None
        if pressed:
            self._began(self._position, manual=True)
        else:
            self._fresh_detector()
            self._tell(SpeechEnded(settled=True, manual=True))

    def _heard(self, pcm: Pcm, edges: Sequence[SpeechEdge], base: float) -> None:
        """Live audio, and the edges found in it, in seconds since `base`."""
        self._keep(pcm)
        for edge in () if self._pressed else edges:
            if not edge.onset:
                self._ended(settled=False)
            elif self._is_echo():
                self._echo_until, self._doubts = self._position + RECHECKED, 0
            else:
                self._began(base + edge.at)
        if self._echo_until is not None and self._position >= self._echo_until:
            self._doubt()

    def _began(self, onset: float, *, manual: bool = False) -> None:
        at = max(0.0, onset - PRE_ROLL)
        self._tell(SpeechBegan(at=at, ago=self._position - at, manual=manual))

    def _ended(self, *, settled: bool) -> None:
        if self._echo_until is None:
            self._spoke_until = self._position
            self._tell(SpeechEnded(settled=settled))
        self._echo_until = None

    def _is_echo(self) -> bool:
        """Whether the last that was heard is the agent's own voice."""
        played = self._audible()
        if played is None:
            return False
        since = max(self._spoke_until, self._position - COMPARED - RECHECKED)
        self._wary_until = self._wary_until or self._position + WARY
        certain = self._position - since >= CERTAIN
        if not certain and not self._echoes and self._position > self._wary_until:
            return False
        found = is_echo([pcm for at, pcm in self._recent if at >= since], played)
        self._echoes = self._echoes or (found and certain)
        return found

    def hears_itself(self) -> bool:
        """Whether it hears the agent alone, who spoke up over somebody: no edge told that they fell silent since."""
        if not self._detector.speaking or self._echo_until is not None or not self._is_echo():
            return False
        self._echo_until, self._doubts = self._position + RECHECKED, 0
        return True

    def _doubt(self) -> None:
        """Somebody may have begun to speak over the echo: no edge would tell."""
        self._doubts = 0 if self._is_echo() else self._doubts + 1
        self._echo_until = self._position + RECHECKED
        if self._doubts >= DOUBTS:
            self._echo_until = None
            self._began(self._position)

    async def _clip(self, pcm: Pcm, *, whole: bool) -> None:
        """A clip interrupts by itself; whether anything was said in it is found out afterwards."""
        began = self._position
        self._fresh_detector()
        self._echo_until = None
        self._tell(SpeechBegan(at=began, ago=pcm.seconds))
        edges = await asyncio.to_thread(self._detector.feed, pcm)
        self._keep(pcm, speech=bool(edges))
        ended = next((edge.at for edge in reversed(edges) if not edge.onset), None)
        silent = not self._detector.speaking and (ended is None or pcm.seconds - ended >= ENDS_SILENT)
        if whole or not edges or silent:
            self._fresh_detector()
            self._tell(SpeechEnded(settled=True, uploaded=pcm.seconds))
        elif not self._detector.speaking:
            self._tell(SpeechEnded(settled=False, uploaded=pcm.seconds))

    def _keep(self, pcm: Pcm, *, speech: bool = True) -> None:
        """Feed the open turn; remember the audio for one that may be opened from a little earlier on."""
        self._queued -= pcm.seconds
        self._recent.append((self._position, pcm))
        self._position += pcm.seconds
        if speech:
            self._feed(pcm)
        while self._recent and self._position - self._recent[0][0] - self._recent[0][1].seconds > RECENT:
            self._recent.popleft()

    def _feed(self, pcm: Pcm) -> None:
        """Give the open turn, if any, audio that ends where the ear is. What is too much for one turn is not heard."""
        if self._turn is None:
            return
        self._fed = self._position
        try:
            self._listening.push(pcm, self._turn)
        except TooLarge:
            self._turn = None

    def _fresh_detector(self) -> None:
        self._detector = self._activity.open()
        self._detector_began = self._position
