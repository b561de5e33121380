"""Streams: one sound whatever the piece borders, new headers start anew, garbage is told and forgotten."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from engine.audio import HEARING_RATE, Pcm, resample
from engine.errors import BadInput, TooLarge
from engine.media import ClipStream, RawFormat, decode_clip, encode_mulaw, encode_wav
from tests.media.recordings import FRAGMENTS, browser_webm, encoded, likeness, noise_below, recorded, synthesized, tone

OPEN_ENDED_WAV = struct.pack("<I", 0xFFFFFFD3)
STREAMS: dict[str, Callable[[Pcm], bytes]] = {
    "webm as a browser records": browser_webm,
    "webm with known sizes": lambda v: encoded(v, "webm", "libopus"),
    "webm with stereo opus": lambda v: encoded(v, "webm", "libopus", channels=2),
    "webm with float samples": lambda v: encoded(v, "matroska", "pcm_f32le", seekable=False),
    "ogg": lambda v: encoded(v, "ogg", "libopus", page_duration="100000"),
    "mp3": lambda v: encoded(v, "mp3", "libmp3lame"),
    "mp3 without a tag": lambda v: encoded(v, "mp3", "libmp3lame", id3v2_version="0", write_xing="0"),
    "wav": lambda v: encoded(v, "wav", "pcm_s16le", channels=2),
    "wav without an end": lambda v: (w := encode_wav(v))[:40] + OPEN_ENDED_WAV + w[44:],
    "mu-law in wav": lambda v: encoded(v, "wav", "pcm_mulaw"),
    "raw": lambda v: resample(v, HEARING_RATE).data,
}


def cut(data: bytes, borders: Iterable[int]) -> list[bytes]:
    edges = [0, *sorted(borders), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def heard(pieces: Iterable[bytes], stream: ClipStream | None = None) -> Pcm:
    stream = stream or ClipStream()
    made = b"".join(stream.push(piece).pcm.data for piece in pieces)
    return Pcm(made + stream.finish().pcm.data, HEARING_RATE)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_sounds_the_same_however_it_is_cut(name: str) -> None:
    voice = synthesized(1.5)
    data = STREAMS[name](voice)
    whole = heard([data])
    assert likeness(whole, resample(voice, HEARING_RATE)) > 0.99
    assert whole.seconds == pytest.approx(voice.seconds, abs=0.07)
    chance = random.Random(name)
    for count in (1, 5, 40):
        assert heard(cut(data, (chance.randrange(len(data)) for _ in range(count)))) == whole
    assert heard(cut(data, range(1, min(len(data), 20_000)))) == whole


def test_fragments_of_mp4_join_without_a_seam() -> None:
    voice = synthesized()
    data = encoded(voice, "mp4", "aac", **FRAGMENTS)
    first = data.index(b"moof") + 2000
    chance = random.Random(3)
    pieces = cut(data, (chance.randrange(first, len(data)) for _ in range(6)))
    assert noise_below(decode_clip(data), heard(pieces)) > 40


def test_sound_comes_with_the_first_piece_and_lags_no_more_than_a_packet() -> None:
    voice = recorded("austen-0930.wav")
    data = browser_webm(resample(voice, 48_000))
    stream, sounded, taken = ClipStream(), 0.0, 0
    for piece in cut(data, range(500, len(data), 500)):
        sounded += stream.push(piece).pcm.seconds
        taken += len(piece)
    assert sounded == pytest.approx(voice.seconds, abs=0.07)
    early = ClipStream().push(data[: len(data) // 4]).pcm
    assert early.seconds > voice.seconds / 4 * 0.7


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("webm with known sizes", True),
        ("ogg", True),
        ("mp3", True),
        ("wav", True),
        ("mu-law in wav", True),
        ("webm as a browser records", False),
        ("wav without an end", False),
        ("raw", False),
    ],
)
def test_a_piece_says_whether_it_is_a_file_of_its_own(name: str, whole: bool) -> None:
    data = STREAMS[name](synthesized(0.5))
    stream = ClipStream()
    assert stream.push(data).whole is whole
    if whole:
        assert stream.push(data).whole is True
        assert not any(stream.push(piece).whole for piece in cut(data, [len(data) // 2]))


def test_flac_and_mp4_files_are_whole() -> None:
    voice = synthesized(0.5)
    for container, codec in (("flac", "flac"), ("mp4", "aac"), ("wav", "pcm_f32le"), ("ogg", "flac")):
        piece = ClipStream().push(encoded(voice, container, codec))
        assert piece.whole
        assert piece.pcm.seconds == pytest.approx(0.5, abs=0.03)


def test_one_client_may_send_one_kind_after_another() -> None:
    voice = synthesized(0.5)
    stream = ClipStream()
    for name in (*STREAMS, "mp3", "raw", "webm as a browser records"):
        if name == "raw":
            stream.finish()
        made = stream.push(STREAMS[name](voice)).pcm
        assert likeness(made, resample(voice, HEARING_RATE)) > 0.98, name


def test_a_second_header_within_a_stream_begins_anew_wherever_it_is_cut() -> None:
    data = browser_webm(synthesized(0.6))
    once = ClipStream().push(data).pcm
    twice = heard((data + data)[at : at + 7] for at in range(0, 2 * len(data), 7))
    assert twice.seconds == pytest.approx(2 * once.seconds, abs=0.003)


def test_garbage_is_refused_and_a_new_header_mends_it() -> None:
    data = browser_webm(synthesized(1.0))
    half = len(data) // 2
    stream = ClipStream()
    stream.push(data[:half])
    with pytest.raises(BadInput, match="damaged"):
        stream.push(random.Random(1).randbytes(4000) * 2)
    with pytest.raises(BadInput, match="header"):
        stream.push(data[half : half + 100])
    assert stream.push(data).pcm == ClipStream().push(data).pcm


def test_a_stream_without_its_header_is_told_so() -> None:
    data = browser_webm(synthesized(1.0))
    with pytest.raises(BadInput, match="first piece, with the header, is missing"):
        ClipStream().push(data[data.index(b"\x1f\x43\xb6\x75") :])


def test_text_among_raw_samples_is_refused_and_the_samples_go_on() -> None:
    stream = ClipStream()
    pcm = tone(440, 0.1, HEARING_RATE)
    assert stream.push(pcm.data).pcm == pcm
    with pytest.raises(BadInput, match="text"):
        stream.push(b'{"type": "stop", "reason": "bye"}')
    assert stream.push(pcm.data).pcm == pcm


def test_raw_mulaw_is_heard_when_declared() -> None:
    voice = synthesized(1.0, 8_000)
    stream = ClipStream(RawFormat(encoding="mulaw", rate=8_000))
    data = encode_mulaw(voice)
    assert likeness(heard(cut(data, range(160, len(data), 160)), stream), resample(voice, HEARING_RATE)) > 0.99


def test_a_flood_in_one_piece_is_refused_and_the_stream_is_usable_after_it() -> None:
    stream = ClipStream(limit_seconds=3)
    with pytest.raises(TooLarge, match="at most 3 seconds"):
        stream.push(bytes(32_000 * 4))
    pcm = tone(440, 2, HEARING_RATE)
    assert stream.push(pcm.data).pcm.seconds == pytest.approx(2)
    with pytest.raises(TooLarge):
        stream.push(browser_webm(tone(440, 4, 48_000)))
    assert stream.push(browser_webm(tone(440, 2, 48_000))).pcm.seconds == pytest.approx(2, abs=0.1)


def test_an_empty_piece_is_nothing() -> None:
    piece = ClipStream().push(b"")
    assert piece.pcm.samples == 0
    assert not piece.whole
