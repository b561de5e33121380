"""pocketsphinx's own process: `python -m engine.providers.sphinx_worker`. What it says is in `child_worker`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from engine.providers.child_worker import Begin, Hearing, run

if TYPE_CHECKING:
    from engine.providers.sphinx_decoders import Decoder, Pronounce
    from engine.providers.sphinx_verbatim import OpenDecoder

SCRIPTS_KEPT, OPEN_KEPT = 4, 1
"""An open one takes 60 MB."""


class Decoders:
    """The generic decoder, and those of the last few expectations."""

    def __init__(self, pronounce: Pronounce) -> None:
        from engine.providers.sphinx_decoders import ChannelMeter, Decoder

        self._pronounce = pronounce
        self._generic = Decoder()
        self._meter = ChannelMeter()
        self._script = lru_cache(SCRIPTS_KEPT)(self._make_script)
        self._open = lru_cache(OPEN_KEPT)(self._make_open)

    def __call__(self, sentences: Sequence[str], channel: str = "", language: str = "en") -> Hearing:
        """Begin a turn in which these sentences are likely; English is all it knows. A new script takes some 20 ms."""
        from engine.providers.sphinx_decoders import BothDecoders

        return BothDecoders(self._generic, self._script(tuple(sentences)), self._meter, channel)

    def verbatim(self, sentences: Sequence[str], channel: str = "", language: str = "en") -> Hearing:
        """Begin a turn in which these sentences are read, more or less. Building a new script takes 1.2 s."""
        from engine.providers.sphinx_verbatim import Verbatim

        if self._script(tuple(sentences)) is None:
            return self(sentences, channel)
        return Verbatim(self._open(tuple(sentences)), self._meter, channel)

    def _make_script(self, sentences: tuple[str, ...]) -> Decoder | None:
        from engine.providers.sphinx_decoders import script_decoder

        return script_decoder(sentences, self._generic, self._pronounce)

    def _make_open(self, sentences: tuple[str, ...]) -> OpenDecoder:
        from engine.providers.sphinx_verbatim import OpenDecoder

        return OpenDecoder(sentences, self._generic, self._others, self._pronounce)

    @cached_property
    def _others(self) -> dict[str, float]:
        from engine.providers.sphinx_verbatim import frequent

        return frequent(self._generic)


def load() -> Begin:
    """Load the generic decoder: half a second, 90 MB."""
    from engine.providers.pronounce import pronounce

    return Decoders(pronounce)


if __name__ == "__main__":
    run(load)
