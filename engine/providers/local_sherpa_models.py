"""Voices that sherpa-onnx runs, found in a directory by the names of their files: Piper and other VITS, Kokoro, Kitten,
Matcha."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.providers.local_sherpa_ears import PACKAGE
from engine.providers.local_sherpa_ears import model_in as recogniser_in

_VOCODER = re.compile(r"vocos|hifigan|vocoder", re.IGNORECASE)
_SPEAKER_BYTES = {"kokoro": 510 * 256 * 4, "kitten": 256 * 4}
"""Size of one speaker in `voices.bin`."""


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
