"""Text to speech by a neural voice that the user keeps in a directory: Piper and other VITS, Kokoro, Kitten, Matcha.

It runs in sherpa-onnx, an optional package. sherpa-onnx leaves pronunciation to its caller since version 2, so that
espeak-ng says how the text sounds, and the voice sounds it.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import unicodedata
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers import espeak_library
from engine.providers.base import About, SpeechChunk, Voice
from engine.providers.local_sherpa_ears import model_in as recogniser_in
from engine.providers.spoken import spoken
from engine.spans import estimate_words, pause_after, pieces_of

NAME = "sherpa"
PACKAGE = "sherpa-onnx>=2,<3"

DEADLINE = 30.0
"""Seconds for one piece of text, loading the model included (1 to 3 s)."""
PIECE = 120
"""Characters synthesized at once: a sentence or a long clause. Shorter sounds sooner, longer sounds smoother."""
THREADS = 2
"""Processor cores that one synthesis may use."""

_VOCODER = re.compile(r"vocos|hifigan|vocoder", re.IGNORECASE)
_SPEAKER_BYTES = {"kokoro": 510 * 256 * 4, "kitten": 256 * 4}
"""Size of one speaker in `voices.bin`."""
_CLAUSE = re.compile(r"([.!?,;:…]+)(?=[\s\"')\]]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A voice found on disk. `files` are the arguments of sherpa-onnx's configuration for its `kind`; `accent` is the
    espeak-ng voice whose pronunciation it was trained on; `by_text`: it brings its own dictionary."""

    kind: str
    folder: Path
    speakers: int
    accent: str
    by_text: bool
    files: dict[str, str] = field(default_factory=dict)


def find_model(directory: Path) -> Model | str:
    """The first usable voice in `directory` or in a directory directly inside it, or what is missing, in one line."""
    if not directory.is_dir():
        return f"{directory.name}: there is no such directory"
    folders = [directory, *sorted(path for path in directory.iterdir() if path.is_dir())]
    problems: list[str] = []
    for folder in folders:
        if any(folder.glob("*.onnx")) and recogniser_in(folder) is None:
            found = _model_in(folder)
            if isinstance(found, Model):
                return found
            problems.append(found)
    return problems[0] if problems else f"{directory.name}: no voice in it (an .onnx file with its tokens.txt)"


def check(directory: Path) -> str:
    """One line for a person: which voice is in `directory`, or what it lacks. Loads nothing."""
    found = find_model(directory)
    if isinstance(found, str):
        return found
    speakers = f", {found.speakers} speakers" if found.speakers > 1 else ""
    missing = "" if find_spec("sherpa_onnx") else f"; to use it: pip install '{PACKAGE}'"
    return f"{found.folder.name}: a {found.kind} voice{speakers}{missing}"


def _model_in(folder: Path) -> Model | str:
    models = sorted(folder.glob("*.onnx"), key=lambda path: ("int8" in path.name, path.name))
    acoustic = [path for path in models if not _VOCODER.search(path.name)]
    vocoders = [path for path in (*models, *sorted(folder.parent.glob("*.onnx"))) if _VOCODER.search(path.name)]
    if not acoustic:
        return f"{folder.name}: only a vocoder in it; the voice itself is missing"
    if not (folder / "tokens.txt").is_file():
        return f"{folder.name}: tokens.txt is missing (take the voice as packed for sherpa-onnx)"
    files = {"tokens": str(folder / "tokens.txt")}
    lexicons = sorted(folder.glob("lexicon*.txt"), key=lambda path: ("us-en" not in path.name, path.name))
    if lexicons:
        files["lexicon"] = str(lexicons[0])
    kind, speakers = "vits", _speakers_named(acoustic[0])
    styles = folder / "voices.bin"
    if styles.is_file():
        kind = "kitten" if "kitten" in f"{folder.name} {acoustic[0].name}".lower() else "kokoro"
        speakers = max(1, styles.stat().st_size // _SPEAKER_BYTES[kind])
        files["voices"] = str(styles)
    elif "matcha" in folder.name.lower() or acoustic[0].name.startswith("model-steps"):
        if not vocoders:
            return f"{folder.name}: a Matcha voice without its vocoder (put vocos-22khz-univ.onnx beside it)"
        kind, speakers = "matcha", 1
        files["vocoder"] = str(vocoders[0])
    files["acoustic_model" if kind == "matcha" else "model"] = str(acoustic[0])
    by_text = kind == "vits" and bool(lexicons)
    return Model(kind=kind, folder=folder, speakers=speakers, accent=_accent(acoustic[0]), by_text=by_text, files=files)


def _described(model: Path) -> dict[str, Any]:
    """What Piper writes beside a voice, or nothing."""
    try:
        described = json.loads(model.with_name(f"{model.name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return described if isinstance(described, dict) else {}


def _speakers_named(model: Path) -> int:
    count = _described(model).get("num_speakers")
    return count if isinstance(count, int) and count > 0 else 1


def _accent(model: Path) -> str:
    espeak = _described(model).get("espeak")
    if isinstance(espeak, dict) and isinstance(espeak.get("voice"), str):
        return str(espeak["voice"])
    return "en-gb-x-rp" if "en_gb" in f"{model.parent.name} {model.name}".lower() else "en-us"


class SherpaVoice:
    """TextToSpeech by the voice found in a directory, loaded at the first sentence. Word times are estimated. Voices
    are called "1", "2" … where the model has several. Cancelling stops before the next sentence."""

    def __init__(self, directory: str | Path) -> None:
        """Looks at file names only.

        Raises:
            ProviderFailed: no usable voice is there, or sherpa-onnx is not installed.
        """
        found = find_model(Path(directory))
        if isinstance(found, str):
            raise ProviderFailed(NAME, found)
        if not find_spec("sherpa_onnx"):
            raise ProviderFailed(NAME, f"the voice in {found.folder.name} needs: pip install '{PACKAGE}'")
        self.about = About(name=NAME, label=found.folder.name, local=True, caveat="word times are estimated")
        self._model = found
        self._engine: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sherpa")

    def voices(self) -> Sequence[str]:
        return tuple(str(number) for number in range(1, self._model.speakers + 1))

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises `ProviderFailed` where the model cannot be loaded or says nothing, `ProviderTimeout` after
        `DEADLINE`."""
        names = self.voices()
        speaker = names.index(voice.name) if voice.name in names else 0
        speed = min(2.0, max(0.5, voice.speed))
        begun = 0.0
        for first, last in pieces_of(text, PIECE):
            speech = await self._piece(text[first:last], speaker, speed)
            pause = silence(pause_after(text, last) / speed, speech.rate)
            words = estimate_words(text, speech.seconds, begun, (first, last))
            begun += speech.seconds + pause.seconds
            yield SpeechChunk(pcm=Pcm(speech.data + pause.data, speech.rate), words=words)

    async def _piece(self, text: str, speaker: int, speed: float) -> Pcm:
        stop = threading.Event()
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._synthesize, text, speaker, speed, stop)
        try:
            async with asyncio.timeout(DEADLINE):
                return await work
        except TimeoutError:
            raise ProviderTimeout(NAME, f"{self.about.label} took longer than {DEADLINE:.0f} s") from None
        finally:
            stop.set()

    def _synthesize(self, text: str, speaker: int, speed: float, stop: threading.Event) -> Pcm:
        """In this voice's own thread, one at a time."""
        if stop.is_set():
            return Pcm(b"", 1)
        import numpy as np
        import sherpa_onnx

        if self._engine is None:
            self._engine = self._load()
        said = spoken(text)[0]
        settings = sherpa_onnx.GenerationConfig()
        settings.sid, settings.speed = speaker, speed
        if not self._model.by_text:
            settings.phoneme_codepoints = [[ord(sound) for sound in phonemes(said, self._model.accent)]]
        audio = self._engine.generate(said, settings, callback=lambda _samples, _progress: int(not stop.is_set()))
        samples = np.asarray(audio.samples, dtype=np.float32)
        loud = np.flatnonzero(np.abs(samples) > 0.003)
        if not loud.size and not stop.is_set():
            raise ProviderFailed(NAME, f"{self.about.label} had nothing to say to this sentence")
        samples = samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]
        pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        return Pcm(pcm, audio.sample_rate or 1)

    def _load(self) -> Any:  # noqa: ANN401 - the package has no types
        import sherpa_onnx

        if not hasattr(sherpa_onnx.GenerationConfig, "phoneme_codepoints"):
            raise ProviderFailed(NAME, f"the installed sherpa-onnx is too old: pip install '{PACKAGE}'")
        kind, files = self._model.kind, self._model.files
        part = getattr(sherpa_onnx, f"OfflineTts{kind.capitalize()}ModelConfig")(**files)
        model = sherpa_onnx.OfflineTtsModelConfig(**{kind: part}, num_threads=THREADS)
        config = sherpa_onnx.OfflineTtsConfig(model=model)
        unusable = f"{self.about.label} is no {kind} voice that sherpa-onnx can use"
        if not config.validate():
            raise ProviderFailed(NAME, unusable)
        try:
            return sherpa_onnx.OfflineTts(config)
        except (RuntimeError, ValueError) as error:
            raise ProviderFailed(NAME, unusable) from error


def phonemes(text: str, accent: str) -> str:
    """How `text` sounds, as Piper's voices were taught to read it: IPA, accents apart from their letters, with the
    punctuation that carries the melody."""
    library = espeak_library.load()
    clauses = _CLAUSE.split(text)
    parts: list[str] = []
    for clause, sign in zip(clauses[::2], [*clauses[1::2], ""], strict=True):
        parts.append(library.phonemes(clause, accent) + sign[:1].replace("…", "."))
    return unicodedata.normalize("NFD", " ".join(part for part in parts if part))
