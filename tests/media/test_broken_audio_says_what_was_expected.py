"""Every malformed upload is a `BadInput` (or `TooLarge`) with one sentence that helps whoever sent it."""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Callable

import pytest

from engine.audio import Pcm
from engine.errors import BadInput, TooLarge
from engine.media import ClipStream, RawFormat, decode_clip, encode_mp3, encode_wav, from_base64
from tests.media.recordings import browser_webm, encoded, synthesized, tone

NOISE = random.Random(4).randbytes(4000)
WAV = encode_wav(tone(440, 0.2, 16_000))


def header(at: int, form: str, value: int) -> bytes:
    """A WAV file with one field of its header overwritten."""
    wav = bytearray(WAV)
    struct.pack_into(form, wav, at, value)
    return bytes(wav)


def upload(text: str) -> Pcm:
    return decode_clip(from_base64(text))


def packed(data: bytes) -> Callable[[], Pcm]:
    return lambda: upload(base64.b64encode(data).decode())


def without_index() -> Pcm:
    mp4 = encoded(synthesized(1.0), "mp4", "aac")
    return decode_clip(mp4[: len(mp4) // 2])


MALFORMED: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: upload(""), "empty"),
    "half a sample": (packed(b"\x80"), "less than one sample"),
    "not base64": (lambda: upload("%%% no ***"), "not base64"),
    "base64 cut short": (lambda: upload("QUJDR"), "not base64"),
    "padding in the middle": (lambda: upload("QUI=QUI="), "not base64"),
    "an object that became a string": (lambda: upload("[object Object]"), "not base64"),
    "null that became a string": (lambda: upload("null"), "text, not audio"),
    "words": (lambda: upload("How much does it cost"), "text, not audio"),
    "words joined by lines": (lambda: upload("not_audio_at-all"), "text, not audio"),
    "letters from elsewhere": (lambda: upload("звук"), "not base64"),
    "a data URL without base64": (lambda: upload("data:audio/wav,hello"), "expected data:<type>;base64"),
    "a data URL without data": (lambda: upload("data:audio/webm;base64"), "expected data:<type>;base64"),
    "text in base64": (packed(b"this is not audio"), "text, not audio"),
    "one word in base64": (packed(b"nonsense"), "text, not audio"),
    "JSON in base64": (packed(b'{"event": "start", "pitch": "sample"}'), "text, not audio"),
    "base64 in base64": (packed(base64.b64encode(WAV)), "text, not audio"),
    "a page": (packed("<!doctype html><title>404 – gibt’s nicht</title>".encode() * 200), "text, not audio"),
    "a picture": (packed(b"\x89PNG\r\n\x1a\n" + NOISE), "PNG picture"),
    "a document": (packed(b"%PDF-1.7\n" + NOISE), "PDF"),
    "an archive": (packed(b"PK\x03\x04" + NOISE), "ZIP"),
    "a WAV header and nothing else": (packed(WAV[:44]), "no sound"),
    "half a WAV header": (packed(WAV[:30]), "no sound"),
    "a WAV file at 0 Hz": (lambda: decode_clip(header(24, "<I", 0)), "no sound"),
    "a WAV file at 1 Hz": (lambda: decode_clip(header(24, "<I", 1)), "sampling rate"),
    "a WAV file without channels": (lambda: decode_clip(header(22, "<H", 0)), "no sound"),
    "a WAV file in no known coding": (lambda: decode_clip(header(20, "<H", 0x9999)), "no sound"),
    "a streamed WAV file at 0 Hz": (lambda: ClipStream().push(header(24, "<I", 0)), "sampling rate"),
    "a streamed WAV file with rubbish in its header": (
        lambda: ClipStream().push(WAV[:12] + b"\xff" * 100),
        "header of this WAV file is damaged",
    ),
    "WebM with noise behind its header": (packed(b"\x1a\x45\xdf\xa3" + NOISE), "no sound"),
    "a WebM stream that is noise": (lambda: ClipStream().push(b"\x1a\x45\xdf\xa3\x80" + b"\0" * 50), "damaged"),
    "Ogg with noise behind its magic": (packed(b"OggS" + NOISE), "no sound"),
    "an Ogg stream that is noise": (lambda: ClipStream().push(b"OggS" + NOISE), "no sound"),
    "FLAC with noise behind its magic": (packed(b"fLaC" + NOISE), "no sound"),
    "MP3 that is only a tag": (packed(b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)), "no sound"),
    "MP4 that is only a label": (packed(b"\0\0\0\x18ftypisom" + bytes(12)), "no sound"),
    "half an MP4 whose index stands last": (without_index, "no sound"),
    "a film without sound": (lambda: decode_clip(silent_film()), "no sound"),
    "a film without sound, streamed": (lambda: ClipStream().push(silent_film()), "no sound"),
    "the middle of a recording": (
        lambda: decode_clip((webm := browser_webm(synthesized(0.5)))[webm.index(b"\x1f\x43\xb6\x75") :]),
        "first piece, with the header, is missing",
    ),
    "an encoding that nobody knows": (lambda: RawFormat(encoding="opus-ish"), "expected pcm16, mulaw or alaw"),
    "a rate that nobody records at": (lambda: RawFormat(rate=1), "expected 4000 to 384000 Hz"),
}
TOO_LARGE: dict[str, tuple[Callable[[], object], str]] = {
    "hours of silence in raw samples": (lambda: decode_clip(bytes(20 << 20)), "at most 120 seconds"),
    "minutes of MP3": (lambda: decode_clip(encode_mp3(tone(440, 1, 8_000), 8_000, 8) * 121), "at most 120 seconds"),
    "20 MB of base64": (lambda: upload("AAAA" * (5 << 20)), "at most 120 seconds"),
    "40 MB of base64": (lambda: upload("A" * (40 << 20)), "at most 16 MB"),
    "more than the caller takes": (lambda: from_base64("AAAA" * 1000, limit_bytes=2999), "at most"),
}


def silent_film() -> bytes:
    import io

    import av

    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        stream = output.add_stream("libvpx", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            output.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        output.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_audio_is_bad_input(name: str) -> None:
    attempt, expected = MALFORMED[name]
    with pytest.raises(BadInput, match=expected) as caught:
        attempt()
    check_message(str(caught.value))
    assert not isinstance(caught.value, TooLarge)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_too_much_audio_is_too_large(name: str) -> None:
    attempt, expected = TOO_LARGE[name]
    with pytest.raises(TooLarge, match=expected) as caught:
        attempt()
    check_message(str(caught.value))


def check_message(message: str) -> None:
    """One sentence for a person: it says what was expected or allowed, and nothing of our insides."""
    assert any(word in message for word in ("expected", "at most", "missing")), message
    assert not any(word in message for word in ("Errno", "Traceback", "av.", "avcodec", "0x", "/")), message
    assert len(message) < 200


def test_damaged_files_never_raise_anything_else() -> None:
    chance = random.Random(11)
    voice = synthesized(0.5)
    files = [
        encoded(voice, "wav", "pcm_s16le", channels=2),
        browser_webm(voice),
        encoded(voice, "ogg", "libopus"),
        encoded(voice, "mp4", "aac"),
        encoded(voice, "mp3", "libmp3lame"),
        encoded(voice, "flac", "flac"),
    ]
    outcomes = set()
    for attempt in range(300):
        data = bytearray(files[attempt % len(files)])
        for _ in range(chance.choice((1, 5))):
            data[chance.randrange(chance.choice((60, 400, len(data))))] = chance.randrange(256)
        for take in (decode_clip, ClipStream().push):
            try:
                take(bytes(data))
                outcomes.add("heard")
            except BadInput as error:
                check_message(str(error))
                outcomes.add("refused")
    assert outcomes == {"heard", "refused"}
