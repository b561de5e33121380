"""What directories are said to hold, by the file names of real models; no package and no model needed."""

from pathlib import Path

import pytest

from engine.errors import ProviderFailed
from engine.local_models import RECOMMENDED, check
from engine.providers import local_sherpa_ears
from engine.providers.local_sherpa_ears import Model, SherpaEars, find_model

MODELS = {
    "sherpa-onnx-streaming-zipformer-en-2023-06-26": (
        "transducer",
        [
            "encoder-epoch-99-avg-1-chunk-16-left-128.int8.onnx",
            "encoder-epoch-99-avg-1-chunk-16-left-128.onnx",
            "decoder-epoch-99-avg-1-chunk-16-left-128.onnx",
            "joiner-epoch-99-avg-1-chunk-16-left-128.onnx",
            "tokens.txt",
        ],
    ),
    "sherpa-onnx-nemo-parakeet-tdt-0.6b-v2-int8": (
        "transducer",
        ["encoder.int8.onnx", "decoder.int8.onnx", "joiner.int8.onnx", "tokens.txt"],
    ),
    "sherpa-onnx-moonshine-tiny-en-int8": (
        "moonshine",
        ["preprocess.onnx", "encode.int8.onnx", "uncached_decode.int8.onnx", "cached_decode.int8.onnx", "tokens.txt"],
    ),
    "sherpa-onnx-moonshine-base-en-quantized": (
        "moonshine v2",
        ["encoder_model.ort", "decoder_model_merged.ort", "tokens.txt"],
    ),
    "sherpa-onnx-whisper-base.en": (
        "whisper",
        ["base.en-encoder.onnx", "base.en-encoder.int8.onnx", "base.en-decoder.onnx", "base.en-tokens.txt"],
    ),
    "sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17": ("sense voice", ["model.int8.onnx", "tokens.txt"]),
}


def lay_out(folder: Path, names: list[str]) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"not a model")
    return folder


@pytest.mark.parametrize("name", MODELS)
def test_each_kind_is_known_by_its_files(name: str, tmp_path: Path) -> None:
    kind, names = MODELS[name]
    model = find_model(lay_out(tmp_path / name, names))
    assert isinstance(model, Model), model
    assert model.kind == kind
    assert model.streams == ("streaming" in name)
    assert {Path(path).name for path in model.files.values()} <= set(names)


def test_the_smaller_file_is_taken_where_there_are_two(tmp_path: Path) -> None:
    name = "sherpa-onnx-whisper-base.en"
    model = find_model(lay_out(tmp_path / name, MODELS[name][1]))
    assert isinstance(model, Model)
    assert model.files["encoder"].endswith("base.en-encoder.int8.onnx")


def test_of_several_models_the_one_that_streams_is_taken(tmp_path: Path) -> None:
    for name, (_, names) in MODELS.items():
        lay_out(tmp_path / name, names)
    model = find_model(tmp_path)
    assert isinstance(model, Model)
    assert model.streams


@pytest.mark.parametrize("name", [name for name in MODELS if "sense" not in name])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    names = [name for name in MODELS[name][1] if "tokens" not in name]
    found = find_model(lay_out(tmp_path / name, names))
    assert isinstance(found, str)
    assert "tokens.txt missing" in found


def test_a_directory_that_is_not_there_and_an_empty_one(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere")[0] == "hearing: nowhere: there is no such directory"
    assert "no recogniser in it" in check(tmp_path)[0]
    assert check(tmp_path)[1].startswith("speaking: ")
    with pytest.raises(ProviderFailed, match="no recogniser in it"):
        SherpaEars(tmp_path)


def test_a_voice_is_no_recogniser(tmp_path: Path) -> None:
    lay_out(tmp_path / "vits-piper-en_US-lessac-medium", ["en_US-lessac-medium.onnx", "tokens.txt"])
    lay_out(tmp_path / "kokoro-en-v0_19", ["model.onnx", "voices.bin", "tokens.txt"])
    assert "no recogniser in it" in check(tmp_path)[0]


def test_without_the_package_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay_out(tmp_path / "sherpa-onnx-moonshine-tiny-en-int8", MODELS["sherpa-onnx-moonshine-tiny-en-int8"][1])
    monkeypatch.setattr(local_sherpa_ears, "find_spec", lambda _: None)
    assert "pip install" in check(folder)[0]
    with pytest.raises(ProviderFailed, match="pip install"):
        SherpaEars(folder)


def test_recommended_models_once_unpacked_are_found(tmp_path: Path) -> None:
    for wanted in RECOMMENDED:
        folder = lay_out(tmp_path / wanted.name, [name.replace("*", "epoch-99") for name in wanted.files])
        hearing, _ = check(folder)
        assert (" recogniser, " in hearing) == wanted.purpose.startswith("hearing")
        assert wanted.address.startswith("https://")
