"""A PulseAudio of a test's own, without a sound card: what is played is recorded, and its microphone hears a voice."""

from __future__ import annotations

import array
import math
import os
import shutil
import subprocess
import sys
import time
import wave
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.audio import Pcm

RATE = 16_000
"""Hz of what is recorded."""
RAW = ("--format=s16le", "--channels=1", "--latency-msec=20")
PATIENCE = 20.0
ALSA = """
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.second { type pulse
  device "second"
  hint { show on
    description "The second speaker" } }
"""
"""What programs that know no PulseAudio take for their sound card: its defaults, and one of its sinks by name."""
SPEAKERS = ("speaker", "second")


class SoundServer:
    """`environment` leads programs to it. Two speakers, `speaker` (the default) and `second`; one microphone, which
    hears what is played in the `room`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "native"
        self.environment = {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_RUNTIME_PATH": str(folder),
            "HOME": str(folder),
        }

    @property
    def everything(self):
        return {**os.environ, **self.environment}

    def control(self, *arguments: str) -> str:
        return subprocess.run(
            ["pactl", *arguments], env=self.everything, check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    def speak(self, pcm: Pcm) -> subprocess.Popen:
        """Into the microphone; returns at once."""
        path = self.folder / f"said-{time.monotonic_ns()}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(pcm.rate)
            file.writeframes(pcm.data)
        return subprocess.Popen(["paplay", "--device=room", str(path)], env=self.everything)

    def unplug(self, speaker: str) -> None:
        """Take a speaker away, and with it whatever plays there."""
        rows = (row.split("\t") for row in self.control("list", "short", "modules").splitlines())
        self.control("unload-module", next(row[0] for row in rows if f"sink_name={speaker} " in f"{row[2]} "))

    @contextmanager
    def recorded(self, speaker: str = "speaker"):
        """What a speaker plays meanwhile: a list that holds it, as loudness, when this is left."""
        path = self.folder / f"{speaker}.raw"
        with path.open("wb") as file:
            recorder = subprocess.Popen(
                ["parec", f"--device={speaker}.monitor", f"--rate={RATE}", *RAW],
                env=self.everything,
                stdout=file,
            )
            levels: list[float] = []
            try:
                yield levels
            finally:
                time.sleep(0.5)  # what is on its way
                recorder.terminate()
                recorder.wait(PATIENCE)
        levels += loudness(path.read_bytes())


def loudness(data: bytes, window: float = 0.05) -> list[float]:
    """Root mean square of each `window` seconds, of full scale."""
    samples = array.array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    size = round(window * RATE)
    pieces = (samples[first : first + size] for first in range(0, len(samples), size))
    return [math.sqrt(sum(one * one for one in piece) / len(piece)) / 32768 for piece in pieces]


def runs(levels: list[float], audible: float, window: float = 0.05) -> list[tuple[bool, float]]:
    """Sound and silence in turns: whether it sounds, and for how many seconds; below 0.3 s it belongs to the last."""
    found: list[list] = []
    for level in levels:
        sounds = level > audible
        if found and found[-1][0] == sounds:
            found[-1][1] += window
        else:
            found.append([sounds, window])
    merged: list[list] = []
    for sounds, seconds in found:
        if merged and (seconds < 0.3 or merged[-1][0] == sounds):
            merged[-1][1] += seconds
        else:
            merged.append([sounds, seconds])
    return [(sounds, seconds) for sounds, seconds in merged]


@contextmanager
def sound_server(folder: Path):
    """One for a test; skips it where PulseAudio, or ALSA's way to it, is missing."""
    for program in ("pulseaudio", "pactl", "parec", "paplay"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed (apt-get install pulseaudio pulseaudio-utils libasound2-plugins)")
    folder = folder / "pulse"
    folder.mkdir(mode=0o700)
    (folder / ".asoundrc").write_text(ALSA)
    server = SoundServer(folder)
    modules = [
        f"module-native-protocol-unix socket={server.socket}",
        *(f"module-null-sink sink_name={name} rate=48000" for name in (*SPEAKERS, "room")),
        "module-remap-source master=room.monitor source_name=microphone",
    ]
    options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", f"--log-target=file:{folder}/log"]
    process = subprocess.Popen(
        ["pulseaudio", *options, *(part for module in modules for part in ("-L", module))],
        env=server.everything,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(server)
        server.control("set-default-sink", "speaker")
        server.control("set-default-source", "microphone")
        _skip_unless_reached(server)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _until_it_answers(server: SoundServer) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.control("info")
        except subprocess.CalledProcessError:
            assert time.monotonic() < deadline, "PulseAudio did not start"
            time.sleep(0.1)
        else:
            return


def _skip_unless_reached(server: SoundServer) -> None:
    """ALSA, which PortAudio stands on here, finds PulseAudio through a plugin."""
    looked = subprocess.run(
        [sys.executable, "-c", "import sounddevice as s; print([d['name'] for d in s.query_devices()])"],
        env=server.everything,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if "second" not in looked.stdout:
        pytest.skip("PortAudio does not reach PulseAudio (apt-get install libportaudio2 libasound2-plugins)")
