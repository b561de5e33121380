"""Text to speech by a neural voice that the user keeps in a directory: Piper and other VITS, Kokoro, Kitten, Matcha.

It runs in sherpa-onnx, an optional package. sherpa-onnx leaves pronunciation to its caller since version 2, so that
espeak-ng says how the text sounds, and the voice sounds it.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import About, SpeechChunk, Voice
from engine.providers.local_sherpa_ears import NAME, PACKAGE
from engine.providers.local_sherpa_models import find_model
from engine.providers.local_speaking import THREADS, Pieces, pace, phonemes
from engine.providers.spoken import spoken


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
        self._pieces = Pieces(self.about)

    def voices(self) -> Sequence[str]:
        return tuple(str(number) for number in range(1, self._model.speakers + 1))

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises `ProviderFailed` where the model cannot be loaded or says nothing, `ProviderTimeout` after
        `DEADLINE`."""
        names = self.voices()
        speaker = names.index(voice.name) if voice.name in names else 0
        speed = pace(voice.speed)
        said = self._pieces.speak(text, speed, lambda piece, stop: self._synthesize(piece, speaker, speed, stop))
        async with aclosing(said) as chunks:
            async for chunk in chunks:
                yield chunk

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
        return self._pieces.audible(np.asarray(audio.samples, dtype=np.float32), audio.sample_rate or 1, stop)

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
