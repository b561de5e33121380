"""Speech to text by a neural model that the user keeps in a directory: streaming Zipformer, Moonshine, Whisper and
others that sherpa-onnx runs, an optional package. In a process of its own: a broken model may end it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine.errors import ProviderFailed
from engine.providers.base import About, Expectation, Listening
from engine.providers.child_ears import ChildEars
from engine.providers.child_pool import Limits

NAME = "sherpa"
PACKAGE = "sherpa-onnx>=2,<3"
NOTHING = "no recogniser in it"
"""What is said of a directory without any."""

LIMITS = Limits(start=60.0, answer=30.0)
"""Large models take their time to load; those that do not stream hear the whole turn in one go at its end."""

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "moonshine": {
        "preprocessor": ("preprocess*.onnx",),
        "encoder": ("encode[.-]*.onnx",),
        "uncached_decoder": ("uncached_decode*.onnx",),
        "cached_decoder": ("cached_decode*.onnx",),
        "tokens": ("*tokens.txt",),
    },
    "moonshine v2": {
        "encoder": ("encoder_model*.ort",),
        "decoder": ("decoder_model_merged*.ort",),
        "tokens": ("*tokens.txt",),
    },
    "transducer": {
        "encoder": ("*encoder*.onnx",),
        "decoder": ("*decoder*.onnx",),
        "joiner": ("*joiner*.onnx",),
        "tokens": ("*tokens.txt",),
    },
    "whisper": {"encoder": ("*encoder*.onnx",), "decoder": ("*decoder*.onnx",), "tokens": ("*tokens.txt",)},
    "sense voice": {"model": ("model*.onnx",), "tokens": ("*tokens.txt",)},
}
"""What each kind of model consists of, as packed for sherpa-onnx; the first kind whose files are all there is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A recogniser found on disk. `files` are sherpa-onnx's arguments for its `kind`."""

    kind: str
    folder: Path
    files: dict[str, str]

    @property
    def streams(self) -> bool:
        """Whether it understands while somebody is still speaking. Only the directory's name tells."""
        return self.kind == "transducer" and "streaming" in self.folder.name.lower()


def find_model(directory: Path) -> Model | str:
    """The first usable recogniser in `directory` or in a directory directly inside it, streaming ones first; else what
    is missing, in one line."""
    if not directory.is_dir():
        return f"{directory.name}: there is no such directory"
    folders = [directory, *sorted(path for path in directory.iterdir() if path.is_dir())]
    found = [model for folder in folders if (model := model_in(folder)) is not None]
    if found:
        return max(found, key=lambda model: model.streams)
    lacking = [line for folder in folders if (line := _lacks(folder))]
    return lacking[0] if lacking else f"{directory.name}: {NOTHING}"


def check(directory: Path) -> str:
    """One line for a person: which recogniser is in `directory`, or what it lacks. Loads nothing."""
    found = find_model(directory)
    if isinstance(found, str):
        return found
    how = "hears while one speaks" if found.streams else "hears when one has spoken"
    missing = "" if find_spec("sherpa_onnx") else f"; to use it: pip install '{PACKAGE}'"
    return f"{found.folder.name}: a {found.kind} recogniser, {how}{missing}"


def model_in(folder: Path) -> Model | None:
    for kind, parts in KINDS.items():
        if kind == "sense voice" and "sense" not in folder.name.lower():
            continue
        files = {part: path for part, patterns in parts.items() if (path := _smallest(folder, patterns))}
        if len(files) == len(parts):
            return Model(kind=kind, folder=folder, files=files)
    return None


def _smallest(folder: Path, patterns: tuple[str, ...]) -> str | None:
    """The file of that pattern, the int8 one if there are several: a third of the time for hardly more errors."""
    paths = [path for pattern in patterns for path in folder.glob(pattern)]
    return str(min(paths, key=lambda path: ("int8" not in path.name, path.name))) if paths else None


def _lacks(folder: Path) -> str:
    """What an incomplete recogniser lacks; "" where the directory holds none at all."""
    for parts in KINDS.values():
        there = [part for part, patterns in parts.items() if part != "tokens" and _smallest(folder, patterns)]
        missing = [patterns[0] for part, patterns in parts.items() if not _smallest(folder, patterns)]
        if {"encoder", "cached_decoder"} & set(there):
            return f"{folder.name}: an incomplete recogniser, {', '.join(missing)} missing"
    return ""


class SherpaEars:
    """`SpeechToText` by the recogniser in `directory`. `children`: how many turns are heard at once, with a copy of
    the model each.

    Raises:
        ProviderFailed: the package is not installed, or there is no usable recogniser in the directory.
    """

    def __init__(self, directory: Path, *, children: int = 1, limits: Limits = LIMITS) -> None:
        found = find_model(directory)
        if isinstance(found, str):
            raise ProviderFailed(NAME, f"No local recogniser: {found}")
        if not find_spec("sherpa_onnx"):
            raise ProviderFailed(NAME, f"A local recogniser needs a package: pip install '{PACKAGE}'")
        self.about = About(name=NAME, label=f"Local recogniser ({found.folder.name})", local=True)
        self._ears = ChildEars(
            about=self.about,
            arguments=("-m", "engine.providers.sherpa_worker", str(found.folder.absolute())),
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
