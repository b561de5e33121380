"""Text to speech by the machine's own voice, where it has a better one than espeak-ng: macOS `say`, Debian `flite`."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
import wave
from array import array
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.audio import Pcm, silence
from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers.base import About, SpeechChunk, Voice
from engine.providers.spoken import spoken
from engine.spans import estimate_words, pause_after, pieces_of

log = logging.getLogger(__name__)

DEADLINE = 15.0
"""Seconds for one piece of text. flite takes 0.1 for seven seconds of speech; a cold `say` may take some seconds."""
LISTING_DEADLINE = 5.0
PIECE = 200
"""Characters synthesized at once: the whole piece must be ready before its first sound, about 0.15 s with flite."""

_LEAD = 0.01
_QUIET = 120
"""Samples up to this count as silence at both ends (of 32,767): flite's silence is not quite zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """How to use one command-line synthesizer: it reads a text file and writes a WAV file.

    `good` are the voices worth offering, best first; `arguments` takes voice, speed, and the files to
    read and to write; `text` prepares what it reads.
    """

    name: str
    label: str
    listing: tuple[str, ...]
    names: Callable[[str], list[str]]
    good: tuple[str, ...]
    arguments: Callable[[str, float, str, str], list[str]]
    text: Callable[[str], str]


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _flite_names(listing: str) -> list[str]:
    return listing.partition(":")[2].split()


def _say_names(listing: str) -> list[str]:
    """Each line is a name, spaces, a locale, and an example after a #."""
    return re.findall(r"^(\S.*?)\s+en[_-]\S+\s+#", listing, re.MULTILINE)


SAY = Program(
    name="say",
    label="macOS voice",
    listing=("-v", "?"),
    names=_say_names,
    good=("Ava", "Zoe", "Evan", "Allison", "Tom", "Samantha", "Alex", "Daniel", "Serena", "Kate", "Karen", "Moira"),
    arguments=lambda voice, speed, txt, wav: [
        *("-v", voice, "-r", str(round(175 * speed))),
        *("-o", wav, "--file-format=WAVE", "--data-format=LEI16@22050", "-f", txt),
    ],
    text=lambda text: text,
)
FLITE = Program(
    name="flite",
    label="Flite",
    listing=("-lv",),
    names=_flite_names,
    good=("slt", "rms", "awb"),
    arguments=lambda voice, speed, txt, wav: [
        *("-voice", voice, "--setf", f"duration_stretch={1 / speed:.3f}", "-f", txt, "-o", wav)
    ],
    text=_ascii,
)
PROGRAMS = (SAY, FLITE)


class SystemVoice:
    """TextToSpeech by a program of this machine. Word times are estimated from the length of the words. Cancelling
    kills the program."""

    def __init__(self, program: Program, path: str, voices: Sequence[str]) -> None:
        """`voices` are what `program` at `path` can speak with, the default first. Use `find`."""
        self.about = About(name=program.name, label=program.label, local=True, caveat="word times are estimated")
        self._program = program
        self._path = path
        self._voices = tuple(voices)
        self._turns = asyncio.Semaphore(os.cpu_count() or 2)  # more programs at a time would all be late

    @classmethod
    def find(cls) -> SystemVoice | None:
        """The best voice of this machine, or None. Runs a program (20 ms, at most 5 s): not for the event loop."""
        for program in PROGRAMS:
            path = shutil.which(program.name)
            if path and (voices := _offered(program, path)):
                return cls(program, path, voices)
        return None

    def voices(self) -> Sequence[str]:
        return self._voices

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        """Raises `ProviderFailed` with the program's own words, and `ProviderTimeout` after `DEADLINE`."""
        name = voice.name if voice.name in self._voices else self._voices[0]
        speed = min(2.0, max(0.5, voice.speed))
        begun = 0.0
        for first, last in pieces_of(text, PIECE):
            async with self._turns:
                speech = await self._synthesize(text[first:last], name, speed)
            if not speech.samples:
                continue
            pause = silence(pause_after(text, last) / speed, speech.rate)
            words = estimate_words(text, speech.seconds, begun, (first, last))
            begun += speech.seconds + pause.seconds
            yield SpeechChunk(pcm=Pcm(speech.data + pause.data, speech.rate), words=words)

    async def _synthesize(self, text: str, name: str, speed: float) -> Pcm:
        said = self._program.text(spoken(text)[0])
        with tempfile.TemporaryDirectory(prefix="rostrum-") as folder:
            # Through a file: standard input is a socket under some event loops, which no program can open by name.
            txt, wav = Path(folder) / "text.txt", Path(folder) / "speech.wav"
            txt.write_text(said, encoding="utf-8")
            await self._run(self._program.arguments(name, speed, str(txt), str(wav)))
            try:
                return await asyncio.to_thread(_read, wav)
            except (OSError, EOFError, wave.Error) as error:
                raise ProviderFailed(self.about.name, f"{self.about.name} wrote no speech") from error

    async def _run(self, arguments: list[str]) -> None:
        """Run the program to its end. What it complains of is logged: it may hold paths."""
        nothing = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                self._path, *arguments, stdin=nothing, stdout=nothing, stderr=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise ProviderFailed(self.about.name, f"{self.about.name} cannot be run any more") from error
        try:
            async with asyncio.timeout(DEADLINE):
                _, errors = await process.communicate()
        except TimeoutError:
            raise ProviderTimeout(self.about.name, f"{self.about.name} took longer than {DEADLINE:.0f} s") from None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if errors:
            log.info("%s complained: %s", self.about.name, errors.decode(errors="replace").strip()[:200])
        if process.returncode:
            raise ProviderFailed(self.about.name, f"{self.about.name} failed ({process.returncode})")


def _offered(program: Program, path: str) -> list[str]:
    """The good voices among those that the program has, with their variants ("Ava (Premium)")."""
    try:
        listing = subprocess.run(
            [path, *program.listing], capture_output=True, text=True, timeout=LISTING_DEADLINE, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = program.names(listing)
    return [name for good in program.good for name in names if name.split(" (")[0] == good]


def _read(path: Path) -> Pcm:
    """A mono 16-bit WAV file without the silence at its ends."""
    with wave.open(str(path), "rb") as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            raise wave.Error("expected mono 16-bit audio")
        rate = file.getframerate()
        data = file.readframes(file.getnframes())
    samples = array("h", data)
    end = next((at for at in range(len(samples), 0, -1) if abs(samples[at - 1]) > _QUIET), 0)
    start = next((at for at in range(end) if abs(samples[at]) > _QUIET), 0)
    return Pcm(data[max(0, start - round(_LEAD * rate)) * 2 : end * 2], rate)
