"""What the offline recogniser understands, of recorded human voices where there are some."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bench.recordings import pcm
from bench.word_errors import sample_pitch, word_errors, words
from engine.audio import resample, silence
from engine.providers.base import Expectation
from engine.providers.offline_sphinx import SphinxEars
from tests.providers.hearing import DEADLINE, UNHURRIED, hear, recorded, said

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ears() -> AsyncIterator[SphinxEars]:
    ears = SphinxEars(children=1, limits=UNHURRIED)
    yield ears
    await ears.close()


async def test_a_reader_of_a_known_text_is_understood(ears: SphinxEars) -> None:
    readings = recorded("austen")
    expect = Expectation(sentences=tuple(reading.words for reading in readings))
    errors = total = 0
    async with ears.listen(expect) as listening:
        for turn, reading in enumerate(readings, 1):
            heard = await hear(listening, pcm(reading.path), turn)
            errors += word_errors(words(heard.text), words(reading.words))
            total += len(words(reading.words))
    assert total == 71
    assert errors / total <= 0.08


async def test_other_speech_is_not_forced_into_the_expected_words(ears: SphinxEars) -> None:
    readings = recorded("austen")[:2]
    heard = []
    for expect in (Expectation(), Expectation(sentences=tuple(sample_pitch()))):
        async with ears.listen(expect) as listening:
            heard.append([(await hear(listening, pcm(r.path), turn)).text for turn, r in enumerate(readings, 1)])
    assert heard[0] == heard[1]


async def test_words_have_times_and_confidence(ears: SphinxEars) -> None:
    reading = recorded("austen-0880")[0]
    clip = pcm(reading.path)
    async with ears.listen(Expectation(sentences=(reading.words,))) as listening:
        heard = await hear(listening, clip, 1)
    assert [word.text for word in heard.words] == heard.text.split() == reading.words.split()
    assert all(0 <= word.start < word.end <= clip.seconds for word in heard.words)
    assert all(a.end <= b.start + 1e-6 for a, b in zip(heard.words, heard.words[1:], strict=False))
    assert all(0 <= word.confidence <= 1 for word in heard.words)
    assert heard.confidence > 0.8
    # "he was not - an ill disposed young man": there is a breath after "not".
    assert 0.9 <= heard.words[2].end <= 1.2


async def test_a_name_that_no_dictionary_has_is_understood(ears: SphinxEars) -> None:
    clip = await said("Qdrant keeps the notes of Rostrum.")
    async with ears.listen(Expectation(sentences=("Qdrant keeps the notes of Rostrum.",))) as listening:
        assert (await hear(listening, clip, 1)).text == "qdrant keeps the notes of rostrum"


async def test_a_question_outside_of_the_script_is_understood(ears: SphinxEars) -> None:
    script = ("Rostrum speaks your pitch, sentence by sentence.", "Cut in whenever you like, and work on it.")
    async with ears.listen(Expectation(sentences=script)) as listening:
        heard = await hear(listening, await said("Can I use it without the internet?"), 1)
    assert heard.text.endswith("use it without the internet")


async def test_interim_results_come_before_the_final_one(ears: SphinxEars) -> None:
    clip = await said("Rostrum speaks your pitch and answers from your own notes.")
    async with ears.listen(
        Expectation(sentences=("Rostrum speaks your pitch and answers from your own notes.",))
    ) as ear:
        ear.push(clip, 1)
        async with asyncio.timeout(DEADLINE):
            first = await anext(aiter(ear))
        ear.finish(1)
        assert not first.final
        assert first.text.startswith("rostrum")
        assert first.turn == 1


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
async def test_other_rates_are_resampled(ears: SphinxEars, rate: int) -> None:
    clip = resample(await said("Does it work without the internet?"), rate)
    async with ears.listen(Expectation(sentences=("Does it work without the internet?",))) as listening:
        assert (await hear(listening, clip, 1)).text == "does it work without the internet"


async def test_silence_is_no_words(ears: SphinxEars) -> None:
    async with ears.listen(Expectation(sentences=("Anything at all.",))) as listening:
        heard = await hear(listening, silence(1.5, 16_000), 1)
    assert (heard.text, heard.words) == ("", ())


async def test_nothing_to_expect_that_can_be_pronounced(ears: SphinxEars) -> None:
    async with ears.listen(Expectation(sentences=("…", "", "—"))) as listening:
        assert "internet" in (await hear(listening, await said("Does it work without the internet?"), 1)).text
