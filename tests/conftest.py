"""The order in which processes take files of tests."""

from __future__ import annotations

from itertools import groupby, zip_longest

import pytest

pytest.register_assert_rewrite(
    "tests.providers.text_to_speech_conformance",
    "tests.providers.speech_to_text_conformance",
    "tests.providers.language_model_conformance",
    "tests.providers.voice_activity_conformance",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, and files with browsers, which compute, between files that wait for sound in
    real time: a process takes the next file when it is done with one, and browsers disturb each other."""
    files = [list(file) for _, file in groupby(items, lambda item: item.path)]
    computing, waiting = ([file for file in files if file[0].path.parent.name == folder] for folder in ("ui", "wire"))
    between = [file for pair in zip_longest(computing, waiting, fillvalue=[]) for file in pair if file]
    rest = [file for file in files if file not in between]
    items[:] = [item for file in (*between, *rest) for item in file]
