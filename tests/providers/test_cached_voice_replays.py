import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from text_to_speech_conformance import TextToSpeechConformance

from engine.audio import Pcm
from engine.errors import ProviderFailed
from engine.providers.base import About, SpeechChunk, Voice, WordSpan
from engine.providers.cached import CachedVoice
from engine.providers.offline_espeak import EspeakVoice
from engine.providers.registry import choose
from engine.settings import Settings
from engine.studio import Studio

CHUNK = 1000


class Counting:
    """Two chunks of `CHUNK` bytes for each text, counting how often it begins and how often it is closed."""

    about = About(name="counting", label="Counting", local=True)

    def __init__(self) -> None:
        self.begun: list[tuple[str, Voice]] = []
        self.open = 0

    def voices(self) -> Sequence[str]:
        return ("one",)

    async def speak(self, text: str, voice: Voice) -> AsyncGenerator[SpeechChunk, None]:
        self.begun.append((text, voice))
        self.open += 1
        try:
            await asyncio.sleep(0)
            yield SpeechChunk(pcm=Pcm(bytes(CHUNK), 8000), words=(WordSpan(first=0, last=1, start=0.0, end=0.1),))
            if text == "broken":
                raise ProviderFailed("counting", "lost its voice")
            yield SpeechChunk(pcm=Pcm(bytes(CHUNK), 8000))
        finally:
            self.open -= 1


class TestCachedEspeak(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self) -> CachedVoice:
        return CachedVoice(EspeakVoice())


async def all_of(voice: CachedVoice, text: str, how: Voice | None = None) -> list[SpeechChunk]:
    return [chunk async for chunk in voice.speak(text, how or Voice())]


async def test_a_repeat_is_the_same_without_asking_again() -> None:
    inner = Counting()
    cached = CachedVoice(inner)
    first, second = await all_of(cached, "a"), await all_of(cached, "a")
    assert first == second
    assert len(first) == 2
    assert len(inner.begun) == 1


async def test_another_voice_or_speed_is_another_speech() -> None:
    inner = Counting()
    cached = CachedVoice(inner)
    for how in (Voice(), Voice(speed=1.5), Voice(name="one"), Voice()):
        await all_of(cached, "a", how)
    assert len(inner.begun) == 3


async def test_what_was_not_heard_to_its_end_is_not_kept_and_is_closed() -> None:
    inner = Counting()
    cached = CachedVoice(inner)
    async with aclosing(cached.speak("a", Voice())) as chunks:
        await anext(chunks)
        assert inner.open == 1
    assert inner.open == 0
    assert len(await all_of(cached, "a")) == 2
    assert len(inner.begun) == 2


async def test_a_failure_is_passed_on_and_not_kept() -> None:
    inner = Counting()
    cached = CachedVoice(inner)
    for _ in range(2):
        with pytest.raises(ProviderFailed, match="lost its voice"):
            await all_of(cached, "broken")
    assert len(inner.begun) == 2


async def test_the_speech_not_asked_for_longest_makes_room() -> None:
    inner = Counting()
    cached = CachedVoice(inner, limit_bytes=3 * (2 * CHUNK + 300))
    for text in ("a", "b", "c", "a", "d", "a", "c", "d"):
        await all_of(cached, text)
    assert [text for text, _ in inner.begun] == ["a", "b", "c", "d"]
    await all_of(cached, "b")
    assert [text for text, _ in inner.begun] == ["a", "b", "c", "d", "b"]


async def test_speech_larger_than_the_limit_is_spoken_but_not_kept() -> None:
    inner = Counting()
    cached = CachedVoice(inner, limit_bytes=CHUNK)
    assert len(await all_of(cached, "a")) == 2
    assert len(await all_of(cached, "a")) == 2
    assert len(inner.begun) == 2


async def test_two_at_a_time_ask_for_the_same_and_both_hear_it() -> None:
    inner = Counting()
    cached = CachedVoice(inner, limit_bytes=2 * CHUNK + 300)
    one, other = await asyncio.gather(all_of(cached, "a"), all_of(cached, "a"))
    assert one == other
    await all_of(cached, "a")
    assert len(inner.begun) == 2


class Kept(Counting):
    """A voice with connections to open and to close."""

    def __init__(self) -> None:
        super().__init__()
        self.did: list[str] = []

    async def warm(self) -> None:
        self.did.append("warm")

    async def check(self) -> None:
        self.did.append("check")
        raise ProviderFailed("counting", "the key is refused")

    async def close(self) -> None:
        self.did.append("close")


async def test_the_voice_behind_it_is_warmed_checked_and_closed() -> None:
    inner = Kept()
    cached = CachedVoice(inner)
    await cached.warm()
    with pytest.raises(ProviderFailed, match="refused"):
        await cached.check()
    await cached.close()
    assert inner.did == ["warm", "check", "close"]


async def test_a_voice_with_nothing_to_load_or_to_give_back_needs_nothing() -> None:
    cached = CachedVoice(Counting())
    await cached.warm()
    await cached.check()
    await cached.close()


async def test_the_studio_warms_and_closes_the_voice_behind_it(tmp_path: Path) -> None:
    inner = Kept()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/r.db")
    studio = Studio(settings, providers=replace(choose(settings), speech=CachedVoice(inner)))
    await studio.open()
    async with asyncio.timeout(5):
        while not inner.did:
            await asyncio.sleep(0.01)
    await studio.close()
    assert inner.did == ["warm", "close"]


async def test_who_it_is_may_change() -> None:
    inner = Counting()
    cached = CachedVoice(inner)
    inner.about = About(name="another", label="Another", local=True)
    assert cached.about.label == "Another"
