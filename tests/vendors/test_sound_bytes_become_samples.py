"""Speech in whatever it comes, cut anywhere: the same samples, at its own rate."""

import pytest

from engine.audio import Pcm
from engine.errors import BadInput
from engine.media.decode import decode_clip
from engine.media.raw import RawFormat
from engine.providers.sound_bytes import SoundBytes
from tests.vendors.openai import dressed, signal

SAID = signal("a few words", 22_050)
RAW = RawFormat(rate=24_000)


def through(data, size):
    sound = SoundBytes(RAW)
    pieces = [sound.push(data[at : at + size]) for at in range(0, len(data), size)] + [sound.finish()]
    made = [pcm for pcm in pieces if pcm.data]
    assert len({pcm.rate for pcm in made}) <= 1
    return Pcm(b"".join(pcm.data for pcm in made), made[0].rate if made else 0), sound.missing


@pytest.mark.parametrize("size", [1, 7, 4801, 1 << 20])
@pytest.mark.parametrize(("form", "rate"), [("pcm", 24_000), ("wav", 22_050), ("endless wav", 22_050)])
def test_how_it_is_cut_changes_nothing(form, rate, size):
    heard, missing = through(dressed(SAID, form, 22_050), size)
    assert (heard.data, heard.rate) == (SAID, rate)
    assert not missing


@pytest.mark.parametrize("size", [97, 4801])
def test_mp3_is_decoded(size):
    data = dressed(SAID, "mp3", 22_050)
    heard, _ = through(data, size)
    assert heard.rate == 16_000
    assert abs(heard.samples - decode_clip(data).samples) < 1600


def test_a_file_that_ends_before_its_time_is_told():
    heard, missing = through(dressed(SAID, "wav", 22_050)[:2000], 500)
    assert heard.data == SAID[: len(heard.data)]
    assert missing


def test_what_begins_like_a_file_and_is_none_is_refused():
    with pytest.raises(BadInput):
        through(b"RIFF\0\0\0\0WAVEjunkjunk\xff\xff\xff\xff" + bytes(100), 50)
