"""A conversation on tape: two tracks on one clock, the listener's microphone as it arrived and the agent's speech as it
was heard. Written while it goes on, as Opus in Ogg, off the event loop: the death of the process costs about three
seconds."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm, Resampler, frame
from engine.errors import StorageFailed

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from typing import BinaryIO

AGENT_RATE = 24_000
"""Hz: what most voices speak at, or a little more."""
BIT_RATE = 48_000
"""Of a track; speech has bits to spare. (Without loss, as FLAC, an encoder would take 7 MB of memory; this is 0.25.)"""
QUICK = {"compression_level": "3"}
"""Of libopus, 0 to 10: a third of the computing of its default, and at this rate no difference to hear."""
HOLD = 1.0
"""Seconds for which a piece waits for its place: later ones show whether it came late, or after a pause."""
TOLERANCE = 0.015
"""Seconds by which a piece may be off its place: jitter, which is not worth a gap in the sound."""
DRIFT = 0.05
"""Seconds by which a client's clock may have run ahead when we mend it; a piece that is earlier came all at once."""
HANDED_OVER_EVERY = 0.5
"""Seconds between two writes."""
WAITING = 60.0
"""Seconds of sound that may wait for the disk."""
AT_ONCE = 1.0
"""Seconds of silence that are encoded in one go."""


class Tape(Protocol):
    """Whoever records a conversation. `until`: when the last of `pcm` was heard, seconds since it began."""

    @property
    def behind(self) -> float:
        """Seconds of sound that wait to be written; of more than `WAITING` no more is taken."""
        ...

    def user(self, pcm: Pcm, until: float) -> None: ...
    def agent(self, pcm: Pcm, until: float) -> None: ...


class Aligner:
    """Puts pieces of sound that say when they ended in their places on one track of `rate` Hz.

    A piece is late for two reasons: it waited on its way, and what follows catches up; or nobody spoke before it, and
    what follows is as late. So it is held for `HOLD` seconds, and the least late of those behind it tells which.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._held: deque[tuple[bytes, float, float]] = deque()  # samples, until, until less all that was pushed so far
        self._pushed = 0
        self._shift = 0
        """Samples of silence that were put in, less those taken out."""

    def push(self, data: bytes, until: float) -> Iterator[bytes]:
        """The next piece; what can be written by now."""
        self._pushed += len(data) // SAMPLE_BYTES
        self._held.append((data, until, until - self._pushed / self._rate))
        while self._held and self._held[0][1] <= until - HOLD:
            yield from self._place()

    def flush(self) -> Iterator[bytes]:
        """Everything that is left."""
        while self._held:
            yield from self._place()

    def _place(self) -> Iterator[bytes]:
        late = min(since for _, _, since in self._held) - self._shift / self._rate
        data, _, _ = self._held.popleft()
        if late > TOLERANCE:
            missing = round(late * self._rate)
            self._shift += missing
            step = round(AT_ONCE * self._rate)
            yield from (bytes(SAMPLE_BYTES * min(step, missing - at)) for at in range(0, missing, step))
        elif -DRIFT < late < -TOLERANCE:
            ahead = min(round(-late * self._rate), len(data) // SAMPLE_BYTES)
            self._shift -= ahead
            data = data[ahead * SAMPLE_BYTES :]
        yield data


class Track:
    """One side of a conversation, as an Ogg file at `path` that only its owner can read. Blocks: for one thread.

    Raises:
        OSError: from every method, when the disk refuses.
    """

    def __init__(self, path: Path, rate: int) -> None:
        import av

        self._rate = rate
        self._aligner = Aligner(rate)
        self._resampler = Resampler(rate, rate)
        self._written = 0
        self._file = private(path)
        # Else what was said before a long silence waits for the file's buffer to be full.
        self._container = av.open(self._file, "w", format="ogg", options={"flush_packets": "1"})
        self._stream = self._container.add_stream("libopus", rate=rate, layout="mono", bit_rate=BIT_RATE, options=QUICK)

    def push(self, pcm: Pcm, until: float) -> None:
        if pcm.rate != self._resampler.from_rate:
            self._resampler = Resampler(pcm.rate, self._rate)
        for data in self._aligner.push(self._resampler.push(pcm).data, until):
            self._write(data)

    def close(self) -> None:
        try:
            for data in self._aligner.flush():
                self._write(data)
            self._container.mux(self._stream.encode(None))
            self._container.close()
        finally:
            self._file.close()

    def _write(self, data: bytes) -> None:
        if not data:
            return
        made = frame(Pcm(data, self._rate))
        made.pts, made.time_base = self._written, Fraction(1, self._rate)
        self._written += made.samples
        self._container.mux(self._stream.encode(made))


def private(path: Path) -> BinaryIO:
    """A new file that nobody else on this machine can read, not buffered."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b", buffering=0)


class Recording:
    """Records both sides until `close`. Belongs to the event loop's thread; `executor` has one thread, which writes.

    `on_failed` is told, once, that the disk refused: what was written by then is kept, the rest is not recorded.
    """

    def __init__(
        self, user: Path, agent: Path, *, executor: Executor, on_failed: Callable[[StorageFailed], None]
    ) -> None:
        self._paths = {"user": (user, HEARING_RATE), "agent": (agent, AGENT_RATE)}
        self._tracks: dict[str, Track] = {}
        self._executor = executor
        self._on_failed = on_failed
        self._waiting: list[tuple[str, Pcm, float]] = []
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._job: asyncio.Future[None] | None = None
        self._over = False
        self.unwanted = False
        """It was deleted while it was going on."""

    def user(self, pcm: Pcm, until: float) -> None:
        self._take("user", pcm, until)

    def agent(self, pcm: Pcm, until: float) -> None:
        self._take("agent", pcm, until)

    @property
    def behind(self) -> float:
        return self._seconds

    def stop(self) -> None:
        """Record no more, and keep nothing. From any thread."""
        self.unwanted = self._over = True

    async def close(self) -> None:
        """Write what is left."""
        self._hand_over()
        while self._job:
            await asyncio.wait({self._job})
            self._hand_over()
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        except OSError as error:
            self._fail(StorageFailed(error.strerror or "the disk refused"))
        self._over = True

    def _take(self, track: str, pcm: Pcm, until: float) -> None:
        if self._over or not pcm.data:
            return
        self._waiting.append((track, pcm, until))
        self._seconds += pcm.seconds
        if self._seconds > WAITING:
            self._fail(StorageFailed("the disk is too slow"))
        elif not self._timer:
            self._timer = asyncio.get_running_loop().call_later(HANDED_OVER_EVERY, self._hand_over)

    def _hand_over(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if self._job or not self._waiting:
            return
        batch, self._waiting, self._seconds = self._waiting, [], 0.0
        self._job = asyncio.get_running_loop().run_in_executor(self._executor, self._write, batch)
        self._job.add_done_callback(self._written)

    def _written(self, job: asyncio.Future[None]) -> None:
        self._job = None
        if job.cancelled():
            return
        if isinstance(error := job.exception(), OSError):
            self._fail(StorageFailed(error.strerror or "the disk refused"))
        elif error:
            raise error
        elif self._waiting and not self._over:
            self._timer = self._timer or asyncio.get_running_loop().call_later(HANDED_OVER_EVERY, self._hand_over)

    def _fail(self, error: StorageFailed) -> None:
        self._waiting, self._seconds = [], 0.0
        if not self._over:
            self._over = True
            self._on_failed(StorageFailed(f"The recording has stopped: {error}. What was recorded before is kept."))

    # ---- on the writing thread --------------------------------------------------------------------------------------

    def _write(self, batch: list[tuple[str, Pcm, float]]) -> None:
        for name, pcm, until in batch:
            if name not in self._tracks:
                self._tracks[name] = Track(*self._paths[name])
            self._tracks[name].push(pcm, until)

    def _close(self) -> None:
        with ExitStack() as closing:
            for track in self._tracks.values():
                closing.callback(track.close)
