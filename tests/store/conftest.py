from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rostrum.db"


@pytest.fixture
def store(path: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store: no sample pitch in it."""
    store = Store(path, samples=tmp_path)
    yield store
    store.close()
