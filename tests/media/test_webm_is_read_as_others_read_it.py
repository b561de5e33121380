"""The EBML walker against FFmpeg's, on blocks laced in every way and elements of every size."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import pytest

from engine.errors import BadInput
from engine.media.webm import SoundTrack, WebmReader
from tests.media.recordings import browser_webm, encoded, synthesized

SIZES = [10, 300, 510, 40]
EQUAL = [60, 60, 60]


def size(value: int, length: int = 1) -> bytes:
    return (value | 1 << 7 * length).to_bytes(length, "big")


def element(ident: int, content: bytes, length: int = 8) -> bytes:
    return ident.to_bytes((ident.bit_length() + 7) // 8, "big") + size(len(content), length) + content


def packets(sizes: list[int]) -> list[bytes]:
    return [bytes([index + 1]) * size for index, size in enumerate(sizes)]


def block(lacing: int, sizes: list[int], track: int = 2) -> bytes:
    """A SimpleBlock of these packets: 0 not laced, 1 Xiph, 2 fixed, 3 EBML."""
    table = b""
    if lacing == 1:
        table = b"".join(b"\xff" * (one // 255) + bytes([one % 255]) for one in sizes[:-1])
    elif lacing == 3:
        table = size(sizes[0], 2)
        for before, one in pairwise(sizes[:-1]):
            table += size(one - before + (1 << 13) - 1, 2)
    count = bytes([len(sizes) - 1]) if lacing else b""
    return element(0xA3, size(track) + b"\0\0" + bytes([0x80 | lacing << 1]) + count + table + b"".join(packets(sizes)))


def film(*blocks: bytes) -> bytes:
    """WebM with a picture's track 1 and a sound's track 2."""
    picture = element(0xAE, element(0xD7, b"\1") + element(0x83, b"\1") + element(0x86, b"V_VP8"))
    sound = element(0xD7, b"\2") + element(0x83, b"\2") + element(0x86, b"A_PCM/INT/LIT")
    audio = element(0xE1, element(0xB5, b"\x47\x3b\x80\0") + element(0x9F, b"\1") + element(0x6264, b"\x10"))
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    tracks = element(0x1654AE6B, picture + element(0xAE, sound + audio))
    cluster = element(0x1F43B675, element(0xE7, b"\0") + b"".join(blocks))
    return head + element(0x18538067, element(0xEC, bytes(300), 2) + tracks + cluster)


def read(data: bytes) -> list[SoundTrack | bytes]:
    return list(WebmReader().push(data))


def as_ffmpeg_reads(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data), format="matroska") as file:
        return [bytes(packet) for packet in file.demux(file.streams.audio[0]) if packet.size]


@pytest.mark.parametrize(("lacing", "sizes"), [(0, [70]), (1, SIZES), (2, EQUAL), (3, SIZES)])
def test_laced_blocks_come_apart(lacing: int, sizes: list[int]) -> None:
    data = film(block(0, [99], track=1), block(lacing, sizes), block(0, [6]))
    track, *found = read(data)
    assert isinstance(track, SoundTrack)
    assert (track.number, track.codec, track.rate, track.channels, track.bits) == (2, "A_PCM/INT/LIT", 48_000, 1, 16)
    assert found == [*packets(sizes), *packets([6])] == as_ffmpeg_reads(data)


@pytest.mark.parametrize("lacing", [1, 3])
def test_laces_that_do_not_add_up_are_refused(lacing: int) -> None:
    sound = block(lacing, SIZES)
    with pytest.raises(BadInput, match="damaged"):
        read(film(element(0xA3, sound[9:60])))


def test_a_browser_s_recording_gives_the_packets_that_ffmpeg_finds() -> None:
    for data in (browser_webm(synthesized(1.0)), encoded(synthesized(1.0), "webm", "libopus")):
        assert read(data)[1:] == as_ffmpeg_reads(data)
