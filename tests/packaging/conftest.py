"""The wheel of this checkout, and a fresh environment with nothing of Rostrum but that wheel.

What Rostrum stands on is lent from the environment of the tests, so that no network is needed: that all of it is
declared is another test. `make package-test` installs everything anew instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.docs.documents import ROOT

PATIENCE = 120.0
"""Seconds for a build or an installation on a busy machine; nothing here measures time."""
KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH")


def done(*command: object, **more: object) -> str:
    """What a command prints; it has to end well."""
    finished = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE, check=False, **more
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def built(source: Path, folder: Path) -> Path:
    """The wheel of `source`, made in `folder`."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    done(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    [wheel] = folder.glob("rostrum-*.whl")
    return wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def rostrum(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `rostrum` command of a fresh environment."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    done(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    done(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    [packages] = (folder / "lib").glob("python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "rostrum"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user who has never run it, in an empty directory."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """No setting of whoever runs the tests, and nothing of the checkout."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}


@pytest.fixture(scope="session", autouse=True)
def posix() -> None:
    if os.name == "nt" or not shutil.which("sh"):
        pytest.skip("an environment is laid out otherwise here")
