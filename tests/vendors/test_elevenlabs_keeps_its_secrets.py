"""Neither the key, nor what is said or heard, is in any log, however much is logged."""

from __future__ import annotations

import logging

import pytest

from engine.errors import ProviderFailed
from engine.providers.base import Voice
from tests.vendors.elevenlabs import KEY, emulated
from tests.vendors.faults import Faults
from tests.vendors.test_elevenlabs_hears_over_the_wire import PATIENT, final, listening, push, sound
from tests.vendors.test_elevenlabs_speaks_over_the_wire import BOTH, voice

SAID = "A confidential sentence about elephants."
HEARD = [("Confidential", 0.1, 0.4), ("elephants.", 0.5, 0.9)]
WRONG = "sk_a-wrong-key"


@pytest.fixture
def written(caplog):
    caplog.set_level(logging.DEBUG)

    def all_of_it():
        logging.getLogger("tests").debug("it is logged")
        assert "it is logged" in caplog.text
        return caplog.text

    return all_of_it


@BOTH
@pytest.mark.parametrize("key", [KEY, WRONG], ids=["good", "wrong"])
@pytest.mark.parametrize("faults", [Faults(), Faults(cut=2), Faults(malformed_frame=True)], ids=["well", "cut", "bad"])
async def test_nothing_of_what_is_said_is_logged(kind, key, faults, written):
    async with emulated(faults=faults) as vendor, voice(kind, vendor, key=key) as speaker:
        try:
            async for _ in speaker.speak(SAID, Voice()):
                pass
        except ProviderFailed as error:
            logging.getLogger("tests").debug("as the engine logs it: %s", error, exc_info=error)
    log = written()
    assert "elephants" not in log
    assert key not in log


@pytest.mark.parametrize("key", [KEY, WRONG], ids=["good", "wrong"])
async def test_nothing_of_what_is_heard_is_logged_or_printed(key, written, capfd):
    async with emulated(says=[HEARD]) as vendor, listening(vendor, key=key, deadlines=PATIENT) as ear:
        push(ear, sound(1.0), 1)
        ear.finish(1)
        try:
            assert (await final(ear, 1))[0].text == " ".join(word for word, _, _ in HEARD)
        except ProviderFailed as error:
            logging.getLogger("tests").debug("as the engine logs it: %s", error, exc_info=error)
    log = written() + "".join(capfd.readouterr())
    assert "elephants" not in log
    assert key not in log
