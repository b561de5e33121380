import re
import tomllib
from pathlib import Path

import pytest

from engine.settings import Settings
from engine.wire.rest import VERSION

ROOT = Path(__file__).parents[2]


def test_it_names_each_variable_once_with_its_sentence() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = re.findall(r"^# (.+)\n#?([A-Z_]+)=(.*)$", text, re.MULTILINE)
    assert [name for _, name, _ in found] == [name.upper() for name in Settings.model_fields]
    for sentence, name, _ in found:
        assert sentence == Settings.model_fields[name.lower()].description


def test_its_values_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z])", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)


def test_one_version_is_told_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
