"""Compressed sound to 16 kHz mono: whole files, and packets one by one. The only file here that decodes with PyAV."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm, frame_bytes, resample
from engine.errors import BadInput, TooLarge
from engine.media.containers import EXPECTED, FEW, Container, is_readable, refuse_what_is_no_sound, sniff
from engine.media.raw import MAX_RATE, MIN_RATE, RawFormat

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

LIMIT_SECONDS = 120.0
"""The longest utterance: nobody asks for longer, and a memory that holds it is bounded."""

_DEMUXERS = {
    Container.WAV: "wav",
    Container.WEBM: "matroska",
    Container.OGG: "ogg",
    Container.MP4: "mov",
    Container.MP3: "mp3",
    Container.FLAC: "flac",
}
"""Named, never probed: among the formats that probing finds are playlists, which open files."""


def decode_clip(data: bytes, *, raw: RawFormat | None = None, limit_seconds: float = LIMIT_SECONDS) -> Pcm:
    """All of an upload as 16 kHz mono: any `Container`, told by its first bytes, or else samples in format `raw`
    (default: 16-bit mono at 16 kHz). Of a truncated or damaged file, what is there.

    Computes about 1 to 4 ms per second of sound without letting go of the thread: call it in one.

    Raises:
        BadInput: there is no sound in it.
        TooLarge: it lasts longer than `limit_seconds`; found out without decoding the rest.
    """
    if not data:
        raise BadInput(f"this audio is empty: expected {EXPECTED}")
    container = sniff(data)
    if container:
        pieces = limited(decode_file(data, container), limit_seconds)
        pcm = Pcm(b"".join(pieces), HEARING_RATE)
        if not pcm.data:
            raise no_sound(container)
        return pcm
    refuse_what_is_no_sound(data)
    if len(data) < FEW and is_readable(data):
        raise BadInput(f"this is text, not audio: expected {EXPECTED}")
    return _decode_raw(data, raw or RawFormat(), limit_seconds)


def _decode_raw(data: bytes, form: RawFormat, limit_seconds: float) -> Pcm:
    frames = len(data) // form.frame_bytes
    if not frames:
        raise BadInput(f"this audio holds less than one sample: expected {EXPECTED}")
    if frames > limit_seconds * form.rate:
        raise too_long(limit_seconds)
    return resample(Pcm(form.mono(data[: frames * form.frame_bytes]), form.rate), HEARING_RATE)


def no_sound(container: Container) -> BadInput:
    return BadInput(f"this {container.upper()} file holds no sound that can be decoded: expected {EXPECTED}")


def too_long(limit_seconds: float) -> TooLarge:
    return TooLarge(f"this audio is too long: at most {limit_seconds:g} seconds are taken at once")


def limited(pieces: Iterator[bytes], limit_seconds: float) -> Iterator[bytes]:
    """`pieces` of 16 kHz audio until they are longer than the limit.

    Raises:
        TooLarge: then.
    """
    left = round(limit_seconds * HEARING_RATE) * SAMPLE_BYTES
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise too_long(limit_seconds)
        yield piece


def decode_file(data: bytes, container: Container) -> Iterator[bytes]:
    """The first sound track of a file, 16 kHz mono, as far as it can be read; nothing where it cannot."""
    import av

    mixer = FrameMixer()
    try:
        with av.open(io.BytesIO(data), mode="r", format=_DEMUXERS[container], metadata_errors="replace") as file:
            for frame in frames_of(file):
                yield mixer.push(frame)
    except av.error.FFmpegError:
        pass  # a truncated or damaged file: what was there has been given
    yield mixer.flush()


def frames_of(file: InputContainer) -> Iterator[av.AudioFrame]:
    """Decoded frames of the first sound track; damaged packets are left out."""
    import av

    if not file.streams.audio or not file.streams.audio[0].codec_context:  # the latter where no decoder is known
        return
    track = file.streams.audio[0]
    for packet in file.demux(track):
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue


class FrameMixer:
    """Decoded frames of one stream to 16 kHz mono bytes; a change of rate or layout within it is followed."""

    def __init__(self) -> None:
        self._resampler: av.AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None

    def push(self, frame: av.AudioFrame) -> bytes:
        """Raises:
        BadInput: so many channels, or so strange a rate, that there is no mixing them down.
        """
        import av

        if not MIN_RATE <= frame.sample_rate <= MAX_RATE:
            raise BadInput(f"this sampling rate is not usable: expected {MIN_RATE} to {MAX_RATE} Hz")
        held = b""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            held = self.flush()
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=HEARING_RATE)
            self._shape = shape
        assert self._resampler is not None
        frame.pts = None
        try:
            return held + b"".join(map(frame_bytes, self._resampler.resample(frame)))
        except (av.error.FFmpegError, ValueError):
            self._resampler, self._shape = None, None
            raise BadInput(f"the sound has channels that cannot be mixed: expected {EXPECTED}") from None

    def flush(self) -> bytes:
        """The 1 ms that the resampling still held. The next `push` begins anew."""
        held, self._resampler, self._shape = self._resampler, None, None
        return b"".join(map(frame_bytes, held.resample(None))) if held else b""


class PacketDecoder:
    """Packets of one track, taken out of their container, to 16 kHz mono bytes.

    `codec` is FFmpeg's name; `setup` what the container holds for it (OpusHead, for one); `rate` and `channels` are
    needed where the packets do not say. `lead` samples at 16 kHz are dropped from the start: the encoder's run-up.

    Raises:
        BadInput: the set-up is broken.
    """

    _PATIENCE = 8
    """Damaged packets in a row. One may break on its way; so many are not the stream that was promised."""

    def __init__(self, codec: str, *, setup: bytes = b"", rate: int = 0, channels: int = 0, lead: int = 0) -> None:
        import av
        from av.audio.codeccontext import AudioCodecContext

        self._mixer = FrameMixer()
        self._lead = lead * SAMPLE_BYTES
        self._damaged = 0
        try:
            context = av.CodecContext.create(codec, "r")
            assert isinstance(context, AudioCodecContext)
            if setup:
                context.extradata = setup
            if rate:
                context.sample_rate = rate
            if channels:
                context.layout = {1: "mono", 2: "stereo"}.get(channels, f"{channels}c")
            context.open()
        except (av.error.FFmpegError, ValueError):
            raise BadInput(f"the header of this stream is damaged: expected {EXPECTED}") from None
        self._context = context

    def decode(self, packet: bytes) -> bytes:
        """The sound of one packet; nothing where it is damaged.

        Raises:
            BadInput: so are too many before it.
        """
        import av

        try:
            frames = self._context.decode(av.Packet(packet)) if packet else []
        except av.error.FFmpegError:
            self._damaged += 1
            if self._damaged >= self._PATIENCE:
                raise BadInput(f"this stream is damaged: expected {EXPECTED}") from None
            return b""
        self._damaged = 0
        made = b"".join(map(self._mixer.push, frames))
        dropped = min(self._lead, len(made))
        self._lead -= dropped
        return made[dropped:]

    def flush(self) -> bytes:
        """What resampling still held."""
        return self._mixer.flush()
