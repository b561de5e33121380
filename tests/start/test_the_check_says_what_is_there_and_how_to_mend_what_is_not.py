import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import check
from engine.settings import Settings


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)


def test_it_says_who_hears_thinks_and_speaks_and_leaves_nothing_behind(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ended = run("--check")
    assert ended.returncode == 0
    assert ended.stderr == ""
    for word in ("hears", "thinks", "speaks", "decodes", "database", "full-text search", "OpenAI"):
        assert any(line.strip().startswith(word) for line in ended.stdout.splitlines()), word
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    lines = check.report(settings()).splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.strip().startswith("decodes")]
    assert "av cannot be loaded" in lines[at]
    assert lines[at + 1].strip() == "-> pip install -r requirements.txt"


def test_a_models_directory_that_is_none_is_said_to_be_so(tmp_path: Path) -> None:
    report = check.report(settings(speech_models=str(tmp_path / "nope")))
    assert "SPEECH_MODELS is no directory" in report


def test_listening_beyond_this_machine_is_said(tmp_path: Path) -> None:
    report = check.report(settings(host="0.0.0.0", access_token="value"))
    assert "other machines can reach it, with a token" in report
