"""Speech as a server sends it: raw samples as asked for, or in whatever container it answers with regardless."""

from __future__ import annotations

from engine.audio import Pcm
from engine.media.containers import Container, may_become_container, sniff
from engine.media.raw import RawFormat
from engine.media.stream import ClipStream
from engine.media.wav import WavHead, read_head

_TELLING = 12
"""Bytes that tell a container from samples."""


class SoundBytes:
    """Bytes in, whole samples out, in order and at one rate: that of a WAV file or of `raw` samples, and 16 kHz where
    something else has to be decoded (1 to 4 ms of computing per second of sound).

    `push` and `finish` raise BadInput where it is no sound."""

    def __init__(self, raw: RawFormat) -> None:
        self._raw = raw
        self._held = b""
        self._form: RawFormat | None = None
        self._left: int | None = None
        """Bytes that a WAV file still has, where it says."""
        self._stream: ClipStream | None = None

    def push(self, data: bytes) -> Pcm:
        """The samples that `data` completes, maybe none."""
        if self._stream is not None:
            return self._stream.push(data).pcm
        self._held += data
        if self._form is None and not self._recognise():
            return Pcm(b"", self._raw.rate) if self._stream is None else self._stream.push(self._taken()).pcm
        return self._samples()

    def finish(self) -> Pcm:
        """No more follows: what was still held. A WAV file that ends before its time is not noticed here."""
        if self._stream is not None:
            return self._stream.finish().pcm
        self._form = self._form or self._raw
        return self._samples()

    @property
    def missing(self) -> bool:
        """Whether there should be more, by what the file says of itself."""
        return bool(self._left)

    def _recognise(self) -> bool:
        """Whether it is known by now how to read samples."""
        if len(self._held) < _TELLING:
            return False
        container = sniff(self._held)
        if container is None and may_become_container(self._held):
            return False
        if container is None:
            self._form = self._raw
        elif container is Container.WAV:
            head = read_head(self._held)
            if head is not None:
                self._begin(head)
        else:
            self._stream = ClipStream()
        return self._form is not None

    def _begin(self, head: WavHead) -> None:
        if head.form is None:
            self._stream = ClipStream()
            return
        self._form, self._left = head.form, head.length
        self._held = self._held[head.start :]

    def _samples(self) -> Pcm:
        assert self._form
        end = len(self._held) if self._left is None else min(len(self._held), self._left)
        end -= end % self._form.frame_bytes
        data, self._held = self._held[:end], self._held[end:]
        if self._left is not None:
            self._left -= end
            self._held = self._held if self._left else b""
        return Pcm(self._form.mono(data), self._form.rate)

    def _taken(self) -> bytes:
        held, self._held = self._held, b""
        return held
