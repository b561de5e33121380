"""pocketsphinx's own process: `python -m engine.providers.sphinx_worker`. What it says is in `child_worker`."""

from __future__ import annotations

from engine.providers.child_worker import Begin, run


def load() -> Begin:
    """Load the generic decoder: half a second, 90 MB."""
    from engine.providers.pronounce import pronounce
    from engine.providers.sphinx_decoders import Decoders

    return Decoders(pronounce).turn


if __name__ == "__main__":
    run(load)
