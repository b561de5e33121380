"""What `check` says of directories, by the file names of real voices; no package and no model needed."""

from pathlib import Path

import pytest

from engine.errors import ProviderFailed
from engine.providers.local_sherpa_models import Model, check, find_model
from engine.providers.local_sherpa_voice import SherpaVoice

KOKORO_SPEAKER, KITTEN_SPEAKER = 522_240, 1_024


def lay_out(folder: Path, *names: str, **sizes: int) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"")
    for name, size in sizes.items():
        (folder / f"{name}.bin").write_bytes(bytes(size))
    return folder


def found(folder: Path) -> Model:
    model = find_model(folder)
    assert isinstance(model, Model), model
    return model


def test_a_piper_voice(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "vits-piper-en_GB-alan-low", "en_GB-alan-low.onnx", "tokens.txt")
    model = found(folder)
    assert (model.kind, model.speakers, model.accent, model.by_text) == ("vits", 1, "en-gb-x-rp", False)
    assert check(folder).startswith("vits-piper-en_GB-alan-low: a vits voice")


def test_a_piper_voice_with_its_description(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "amy", "en_US-amy.onnx", "tokens.txt")
    (folder / "en_US-amy.onnx.json").write_text('{"num_speakers": 12, "espeak": {"voice": "en-gb-scotland"}}')
    assert (found(folder).speakers, found(folder).accent) == (12, "en-gb-scotland")
    assert "12 speakers" in check(folder)


def test_a_description_that_is_broken_is_passed_over(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "amy", "en_US-amy.onnx", "tokens.txt")
    (folder / "en_US-amy.onnx.json").write_text("[1, 2")
    assert (found(folder).speakers, found(folder).accent) == (1, "en-us")


def test_a_vits_voice_with_its_own_dictionary(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "vits-ljs", "vits-ljs.onnx", "tokens.txt", "lexicon.txt")
    assert found(folder).by_text
    assert found(folder).files["lexicon"] == str(folder / "lexicon.txt")


def test_kokoro_and_kitten_with_all_their_speakers(tmp_path: Path) -> None:
    kokoro = lay_out(tmp_path / "kokoro-en-v0_19", "model.onnx", "tokens.txt", voices=11 * KOKORO_SPEAKER)
    kitten = lay_out(tmp_path / "kitten-nano-en", "model.fp16.onnx", "tokens.txt", voices=8 * KITTEN_SPEAKER)
    assert (found(kokoro).kind, found(kokoro).speakers) == ("kokoro", 11)
    assert (found(kitten).kind, found(kitten).speakers) == ("kitten", 8)
    assert found(kitten).files == {
        "tokens": str(kitten / "tokens.txt"),
        "voices": str(kitten / "voices.bin"),
        "model": str(kitten / "model.fp16.onnx"),
    }


def test_matcha_takes_its_vocoder_from_beside_it(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "matcha-icefall-en_US", "model-steps-3.onnx", "tokens.txt")
    assert "without its vocoder" in check(folder)
    (tmp_path / "vocos-22khz-univ.onnx").write_bytes(b"")
    assert found(folder).kind == "matcha"
    assert found(folder).files["acoustic_model"] == str(folder / "model-steps-3.onnx")
    assert found(folder).files["vocoder"] == str(tmp_path / "vocos-22khz-univ.onnx")


def test_the_full_model_is_preferred_to_the_rounded_one(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "voice", "a.int8.onnx", "voice.onnx", "tokens.txt")
    assert found(folder).files["model"] == str(folder / "voice.onnx")


def test_the_first_usable_of_several_voices_is_taken(tmp_path: Path) -> None:
    lay_out(tmp_path / "a-broken", "voice.onnx")
    lay_out(tmp_path / "b-good", "voice.onnx", "tokens.txt")
    assert found(tmp_path).folder.name == "b-good"


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ((), "no voice in it"),
        (("voice.onnx",), "tokens.txt is missing"),
        (("vocos-22khz-univ.onnx", "tokens.txt"), "only a vocoder"),
    ],
)
def test_what_is_missing_is_said_in_one_line(tmp_path: Path, names: tuple[str, ...], complaint: str) -> None:
    folder = lay_out(tmp_path / "voice", *names)
    assert complaint in check(folder)
    assert "\n" not in check(folder)
    assert str(tmp_path) not in check(folder)
    with pytest.raises(ProviderFailed, match=complaint):
        SherpaVoice(folder)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere") == "nowhere: there is no such directory"


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "voice.onnx").write_bytes(b"")
    assert check(tmp_path / "voice.onnx") == "voice.onnx: there is no such directory"


def test_a_recogniser_beside_the_voice_is_no_voice(tmp_path: Path) -> None:
    recogniser = ("preprocess.onnx", "encode.int8.onnx", "uncached_decode.int8.onnx", "cached_decode.int8.onnx")
    lay_out(tmp_path / "a-moonshine", *recogniser, "tokens.txt")
    lay_out(tmp_path / "b-piper", "voice.onnx", "tokens.txt")
    assert found(tmp_path).folder.name == "b-piper"
