"""The order in which processes take files of tests, and a watch over what they write down."""

from __future__ import annotations

from itertools import groupby, zip_longest

import pytest

WAITING = {"wire", "vendors"}
"""Folders of tests over real sockets."""

pytest.register_assert_rewrite(
    "tests.providers.text_to_speech_conformance",
    "tests.providers.speech_to_text_conformance",
    "tests.providers.language_model_conformance",
    "tests.providers.voice_activity_conformance",
)


def pytest_configure(config: pytest.Config) -> None:
    from tests.leaks import Leaks

    config.pluginmanager.register(Leaks(), "leaks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for sound in real time alternate with files that compute: a process takes the next file when it
    is done with one, and whoever waits is in the way of nobody."""
    files = [list(file) for _, file in groupby(items, lambda item: item.path)]
    waiting = [file for file in files if file[0].path.parent.name in WAITING]
    computing = [file for file in files if file not in waiting]
    pairs = zip_longest(waiting, computing, fillvalue=[])
    items[:] = [item for pair in pairs for file in pair for item in file]
