"""The live coach: takes in what is heard, proposes what could be said about it, and emits what the arbiter lets pass.

It owns no sound and no transcript. Everything but writing a cue is done at once; a language model, where there is one,
has its deadlines, after which the coach's own words are taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from engine import clock
from engine.analysis.lemmas import content
from engine.analysis.values import PARTNER, USER, Band, Frames, Line
from engine.coach import phrases
from engine.coach.arbiter import Arbiter
from engine.coach.cues import (
    CONTENT,
    UNANSWERED,
    Condition,
    Density,
    Fact,
    Heard,
    Output,
    Proposed,
    Suggested,
    Tip,
    Tuned,
    Voiced,
)
from engine.coach.delivery import Delivery
from engine.coach.suggesting import Suggesting
from engine.providers.base import LanguageModel
from engine.records import Aim
from engine.report.goals import targets
from engine.words import normal

LOOKS = 0.5
"""Seconds between two looks at how the user speaks."""
_ANY = Tip(kind=CONTENT, text="")
"""Stands for words that are not found yet."""


class Coach:
    """Use as `async with`, on the event loop; leaving it ends everything at once. `emit` is called on the event loop
    and must not block. All times it is told are seconds of the session.

    `writer` None: cues are the coach's own. `began`: where the session's clock stands now. `bands`: the user's own, by
    measure, instead of the mode's. `watch` and `ignore` as in `find_fillers`.
    """

    def __init__(
        self,
        *,
        aim: Aim,
        writer: LanguageModel | None,
        emit: Callable[[Output], None],
        density: Density | str = Density.CALM,
        ear: bool = False,
        fluency: bool = False,
        bands: Mapping[str, Band] | None = None,
        watch: Sequence[str] = (),
        ignore: Sequence[str] = (),
        began: float = 0.0,
    ) -> None:
        self._aim = aim
        self._writer = writer
        self._emit = emit
        self._tuned = Tuned(density=Density(density), ear=ear, fluency=fluency)
        self._words = phrases.load()
        set_out = targets(aim.goal)
        self._delivery = Delivery(aim.mode, self._words, bands=bands, watch=watch, ignore=ignore, targets=set_out)
        self._began = began
        self._voicing: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def __aenter__(self) -> Coach:
        now = clock.now()
        self._epoch = now - self._began
        """When the session's clock stood at 0, on the event loop's."""
        self._arbiter = Arbiter(now)
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._suggesting = Suggesting(
            aim=self._aim,
            writer=self._writer,
            words=self._words,
            tasks=self._tasks,
            propose=lambda tip: self._step(Proposed(tip=tip)),
            wanted=lambda: self._arbiter.open_for(_ANY),
        )
        self._looking = self._tasks.create_task(self._look_on(), name="looks at how the user speaks")
        self._step(self._tuned)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        await self._tasks.__aexit__(None, None, None)

    def close(self) -> None:
        """Emit nothing more, and let go of whatever is being written. Leaving the context does so too."""
        self._closed = True
        self._looking.cancel()
        self._suggesting.close()
        if self._timer:
            self._timer.cancel()

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def voice(self, speaker: str, speaking: bool, at: float) -> None:
        """`speaker` began or ceased to make a sound. Where one microphone is said to be somebody else's in between,
        the end is that of whoever began."""
        if not speaking and speaker not in self._voicing and self._voicing:
            speaker = next(iter(self._voicing))
        self._voicing = self._voicing | {speaker} if speaking else self._voicing - {speaker}
        self._hears(speaker)
        self._epoch = min(self._epoch, clock.now() - at)
        self._delivery.voice(speaker, speaking, at)
        self._suggesting.voice(speaker, speaking=speaking)
        self._step(Voiced(speaker=speaker, speaking=speaking))

    def interim(self, speaker: str, text: str) -> None:
        """What `speaker` has said of a line that is not finished."""
        if not self._closed:
            self._suggesting.interim(speaker, text)

    def line(self, line: Line) -> None:
        """A finished line of the transcript."""
        if line.speaker not in (USER, PARTNER) or self._closed:
            return
        self._hears(line.speaker)
        self._delivery.line(line)
        if line.speaker == USER:
            self._step(Heard(said=tuple(self._lemmas(line))))
        self._suggesting.line(line)

    def frames(self, frames: Frames) -> None:
        """What was measured of the user's sound, in order. About a second of it at a time costs least."""
        self._delivery.frames(frames)

    def trouble(self, kind: str, holds: bool) -> None:
        """The microphone is dead ("microphone"), or the other side comes back through it ("echo"); or no longer."""
        manner = self._words.manner[kind]
        self._step(Condition(kind=kind, holds=holds, text=manner.screen, ear=manner.ear))

    def help(self) -> None:
        """The user asks what to say: a `Suggested` follows within 1.5 s, whatever the density. Pressed again while an
        answer is being found, or younger than 4 s, it changes nothing."""
        if not self._closed:
            self._suggesting.help()

    def tune(
        self,
        *,
        density: Density | str | None = None,
        ear: bool | None = None,
        fluency: bool | None = None,
        practice: bool | None = None,
        drill: bool | None = None,
        labelled: bool | None = None,
    ) -> None:
        """What the user wants, as `Tuned` has it; None: as before. `labelled`: what is called the user's is theirs, and
        not that of two people at one microphone: only then is judged how they speak. Hearing a partner implies it."""
        if labelled is not None:
            self._delivery.labelled = self._suggesting.labelled = labelled
        wanted = Density(density) if density is not None else None
        self._step(Tuned(density=wanted, ear=ear, fluency=fluency, practice=practice, drill=drill))

    # ---- what comes of it --------------------------------------------------------------------------------------------

    def _hears(self, speaker: str) -> None:
        if speaker == PARTNER:
            self._delivery.labelled = self._suggesting.labelled = True

    def _lemmas(self, line: Line) -> list[tuple[float, str]]:
        words = [(word.end, word.text) for word in line.words] or [(line.end, line.text)]
        return [(self._epoch + at, each) for at, text in words for each in content(normal(text))]

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOKS)
            for condition in self._delivery.look(clock.now() - self._epoch):
                self._step(condition)
            if found := self._suggesting.unanswered():
                tip, since = found
                self._step(
                    Condition(kind=UNANSWERED, holds=True, text=tip.text, ear=tip.ear, since=since, matter=tip.matter)
                )
            elif self._arbiter.holds(UNANSWERED):
                self._step(Condition(kind=UNANSWERED, holds=None))

    def _step(self, fact: Fact | None) -> None:
        if self._closed:
            return
        for output in self._arbiter.step(fact, clock.now()):
            if isinstance(output, Suggested) and (tip := self._arbiter.shown):
                self._suggesting.offered(tip)
            self._emit(output)
        self._set_timer()

    def _set_timer(self) -> None:
        """One timer for whatever is due next. A loop may be a moment early: then it is set again."""
        due = self._arbiter.due
        if self._timer and self._timer.when() == due:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(due, self._tick) if due is not None else None

    def _tick(self) -> None:
        self._timer = None
        self._step(None)
