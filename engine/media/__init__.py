"""Everything about containers and codecs: what clients upload becomes `Pcm`, and `Pcm` becomes what they can play.

`decode_clip` takes an upload that is there at once, `ClipStream` one that comes in pieces, `encode` goes the other way,
`export` puts a whole talk into one file. Errors are `BadInput` and `TooLarge`, with a message that says what was
expected. All of it is synchronous computing, in milliseconds per second of sound: short live pieces may run on the
event loop, whole clips belong in a thread. PyAV, numpy and pydub are imported when first needed.
"""

from engine.media.containers import Container, from_base64, sniff
from engine.media.decode import decode_clip
from engine.media.encode import AudioFormat, encode, encode_mp3, encode_mulaw, encode_pcm, encode_wav
from engine.media.joining import export, fade, join, level
from engine.media.raw import Encoding, RawFormat
from engine.media.stream import ClipStream, Piece


def warm() -> None:
    """Import and open what the first upload and the first sentence would otherwise wait for, 0.1 s: in a thread."""
    from engine.audio import silence

    decode_clip(encode_mp3(silence(0.1, 22_050)))
    encode_mulaw(silence(0.1, 8_000))


__all__ = [
    "AudioFormat",
    "ClipStream",
    "Container",
    "Encoding",
    "Piece",
    "RawFormat",
    "decode_clip",
    "encode",
    "encode_mp3",
    "encode_mulaw",
    "encode_pcm",
    "encode_wav",
    "export",
    "fade",
    "from_base64",
    "join",
    "level",
    "sniff",
    "warm",
]
