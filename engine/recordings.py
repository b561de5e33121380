"""The folder of recordings, beside the database: for each meeting that was recorded a track of either side, and the
stereo file of both, which is made when somebody first wants to hear it.

A meeting that is taken up again, after a restart say, is recorded in another part: tracks of its own, on the same time.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from engine.audio import SAMPLE_BYTES, frame_bytes
from engine.errors import NotFound, StillGoingOn, StorageFailed
from engine.recording import Recording, private

if TYPE_CHECKING:
    import av
    import numpy

STEREO_RATE = 48_000
"""Hz: what Opus plays at."""
BIT_RATE = 64_000
"""Bits per second of the stereo file: speech on both sides without loss that can be heard; half a megabyte a minute."""
BLOCK = STEREO_RATE
"""Samples that are mixed in one go."""
USER, AGENT, STEREO = "user.ogg", "agent.ogg", "ogg"
PART = re.compile(rf"(?:\.(\d+))?\.(?:{USER}|{AGENT})$")


class Recordings:
    """All of them, in `folder`, which only its owner can read. But for `record` every method blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="recording")
        self._going: dict[str, Recording] = {}
        self._mixing = threading.Lock()

    @property
    def folder(self) -> Path:
        return self._folder

    @asynccontextmanager
    async def record(self, meeting: str, on_failed: Callable[[StorageFailed], None]) -> AsyncIterator[Recording]:
        """Record `meeting` until this is left, beside what was recorded of it before; see `Recording`."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            user, agent = await asyncio.to_thread(self._next_part, meeting)
        except OSError as error:
            raise StorageFailed(f"nothing can be recorded: {error.strerror}") from None
        recording = Recording(user, agent, executor=self._executor, on_failed=on_failed)
        self._going[meeting] = recording
        try:
            yield recording
        finally:
            try:
                await recording.close()
            finally:
                del self._going[meeting]
            if recording.unwanted:
                await asyncio.get_running_loop().run_in_executor(self._executor, self.remove, meeting)

    def has(self, meeting: str) -> bool:
        """Whether there is a recording of that meeting, all of it or what there is so far."""
        return bool(self._files(meeting))

    def stereo(self, meeting: str) -> Path:
        """The file of both sides, the user on the left: Opus in Ogg. Making it takes about 0.3 s per minute.

        Raises:
            NotFound: it was not recorded.
            StillGoingOn: it is being recorded.
            StorageFailed: the disk refused, or the recording is damaged.
        """
        stereo = self._path(meeting, STEREO)
        self._has_ended(meeting)
        with self._mixing:
            if not stereo.exists():
                _mix(*self.tracks(meeting), stereo)
        return stereo

    def tracks(self, meeting: str) -> tuple[list[Path], list[Path]]:
        """The files of the user and of whoever they talked with, in parts; none where there is nothing of that side.

        Raises:
            NotFound: it was not recorded.
            StillGoingOn: it is being recorded.
        """
        self._has_ended(meeting)
        files = self._files(meeting)
        users, agents = ([path for path in files if path.name.endswith(f".{side}")] for side in (USER, AGENT))
        if not (users or agents):
            raise NotFound("This conversation was not recorded.")
        return users, agents

    def remove(self, meeting: str) -> None:
        """Nothing of it is left; one that is going on is recorded no more."""
        if meeting in self._going:
            self._going[meeting].stop()
        self._unlink(self._files(meeting))

    def remove_all(self) -> None:
        for recording in tuple(self._going.values()):
            recording.stop()
        self._unlink(self._folder.glob("*"))

    def _has_ended(self, meeting: str) -> None:
        if meeting in self._going:
            raise StillGoingOn("This conversation is still being recorded: it can be heard when it has ended.")

    def _unlink(self, paths: Iterable[Path]) -> None:
        with self._mixing:
            try:
                for path in paths:
                    path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageFailed(f"a recording could not be deleted: {error.strerror}") from None

    def _path(self, meeting: str, ending: str) -> Path:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", meeting):
            raise NotFound("Meeting not found")
        return self._folder / f"{meeting}.{ending}"

    def _files(self, meeting: str) -> list[Path]:
        return sorted(self._folder.glob(self._path(meeting, "*").name))

    def _next_part(self, meeting: str) -> tuple[Path, Path]:
        """Where both tracks of the next part go. What was mixed before is not all of it any more."""
        self._path(meeting, STEREO).unlink(missing_ok=True)
        files = self._files(meeting)
        part = 1 + max((int(found[1] or 1) for path in files if (found := PART.search(path.name))), default=0)
        user, agent = (self._path(meeting, f"{part}.{side}" if part > 1 else side) for side in (USER, AGENT))
        return user, agent


def _mix(users: Sequence[Path], agents: Sequence[Path], stereo: Path) -> None:
    """All tracks, of which at least one is there, as one file: whole, or not there."""
    import av
    import numpy

    part = stereo.with_suffix(".part")
    try:
        with private(part) as file, av.open(file, "w", format="ogg") as output:
            stream = output.add_stream("libopus", rate=STEREO_RATE, layout="stereo", bit_rate=BIT_RATE)
            at = 0
            for left, right in together(samples(users), samples(agents)):
                made = _frame(numpy.stack((left, right), axis=1))
                made.pts, made.time_base = at, Fraction(1, STEREO_RATE)
                at += made.samples
                output.mux(stream.encode(made))
            output.mux(stream.encode(None))
        part.replace(stereo)
    except (OSError, av.FFmpegError) as error:
        raise StorageFailed(f"the recording could not be made ready: {error.strerror or 'it is damaged'}") from None
    finally:
        part.unlink(missing_ok=True)


def together(*tracks: Iterator[numpy.ndarray]) -> Iterator[list[numpy.ndarray]]:
    """Blocks of all tracks at the same time; one that has ended is silent."""
    import numpy

    rest = [numpy.zeros(0, numpy.int16) for _ in tracks]
    while True:
        for number, track in enumerate(tracks):
            while len(rest[number]) < BLOCK and (more := next(track, None)) is not None:
                rest[number] = numpy.concatenate((rest[number], more))
        length = min(BLOCK, max(map(len, rest), default=0))
        if not length:
            return
        yield [numpy.pad(each[:length], (0, max(0, length - len(each)))) for each in rest]
        rest = [each[length:] for each in rest]


def samples(parts: Sequence[Path], rate: int = STEREO_RATE) -> Iterator[numpy.ndarray]:
    """The samples of one side at `rate` Hz, all its parts together: only one of them is not silent at a time."""
    import numpy

    for blocks in together(*(_track(path, rate) for path in parts)):
        yield numpy.clip(numpy.sum(blocks, axis=0, dtype=numpy.int32), -32768, 32767).astype(numpy.int16)


def _track(path: Path, rate: int) -> Iterator[numpy.ndarray]:
    """The samples of a file, as far as it goes: a crash may have cut off its end."""
    import av
    import numpy

    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    try:
        with av.open(path) as source:
            for decoded in source.decode(audio=0):
                for made in resampler.resample(decoded):
                    yield numpy.frombuffer(frame_bytes(made), numpy.int16)
    except (EOFError, av.InvalidDataError):
        pass
    for made in resampler.resample(None):
        yield numpy.frombuffer(frame_bytes(made), numpy.int16)


def _frame(samples: numpy.ndarray) -> av.AudioFrame:
    import av

    made = av.AudioFrame(format="s16", layout="stereo", samples=len(samples))
    made.sample_rate = STEREO_RATE
    plane, data = made.planes[0], samples.tobytes()
    assert len(data) == len(samples) * 2 * SAMPLE_BYTES
    plane.update(data + bytes(plane.buffer_size - len(data)))
    return made
