"""A tiny Whisper in CTranslate2's format, as faster-whisper wants it, that hears "hello world." in every voice.

Its decoder looks at nothing but the token before: each of the few that matter has a dimension of its own, and the last
layer knows which one follows. So whatever a decoder is told beforehand, it says the same.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from ctranslate2.specs import common_spec, model_spec, whisper_spec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH, HEADS, MELS, FRAMES, LONGEST = 16, 2, 80, 1500, 448
STEP = 12
"""Frames of 20 ms that a token sounds."""
HEARD = ["\u0120hello", "\u0120world", "."]
ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())
TEXT = ALPHABET + [token for token in HEARD if token not in ALPHABET]
SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
TOKENS = [*TEXT, *SPECIAL, *TIMES]
CHAIN = ["<|startoftranscript|>", "<|0.00|>", *HEARD, "<|1.00|>", "<|endoftext|>"]


def write_whisper(folder: Path) -> Path:
    """A directory as whoever converted a Whisper for faster-whisper has it."""
    folder.mkdir(parents=True)
    spec = _spec()
    spec.register_vocabulary(TOKENS)
    spec.config.alignment_heads = [(0, 0)]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = []
    spec.validate()
    spec.save(str(folder))
    _tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS}))
    return folder


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(TEXT)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in TIMES])
    assert tokenizer.token_to_id("<|30.00|>") == len(TOKENS) - 1
    return tokenizer


def _spec() -> whisper_spec.WhisperSpec:
    spec = whisper_spec.WhisperSpec(1, HEADS, 1, HEADS)
    _norm(spec.encoder.layer_norm)
    spec.encoder.conv1.weight = _zeros(WIDTH, MELS, 3)
    spec.encoder.conv2.weight = _zeros(WIDTH, WIDTH, 3)
    spec.encoder.conv1.bias, spec.encoder.conv2.bias = _zeros(WIDTH), _zeros(WIDTH)
    spec.encoder.position_encodings.encodings = _places()
    _norm(spec.decoder.layer_norm)
    spec.decoder.position_encodings.encodings = _zeros(LONGEST, WIDTH)
    spec.decoder.embeddings.weight, spec.decoder.projection.weight = _chain()
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        _attention(layer.self_attention, [3 * WIDTH, WIDTH])
        if hasattr(layer, "attention"):
            _attention(layer.attention, [WIDTH, 2 * WIDTH, WIDTH])
            layer.attention.linear[0].weight = 3 * np.eye(WIDTH, dtype=np.float32)
            layer.attention.linear[1].weight[:WIDTH] = np.eye(WIDTH, dtype=np.float32)
        _norm(layer.ffn.layer_norm)
        _linear(layer.ffn.linear_0, 2 * WIDTH, WIDTH)
        _linear(layer.ffn.linear_1, WIDTH, 2 * WIDTH)
    return spec


def _chain() -> tuple[np.ndarray, np.ndarray]:
    """What each token of the chain is, and what follows it."""
    is_, follows = _zeros(len(TOKENS), WIDTH), _zeros(len(TOKENS), WIDTH)
    for place, (token, after) in enumerate(pairwise(CHAIN)):
        is_[TOKENS.index(token), place] = 1.0
        follows[TOKENS.index(after), place] = 10.0
    is_[TOKENS.index("<|notimestamps|>")] = is_[TOKENS.index("<|0.00|>")]
    return is_, follows


def _places() -> np.ndarray:
    """Where in the audio each token of the chain is heard: one after the other."""
    places = _zeros(FRAMES, WIDTH)
    for place in range(len(CHAIN)):
        places[place * STEP : (place + 1) * STEP, place] = 1.0
    return places


def _attention(attention: model_spec.LayerSpec, sizes: list[int]) -> None:
    _norm(attention.layer_norm)
    for linear, size in zip(attention.linear, sizes, strict=True):
        _linear(linear, size, WIDTH)


def _linear(linear: common_spec.LinearSpec, rows: int, columns: int) -> None:
    linear.weight, linear.bias = _zeros(rows, columns), _zeros(rows)


def _norm(norm: common_spec.LayerNormSpec) -> None:
    norm.gamma, norm.beta = np.ones(WIDTH, dtype=np.float32), _zeros(WIDTH)


def _zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, dtype=np.float32)
