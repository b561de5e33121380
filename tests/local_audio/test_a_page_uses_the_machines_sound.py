"""One page's use of a microphone and a speaker, on a sound card in virtual time."""

import asyncio

import pytest

from engine import clock
from engine.inputs import Left, MicAudio, Played, Returned
from engine.local_audio.hardware import Choice
from engine.messages import Clear, Speech, SpeechSent, State, StateChanged
from tests.local_audio.card import LATENCY, FakeCard, device, page, tone
from tests.virtual_time import run

SOON = 0.2
"""Seconds within which anything here has happened: callbacks, latency, a report."""


def say(here, seconds, generation=1):
    for _ in range(round(seconds / 0.1)):
        here.sound.put(Speech(line=1, mark=1, generation=generation, pcm=tone(0.1)))


def heard(here, since=0):
    """The loudest of what the conversation heard."""
    return max(
        (max(abs(x) for x in memoryview(one.pcm.data).cast("h")) for one in here.of(MicAudio)[since:]), default=0
    )


def test_what_is_said_sounds_and_is_reported_as_it_is_heard():
    async def scene():
        async with page(FakeCard()) as here:
            begun = clock.now()
            say(here, 1.0)
            here.sound.put(SpeechSent(generation=1))
            await asyncio.sleep(0.5)
            report = here.of(Played)[-1]
            assert report.generation == 1
            assert report.seconds == pytest.approx(0.5 - LATENCY, abs=0.08), "by the device's clock"
            assert here.positions[-1].sounding and here.positions[-1].level > 0.1
            await asyncio.sleep(0.5 + SOON)
            assert here.of(Played)[-1].seconds == pytest.approx(1.0)
            assert not here.positions[-1].sounding
            assert here.card.loud(begun, begun + SOON) and not here.card.loud(begun + 1 + SOON)

    run(scene())


def test_a_clear_silences_it_within_two_callbacks_and_corrects_what_was_heard():
    async def scene():
        async with page(FakeCard()) as here:
            say(here, 2.0)
            await asyncio.sleep(0.5)
            here.sound.put(Clear(generation=2))
            cleared = clock.now()
            await asyncio.sleep(SOON)
            assert not here.card.loud(cleared + 0.02 + LATENCY)
            cut = [one for one in here.of(Played) if one.generation == 1][-1]
            assert cut.seconds == pytest.approx(0.5, abs=0.03), "with what could not be taken back"
            say(here, 0.2, generation=2)
            await asyncio.sleep(SOON)
            assert here.of(Played)[-1].generation == 2

    run(scene())


def test_the_microphone_is_heard_only_while_it_is_open_and_not_muted():
    async def scene():
        async with page(FakeCard(room=3000)) as here:
            await asyncio.sleep(SOON)
            assert not here.of(MicAudio) and not here.card.recording, "closed until it is asked for"
            here.sound.listen(open=True, live=False)
            await asyncio.sleep(SOON)
            assert here.situation.listening == "open" and not here.of(MicAudio)
            here.sound.listen(open=True, live=True)
            await asyncio.sleep(1.0)
            assert sum(one.pcm.seconds for one in here.of(MicAudio)) == pytest.approx(1.0, abs=0.05)
            assert here.of(MicAudio)[0].pcm.rate == 16_000 and heard(here) == pytest.approx(3000, rel=0.05)
            assert max(here.levels) == pytest.approx(3000 / 32768, rel=0.05)
            here.sound.listen(open=False, live=False)
            await asyncio.sleep(SOON)
            assert here.card.recording[-1].closed and here.situation.listening == ""

    run(scene())


def test_without_a_headset_it_is_deaf_while_it_speaks_and_a_moment_after_but_not_to_the_key():
    async def scene():
        async with page(FakeCard(room=3000)) as here:
            here.sound.listen(open=True, live=True)
            await asyncio.sleep(SOON)
            here.sound.put(StateChanged(state=State.SPEAKING))
            say(here, 1.0)
            here.sound.put(SpeechSent(generation=1))
            await asyncio.sleep(0.2)
            since = len(here.of(MicAudio))
            await asyncio.sleep(0.4)
            during = here.of(MicAudio)[since:]
            assert sum(one.pcm.seconds for one in during) == pytest.approx(0.4, abs=0.05), "time goes on"
            assert heard(here, since) == 0
            here.sound.press(True)
            await asyncio.sleep(0.1)
            assert heard(here, since) > 2000
            here.sound.press(False)
            await asyncio.sleep(0.1)
            since = len(here.of(MicAudio))
            here.sound.put(StateChanged(state=State.IDLE))
            await asyncio.sleep(0.3)
            assert heard(here, since) == 0, "its last words have not sounded yet, nor has the room forgotten them"
            await asyncio.sleep(0.6)
            assert heard(here, since) > 2000

    run(scene())


def test_with_a_headset_it_hears_all_the_time():
    async def scene():
        async with page(FakeCard(room=3000), Choice(headset=True)) as here:
            here.sound.listen(open=True, live=True)
            here.sound.put(StateChanged(state=State.SPEAKING))
            say(here, 1.0)
            await asyncio.sleep(0.5)
            assert here.situation.headset and heard(here) > 2000

    run(scene())


def test_another_speaker_is_used_at_once_and_what_was_unheard_is_said_there():
    async def scene():
        async with page(FakeCard()) as here:
            say(here, 2.0)
            await asyncio.sleep(0.5)
            here.sound.choose(Choice(output="Headset"))
            await asyncio.sleep(SOON)
            assert [stream.device.name for stream in here.card.playing if not stream.closed] == ["Headset"]
            assert here.situation.output == "Headset" and here.situation.problem == ""
            order = [type(one) for one in here.posted if isinstance(one, (Left, Returned))]
            assert order == [Left, Returned]

    run(scene())


def test_a_device_that_vanishes_is_told_and_the_default_is_used():
    async def scene():
        async with page(FakeCard(), Choice(output="Headset")) as here:
            assert here.situation.output == "Headset"
            here.card.unplug("Headset")
            await asyncio.sleep(SOON)
            assert here.situation.output == "Speakers" and here.situation.outputs == ("Speakers",)
            assert "“Headset” is not there any more" in here.situation.problem
            assert here.card.rescans == 1
            say(here, 0.5, generation=2)
            await asyncio.sleep(SOON)
            assert here.card.loud(0)

    run(scene())


def test_a_picked_device_that_is_busy_gives_way_to_the_default():
    async def scene():
        async with page(FakeCard(busy={"Headset"}), Choice(output="Headset")) as here:
            assert here.situation.output == "Speakers" and "“Headset” could not be opened" in here.situation.problem

    run(scene())


@pytest.mark.parametrize(
    ("card", "problem"),
    [(None, "There is no PortAudio."), (FakeCard(speakers=[], microphones=[]), "No speaker was found")],
)
def test_without_a_speaker_speech_goes_on_in_silence_and_a_microphone_is_refused(card, problem):
    async def scene():
        async with page(card, problem="There is no PortAudio.") as here:
            assert problem in here.situation.problem
            say(here, 1.0)
            here.sound.put(SpeechSent(generation=1))
            await asyncio.sleep(0.5)
            assert here.of(Played)[-1].seconds == pytest.approx(0.5, abs=0.08)
            await asyncio.sleep(0.5 + SOON)
            assert here.of(Played)[-1].seconds == pytest.approx(1.0)
            here.sound.listen(open=True, live=True)
            await asyncio.sleep(SOON)
            assert here.situation.listening == "failed" and not here.of(MicAudio)

    run(scene())


def test_the_devices_own_rate_is_used():
    async def scene():
        card = FakeCard(speakers=[device("Old", rate=44_100)], microphones=[device("Phone", rate=8_000)], room=3000)
        async with page(card) as here:
            here.sound.listen(open=True, live=True)
            say(here, 0.3)
            await asyncio.sleep(0.5)
            assert here.of(Played)[-1].seconds == pytest.approx(0.3, abs=0.001)
            assert {one.pcm.rate for one in here.of(MicAudio)} == {16_000}

    run(scene())
