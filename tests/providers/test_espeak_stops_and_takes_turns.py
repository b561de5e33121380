import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
    """The real library, noting what it is asked for."""

    def __init__(self) -> None:
        self.library: Espeak = espeak_library.load()
        self.rate = self.library.rate
        self.samples = 0
        self.calls = 0
        self.voices: list[str] = []

    def synthesize(self, text: str, voice: str, words_a_minute: int, take: Take) -> None:
        def count(data: bytes, words: list[WordEvent]) -> bool:
            self.samples += len(data) // 2
            return take(data, words)

        self.calls += 1
        self.voices.append(voice)
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
    assert answers[-1] is False
    assert len(answers) <= 2
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


def test_the_library_reports_words_by_the_index_of_their_first_letter() -> None:
    starts: list[int] = []

    def note(_data: bytes, words: list[WordEvent]) -> bool:
        starts.extend(position for position, _ in words)
        return True

    espeak_library.load().synthesize("Plan B sounds loud", "en-us", 165, note)
    assert starts == [0, 5, 7, 14]


def test_threads_that_call_the_library_at_once_each_get_their_own_speech() -> None:
    library = espeak_library.load()

    def seconds(text: str) -> float:
        pieces: list[bytes] = []
        library.synthesize(text, "en-us", 165, lambda data, _words: pieces.append(data) is None)
        assert library.phonemes("word", "en-us") == "wˈɜːd"
        return len(b"".join(pieces)) / 2 / library.rate

    texts = ["Yes.", SENTENCE, "A sentence of middling length."] * 8
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(seconds, texts))
    assert together == pytest.approx([seconds(text) for text in texts], rel=0.01)


async def test_each_of_our_voices_is_one_of_the_library(library: Counting) -> None:
    for name in [*EspeakVoice().voices(), "nobody"]:
        await hear(EspeakVoice(), "Hello.", Voice(name=name))
    assert len(set(library.voices)) == len(EspeakVoice().voices())
    assert library.voices[-1] == library.voices[0]
