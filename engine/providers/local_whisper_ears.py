"""Speech to text by a Whisper that the user keeps in a directory, converted for faster-whisper, an optional package.
In a process of its own: recognition takes all of a processor, and a broken model may end it."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from importlib.util import find_spec
from pathlib import Path

from engine.errors import ProviderFailed
from engine.providers.base import About, Expectation, Listening
from engine.providers.child_ears import ChildEars
from engine.providers.child_pool import Limits
from engine.providers.local_sherpa_ears import NOTHING

NAME = "whisper"
PACKAGE = "faster-whisper>=1.1,<2"

LIMITS = Limits(start=60.0, answer=60.0)
"""Large models take their time to load, and hear the whole turn in one go at its end."""

FILES = {
    "model.bin": ("model.bin",),
    "config.json": ("config.json",),
    "tokenizer.json": ("tokenizer.json",),
    "vocabulary.txt": ("vocabulary.txt", "vocabulary.json"),
}
"""What such a model consists of, under either name. Without its tokenizer the package would ask the network for it."""
_WHISPERS = {"alignment_heads", "suppress_ids", "lang_ids"}
"""What only the configuration of a Whisper holds, among all that CTranslate2 runs."""


def find_model(directory: Path) -> Path | str:
    """The first usable Whisper: `directory` or a directory directly inside it; else what is missing, in one line."""
    if not directory.is_dir():
        return f"{directory.name}: there is no such directory"
    folders = [directory, *sorted(path for path in directory.iterdir() if path.is_dir())]
    lacking = ""
    for folder in folders:
        if not (folder / "model.bin").is_file() or not _is_whisper(folder / "config.json"):
            continue
        missing = [name for name, names in FILES.items() if not any((folder / each).is_file() for each in names)]
        if not missing:
            return folder
        lacking = lacking or f"{folder.name}: an incomplete Whisper, {', '.join(missing)} missing"
    return lacking or f"{directory.name}: {NOTHING}"


def _is_whisper(config: Path) -> bool:
    """Not so only where it is said to be something else."""
    try:
        described = json.loads(config.read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return bool(_WHISPERS & set(described)) if isinstance(described, dict) else True


def check(directory: Path) -> str:
    """One line for a person: which Whisper is in `directory`, or what it lacks. Loads nothing."""
    found = find_model(directory)
    if isinstance(found, str):
        return found
    missing = "" if find_spec("faster_whisper") else f"; to use it: pip install '{PACKAGE}'"
    return f"{found.name}: a whisper recogniser, hears when one has spoken{missing}"


class WhisperEars:
    """`SpeechToText` by the Whisper in `directory`. `children`: how many turns are heard at once, with a copy of the
    model each. Words come when a turn has ended, with their times.

    Raises:
        ProviderFailed: the package is not installed, or there is no usable model in the directory.
    """

    def __init__(self, directory: Path, *, children: int = 1, limits: Limits = LIMITS) -> None:
        found = find_model(directory)
        if isinstance(found, str):
            raise ProviderFailed(NAME, f"No local recogniser: {found}")
        if not find_spec("faster_whisper"):
            raise ProviderFailed(NAME, f"A local Whisper needs a package: pip install '{PACKAGE}'")
        self.about = About(name=NAME, label=f"Local recogniser ({found.name})", local=True)
        self._ears = ChildEars(
            about=self.about,
            arguments=("-m", "engine.providers.whisper_worker", str(found.absolute())),
            children=children,
            limits=limits,
        )

    def listen(self, expect: Expectation) -> AbstractAsyncContextManager[Listening]:
        return self._ears.listen(expect)

    async def warm(self) -> None:
        """Start one child and load the model. Raises ProviderFailed where that cannot be done."""
        await self._ears.warm()

    async def close(self) -> None:
        """End all children within a second; turns in flight end with empty finals."""
        await self._ears.close()
