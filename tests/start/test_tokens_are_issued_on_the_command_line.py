import subprocess
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from engine.wire import tokens

Run = Callable[..., subprocess.CompletedProcess[str]]
KEY = "a key of the tests that is long enough to sign with"


def test_one_is_printed_and_nothing_else(run: Run) -> None:
    ended = run("token", "--user", "ann", "--days", "3", SECRET_KEY=KEY)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert tokens.user([ended.stdout.strip()], SecretStr(KEY)) == "ann"
    assert run("token", "--user", "Zoë Smith", SECRET_KEY="short").stderr == ""


def test_without_a_key_it_says_what_to_set(run: Run) -> None:
    for settings in ({}, {"SECRET_KEY": ""}):
        ended = run("token", "--user", "ann", **settings)
        assert ended.returncode == 2
        assert ended.stdout == ""
        assert ended.stderr.startswith("SECRET_KEY: set it to")
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--days", "3"),
        ("--user", ""),
        ("--user", "  "),
        ("--user", "a" * 201),
        ("--user", "two\nlines"),
        ("--user", "ann", "--days", "0"),
        ("--user", "ann", "--days", "-1"),
        ("--user", "ann", "--days", "nan"),
        ("--user", "ann", "--days", "1e3"),
        ("--user", "ann", "--days", "3651"),
        ("--user", "ann", "--days", "99999999999999999999"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run("token", *arguments, SECRET_KEY=KEY)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr
    assert ended.stdout == ""
