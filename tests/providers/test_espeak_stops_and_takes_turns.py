import asyncio
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from text_to_speech_conformance import hear

from engine.errors import ProviderFailed
from engine.providers import espeak_library, offline_espeak
from engine.providers.base import Voice
from engine.providers.espeak_library import Espeak, Take, WordEvent
from engine.providers.offline_espeak import EspeakVoice

SENTENCE = "This sentence is spoken in many small pieces of sound, one after the other, for quite some time."


class Counting:
    """The real library, counting what it synthesizes."""

    def __init__(self) -> None:
        self.library: Espeak = espeak_library.load()
        self.rate = self.library.rate
        self.samples = 0
        self.calls = 0

    def synthesize(self, text: str, voice: str, words_a_minute: int, take: Take) -> None:
        def count(data: bytes, words: list[WordEvent]) -> bool:
            self.samples += len(data) // 2
            return take(data, words)

        self.calls += 1
        self.library.synthesize(text, voice, words_a_minute, count)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    counting = Counting()
    monkeypatch.setattr(offline_espeak, "load", lambda: counting)
    return counting


async def idle() -> None:
    """Until the synthesizer's thread has done all that was asked of it."""
    await asyncio.get_running_loop().run_in_executor(offline_espeak._THREAD, lambda: None)


async def test_a_text_that_is_left_is_not_synthesized_further(library: Counting) -> None:
    async with aclosing(EspeakVoice().speak(f"{SENTENCE} " * 400, Voice())) as chunks:
        await anext(chunks)
    await idle()
    assert library.calls == 1


async def test_synthesis_stops_at_the_piece_of_sound_after_the_cancellation(library: Counting) -> None:
    gate, answers = asyncio.Event(), []
    loop = asyncio.get_running_loop()
    speech = EspeakVoice().speak(SENTENCE, Voice())
    original = library.library.synthesize

    def paused(text: str, voice: str, words_a_minute: int, take: Take) -> None:
        def wait_for_the_listener_to_leave(data: bytes, words: list[WordEvent]) -> bool:
            answers.append(take(data, words))
            if len(answers) == 1:
                asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
            return answers[-1]

        original(text, voice, words_a_minute, wait_for_the_listener_to_leave)

    library.synthesize = paused
    await anext(speech)
    await speech.aclose()
    gate.set()
    await idle()
    assert answers == [True, False]
    assert (await hear(EspeakVoice(), "And the next one is whole.")).seconds > 1.0


async def test_a_speech_cancelled_while_it_waits_is_never_synthesized(library: Counting) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    busy = loop.run_in_executor(
        offline_espeak._THREAD, lambda: asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
    )
    async with asyncio.TaskGroup() as group:
        task = group.create_task(hear(EspeakVoice(), SENTENCE))
        await asyncio.sleep(0)
        task.cancel()
    gate.set()
    await busy
    await idle()
    assert library.calls == 0


async def test_a_short_sentence_need_not_wait_for_the_end_of_a_long_text() -> None:
    finished: list[str] = []
    long_begun = asyncio.Event()

    async def long() -> None:
        async for _ in EspeakVoice().speak(f"{SENTENCE} " * 20, Voice()):
            long_begun.set()
        finished.append("long")

    async def short() -> None:
        await long_begun.wait()
        await hear(EspeakVoice(), "Short.")
        finished.append("short")

    async with asyncio.TaskGroup() as group:
        group.create_task(long())
        group.create_task(short())
    assert finished == ["short", "long"]


def test_an_event_loop_that_closes_half_way_leaves_the_voice_usable() -> None:
    async def leave_half_way() -> None:
        speech = EspeakVoice().speak(f"{SENTENCE} " * 4, Voice())
        await anext(speech)

    asyncio.run(leave_half_way())
    assert asyncio.run(hear(EspeakVoice(), SENTENCE)).seconds > 4


async def test_a_missing_library_is_said_in_words_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Espeak:
        raise OSError("libespeak-ng.so: cannot open shared object file")

    monkeypatch.setattr(espeak_library, "_loaded", missing)
    with pytest.raises(ProviderFailed, match="pip install espeakng-loader") as failure:
        await hear(EspeakVoice(), SENTENCE)
    assert failure.value.provider == "espeak"


def test_a_voice_that_the_library_does_not_have_is_refused() -> None:
    with pytest.raises(ProviderFailed, match="no voice xx-nowhere"):
        espeak_library.load().synthesize("Hello", "xx-nowhere", 165, lambda _data, _words: True)
