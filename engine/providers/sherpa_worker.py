"""sherpa-onnx's own process: `python -m engine.providers.sherpa_worker DIRECTORY`. See `child_worker`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from engine.audio import HEARING_RATE, SAMPLE_BYTES
from engine.providers.child_worker import Begin, Heard, HeardWord, Hearing, run
from engine.providers.local_sherpa_ears import Model, find_model

THREADS = 2
TAIL = 0.6
"""Seconds of silence after a turn: streaming models look ahead by up to half a second."""
LONGEST = 28 * HEARING_RATE * SAMPLE_BYTES
"""Bytes at a time for models that do not stream: Whisper hears 30 s at most."""


def load(model: Model) -> Begin:
    """Load a model; how to begin a turn with it."""
    import sherpa_onnx

    if model.streams:
        online = sherpa_onnx.OnlineRecognizer.from_transducer(num_threads=THREADS, **model.files)
        return lambda *_: Streaming(online)
    offline = sherpa_onnx.OfflineRecognizer
    makers: dict[str, Callable[..., Any]] = {
        "moonshine": offline.from_moonshine,
        "moonshine v2": offline.from_moonshine_v2,
        "whisper": offline.from_whisper,
        "sense voice": partial(offline.from_sense_voice, language="en", use_itn=True),
        "transducer": partial(offline.from_transducer, model_type=_transducer(model)),
    }
    recogniser = makers[model.kind](num_threads=THREADS, **model.files)
    return lambda *_: Afterwards(recogniser)


def _transducer(model: Model) -> str:
    nemo = {"nemo", "parakeet"} & set(model.folder.name.lower().split("-"))
    return "nemo_transducer" if nemo else "transducer"


class Streaming(Hearing):
    """A turn at a model that understands as it goes."""

    def __init__(self, recogniser: Any) -> None:  # noqa: ANN401  (the package has no types)
        self._recogniser = recogniser
        self._stream = recogniser.create_stream()

    def hear(self, pcm: bytes) -> None:
        self._stream.accept_waveform(HEARING_RATE, _floats(pcm))
        while self._recogniser.is_ready(self._stream):
            self._recogniser.decode_stream(self._stream)

    def text(self) -> str:
        return _spelled(self._recogniser.get_result(self._stream))

    def end(self) -> Heard:
        self.hear(bytes(int(TAIL * HEARING_RATE) * SAMPLE_BYTES))
        self._stream.input_finished()
        self.hear(b"")
        result = self._recogniser.get_result_all(self._stream)
        return Heard(text=_spelled(result.text), words=words(result.tokens, result.timestamps))

    def drop(self) -> None:
        """Nothing to free: the stream goes with this object."""


class Afterwards(Hearing):
    """A turn at a model that wants to have heard all of it."""

    def __init__(self, recogniser: Any) -> None:  # noqa: ANN401
        self._recogniser = recogniser
        self._waiting = b""
        self._taken = 0.0
        self._texts: list[str] = []
        self._words: list[HeardWord] = []

    def hear(self, pcm: bytes) -> None:
        self._waiting += pcm
        while len(self._waiting) > LONGEST:
            self._recognise(self._waiting[:LONGEST])
            self._waiting = self._waiting[LONGEST:]

    def text(self) -> str:
        return " ".join(self._texts)

    def end(self) -> Heard:
        if self._waiting:
            self._recognise(self._waiting)
        return Heard(text=self.text(), words=tuple(self._words))

    def drop(self) -> None:
        """Nothing to free."""

    def _recognise(self, pcm: bytes) -> None:
        stream = self._recogniser.create_stream()
        stream.accept_waveform(HEARING_RATE, _floats(pcm))
        self._recogniser.decode_stream(stream)
        result = stream.result
        if text := _spelled(result.text):
            self._texts.append(text)
            self._words += words(result.tokens, result.timestamps, self._taken)
        self._taken += len(pcm) / SAMPLE_BYTES / HEARING_RATE


def words(tokens: Sequence[str], starts: Sequence[float], offset: float = 0.0) -> tuple[HeardWord, ...]:
    """Pieces of words and their times (seconds) put together to words; () where the times are missing. A word ends
    where the next begins, but lasts no longer than half a second after its last piece."""
    if not tokens or len(starts) != len(tokens):
        return ()
    begun: list[tuple[str, float, float]] = []
    for token, start in zip(tokens, starts, strict=True):
        piece = token.replace("\u2581", " ")
        if begun and not piece.startswith(" "):
            text, first, _ = begun[-1]
            begun[-1] = (text + piece, first, start)
        elif piece.strip():
            begun.append((piece.strip(), start, start))
    nexts = [start for _, start, _ in begun[1:]] + [float("inf")]
    return tuple(
        HeardWord(text=_spelled(text), start=offset + start, end=offset + min(after, last + 0.5), confidence=1.0)
        for (text, start, last), after in zip(begun, nexts, strict=True)
    )


def _spelled(text: str) -> str:
    """Some models shout: capitals throughout become small letters."""
    text = text.strip()
    return text.lower() if text.isupper() else text


def _floats(pcm: bytes) -> Any:  # noqa: ANN401
    import numpy as np

    return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768


def main() -> None:
    found = find_model(Path(sys.argv[1]))
    if isinstance(found, str):
        sys.exit(found)
    run(partial(load, found))


if __name__ == "__main__":
    main()
