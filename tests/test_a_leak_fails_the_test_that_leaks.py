"""The watch over all logs (`leaks`) sees what is planted, wherever it turns up; and it watches for what tests plant."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks import PLANTED

ROOT = Path(__file__).parents[1]
CONFTEST = """
from tests.leaks import Leaks


def pytest_configure(config):
    config.pluginmanager.register(Leaks(), "leaks")
"""
TESTS = """
import asyncio, logging, os, subprocess, sys, threading
from tests.leaks import PLANTED

SECRET = PLANTED[0]
WORDS = PLANTED[-1]
log = logging.getLogger("some.library")


def test_quiet():
    log.debug("nothing to see")
    print("nothing to see")


def test_leak_at_debug():
    log.debug("key %s", SECRET)


def test_leak_of_words():
    logging.getLogger("another").info("they said: %s", WORDS)


def test_leak_in_a_traceback():
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("failed")


def test_leak_in_a_thread():
    thread = threading.Thread(target=log.debug, args=(SECRET,))
    thread.start()
    thread.join()


def test_leak_by_printing():
    print("words:", WORDS)


def test_leak_by_a_child_process():
    subprocess.run([sys.executable, "-c", f"import sys; sys.stderr.write({SECRET!r})"], check=True)


def test_quiet_again():
    pass
"""


@pytest.mark.parametrize("how", [(), ("--numprocesses", "2", "--dist", "loadfile")], ids=["one process", "several"])
def test_only_the_tests_that_leak_fail(tmp_path: Path, how: tuple[str, ...]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_leaks.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "--color=no", "-p", "no:cacheprovider", *how, str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    leaking = set(re.findall(r"^def (test_leak\w*)", TESTS, re.MULTILINE))
    failed = set(re.findall(r"^ERROR \S*::(\w+)", run.stdout, re.MULTILINE))
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert failed == leaking, run.stdout
    assert f"{PLANTED[0]!r} in the log 'some.library' at DEBUG" in run.stdout
    assert f"{PLANTED[-1]!r} in captured stdout call" in run.stdout
    assert f"{PLANTED[0]!r} in captured stderr call" in run.stdout


def test_this_session_is_watched(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("leaks")


def test_what_is_watched_for_is_planted_somewhere() -> None:
    here = {Path(__file__), ROOT / "tests" / "leaks.py"}
    texts = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path not in here)
    assert [planted for planted in PLANTED if planted not in texts] == []


def test_every_emulator_s_key_is_watched_for() -> None:
    keys = set()
    for path in (ROOT / "tests" / "vendors").glob("*.py"):
        keys |= set(re.findall(r'^(?:KEY|WRONG|SIGNATURE) = "([^"]+)"', path.read_text("utf-8"), re.MULTILINE))
    assert len(keys) >= 4
    assert keys <= set(PLANTED)
