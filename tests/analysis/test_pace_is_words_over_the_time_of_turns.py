"""How fast somebody speaks: exact on words with known times, and honest where the times are not known."""

import asyncio

import pytest

from engine.analysis import Confidence, Line, Material, Word
from engine.analysis.analyse import analyse
from tests.analysis.conversation import conversation, line, marks_of, material, measured, words

FORTY = "word " * 40


def test_pauses_up_to_two_seconds_are_part_of_a_turn():
    # 40 words of 0.5 s and a pause of 1.5 s between them: 21.5 s of turn, 20 s of speech
    found = measured(("user", 1, f"{FORTY} /1.5/ word"))
    assert found["turn_time"].value == pytest.approx(22.0)
    assert found["speech_time"].value == pytest.approx(20.5)
    assert found["wpm"].value == pytest.approx(60 * 41 / 22.0)
    assert found["articulation_rate"].value == pytest.approx(60 * 41 / 20.5)


def test_a_longer_silence_ends_the_turn():
    found = measured(("user", 1, f"{FORTY} /2.5/ {FORTY}"))
    assert found["turn_time"].value == pytest.approx(40.0)
    assert found["turn_time"].n == 2
    assert found["wpm"].value == pytest.approx(120)


def test_a_short_silence_is_speech():
    found = measured(("user", 0, f"{FORTY} /0.2/ word"))
    assert found["speech_time"].value == pytest.approx(20.7)


def test_what_the_other_says_ends_the_turn():
    found = measured(("user", 0, FORTY), ("partner", 20.2, "no not at all"), ("user", 22.4, "word " * 10))
    assert found["turn_time"].value == pytest.approx(25.0)


def test_but_a_sign_of_listening_does_not():
    found = measured(("user", 0, FORTY), ("partner", 20.5, "yeah"), ("user", 21.5, "word " * 10))
    assert found["turn_time"].value == pytest.approx(26.5)


def test_um_and_uh_are_no_words():
    found = measured(("user", 0, FORTY + " um uh erm hmm"))
    assert found["wpm"].n == 40
    assert found["wpm"].value == pytest.approx(60 * 40 / 22)


def test_contractions_are_one_word_however_they_are_written():
    assert measured(("user", 0, FORTY + " do n't it 's"))["wpm"].n == 42


def test_thirty_words_are_needed():
    few = measured(("user", 0, "word " * 29))["wpm"]
    assert (few.value, few.confidence) == (None, Confidence.NONE)
    assert few.why == "It takes 30 words; there were 29."
    assert measured(("user", 0, "word " * 30))["wpm"].confidence is Confidence.LOW
    assert measured(("user", 0, "word " * 100))["wpm"].confidence is Confidence.OK


def test_the_first_words_do_not_have_to_be_at_nought():
    early, late = (measured(("user", start, f"{FORTY} /1/ {FORTY}")) for start in (0, 1000))
    for id in early:
        assert early[id].value == pytest.approx(late[id].value), id


def test_spans_decide_where_words_are_timed_roughly():
    # every word's time is off by up to 0.15 s; the spans are right
    said = tuple(
        Word(text=word.text, start=word.start + (-1) ** i * 0.15, end=word.end + (-1) ** i * 0.15)
        for i, word in enumerate(words(FORTY, 1))
    )
    lines = conversation(("user", 1, FORTY))
    rough = Line(id=1, speaker="user", text=lines[0].text, start=1, end=21, words=said)
    found = analyse(material([rough], speech=material(lines).speech)).measures
    assert found["wpm"].value == pytest.approx(120)


def test_without_sound_the_words_tell():
    found = measured(("user", 1, f"{FORTY} {FORTY} /1.5/ word"), speech={})
    assert found["wpm"].value == pytest.approx(60 * 81 / 42)
    assert found["pause_share"].confidence is Confidence.LOW


def test_without_times_of_words_their_lines_tell():
    lines = [Line(id=i, speaker="user", text="word " * 50, start=30 * i, end=30 * i + 20) for i in range(4)]
    found = analyse(Material(seconds=120, lines=tuple(lines))).measures
    assert found["wpm"].value == pytest.approx(150)
    assert found["wpm"].confidence is Confidence.LOW
    assert found["pause_rate"].confidence is Confidence.NONE
    assert "not known when each word was said" in found["pause_rate"].why


def test_what_was_typed_was_not_spoken():
    typed = Line(id=1, speaker="user", text="word " * 60, start=5, end=5)
    found = analyse(Material(seconds=60, lines=(typed, line(2, "user", FORTY, 10)))).measures
    assert found["wpm"].n == 40
    assert found["wpm"].value == pytest.approx(120)


def test_times_that_cannot_be_give_no_pace():
    crowd = Line(id=1, speaker="user", text="", start=0, end=1, words=words("word " * 60, 0, each=0.01))
    found = analyse(Material(seconds=60, lines=(crowd,))).measures["wpm"]
    assert found.value is None
    assert "times cannot be right" in found.why


# ---- as it goes --------------------------------------------------------------------------------------------------


def series(*turns, each=0.5, mode="conversation"):
    return analyse(material(conversation(*turns, each=each), mode=mode)).series["pace"]


def test_the_series_has_a_value_a_second():
    found = series(("user", 0, "word " * 60), each=0.5)
    assert found.times == tuple(range(1, 31))
    assert found.values[:4] == (None,) * 4  # five seconds of speech are needed, and eight words
    assert found.values[4:] == pytest.approx([120] * 26, rel=0.1)
    assert (found.band.low, found.band.high) == (130, 190)


def test_silence_does_not_slow_the_pace():
    # after 20 s nobody speaks; the windows still tell the pace of what was said, as long as it is enough
    found = series(("user", 0, "word " * 40), ("partner", 50, "yes indeed so"))
    values = [value for value in found.values[19:] if value is not None]
    assert values == pytest.approx([120] * len(values), rel=0.1)
    assert found.values[35:40] == (None,) * 5


def test_fast_and_slow_stretches_are_marked():
    # 30 s at 120 a minute, then 30 s at 240: in a conversation (130 to 190) the one is slow, the other fast
    lines = [line(1, "user", "word " * 60, 0, each=0.5), line(2, "user", "word " * 120, 30, each=0.25)]
    found = analyse(material(lines))
    slow, fast = (next(mark for mark in found.marks if mark.layer == layer) for layer in ("slow", "fast"))
    assert slow.start < 5 and 18 < slow.end < 32
    assert 30 < fast.start < 45 and fast.end <= 60
    assert fast.note.endswith("words a minute")
    assert fast.line == 2


def test_what_lasts_less_than_five_seconds_is_not_marked():
    assert not marks_of("fast", ("user", 0, "word " * 40), each=0.4)  # 150 a minute


def test_an_even_pace_varies_little_and_an_uneven_one_much():
    even = measured(("user", 0, "word " * 200))["pace_variation"]
    lines = [line(i, "user", "word " * 60, 30 * i, each=0.5 if i % 2 else 0.3) for i in range(6)]
    uneven = analyse(material(lines)).measures["pace_variation"]
    assert even.value < 3 and even.within is False
    assert uneven.value > 12 and uneven.within is True


# ---- sound with known truth --------------------------------------------------------------------------------------


async def test_a_voice_that_says_when_it_speaks_each_word_is_measured_within_two_per_cent():
    from engine.providers.base import Voice
    from engine.providers.offline_espeak import EspeakVoice

    text = "We build a small box that listens to machines and tells when a part will break. " * 4
    said, seconds = [], 0.0
    async with asyncio.timeout(20):
        async for chunk in EspeakVoice().speak(text.strip(), Voice()):
            said += chunk.words
            seconds += chunk.pcm.seconds
    timed = tuple(Word(text=text[one.first : one.last], start=one.start, end=one.end) for one in said)
    found = analyse(
        Material(seconds=seconds, lines=(Line(id=1, speaker="user", text=text, start=0, end=seconds, words=timed),))
    )
    truth = 60 * len(text.split()) / (timed[-1].end - timed[0].start)
    assert found.measures["wpm"].value == pytest.approx(truth, rel=0.02)
