"""A language model that goes on when its own fails: the next one, after the last sentence that was given out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from engine.errors import ProviderFailed
from engine.providers.base import About, Anew, LanguageModel, Prompt
from engine.providers.circuit import Chain
from engine.providers.tab import Tab
from engine.sentences import SentenceStream


class FallbackMind:
    """`LanguageModel` by the first of a chain that replies. Where one breaks off, what of its last sentence was not
    given out yet is not said, and the next one begins a sentence (`Anew`), knowing what was `begun`. A reply that has
    to be of a schema is whole or not at all."""

    def __init__(self, chain: Chain[LanguageModel]) -> None:
        self._chain = chain

    def of(self, tab: Tab) -> FallbackMind:
        return FallbackMind(self._chain.of(tab))

    @property
    def about(self) -> About:
        return self._chain.about

    async def warm(self) -> None:
        await self._chain.warm()

    async def close(self) -> None:
        await self._chain.close()

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Raises ProviderFailed where the last of them failed."""
        link = None
        given = _Given()
        while True:
            link = self._chain.asked(after=link)
            asked = replace(prompt, begun=given.text) if given.text else prompt
            try:
                async with aclosing(link.provider.reply(asked)) as pieces:
                    if prompt.schema is not None:
                        yield "".join([piece async for piece in pieces])
                    else:
                        async for piece in pieces:
                            if given.broken:
                                yield given.anew()
                            yield given.take(piece)
            except ProviderFailed as error:
                link.circuit.failed(error)
                if link is self._chain.links[-1]:
                    raise
                given.break_off()
            else:
                link.circuit.worked()
                return


class _Given:
    """What of a reply was given out as whole sentences or clauses, as whoever speaks it takes it (`SentenceStream`)."""

    def __init__(self) -> None:
        self._stream = SentenceStream()
        self._sentences: list[str] = []
        self.broken = False
        """Somebody broke off, and whoever takes the reply has not been told yet."""

    @property
    def text(self) -> str:
        return " ".join(self._sentences)

    def take(self, piece: str) -> str:
        self._sentences += self._stream.push(piece)
        return piece

    def anew(self) -> Anew:
        self.broken = False
        return Anew()

    def break_off(self) -> None:
        self._stream, self.broken = SentenceStream(), bool(self._sentences) or self.broken
