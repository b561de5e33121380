"""No key and nothing that was said gets into any log: watched in every test, at every level, of every library.

All loggers but those that the product keeps quiet itself speak at DEBUG, and what processes print is read, too. A test
fails where a planted secret turns up: a key that an emulator knows or is given, or words that only a vendor and its
listener exchange. `tests/test_a_leak_fails_the_test_that_leaks.py` shows that it does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Generator

import pytest

KEYS = (
    "dg-right-key",
    "dg-wrong",
    "sk-a-key-that-nobody-may-see",
    "sk-mine",
    "sk-right",
    "sk-secret",
    "sk-wrong",
    "sk_a-key-that-is-never-shown",
    "sk_a-wrong-key",
    "cvtkn_a-signature-that-is-never-shown",
    "a key of the tests that is long enough to sign with",
    "open sesame",
)
WORDS = (
    "written on day 23",
    "confidential sentence",
    "fortune of the Duke",
    "well um it is it is free",
    "first sentence of it",
    "here is the second",
    "Nobody wants to know this",
    "Maya’s pilot",
    "Maya runs a pilot",
    "It costs 5 €",
    "elephants",
)
"""None that a test's own client, whose log is the test's affair, sends to Rostrum."""
PLANTED = KEYS + WORDS

_ANY = re.compile("|".join(map(re.escape, PLANTED)))


class Watch(logging.Handler):
    """Remembers where something planted was logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        for planted in sorted(set(_ANY.findall(self.format(record)))):
            self.found.append(f"{planted!r} in the log {record.name!r} at {record.levelname}")

    def take(self) -> list[str]:
        found, self.found = self.found, []
        return found


class Leaks:
    """The plugin, for `pytest_configure` of a conftest."""

    def __init__(self) -> None:
        self._watch = Watch()
        root = logging.getLogger()
        root.setLevel(logging.DEBUG)
        root.addHandler(self._watch)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Nobody else is to read more than before: what `caplog` and reports hold are warnings, unless they ask."""
        if logs := session.config.pluginmanager.get_plugin("logging-plugin"):
            logs.caplog_handler.setLevel(logging.WARNING)
            logs.report_handler.setLevel(logging.WARNING)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when != "teardown":
            return report
        found = self._watch.take()
        for title, text in report.sections:
            found += [f"{planted!r} in {title.lower()}" for planted in sorted(set(_ANY.findall(text)))]
        if found:
            report.outcome = "failed"
            report.longrepr = "\n".join(["what nobody may see was written down:", *found])
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What was logged after the last test."""
        if found := self._watch.take():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            session.config.get_terminal_writer().line("\n".join(["written down after the tests:", *found]), red=True)
