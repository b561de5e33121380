"""No key, and nothing that was said, gets into a log at any level."""

from __future__ import annotations

import logging

import pytest

from engine.errors import ProviderFailed
from engine.providers.base import Voice
from engine.providers.deepgram_ears import DeepgramEars
from engine.providers.deepgram_flux import DeepgramFlux
from engine.providers.deepgram_flux_voice import DeepgramFluxVoice
from engine.providers.deepgram_voice import DeepgramVoice
from tests.vendors.coded_speech import uttered
from tests.vendors.deepgram import KEY, deepgram
from tests.vendors.test_deepgram_hears_over_the_wire import FIRST, listening, understood

SAID = "A confidential sentence about elephants."


@pytest.fixture
def written(caplog):
    caplog.set_level(logging.DEBUG)

    def all_of_it():
        logging.getLogger("some library").debug("seen")
        lines = [record.getMessage() for record in caplog.records]
        assert "seen" in lines
        return "\n".join(lines)

    return all_of_it


@pytest.mark.parametrize("kind", [DeepgramEars, DeepgramFlux])
async def test_nothing_of_what_is_heard_is_logged(kind, written):
    async with deepgram(malformed_frame=True) as server, listening(kind, server) as ear:
        assert await understood(ear, uttered(FIRST), 1) == FIRST
    assert "sentence" not in written()
    assert KEY not in written()


@pytest.mark.parametrize("kind", [DeepgramVoice, DeepgramFluxVoice])
@pytest.mark.parametrize("key", [KEY, "dg-wrong-key"])
async def test_nothing_of_what_is_said_is_logged(kind, key, written):
    async with deepgram() as server:
        speaker = kind(key=key, base_url=server.url)
        try:
            async for _ in speaker.speak(SAID, Voice()):
                pass
        except ProviderFailed as error:
            assert key != KEY
            assert key not in repr(error)
        await speaker.close()
    assert "elephants" not in written()
    assert key not in written()
