"""The border to PortAudio, with a library of the same names behind it: devices, streams, and their callbacks."""

import sys
from types import SimpleNamespace

import numpy
import pytest

from engine.local_audio.devices import DEAD_LOOKS, NoSound, PortAudio, pick

INFOS = [
    {"name": "Mic", "hostapi": 0, "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 44100.0},
    {
        "name": "Speakers",
        "hostapi": 0,
        "max_input_channels": 0,
        "max_output_channels": 8,
        "default_samplerate": 48000.0,
    },
    {"name": "Headset", "hostapi": 0, "max_input_channels": 1, "max_output_channels": 1, "default_samplerate": 16000.0},
    {
        "name": "Speakers",
        "hostapi": 1,
        "max_input_channels": 0,
        "max_output_channels": 2,
        "default_samplerate": 48000.0,
    },
]


class PortAudioError(Exception):
    pass


class Stream:
    def __init__(self, **options):
        if options["device"] == 2:
            raise PortAudioError("Device unavailable")
        self.options, self.time, self.active = options, 10.0, False

    def start(self):
        self.active = True

    def abort(self, ignore_errors):
        self.active = False

    def close(self, ignore_errors):
        self.closed = True


@pytest.fixture
def library(monkeypatch):
    there = SimpleNamespace(
        PortAudioError=PortAudioError,
        RawOutputStream=Stream,
        RawInputStream=Stream,
        default=SimpleNamespace(hostapi=0, device=(-1, -1)),
        query_devices=lambda: INFOS,
        query_hostapis=lambda number: {"default_input_device": 0, "default_output_device": 1},
    )
    monkeypatch.setitem(sys.modules, "sounddevice", there)
    return there


def test_each_device_is_listed_once_with_the_systems_default_first_choice(library):
    card = PortAudio()
    assert [(one.name, one.rate, one.channels) for one in card.outputs()] == [
        ("Speakers", 48000, 2),
        ("Headset", 16000, 1),
    ]
    assert [one.name for one in card.inputs()] == ["Mic", "Headset"]
    assert pick(card.outputs(), "").name == "Speakers" and pick(card.inputs(), "").name == "Mic"
    assert pick(card.outputs(), "head").name == "Headset" and pick(card.outputs(), "gone").name == "Speakers"
    assert pick([], "Headset") is None


def test_a_speaker_runs_at_its_own_rate_and_both_channels_sound_alike(library):
    asked = []

    def render(frames, at):
        asked.append((frames, at))
        return numpy.arange(frames, dtype=numpy.int16)

    card = PortAudio()
    stream = card.play(card.outputs()[0], render)
    options = stream.opened.options
    assert (options["samplerate"], options["channels"], options["blocksize"], options["dtype"]) == (
        48000,
        2,
        480,
        "int16",
    )
    out = bytearray(4 * 480)
    options["callback"](out, 480, SimpleNamespace(currentTime=10.0, outputBufferDacTime=10.02), None)
    options["callback"](out, 480, SimpleNamespace(currentTime=10.01, outputBufferDacTime=0.0), None)
    assert asked == [(480, 10.02), (480, 10.01)], "a server that does not know when it sounds is taken to sound now"
    assert (numpy.frombuffer(out, "<i2").reshape(-1, 2) == numpy.arange(480).reshape(-1, 1)).all()
    assert stream.now == 10.0
    stream.close()
    assert stream.opened.closed


def test_a_microphone_gives_its_samples_on_as_they_are(library):
    taken = []
    card = PortAudio()
    stream = card.record(card.inputs()[0], taken.append)
    stream.opened.options["callback"](memoryview(b"\x01\x02"), 1, SimpleNamespace(currentTime=10.0), None)
    assert taken == [b"\x01\x02"]


def test_a_device_that_cannot_be_opened_is_named(library):
    card = PortAudio()
    with pytest.raises(NoSound, match="“Headset” could not be opened"):
        card.play(card.outputs()[1], lambda frames, at: numpy.zeros(frames, numpy.int16))


def test_a_device_whose_callbacks_stop_is_gone_unless_nobody_had_a_turn(library):
    card = PortAudio()
    stream = card.record(card.inputs()[0], lambda data: None)
    assert stream.alive
    stream.opened.time = 20.0
    assert stream.alive, "the whole machine may have stood still"
    for _ in range(DEAD_LOOKS + 2):
        alive = stream.alive
    assert not alive
    stream.opened.options["callback"](b"", 0, SimpleNamespace(currentTime=20.0), None)
    assert stream.alive
    stream.opened.active = False
    assert not stream.alive


@pytest.mark.parametrize(("error", "mend"), [(ImportError, "pip install"), (OSError, "libportaudio2")])
def test_what_is_missing_is_said_with_what_to_install(monkeypatch, error, mend):
    class Refusing:
        def find_spec(self, name, path=None, target=None):
            if name == "sounddevice":
                raise error("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    with pytest.raises(NoSound, match=mend):
        PortAudio()
