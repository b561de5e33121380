"""An upload in pieces: the first holds the header, the rest continue it, or each is an upload of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.audio import HEARING_RATE, Pcm
from engine.errors import BadInput
from engine.media.containers import (
    EXPECTED,
    SHORTEST_TEXT,
    Container,
    may_become_container,
    refuse_text,
    refuse_what_is_no_sound,
    sniff,
)
from engine.media.decode import LIMIT_SECONDS, limited, no_sound
from engine.media.mp4 import Mp4Sound
from engine.media.ogg import OPUS_HEAD_BYTES, begins_opus
from engine.media.raw import RawFormat
from engine.media.sounds import FileSound, Mp3Sound, OggSound, RawSound, Sound, WavSound, WebmSound
from engine.media.wav import read_head

_MAX_HEAD = 2 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The sound that one piece of an upload completed, 16 kHz mono, maybe none.

    `whole`: the piece is a file from its first byte to its end, and says so; nothing will continue it. A recording that
    a browser makes as it goes never says so, nor do raw samples.
    """

    pcm: Pcm
    whole: bool = False


class ClipStream:
    """Uploads of one client, in order. How they are cut changes nothing about the sound that comes out.

    A piece that begins with a header begins a new upload; without one it continues the last, unless that has ended;
    then, and at first, it is raw samples in format `raw`. Decoding is synchronous, 1 to 4 ms per second of sound: live
    pieces may be pushed on the event loop, clips of many seconds belong in a thread. Not for two threads at once.
    """

    def __init__(self, raw: RawFormat | None = None, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._raw = raw or RawFormat()
        self._limit = limit_seconds
        self._head = b""
        self._sound: Sound | None = None
        self._lost = False

    def push(self, data: bytes) -> Piece:
        """Take the next piece; an empty one is nothing.

        Raises:
            BadInput: it is no audio, or does not continue what came before. A piece with a header mends that.
            TooLarge: this piece alone holds more than `limit_seconds` of sound.
        """
        begun = not self._head
        if self._sound is None or _begins_anew(data, self._sound):
            data, self._head = self._head + data, b""
            self._sound = self._recognise(data) if data else None
            if self._sound is None:
                self._head = data
                return Piece(pcm=Pcm(b"", HEARING_RATE))
        else:
            begun = False
        return self._take(self._sound, data, begun)

    def finish(self) -> Piece:
        """No more follows: the millisecond or two that was still held, or a beginning too short to be recognised."""
        head, self._head, sound, self._sound = self._head, b"", self._sound, None
        if head and not self._lost:
            sound = RawSound(self._raw)
        rest = b"".join(sound.push(head)) + sound.flush() if sound else b""
        return Piece(pcm=Pcm(rest, HEARING_RATE))

    def _take(self, sound: Sound, data: bytes, begun: bool) -> Piece:
        if isinstance(sound, RawSound) and len(data) >= SHORTEST_TEXT:
            refuse_text(data)
        try:
            made = b"".join(limited(sound.push(data), self._limit))
        except BadInput:
            self._lost = not isinstance(sound, RawSound)
            self._sound = None
            raise
        if sound.ended:
            made += sound.flush()
            self._sound = None
        return Piece(pcm=Pcm(made, HEARING_RATE), whole=begun and sound.complete)

    def _recognise(self, data: bytes) -> Sound | None:
        """What decodes an upload that begins like this; None where more bytes must tell."""
        container = sniff(data)
        if container is None:
            if may_become_container(data):
                return None
            refuse_what_is_no_sound(data)
            if self._lost:
                raise BadInput(f"the header of this stream was not understood: send one again, expected {EXPECTED}")
            return RawSound(self._raw)
        self._lost = True
        sound = _open(container, data)
        if sound is None and len(data) > _MAX_HEAD:
            raise no_sound(container)
        self._lost = False
        return sound


def _begins_anew(data: bytes, sound: Sound) -> bool:
    container = sniff(data)
    if container is Container.OGG:
        return begins_opus(data) or not isinstance(sound, OggSound)
    if container is Container.MP3:
        return data[:3] == b"ID3" or not isinstance(sound, Mp3Sound)
    if isinstance(sound, Mp3Sound) and sound.complete and data[:1] not in (b"", b"\xff", b"T", b"I"):
        return True
    return container is not None


def _open(container: Container, data: bytes) -> Sound | None:
    if container is Container.OGG:
        return _open_ogg(data)
    if container is Container.WAV:
        return _open_wav(data)
    kinds: dict[Container, Callable[[], Sound]] = {
        Container.WEBM: WebmSound,
        Container.MP3: Mp3Sound,
        Container.MP4: Mp4Sound,
    }
    return kinds[container]() if container in kinds else FileSound(container)


def _open_ogg(data: bytes) -> Sound | None:
    if len(data) <= OPUS_HEAD_BYTES:
        return None
    return OggSound() if begins_opus(data) else FileSound(Container.OGG)


def _open_wav(data: bytes) -> Sound | None:
    head = read_head(data)
    if head is None:
        return None
    return WavSound(head, head.form) if head.form else FileSound(Container.WAV)
