"""What every TextToSpeech must do: subclass it in a test file and give it a `speaker` fixture."""

from __future__ import annotations

import asyncio
from array import array
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from engine.providers.base import TextToSpeech, Voice, WordSpan
from engine.spans import words_of

SENTENCE = "Well, this is a short sentence; it was written on day 23, and it ends here."
ODD = (
    "“Größe”, said José: it’s £5 — naïve, isn’t it? 🎉",
    "One\n\ttwo\u00a0three\u200b four\r\n",
    "A <b>tag</b> & [[mark]] {x}",
)
NOTHING = ("", "   ", "...", "— … —", "*** !", "🎉")


@dataclass
class Heard:
    data: bytes
    rate: int
    words: list[WordSpan]

    @property
    def seconds(self) -> float:
        return len(self.data) / 2 / self.rate

    def loudest(self, start: float = 0.0, end: float | None = None) -> int:
        last = None if end is None else round(end * self.rate)
        return max(map(abs, array("h", self.data)[round(start * self.rate) : last]), default=0)


async def hear(speaker: TextToSpeech, text: str, voice: Voice | None = None) -> Heard:
    chunks = [chunk async for chunk in speaker.speak(text, voice or Voice())]
    rates = {chunk.pcm.rate for chunk in chunks}
    assert len(rates) == 1, "all chunks of one speech have one rate"
    return Heard(
        data=b"".join(chunk.pcm.data for chunk in chunks),
        rate=rates.pop(),
        words=[word for chunk in chunks for word in chunk.words],
    )


def assert_words_fit(heard: Heard, text: str) -> None:
    """Each word of the text once, in order, none before the one it follows, all within the audio."""
    assert [(word.first, word.last) for word in heard.words] == list(words_of(text))
    at = 0.0
    for word in heard.words:
        assert at - 1e-6 <= word.start <= word.end
        at = word.end
    assert at <= heard.seconds + 1e-6


class TextToSpeechConformance:
    """Behaviours of a provider that tells when its words sound."""

    async def test_speech_is_audible_and_lasts_as_long_as_a_person_would_take(self, speaker: TextToSpeech) -> None:
        heard = await hear(speaker, SENTENCE)
        assert heard.loudest() > 1000
        assert 0.1 * len(words_of(SENTENCE)) < heard.seconds < 1.0 * len(words_of(SENTENCE))

    async def test_every_word_is_timed_once_in_order_within_the_audio(self, speaker: TextToSpeech) -> None:
        assert_words_fit(await hear(speaker, SENTENCE), SENTENCE)

    async def test_a_long_text_is_spoken_whole(self, speaker: TextToSpeech) -> None:
        text = " ".join([SENTENCE] * 8)
        heard, one = await hear(speaker, text), await hear(speaker, SENTENCE)
        assert_words_fit(heard, text)
        assert 6 * one.seconds < heard.seconds < 10 * one.seconds

    async def test_any_character_may_be_in_a_text(self, speaker: TextToSpeech) -> None:
        for text in ODD:
            assert_words_fit(await hear(speaker, text), text)

    @pytest.mark.parametrize("text", NOTHING)
    async def test_nothing_to_pronounce_yields_nothing(self, speaker: TextToSpeech, text: str) -> None:
        assert [chunk async for chunk in speaker.speak(text, Voice())] == []

    async def test_an_unknown_voice_means_the_default_voice(self, speaker: TextToSpeech) -> None:
        unknown = await hear(speaker, SENTENCE, Voice(name="nobody of this name"))
        default = await hear(speaker, SENTENCE, Voice(name=speaker.voices()[0]))
        assert unknown.seconds == pytest.approx(default.seconds, abs=0.05)

    async def test_every_voice_it_names_speaks(self, speaker: TextToSpeech) -> None:
        names = list(speaker.voices())
        assert names
        assert len(set(names)) == len(names)
        for name in names:
            assert (await hear(speaker, "Good morning.", Voice(name=name))).loudest() > 1000

    async def test_speed_shortens_and_lengthens(self, speaker: TextToSpeech) -> None:
        slow, normal, fast = [(await hear(speaker, SENTENCE, Voice(speed=speed))).seconds for speed in (0.5, 1.0, 2.0)]
        assert slow / normal == pytest.approx(2.0, rel=0.2)
        assert normal / fast == pytest.approx(2.0, rel=0.2)

    async def test_speech_that_is_left_half_way_leaves_nothing_behind(self, speaker: TextToSpeech) -> None:
        before = asyncio.all_tasks()
        async with aclosing(speaker.speak(SENTENCE, Voice())) as chunks:
            assert await anext(chunks)
        assert asyncio.all_tasks() == before
        assert_words_fit(await hear(speaker, SENTENCE), SENTENCE)

    async def test_speech_that_is_cancelled_before_its_first_sound_leaves_nothing_behind(
        self, speaker: TextToSpeech
    ) -> None:
        before = asyncio.all_tasks()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(hear(speaker, SENTENCE))
            await asyncio.sleep(0)
            task.cancel()
        assert asyncio.all_tasks() == before
        assert_words_fit(await hear(speaker, SENTENCE), SENTENCE)

    async def test_several_speak_at_a_time_without_mixing(self, speaker: TextToSpeech) -> None:
        texts = [f"Speaker number {number} is talking about {number} things." for number in range(1, 6)]
        for text, heard in zip(texts, await asyncio.gather(*(hear(speaker, text) for text in texts)), strict=True):
            assert_words_fit(heard, text)
