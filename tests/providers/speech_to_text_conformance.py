"""What every SpeechToText must do: subclass it in a test file and give it a `heard` fixture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from engine.audio import Pcm, silence
from engine.errors import TooLarge
from engine.providers.base import Expectation, Listening, SpeechToText, Transcript
from engine.words import normal

DEADLINE = 30.0
LEAVES = 2.0
"""Seconds within which an ear is left; a second is promised, and this machine may be busy."""


@dataclass(kw_only=True)
class Subject:
    """Ears, and how to speak so that they understand: `clip` says one of the three `texts`, `lost` says one in a turn
    that will be abandoned. `timed`: words have times. `connections` counts those to a vendor. `silent`: silence is
    understood as such (a model made for tests may hear its words in everything)."""

    ears: SpeechToText
    clip: Callable[[str], Pcm]
    lost: Callable[[str], Pcm]
    texts: tuple[str, str, str] = ("Who is it for?", "Does it work today?", "How much does it cost?")
    timed: bool = True
    silent: bool = True
    connections: Callable[[], int] = lambda: 0

    @asynccontextmanager
    async def listening(self, *sentences: str) -> AsyncGenerator[Listening]:
        async with self.ears.listen(Expectation(sentences=sentences or self.texts)) as ear:
            yield ear

    async def close(self) -> None:
        if hasattr(self.ears, "close"):
            await self.ears.close()


def push(ear: Listening, pcm: Pcm, turn: int) -> None:
    """In live frames of 20 ms, all at once."""
    step = pcm.rate // 50 * 2
    for at in range(0, len(pcm.data), step):
        ear.push(Pcm(pcm.data[at : at + step], pcm.rate), turn)


def say(ear: Listening, pcm: Pcm, turn: int) -> None:
    push(ear, pcm, turn)
    ear.finish(turn)


async def all_up_to(ear: Listening, turn: int) -> list[Transcript]:
    """All that is told up to the final of `turn`."""
    told = []
    async with asyncio.timeout(DEADLINE):
        async for transcript in ear:
            told.append(transcript)
            if transcript.final and transcript.turn == turn:
                return told
    raise AssertionError("the ear closed")


async def final(ear: Listening, turn: int) -> Transcript:
    return (await all_up_to(ear, turn))[-1]


def spelled(text: str) -> str:
    """Recognisers differ in signs and capitals."""
    return " ".join(normal(text))


def finals(told: Iterable[Transcript]) -> list[tuple[int, str]]:
    return [(each.turn, spelled(each.text)) for each in told if each.final]


class SpeechToTextConformance:
    def test_it_says_what_it_is(self, heard: Subject) -> None:
        assert heard.ears.about.name
        assert heard.ears.about.label

    async def test_turns_are_told_in_order_with_one_final_each(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            for turn, text in enumerate(heard.texts, 1):
                say(ear, heard.clip(text), turn)
                ear.finish(turn)
            told = await all_up_to(ear, 3)
            ear.finish(4)
            told += await all_up_to(ear, 4)
        assert finals(told) == [*((turn, spelled(text)) for turn, text in enumerate(heard.texts, 1)), (4, "")]
        assert [each.turn for each in told] == sorted(each.turn for each in told)
        for number, each in enumerate(told[:-1]):
            assert not each.final or told[number + 1].turn > each.turn, "after a final nothing more of its turn"

    async def test_words_have_times_in_order_within_their_turn(self, heard: Subject) -> None:
        clip = heard.clip(heard.texts[0])
        async with heard.listening() as ear:
            for turn in (1, 2):
                if turn == 2:
                    clip = heard.clip(heard.texts[1])
                say(ear, clip, turn)
                told = await final(ear, turn)
                assert 0.0 <= told.confidence <= 1.0
                assert bool(told.words) is heard.timed
                if heard.timed:
                    assert spelled(" ".join(word.text for word in told.words)) == spelled(told.text)
                at = 0.0
                for word in told.words:
                    assert at - 0.02 <= word.start <= word.end
                    assert 0.0 <= word.confidence <= 1.0
                    at = word.start
                assert not told.words or told.words[-1].end <= clip.seconds + 0.6

    async def test_a_turn_without_speech_gets_an_empty_final(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            ear.finish(1)
            assert finals([await final(ear, 1)]) == [(1, "")]
            ear.push(Pcm(b"", 16_000), 2)
            ear.finish(2)
            assert finals([await final(ear, 2)]) == [(2, "")]
            if heard.silent:
                say(ear, silence(0.6, 16_000), 3)
                assert finals([await final(ear, 3)]) == [(3, "")]
            say(ear, heard.clip(heard.texts[0]), 4)
            assert finals([await final(ear, 4)]) == [(4, spelled(heard.texts[0]))]

    async def test_an_abandoned_turn_has_no_final_and_leaves_nothing_in_the_next(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            push(ear, heard.lost(heard.texts[1]), 1)
            await asyncio.sleep(0.05)
            say(ear, heard.clip(heard.texts[0]), 2)
            told = await all_up_to(ear, 2)
        assert finals(told) == [(2, spelled(heard.texts[0]))]

    async def test_what_comes_late_for_a_turn_is_ignored(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            say(ear, heard.clip(heard.texts[0]), 1)
            push(ear, heard.lost(heard.texts[1]), 1)
            assert finals([await final(ear, 1)]) == [(1, spelled(heard.texts[0]))]
            say(ear, heard.clip(heard.texts[2]), 2)
            push(ear, heard.lost(heard.texts[1]), 1)
            ear.finish(1)
            assert finals(await all_up_to(ear, 2)) == [(2, spelled(heard.texts[2]))]

    async def test_audio_of_another_rate_is_taken(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            say(ear, silence(0.5, 48_000), 1)
            assert (await final(ear, 1)).turn == 1
            say(ear, heard.clip(heard.texts[0]), 2)
            assert finals([await final(ear, 2)]) == [(2, spelled(heard.texts[0]))]

    async def test_entering_is_quick_and_audio_is_taken_at_once(self, heard: Subject) -> None:
        listening = heard.listening()
        async with asyncio.timeout(1.0):
            ear = await listening.__aenter__()
        try:
            say(ear, heard.clip(heard.texts[0]), 1)
            assert finals([await final(ear, 1)]) == [(1, spelled(heard.texts[0]))]
        finally:
            await listening.__aexit__(None, None, None)

    async def test_too_much_for_one_turn_is_refused_and_the_next_is_heard(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            with pytest.raises(TooLarge, match="seconds"):
                for _ in range(20):
                    ear.push(silence(30.0, 16_000), 1)
            say(ear, heard.clip(heard.texts[0]), 2)
            assert finals(await all_up_to(ear, 2)) == [(2, spelled(heard.texts[0]))]

    async def test_two_listen_at_a_time_without_mixing(self, heard: Subject) -> None:
        async with heard.listening() as one, heard.listening() as two:
            say(one, heard.clip(heard.texts[0]), 1)
            say(two, heard.clip(heard.texts[1]), 1)
            told = await asyncio.gather(final(one, 1), final(two, 1))
        assert [spelled(each.text) for each in told] == [spelled(text) for text in heard.texts[:2]]

    async def test_whoever_stops_waiting_for_words_loses_none(self, heard: Subject) -> None:
        async with heard.listening() as ear:
            waiting = asyncio.ensure_future(anext(aiter(ear)))
            await asyncio.sleep(0.02)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            say(ear, heard.clip(heard.texts[0]), 1)
            assert finals([await final(ear, 1)]) == [(1, spelled(heard.texts[0]))]

    async def test_leaving_in_the_middle_of_a_turn_ends_the_iteration_and_frees_all(self, heard: Subject) -> None:
        before = asyncio.all_tasks()
        async with asyncio.TaskGroup() as group:
            async with heard.listening() as ear:
                push(ear, heard.lost(heard.texts[1]), 1)
                waiting = group.create_task(self._to_the_end(ear))
                await asyncio.sleep(0.1)
                leaving = asyncio.get_running_loop().time()
            assert asyncio.get_running_loop().time() - leaving < LEAVES
            async with asyncio.timeout(LEAVES):
                await waiting
                assert not [each async for each in ear if each.final]
        async with asyncio.timeout(LEAVES):
            await heard.close()
            while heard.connections() or asyncio.all_tasks() - before:
                await asyncio.sleep(0.01)

    async def _to_the_end(self, ear: Listening) -> None:
        async for transcript in ear:
            assert not transcript.final, "the turn was not finished"

    async def test_an_error_in_the_conversation_leaves_as_it_is(self, heard: Subject) -> None:
        with pytest.raises(LookupError):
            async with heard.listening() as ear:
                push(ear, heard.lost(heard.texts[0]), 1)
                raise LookupError

    async def test_any_sentence_may_be_expected(self, heard: Subject) -> None:
        odd = (
            "Größe — 日本語, naïve café… 🎉",
            "",
            "   ",
            "x" * 3000,
            "“Quoted” <b>tags</b> & $5.00/month",
            "\u202e\x00",
        )
        async with heard.listening(*odd, *heard.texts) as ear:
            say(ear, heard.clip(heard.texts[0]), 1)
            assert finals([await final(ear, 1)]) == [(1, spelled(heard.texts[0]))]
