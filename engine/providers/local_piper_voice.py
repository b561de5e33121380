"""Text to speech by Piper's voices as they are downloaded: `NAME.onnx` and `NAME.onnx.json`, in a directory of the
user's. onnxruntime runs them; espeak-ng pronounces, as when they were trained."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import About, SpeechChunk, Voice
from engine.providers.local_speaking import THREADS, Pieces, pace, phonemes
from engine.providers.spoken import spoken

NAME = "piper"
NOTHING = "no voice of Piper's in it"
"""What is said of a directory without any."""
BEGIN, PAD, END = "^", "_", "$"
"""Around, and between, the sounds that a voice is given."""
NOISE, LENGTH, NOISE_W = 0.667, 1.0, 0.8
"""How much the sound and its rhythm vary, and how long it lasts, where a voice does not say: Piper's own."""
PRONOUNCED = ("espeak", "text")
"""How a voice reads: by espeak-ng's sounds, or letter by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A voice found on disk: `sounds` are the numbers of what it can say, `accent` the espeak-ng voice it was trained
    on, or "" for one that reads letters; `speakers` by name, with their numbers."""

    path: Path
    rate: int
    sounds: Mapping[str, Sequence[int]]
    accent: str
    speakers: Mapping[str, int]
    scales: tuple[float, float, float]

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".onnx")


def find_models(directory: Path) -> list[Model] | str:
    """All usable voices in `directory` and in directories directly inside it; else what is missing, in one line."""
    if not directory.is_dir():
        return f"{directory.name}: there is no such directory"
    folders = [directory, *sorted(path for path in directory.iterdir() if path.is_dir())]
    found = [_model_at(path) for folder in folders for path in sorted(folder.glob("*.onnx.json"))]
    models = [model for model in found if isinstance(model, Model)]
    problems = [problem for problem in found if isinstance(problem, str) and problem]
    return models or (problems[0] if problems else f"{directory.name}: {NOTHING}")


def check(directory: Path) -> str:
    """One line for a person: which voices are in `directory`, or what they lack. Loads nothing."""
    found = find_models(directory)
    if isinstance(found, str):
        return found
    count = sum(len(model.speakers) for model in found)
    return f"{', '.join(model.name for model in found)}: {'a Piper voice' if count == 1 else f'{count} Piper voices'}"


def _model_at(described: Path) -> Model | str:
    """The voice that is described there; what it lacks, or "" where that is no description of a voice."""
    path = described.with_name(described.name.removesuffix(".json"))
    try:
        about = json.loads(described.read_text("utf-8"))
        sounds = {str(sound): tuple(map(int, ids)) for sound, ids in about["phoneme_id_map"].items()}
        reads, how = about.get("phoneme_type", "espeak"), about.get("inference", {})
        model = Model(
            path=path,
            rate=int(about["audio"]["sample_rate"]),
            sounds=sounds,
            accent=str(about["espeak"]["voice"]) if reads == "espeak" else "",
            speakers=about.get("speaker_id_map") or {str(n + 1): n for n in range(about.get("num_speakers") or 1)},
            scales=(how.get("noise_scale", NOISE), how.get("length_scale", LENGTH), how.get("noise_w", NOISE_W)),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    if not path.is_file():
        return f"{described.name}: the voice itself, {path.name}, is missing beside it"
    if reads not in PRONOUNCED or not {BEGIN, PAD, END} <= sounds.keys():
        return f"{path.name}: a Piper voice that wants to be pronounced in another way"
    return model


class PiperVoice:
    """TextToSpeech by the voices found in a directory, each loaded at its first sentence. Word times are estimated.
    Cancelling stops before the next sentence."""

    def __init__(self, directory: str | Path) -> None:
        """Reads the descriptions beside the voices only.

        Raises:
            ProviderFailed: no usable voice is there.
        """
        found = find_models(Path(directory))
        if isinstance(found, str):
            raise ProviderFailed(NAME, found)
        self._voices = dict(_named(found))
        self.about = About(name=NAME, label=found[0].name, local=True, caveat="word times are estimated")
        self._loaded: dict[Path, Any] = {}
        self._pieces = Pieces(self.about)

    def voices(self) -> Sequence[str]:
        return tuple(self._voices)

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises `ProviderFailed` where the model cannot be loaded or says nothing, `ProviderTimeout` after
        `DEADLINE`."""
        model, speaker = self._voices.get(voice.name) or next(iter(self._voices.values()))
        speed = pace(voice.speed)
        said = self._pieces.speak(text, speed, lambda piece, stop: self._synthesize(piece, model, speaker, speed, stop))
        async with aclosing(said) as chunks:
            async for chunk in chunks:
                yield chunk

    def _synthesize(self, text: str, model: Model, speaker: int, speed: float, stop: threading.Event) -> Pcm:
        """In this voice's own thread, one at a time."""
        if stop.is_set():
            return Pcm(b"", 1)
        import numpy as np

        session = self._session(model)
        sounds = numbers(model, spoken(text)[0])
        noise, length, noise_w = model.scales
        given = {
            "input": np.array([sounds], dtype=np.int64),
            "input_lengths": np.array([len(sounds)], dtype=np.int64),
            "scales": np.array([noise, length / speed, noise_w], dtype=np.float32),
            "sid": np.array([speaker], dtype=np.int64),
        }
        wanted = {each.name for each in session.get_inputs()}
        try:
            (samples, *_) = session.run(None, {name: value for name, value in given.items() if name in wanted})
        except _onnx_errors() as error:
            raise self._unusable(model) from error
        return self._pieces.audible(np.asarray(samples, dtype=np.float32).ravel(), model.rate, stop)

    def _session(self, model: Model) -> Any:  # noqa: ANN401 (the package has no types)
        import onnxruntime

        if model.path not in self._loaded:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = THREADS
            options.log_severity_level = 4  # what is wrong is raised, too
            try:
                self._loaded[model.path] = onnxruntime.InferenceSession(
                    str(model.path), options, providers=["CPUExecutionProvider"]
                )
            except _onnx_errors() as error:
                raise self._unusable(model) from error
        return self._loaded[model.path]

    def _unusable(self, model: Model) -> ProviderFailed:
        return ProviderFailed(NAME, f"{model.name} is no Piper voice that can be used")


def _named(models: Sequence[Model]) -> Iterator[tuple[str, tuple[Model, int]]]:
    """Every speaker of every voice, by a name that tells them apart."""
    for model in models:
        for speaker, number in model.speakers.items():
            yield model.name if len(model.speakers) == 1 else f"{model.name} {speaker}", (model, number)


def numbers(model: Model, text: str) -> list[int]:
    """How `text` sounds, as the voice was taught to read it; what it never learned is left out."""
    sounds = phonemes(text, model.accent) if model.accent else unicodedata.normalize("NFD", text.lower())
    ids = [*model.sounds[BEGIN], *model.sounds[PAD]]
    for sound in sounds:
        if sound in model.sounds:
            ids += [*model.sounds[sound], *model.sounds[PAD]]
    return [*ids, *model.sounds[END]]


def _onnx_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises has no base of its own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return tuple(each for each in vars(state).values() if isinstance(each, type) and issubclass(each, Exception)) or (
        RuntimeError,
    )
