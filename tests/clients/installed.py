"""Clients that others wrote, as `make clients` installs them, each in a place of its own."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".clients"


def client(path: str) -> Path:
    """Something that `make clients` installs; skips the test where it has not been run."""
    found = PLACE / path
    if not found.exists():
        pytest.skip(f"{path} is not installed: run `make clients`")
    return found
