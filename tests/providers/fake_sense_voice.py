"""A tiny ONNX model in the shape of SenseVoice, that hears the same words in everything: "hello world"."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.providers.fake_piper_voice import _constant, _node, _put, _value

TOKENS = ("<blank>", "\u2581hello", "\u2581wor", "ld", "<|en|>", "<|calm|>", "<|speech|>", "<|plain|>")
HEARD = {0: 4, 1: 5, 2: 6, 3: 7, 4 + 5: 1, 4 + 10: 2, 4 + 12: 3}
"""Which token each frame of 60 ms holds; the first four are about language and manner."""
FRAMES, FEATURES = 400, 560
_FLOAT, _INT32 = 1, 6


def write_sense_voice(folder: Path) -> Path:
    """A directory as the recognisers packed for sherpa-onnx are."""
    folder.mkdir(parents=True)
    (folder / "model.int8.onnx").write_bytes(_model())
    (folder / "tokens.txt").write_text("".join(f"{token} {i}\n" for i, token in enumerate(TOKENS)), "utf-8")
    return folder


def _model() -> bytes:
    likely = [[9.0 if HEARD.get(frame, 0) == token else 0.0 for token in range(len(TOKENS))] for frame in range(FRAMES)]
    flat = [value for frame in likely for value in frame]
    graph = b"".join(
        (
            _node("Identity", ["always"], "logits"),
            _put(2, "recogniser"),
            _constant("always", _FLOAT, [1, FRAMES, len(TOKENS)], struct.pack(f"<{len(flat)}f", *flat)),
            _value(11, "x", _FLOAT, ["N", "T", FEATURES]),
            *(_value(11, name, _INT32, ["N"]) for name in ("x_length", "language", "text_norm")),
            _value(12, "logits", _FLOAT, [1, FRAMES, len(TOKENS)]),
        )
    )
    described = {
        "model_type": "sense_voice_ctc",
        "comment": "test",
        "vocab_size": str(len(TOKENS)),
        "lfr_window_size": "7",
        "lfr_window_shift": "6",
        "normalize_samples": "0",
        "with_itn": "14",
        "without_itn": "15",
        **{
            f"lang_{language}": str(i) for i, language in enumerate(("auto", "zh", "en", "yue", "ja", "ko", "nospeech"))
        },
        "neg_mean": ",".join(["0"] * FEATURES),
        "inv_stddev": ",".join(["1"] * FEATURES),
    }
    notes = b"".join(_put(14, _put(1, key) + _put(2, value)) for key, value in described.items())
    return _put(1, 8) + _put(8, _put(1, "") + _put(2, 13)) + _put(7, graph) + notes
