"""Better local models for hearing and speaking: which to get, from where, and what a directory holds.

Rostrum downloads nothing by itself. A user unpacks what they want into one directory and names it in SPEECH_MODELS.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.providers import local_piper_voice, local_sherpa_ears, local_sherpa_models, local_whisper_ears

_HEARING = "https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models"
_SPEAKING = "https://github.com/k2-fsa/sherpa-onnx/releases/download/tts-models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A model worth getting. `megabytes`: about its size unpacked. `files` must be in its directory when unpacked."""

    name: str
    purpose: str
    megabytes: int
    address: str
    files: tuple[str, ...]


RECOMMENDED = (
    Recommendation(
        name="sherpa-onnx-streaming-zipformer-en-2023-06-26",
        purpose="hearing English while it is spoken, on any laptop",
        megabytes=340,
        address=f"{_HEARING}/sherpa-onnx-streaming-zipformer-en-2023-06-26.tar.bz2",
        files=("encoder-*.onnx", "decoder-*.onnx", "joiner-*.onnx", "tokens.txt"),
    ),
    Recommendation(
        name="sherpa-onnx-moonshine-tiny-en-int8",
        purpose="hearing English, small and quick; the words appear when one has spoken",
        megabytes=120,
        address=f"{_HEARING}/sherpa-onnx-moonshine-tiny-en-int8.tar.bz2",
        files=(
            "preprocess.onnx",
            "encode.int8.onnx",
            "uncached_decode.int8.onnx",
            "cached_decode.int8.onnx",
            "tokens.txt",
        ),
    ),
    Recommendation(
        name="sherpa-onnx-whisper-base.en",
        purpose="hearing English with punctuation; a fast processor is needed",
        megabytes=450,
        address=f"{_HEARING}/sherpa-onnx-whisper-base.en.tar.bz2",
        files=("base.en-encoder.int8.onnx", "base.en-decoder.int8.onnx", "base.en-tokens.txt"),
    ),
    Recommendation(
        name="faster-whisper-base.en",
        purpose="hearing English with punctuation, for faster-whisper; when each word was said, too",
        megabytes=150,
        address="https://huggingface.co/Systran/faster-whisper-base.en",
        files=("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"),
    ),
    Recommendation(
        name="vits-piper-en_US-lessac-medium",
        purpose="speaking English, one clear voice, on any laptop",
        megabytes=80,
        address=f"{_SPEAKING}/vits-piper-en_US-lessac-medium.tar.bz2",
        files=("en_US-lessac-medium.onnx", "en_US-lessac-medium.onnx.json", "tokens.txt"),
    ),
    Recommendation(
        name="en_US-lessac-medium",
        purpose="speaking English, the same voice as Piper has it; needs no package",
        megabytes=65,
        address="https://huggingface.co/rhasspy/piper-voices/tree/main/en/en_US/lessac/medium",
        files=("en_US-lessac-medium.onnx", "en_US-lessac-medium.onnx.json"),
    ),
    Recommendation(
        name="kokoro-en-v0_19",
        purpose="speaking English in 11 voices, the most natural; a fast processor is needed",
        megabytes=350,
        address=f"{_SPEAKING}/kokoro-en-v0_19.tar.bz2",
        files=("model.onnx", "voices.bin", "tokens.txt"),
    ),
)
"""Models that Rostrum can use, for hearing first; of each, the one to begin with comes first."""


def check(directory: Path) -> list[str]:
    """What `directory` holds for hearing and for speaking, or what it lacks: one line each, fit to show."""
    hearing = local_sherpa_ears.check(directory)
    if local_sherpa_ears.NOTHING in hearing:
        hearing = local_whisper_ears.check(directory)
    speaking = local_sherpa_models.check(directory)
    if isinstance(local_sherpa_models.find_model(directory), str):
        plain = local_piper_voice.check(directory)
        speaking = speaking if local_piper_voice.NOTHING in plain else plain
    return [f"hearing: {hearing}", f"speaking: {speaking}"]
