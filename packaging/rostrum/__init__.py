"""The installed command. A wheel holds here what a checkout holds at its top: main.py, engine, ui and data."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """What `python main.py` is in a checkout; its exit code."""
    # One folder of ours in site-packages, instead of names such as `ui` and `data` that others may have too.
    sys.path.insert(0, str(Path(__file__).parent))
    from main import main as rostrum

    return rostrum()
