import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("arguments", "settings", "names"),
    [
        ((), {"PORT": "eighty"}, ["PORT"]),
        (("--port", "0"), {}, ["PORT"]),
        ((), {"COMPAT_PORTS": "3000,x"}, ["COMPAT_PORTS"]),
        ((), {"DATABASE_URL": "mysql://root@db/x"}, ["DATABASE_URL"]),
        ((), {"DATABASE_URL": "sqlite:////proc/nowhere/r.db"}, ["DATABASE_URL"]),
        ((), {"ALLOWED_ORIGINS": "studio.example"}, ["ALLOWED_ORIGINS"]),
        ((), {"LOG_LEVEL": "loud"}, ["LOG_LEVEL"]),
        ((), {"PORT": "-1", "LOG_LEVEL": "loud"}, ["PORT", "LOG_LEVEL"]),
        (("--host", "0.0.0.0"), {}, ["HOST"]),
    ],
)
def test_a_wrong_value_ends_with_code_2(
    run: Run, arguments: tuple[str, ...], settings: dict[str, str], names: list[str]
) -> None:
    ended = run("--no-browser", *arguments, **settings)
    assert ended.returncode == 2
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(names)


def test_an_unknown_option_ends_with_code_2(run: Run) -> None:
    ended = run("--prot", "8000")
    assert ended.returncode == 2
    assert "usage: main.py" in ended.stderr


def test_a_port_in_use_is_named_with_its_variable_and_ends_with_code_1(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        ended = run("--no-browser", PORT=port)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(f"PORT: port {port} is in use.")
        assert len(ended.stderr.splitlines()) == 1

        with socket.create_server(("127.0.0.1", 0)) as other:
            free = other.getsockname()[1]
        ended = run("--no-browser", PORT=str(free), COMPAT_PORTS=port)
        assert ended.returncode == 1
        assert ended.stderr.startswith(f"COMPAT_PORTS: port {port} is in use.")


def test_an_address_of_another_machine_is_refused(run: Run) -> None:
    ended = run("--no-browser", HOST="192.0.2.1", ALLOW_OPEN="1", PORT="8765")
    assert ended.returncode == 1
    assert ended.stderr.startswith("HOST: ")
    assert len(ended.stderr.splitlines()) == 1


def test_a_database_of_a_newer_version_is_refused(run: Run, tmp_path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(tmp_path / "rostrum.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    ended = run("--no-browser")
    assert ended.returncode == 2
    assert ended.stderr.startswith("DATABASE_URL: ")
    assert len(ended.stderr.splitlines()) == 1
