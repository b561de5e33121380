"""SubRip and WebVTT: short enough to read, in strict order, and read back by a player as they were written."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import av
import pytest

from engine.analysis.values import Line
from engine.exports.subtitles import as_srt, as_vtt, subtitles
from engine.providers.base import Word
from tests.exports.sessions import coached, fillers, line

NAMES = {"user": "Asha", "partner": "Sam"}


def read_back(text: str, form: str) -> list[tuple[float, float, str]]:
    """(start, end, text) as FFmpeg reads them, tags stripped."""
    with av.open(io.BytesIO(text.encode()), format=form) as source:
        packets = [packet for packet in source.demux(subtitles=0) if packet.size]
    found = []
    for packet in packets:
        start = float(packet.pts * packet.time_base)
        end = start + float(packet.duration * packet.time_base)
        found.append((start, end, re.sub(r"<[^>]+>", "", bytes(packet).decode())))
    return found


@pytest.mark.parametrize("cleaned", [False, True])
def test_each_has_two_lines_of_42_characters_at_most_and_follows_the_one_before(cleaned: bool) -> None:
    session = coached()
    shown = subtitles(session.lines, session.analysis.marks, cleaned=cleaned)
    assert len(shown) > 20
    for each in shown:
        assert 1 <= len(each.lines) <= 2
        assert all(0 < len(text) <= 42 for text in each.lines)
        assert each.start < each.end <= each.start + 8000
    assert all(first.end <= second.start for first, second in pairwise(shown))


def test_nothing_that_was_said_is_lost_and_the_clean_ones_leave_out_the_fillers_only() -> None:
    session = coached()
    said = " ".join(each.text for each in session.lines).split()
    verbatim = " ".join(" ".join(each.lines) for each in subtitles(session.lines, session.analysis.marks)).split()
    assert sorted(verbatim) == sorted(said)

    cleaned = subtitles(session.lines, session.analysis.marks, cleaned=True)
    text = " ".join(" ".join(each.lines) for each in cleaned)
    sure = sum(mark.last - mark.first + 1 for mark in session.analysis.marks if mark.layer == "filler")
    assert sure == 9
    assert len(text.split()) == len(said) - sure
    assert not re.search(r"\b(um|uh)\b", text)


@pytest.mark.parametrize(("write", "form"), [(as_srt, "srt"), (as_vtt, "webvtt")])
def test_a_player_reads_back_what_was_written(write, form: str) -> None:
    session = coached()
    shown = subtitles(session.lines, session.analysis.marks)
    found = read_back(write(shown, NAMES), form)
    assert len(found) == len(shown)
    for (start, end, text), each in zip(found, shown, strict=True):
        assert (start, end) == (pytest.approx(each.start / 1000), pytest.approx(each.end / 1000))
        assert re.sub(r"^(Asha|Sam): ", "", " ".join(text.split())) == " ".join(each.lines)


def test_who_speaks_is_in_a_voice_tag_and_in_subrip_where_the_speaker_changes() -> None:
    lines = (line("Hello there.", id=1), line("And once more.", id=2, start=5.0))
    lines += (line("Hi.", id=3, speaker="partner", start=9.0),)
    shown = subtitles(lines, ())
    assert "<v Asha>Hello there." in as_vtt(shown, NAMES)
    assert "<v Sam>Hi." in as_vtt(shown, NAMES)
    texts = [block.split("\n")[2] for block in as_srt(shown, NAMES).split("\n\n")]
    assert texts == ["Asha: Hello there.", "And once more.", "Sam: Hi."]


def test_what_two_people_say_at_once_stays_in_order_and_whole() -> None:
    long = line("one two three four five six seven eight nine ten", id=1)
    lines = (long, line("yes", id=2, speaker="partner", start=0.0), line("right", id=3, speaker="partner", start=0.01))
    shown = subtitles(lines, ())
    assert [" ".join(each.lines) for each in shown] == [long.text, "yes", "right"]
    assert all(first.start < first.end <= second.start for first, second in pairwise(shown))


def test_a_silence_within_a_line_is_not_filled_with_text() -> None:
    words = (Word(text="Before.", start=1.0, end=1.5), Word(text="After.", start=9.0, end=9.5))
    shown = subtitles((Line(id=1, speaker="user", text="Before. After.", start=1.0, end=9.5, words=words),), ())
    assert [(each.lines, each.start) for each in shown] == [(("Before.",), 1000), (("After.",), 9000)]


@pytest.mark.parametrize("text", ["w" * 300, "https://example.org/" + "a/" * 60, "今日はいい天気ですね" * 12])
def test_a_word_longer_than_a_line_is_cut(text: str) -> None:
    shown = subtitles((line(text),), ())
    assert all(len(part) <= 42 for each in shown for part in each.lines)
    assert "".join("".join(each.lines) for each in shown) == text


def test_signs_of_the_formats_in_what_was_said_stay_text() -> None:
    said = line("1 --> 2 <b>bold</b> & <v Eve> & so\non")
    shown = subtitles((said,), ())
    assert as_srt(shown, NAMES).count("-->") == 1
    vtt = as_vtt(shown, {"user": "A>b\n\nEve"})
    assert vtt.count("-->") == 1
    assert "<v A&gt;b Eve>" in vtt
    assert "&lt;b&gt;bold" in vtt
    assert len(re.split(r"\n\n", vtt.strip())) == 2


def test_times_that_cannot_be_do_no_harm() -> None:
    odd = tuple(
        Word(text=text, start=start, end=end)
        for text, start, end in (("a", 5.0, 2.0), ("b", float("nan"), 1.0), ("c", -3.0, float("inf")))
    )
    lines = (
        Line(id=1, speaker="user", text="a b c", start=5.0, end=2.0, words=odd),
        Line(id=2, speaker="user", text="typed", start=0.0, end=0.0),
        Line(id=3, speaker="user", text=" ", start=0.0, end=0.0),
    )
    shown = subtitles(lines, ())
    assert all(0 <= first.start < first.end <= second.start for first, second in pairwise(shown))
    assert sorted(" ".join(" ".join(each.lines) for each in shown).split()) == ["a", "b", "c", "typed"]


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("Um, so we begin.", [0], "So we begin."),
        ("Um, uh, so we begin.", [0, 1], "So we begin."),
        ("We begin. Um we stay.", [2], "We begin. We stay."),
        ("We begin, um. So be it.", [2], "We begin. So be it."),
        ("So um we begin", [1], "So we begin"),
        ("Um.", [0], ""),
    ],
)
def test_a_clean_text_reads_as_if_the_filler_had_not_been_said(text: str, places: list[int], expected: str) -> None:
    said = line(text)
    shown = subtitles((said,), fillers(said, *places), cleaned=True)
    assert " ".join(" ".join(each.lines) for each in shown) == expected


def test_possible_fillers_stay() -> None:
    said = line("It was like a dream.")
    shown = subtitles((said,), fillers(said, 2, layer="possible_filler"), cleaned=True)
    assert shown[0].lines == ("It was like a dream.",)


def test_words_that_were_written_otherwise_share_the_time_of_what_was_heard() -> None:
    heard = ["um", "it", "costs", "thirty", "dollars", "now"]
    words = tuple(Word(text=text, start=at * 1.0, end=at + 0.9) for at, text in enumerate(heard))
    said = Line(id=1, speaker="user", text="Um, it costs $30 now.", start=0.0, end=5.9, words=words)
    shown = subtitles((said,), fillers(said, 0), cleaned=True)
    assert shown[0].lines == ("It costs $30 now.",)
    assert (shown[0].start, shown[0].end) == (1000, 5900)
