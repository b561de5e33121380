"""Word times against what can be heard in the audio: pauses are where no word is, and words are where sound is."""

import pytest
from text_to_speech_conformance import assert_words_fit, hear

from engine.providers.base import Voice
from engine.providers.offline_espeak import VOICES, EspeakVoice
from engine.spans import words_of


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
async def test_after_each_comma_the_next_word_begins_with_the_sound(name: str, speed: float) -> None:
    text = "Monday, garden, never, always, ready."
    heard = await hear(EspeakVoice(), text, Voice(name=name, speed=speed))
    assert_words_fit(heard, text)
    for word in heard.words[1:]:
        assert heard.loudest(word.start - 0.012, word.start) < 0.3 * heard.loudest(word.start, word.start + 0.12)


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("text", ["Ready.", "“Ready,” she said.", "— Ready?", "So this is it."])
async def test_sound_begins_within_30_ms(name: str, text: str) -> None:
    heard = await hear(EspeakVoice(), text, Voice(name=name))
    assert heard.loudest(0.0, 0.03) > 0
    assert heard.words[0].start <= 0.03


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
async def test_a_pause_follows_the_sentence_and_belongs_to_no_word(speed: float) -> None:
    heard = await hear(EspeakVoice(), "That is all.", Voice(speed=speed))
    assert heard.loudest(heard.seconds - 0.25 / speed) == 0
    assert heard.words[-1].end == pytest.approx(heard.seconds - 0.25 / speed, abs=0.001)


@pytest.mark.parametrize(
    "text",
    [
        "Revenue grew 1.2M to $3,400.50 in 2024—up 35%.",
        "It costs 1,234,567 dollars, on 12/03/2024 at 10:30 p.m.",
        "“We’re ready,” she said — it’s ‘really’ good…",
        "In the end of the day, for the people that have been at the top of the list.",
        "state-of-the-art e.g. R&D and/or A/B, x & y, i.e. the U.S.A. or Dr. Smith’s #1",
        "visit http://www.example.org/pitch?id=3 or write to me@example.org",
        "a café, naïve 日本語 and 🎉 emoji; [[hello]] <b>bold</b> *stars* -- and - lone / signs",
        "1 22 333 4444 55555 666666 7777777 1999 2024 3.14159 0.5 1st 2nd 100%",
        "A\nnew line\tand\r\na tab.",
        "$5 million, €3bn, £1, and $1.",
    ],
)
async def test_numbers_quotes_dashes_and_signs_time_each_word_once(text: str) -> None:
    heard = await hear(EspeakVoice(), text)
    assert_words_fit(heard, text)
    assert all(word.end - word.start > 0.02 for word in heard.words)


async def test_a_number_takes_the_time_of_all_its_spoken_words() -> None:
    text = "About 1,234,567 people came."
    heard = await hear(EspeakVoice(), text)
    spans = {text[word.first : word.last]: word.end - word.start for word in heard.words}
    assert spans["1,234,567"] > 2.0 > 1.0 > max(spans["About"], spans["people"], spans["came."])


async def test_words_after_sums_of_money_stay_with_their_sound() -> None:
    text = "It was $2.5M—$3bn—€40k in all, garden, never, always, ready."
    heard = await hear(EspeakVoice(), text)
    assert_words_fit(heard, text)
    for word in heard.words[-4:]:
        assert heard.loudest(word.start - 0.012, word.start) < 0.3 * heard.loudest(word.start, word.start + 0.12)


async def test_words_of_a_long_text_stay_with_its_sound() -> None:
    text = "Monday, garden, never, always, ready. " * 60
    heard = await hear(EspeakVoice(), text)
    assert [(word.first, word.last) for word in heard.words] == list(words_of(text))
    for word in heard.words[-9:]:
        assert heard.loudest(word.start - 0.012, word.start) < 0.3 * heard.loudest(word.start, word.start + 0.12)
