"""What can be told of `--native` without a screen; `tests/e2e/test_the_native_window.py` opens one."""

import importlib.util
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.start.conftest import free_port
from ui.window import Place, hint, keep, kept, missing

LEFT = Place(x=0, y=0, width=1600, height=1000)
RIGHT = Place(x=1600, y=0, width=1280, height=1024)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(x=100, y=50, width=1240, height=860), Place(x=100, y=50, width=1240, height=860)),
        (Place(x=-300, y=-20, width=1240, height=860), Place(x=0, y=0, width=1240, height=860)),
        (Place(x=1500, y=400, width=1240, height=860), Place(x=1600, y=164, width=1240, height=860)),
        (Place(x=0, y=0, width=3000, height=1900), Place(x=0, y=0, width=1600, height=1000)),
        (Place(x=9000, y=9000, width=1240, height=860), Place(width=1240, height=860)),
        (Place(), Place()),
    ],
)
def test_it_opens_where_it_was_as_far_as_that_is_on_a_screen(place: Place, shown: Place) -> None:
    assert place.within([LEFT, RIGHT]) == shown


def test_its_place_is_kept_and_nonsense_is_no_place(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "window.json"
    assert kept(path) == Place()
    place = Place(x=10, y=20, width=900, height=700)
    keep(place, path)
    assert kept(path) == place
    for nonsense in (
        "",
        "[1]",
        "{}",
        '{"x": "a", "y": 0, "width": 900, "height": 700}',
        '{"x": 1, "y": 1, "width": 3}',
    ):
        path.write_text(nonsense)
        assert kept(path) == Place()
    keep(Place(x=0, y=0, width=5, height=5), path)
    assert kept(path) == Place(), "too small to be used"


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    problem = missing()
    assert problem and "pywebview is not installed" in problem and "requirements-native.txt" in problem
    for system, more in (("linux", "libxcb-cursor0"), ("darwin", "macOS"), ("win32", "WebView2")):
        monkeypatch.setattr("sys.platform", system)
        assert more in hint()


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere there is always a screen")
def test_without_a_screen_it_ends_with_code_1_and_one_sentence(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    ended = run("--native", "--port", str(free_port()))
    assert ended.returncode == 1
    assert ended.stderr.startswith("--native: ") and "Traceback" not in ended.stderr


def test_what_it_stands_on_has_floors_and_caps_and_is_not_needed_otherwise() -> None:
    root = Path(__file__).parents[2]
    wanted = (root / "requirements-native.txt").read_text(encoding="utf-8").splitlines()
    assert all("<" in line and ">=" in line for line in wanted if line.startswith("pywebview"))
    assert "webview" not in (root / "requirements.txt").read_text(encoding="utf-8")
