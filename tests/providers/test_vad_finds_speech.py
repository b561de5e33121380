"""When speech begins and ends, by recorded human voices where there are some."""

from collections.abc import Sequence

import numpy as np
import pytest

from bench.recordings import pcm
from engine.audio import HEARING_RATE, Pcm, resample, silence
from engine.providers.base import Detector, SpeechEdge
from engine.providers.offline_vad import SileroVad
from tests.providers.hearing import recorded, said


def fed(detector: Detector, clip: Pcm, samples: int = 320) -> list[SpeechEdge]:
    """All edges of `clip`, fed `samples` at a time."""
    pieces = range(0, len(clip.data), samples * 2)
    return [edge for at in pieces for edge in detector.feed(Pcm(clip.data[at : at + samples * 2], HEARING_RATE))]


def joined(*parts: Pcm) -> Pcm:
    return Pcm(b"".join(part.data for part in parts), HEARING_RATE)


def quiet(seconds: float) -> Pcm:
    return silence(seconds, HEARING_RATE)


def kinds(edges: Sequence[SpeechEdge]) -> list[bool]:
    return [edge.onset for edge in edges]


async def spoken() -> Pcm:
    return resample(await said("Who is it for?"), HEARING_RATE)


async def test_speech_between_silences_has_one_onset_and_one_end() -> None:
    speech = await spoken()
    detector = SileroVad().open()
    edges = fed(detector, joined(quiet(1.0), speech, quiet(1.0)))
    assert kinds(edges) == [True, False]
    # The clip itself begins with 0.3 s of silence and ends with a pause.
    assert 1.2 <= edges[0].at <= 1.5
    assert speech.seconds + 0.4 <= edges[1].at <= speech.seconds + 1.2
    assert not detector.speaking


def test_a_human_reading_is_found_where_it_is() -> None:
    for reading in recorded("austen"):
        clip = pcm(reading.path)
        edges = fed(SileroVad().open(), joined(quiet(1.0), clip, quiet(1.0)))
        assert edges[0].onset
        assert 1.0 <= edges[0].at <= 1.5
        assert not edges[-1].onset
        assert abs(edges[-1].at - 1.0 - clip.seconds) <= 0.5
        assert kinds(edges) == [True, False] * (len(edges) // 2)


@pytest.mark.parametrize("samples", [1, 160, 511, 512, 513, 4_000, 1_000_000])
async def test_the_length_of_the_pieces_does_not_matter(samples: int) -> None:
    clip = joined(quiet(0.5), await spoken(), quiet(0.5))
    assert fed(SileroVad().open(), clip, samples) == fed(SileroVad().open(), clip, 320) != []


async def test_speech_goes_on_until_it_has_been_quiet_for_a_while() -> None:
    clip = joined(quiet(0.5), await spoken(), quiet(0.5))
    end = fed(SileroVad().open(), clip)[1].at
    detector = SileroVad().open()
    assert kinds(fed(detector, clip.cut(end=end))) == [True]
    assert detector.speaking
    assert kinds(fed(detector, quiet(0.1))) == []
    assert detector.speaking
    assert kinds(fed(detector, quiet(0.5))) == [False]


async def test_listeners_do_not_disturb_each_other() -> None:
    clip = joined(quiet(0.5), await spoken(), quiet(0.5))
    alone = fed(SileroVad().open(), clip)
    one, two = SileroVad().open(), SileroVad().open()
    heard: list[SpeechEdge] = []
    for at in range(0, len(clip.data), 640):
        heard += one.feed(Pcm(clip.data[at : at + 640], HEARING_RATE))
        two.feed(Pcm(clip.data[-at - 640 : -at or None], HEARING_RATE))
    assert heard == alone


@pytest.mark.parametrize("level", [0, 3, 300, 3_000])
def test_noise_is_no_speech(level: int) -> None:
    noise = (np.random.default_rng(5).standard_normal(HEARING_RATE * 5) * level).astype("<i2")
    assert fed(SileroVad().open(), Pcm(noise.tobytes(), HEARING_RATE)) == []


def test_a_click_is_no_speech() -> None:
    click = np.zeros(HEARING_RATE, "<i2")
    click[8_000:8_160] = 20_000
    assert fed(SileroVad().open(), Pcm(click.tobytes(), HEARING_RATE)) == []


def test_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="16000 Hz"):
        SileroVad().open().feed(silence(0.1, 48_000))


async def test_the_model_loads_beside_the_event_loop() -> None:
    await SileroVad().warm()
    assert SileroVad().open().feed(silence(0.1, HEARING_RATE)) == []
