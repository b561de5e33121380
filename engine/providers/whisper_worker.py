"""faster-whisper's own process: `python -m engine.providers.whisper_worker DIRECTORY`. See `child_worker`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from engine.providers.base import Expectation
from engine.providers.child_worker import Begin, Heard, HeardWord, Hearing, run
from engine.providers.openai_hearing import is_echo, told

THREADS = 2
"""Processor cores that one turn may use."""
MODEL = "whisper"
"""How the kind is called where it is known what such models are to be told."""


def load(folder: Path) -> Begin:
    """Load a model; how to begin a turn with it."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True)
    mels = whisper.model.n_mels
    if whisper.feature_extractor.mel_filters.shape[0] != mels:
        sys.exit(f"{folder.name}: preprocessor_config.json is missing, or is not of a model with {mels} bands")
    return lambda sentences, _channel, language: Whole(whisper, sentences, language)


class Whole(Hearing):
    """A turn: heard when it has ended, since Whisper hears half a minute at a time however short it is."""

    def __init__(self, whisper: Any, sentences: Sequence[str], language: str) -> None:  # noqa: ANN401 (no types)
        self._whisper = whisper
        self._prepared = told(MODEL, Expectation(sentences=tuple(sentences), language=language))
        self._pcm = bytearray()

    def hear(self, pcm: bytes) -> None:
        self._pcm += pcm

    def text(self) -> str:
        return ""

    def end(self) -> Heard:
        import numpy as np

        segments, _ = self._whisper.transcribe(
            np.frombuffer(bytes(self._pcm), "<i2").astype(np.float32) / 32768,
            language=self._prepared["language"] if self._whisper.model.is_multilingual else "en",
            initial_prompt=self._prepared["prompt"],
            temperature=0.0,
            condition_on_previous_text=False,  # a sentence heard wrong would be heard again and again
            vad_filter=True,  # it makes words up where nobody speaks
            word_timestamps=True,
        )
        heard = list(segments)
        text = " ".join(segment.text.strip() for segment in heard).strip()
        if is_echo(MODEL, text):
            return Heard(text="")
        words = tuple(
            HeardWord(
                text=word.word.strip(),
                start=float(word.start),
                end=max(float(word.start), float(word.end)),
                confidence=min(1.0, max(0.0, float(word.probability))),
            )
            for segment in heard
            for word in segment.words or ()
            if word.word.strip()
        )
        return Heard(text=text, words=words)

    def drop(self) -> None:
        """Nothing to free."""


if __name__ == "__main__":
    run(partial(load, Path(sys.argv[1])))
