"""A tiny ONNX model in the shape of a Piper voice: each sound of the text becomes a stretch of a tone.

The file is written byte by byte in protocol buffers' wire format (onnx.proto's field numbers), so that no package is
needed for it.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

RATE = 16_000
SAMPLES_A_SOUND = 900
"""At speed 1."""
_FLOAT, _INT64 = 1, 7
_SOUNDS = " !',-.:;?abcdefhijklmnopqrstuvwxyzæçðŋɐɑɒɔəɚɛɜɡɪɬɹɾʃʊʌʒʔˈˌːθᵻ\u0303\u0329"


def write_piper_voice(folder: Path, name: str = "en_US-test-low") -> Path:
    """A directory as the voices packed for sherpa-onnx are."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(_model())
    tokens = ["_", "^", "$", *_SOUNDS]
    (folder / "tokens.txt").write_text("".join(f"{token} {index}\n" for index, token in enumerate(tokens)), "utf-8")
    return folder


def write_plain_piper_voice(folder: Path, name: str = "en_US-test-low", **described: object) -> Path:
    """A directory as whoever downloads a voice from Piper has it: the model and its description, no more."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(_model())
    about = {
        "audio": {"sample_rate": RATE, "quality": "low"},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {token: [index] for index, token in enumerate(["_", "^", "$", *_SOUNDS])},
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        "piper_version": "1.0.0",
        "language": {"code": "en_US", "family": "en"},
    }
    (folder / f"{name}.onnx.json").write_text(json.dumps(about | described), "utf-8")
    return folder


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _put(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _node(kind: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    names = b"".join(_put(1, name) for name in inputs)
    return _put(1, names + _put(2, output) + _put(4, kind) + attributes)


def _cast_to_float() -> bytes:
    return _put(5, _put(1, "to") + _put(3, _FLOAT) + _put(20, 2))


def _constant(name: str, kind: int, shape: list[int], data: bytes) -> bytes:
    dims = b"".join(_put(1, size) for size in shape)
    return _put(5, dims + _put(2, kind) + _put(8, name) + _put(9, data))


def _value(field: int, name: str, kind: int, shape: list[int | str]) -> bytes:
    dims = b"".join(_put(1, _put(2 if isinstance(size, str) else 1, size)) for size in shape)
    return _put(field, _put(1, name) + _put(2, _put(1, _put(1, kind) + _put(2, dims))))


def _model() -> bytes:
    def number(name: str, value: float) -> bytes:
        return _constant(name, _FLOAT, [], struct.pack("<f", value))

    graph = b"".join(
        (
            _node("Gather", ["scales", "second"], "length_scale"),
            _node("Mul", ["length_scale", "samples"], "length"),
            _node("Range", ["zero", "length", "one"], "time"),
            _node("Mul", ["time", "step"], "phase"),
            _node("Sin", ["phase"], "wave"),
            _node("Mul", ["wave", "level"], "tone"),
            _node("Cast", ["input"], "numbers", _cast_to_float()),
            _node("Mul", ["numbers", "zero"], "zeros"),
            _node("Add", ["zeros", "one"], "ones"),
            _node("Reshape", ["ones", "column"], "sounds"),
            _node("Mul", ["sounds", "tone"], "table"),
            _node("Reshape", ["table", "line"], "output"),
            _put(2, "voice"),
            _constant("second", _INT64, [], struct.pack("<q", 1)),
            _constant("column", _INT64, [2], struct.pack("<qq", -1, 1)),
            _constant("line", _INT64, [3], struct.pack("<qqq", 1, 1, -1)),
            number("samples", SAMPLES_A_SOUND),
            number("zero", 0.0),
            number("one", 1.0),
            number("step", 0.17),
            number("level", 0.3),
            _value(11, "input", _INT64, ["N", "T"]),
            _value(11, "input_lengths", _INT64, ["N"]),
            _value(11, "scales", _FLOAT, [3]),
            _value(12, "output", _FLOAT, [1, 1, "L"]),
        )
    )
    described = {
        "model_type": "vits",
        "comment": "piper",
        "language": "English",
        "voice": "en-us",
        "has_espeak": "1",
        "n_speakers": "1",
        "sample_rate": str(RATE),
    }
    notes = b"".join(_put(14, _put(1, key) + _put(2, value)) for key, value in described.items())
    return _put(1, 8) + _put(8, _put(1, "") + _put(2, 13)) + _put(7, graph) + notes
