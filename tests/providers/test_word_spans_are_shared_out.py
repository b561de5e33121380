from itertools import pairwise

import pytest

from engine.spans import WordTimer, estimate_words, pause_after, pieces_of, words_of


def cut(text: str, stretches: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[first:last] for first, last in stretches]


def test_words_are_what_is_pronounced() -> None:
    text = "“Well,” he said — or did—he… * say: 5 % & more?"
    assert cut(text, words_of(text)) == [
        *("“Well,”", "he", "said", "or", "did", "he…", "say:", "5", "%", "&", "more?"),
    ]


@pytest.mark.parametrize("limit", [20, 60, 400])
def test_pieces_hold_every_word_once_within_the_limit(limit: int) -> None:
    text = "A first sentence, with a clause. Another one! " * 5 + "x" * 50 + " and an end without a stop"
    pieces = pieces_of(text, limit)
    assert "".join(cut(text, pieces)) == text
    assert all(last - first <= limit for first, last in pieces)


def test_pieces_end_with_sentences_then_clauses_then_words() -> None:
    text = "One two three. Four five, six seven eight nine"
    assert cut(text, pieces_of(text, 30)) == ["One two three. ", "Four five, ", "six seven eight nine"]
    assert cut(text, pieces_of(text, 15)) == ["One two three. ", "Four five, ", "six seven ", "eight nine"]


def test_a_text_within_the_limit_is_one_piece_and_nothing_is_none() -> None:
    assert pieces_of("One. Two. Three.") == ((0, 16),)
    assert pieces_of("") == pieces_of(" … — ") == ()


def test_a_decimal_point_is_no_end_of_a_sentence() -> None:
    text = "It grew by 3.5 percent in every year of that time"
    assert all(not piece.startswith("5") for piece in cut(text, pieces_of(text, 14)))


def test_a_longer_pause_follows_a_sentence_than_a_clause() -> None:
    text = "One, (two.) Three"
    assert pause_after(text, 5) < pause_after(text, 12) == pause_after(text, len(text))


def test_estimates_fill_the_time_in_order_with_gaps_after_punctuation() -> None:
    text = "Hi, extraordinary people. Bye"
    spans = estimate_words(text, 3.0, start=10.0)
    assert (spans[0].start, spans[-1].end) == (10.0, pytest.approx(13.0))
    lengths = [span.end - span.start for span in spans]
    assert lengths[1] > 2 * lengths[0]
    gaps = [after.start - before.end for before, after in pairwise(spans)]
    assert gaps[0] > 0
    assert gaps[1] == pytest.approx(0)
    assert gaps[2] > gaps[0]


def test_estimates_of_a_part_keep_the_places_of_the_whole() -> None:
    text = "One two. Three four."
    assert [(span.first, span.last) for span in estimate_words(text, 1.0, 0.0, (9, 20))] == [(9, 14), (15, 20)]
    assert estimate_words("…", 1.0) == ()


class TestTimer:
    TEXT = "In the year 1984 it began"

    def timer(self) -> WordTimer:
        return WordTimer(self.TEXT, words_of(self.TEXT))

    def spans(self, *events: tuple[int, float], end: float) -> list[tuple[str, float, float]]:
        timer = self.timer()
        spans = [span for position, at in events for span in timer.heard(position, at)]
        spans += timer.finish(end)
        return [(self.TEXT[span.first : span.last], round(span.start, 2), round(span.end, 2)) for span in spans]

    def test_several_events_of_one_word_are_one_span(self) -> None:
        events = [(0, 0.0), (3, 0.1), (7, 0.2), (12, 0.5), (13, 0.7), (15, 0.9), (17, 1.2), (20, 1.3)]
        assert self.spans(*events, end=1.8) == [
            ("In", 0.0, 0.1),
            ("the", 0.1, 0.2),
            ("year", 0.2, 0.5),
            ("1984", 0.5, 1.2),
            ("it", 1.2, 1.3),
            ("began", 1.3, 1.8),
        ]

    def test_words_without_an_event_share_the_time_of_the_word_before(self) -> None:
        spans = self.spans((0, 0.0), (7, 0.8), (12, 1.0), (17, 2.0), end=3.0)
        assert [word for word, _, _ in spans] == self.TEXT.split()
        assert 0.0 < spans[0][2] == spans[1][1] < spans[1][2] == 0.8
        assert spans[-1] == ("began", spans[-2][2], 3.0)

    def test_without_any_event_all_words_share_the_whole(self) -> None:
        spans = self.spans(end=3.0)
        assert [word for word, _, _ in spans] == self.TEXT.split()
        assert (spans[0][1], spans[-1][2]) == (0.0, 3.0)

    def test_events_that_go_back_or_point_nowhere_change_nothing(self) -> None:
        straight = self.spans((0, 0.0), (7, 0.5), (17, 1.0), end=2.0)
        assert self.spans((0, 0.0), (7, 0.5), (0, 0.6), (17, 1.0), (99, 1.5), (2, 1.6), end=2.0) == straight

    def test_an_end_before_the_last_word_began_is_not_believed(self) -> None:
        assert self.spans((0, 0.0), (20, 2.0), end=1.0)[-1] == ("began", 2.0, 2.0)
