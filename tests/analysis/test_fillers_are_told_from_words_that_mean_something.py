"""Fillers are found, and the same words are left alone where they mean something."""

import math
import re

import pytest

from engine.analysis import Filler, Word, find_fillers
from engine.errors import NotFound
from tests.analysis.labelled import CALLS, HELD_OUT, LABELLED, read, score, utterance

SETS = {path.stem: read(path) for path in (LABELLED, HELD_OUT, CALLS)}


def bare(one):
    """The same utterance as a recogniser writes it that knows neither punctuation nor capitals."""
    return utterance(re.sub(r"[,.?!\"]", "", one.marked).lower())


def words(text, start=0.0, each=0.3):
    return [Word(text=one, start=start + i * each, end=start + (i + 0.9) * each) for i, one in enumerate(text.split())]


def found(text, **wishes):
    said = words(text)
    return [
        (" ".join(word.text for word in said[one.first : one.last + 1]), str(one.bucket))
        for one in find_fillers(said, **wishes)
    ]


def sure(text, **wishes):
    return [said for said, bucket in found(text, **wishes) if bucket == "sure"]


def test_on_the_labelled_utterances_the_sure_are_sure_and_both_are_found():
    every = [one for utterances in SETS.values() for one in utterances]
    assert len(SETS["fillers_labelled"]) >= 300 and len({one.marked for one in every}) > 500
    certain, both, misses = score(every)
    print(f"sure {certain.f1:.4f} {certain}, both {both.f1:.4f} {both}", *misses, sep="\n")
    assert certain.f1 >= 0.995 and both.f1 >= 0.96


@pytest.mark.parametrize("name", SETS)
def test_without_punctuation_little_is_lost(name):
    certain, both, misses = score([bare(one) for one in SETS[name]])
    print(f"sure {certain.f1:.4f} {certain}, both {both.f1:.4f} {both}", *misses, sep="\n")
    assert certain.f1 >= 0.98 and both.f1 >= 0.96


def test_a_list_of_words_does_worse_on_the_same_utterances():
    """Else the utterances would prove nothing."""
    listed = re.compile(r"\b(?:u+h+m*|u+m+|er+m*|you know|i mean|like|well)\b", re.IGNORECASE)
    every = [one for utterances in SETS.values() for one in utterances]
    hits = sum(len(listed.findall(re.sub(r"\[~?|\]", "", one.marked))) for one in every)
    gold = sum(len(one.gold) for one in every)
    assert hits > 1.5 * gold


APART = re.compile(r"[\w'’-]+?(?=n't|'s|'m|'re|'ve|'d|'ll)|[\w'’-]+|[^\w\s]+", re.IGNORECASE)
WRITTEN = {
    "in capitals": lambda text, i: [text.upper()],
    "curly apostrophes": lambda text, i: [text.replace("'", "’")],
    "in tokens": lambda text, i: APART.findall(text),
    "with laughter between": lambda text, i: [text, "[laughter]"] if i % 3 else [text],
    "with noise within": lambda text, i: [f"{text} <noise>"],
    "with empty words": lambda text, i: ["", text, " "],
}
TIMED = {
    "spoken": lambda i: (0.3 * i, 0.3 * i + 0.27),
    "without times": lambda i: (0.0, 0.0),
    "without length": lambda i: (0.3 * i, 0.3 * i),
    "overlapping": lambda i: (0.3 * i, 0.3 * i + 0.5),
    "two at a time": lambda i: (i // 2 * 0.3, i // 2 * 0.3 + 0.27),
    "a second each": lambda i: (float(i), i + 0.5),
    "evenly apart": lambda i: (0.4 * i, 0.4 * i + 0.1),
}


@pytest.mark.parametrize(
    ("form", "times"), [*((form, "spoken") for form in WRITTEN), *(("in tokens", times) for times in TIMED)]
)
def test_the_same_words_have_the_same_fillers_however_they_are_written(form, times):
    for one in (one for utterances in SETS.values() for one in utterances):
        pieces = [(i, text) for i, word in enumerate(one.words) for text in WRITTEN[form](word.text, i)]
        said = [Word(text=text, start=TIMED[times](i)[0], end=TIMED[times](i)[1]) for i, (_, text) in enumerate(pieces)]
        events = [(pieces[f.first][0], pieces[f.last][0], f.bucket) for f in find_fillers(said)]
        assert events == [(f.first, f.last, f.bucket) for f in find_fillers(one.words)], (one.marked, pieces)


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("so—um—yes", ["so—um—yes"]),
        ("right um...I think so", ["um...I"]),
        ("[UH] yes I [um], do", ["[UH]", "[um],"]),
        ("and [hesitation] then", ["[hesitation]"]),
        ("and [laughter-uh] [door slams] then", ["[laughter-uh]"]),
        ("[laughter] um [laughter]", []),
        ("uh oh about ten years ago", ["uh"]),
        ("it was uh, oh, ten", ["uh,"]),
        ("uh oh", []),
        ("next thing you know he's in jail", []),
        ("I mean by then it's too late", ["I mean"]),
        ("you know why would you do that", ["you know"]),
        ("y' know it's late yknow", ["y' know", "yknow"]),
    ],
)
def test_what_a_writer_adds_is_not_said(text, fillers):
    assert sure(text) == fillers


def test_one_event_a_filler_with_first_and_last_word():
    assert find_fillers(words("uh you know I mean it's late")) == [
        Filler(first=0, last=0, bucket="sure"),
        Filler(first=1, last=2, bucket="sure"),
        Filler(first=3, last=4, bucket="sure"),
    ]
    assert found("so um um I think like twenty") == [("um", "sure"), ("um", "sure"), ("like", "possible")]


@pytest.mark.parametrize(
    "text",
    ["I do n't , you know , care", "it 's you know it 's cold", "if , you know , they", "He 'd , You Know , try -- "],
)
def test_split_contractions_and_separate_punctuation_are_read(text):
    assert [said.lower() for said in sure(text)] == ["you know"]


@pytest.mark.parametrize("text", ["um", "Uh.", "uh-huh", "uh huh", "um hum", "mhm", "", " , "])
def test_an_answer_is_no_hesitation(text):
    assert found(text) == []


def test_a_hesitation_that_breaks_off_is_one():
    assert sure("uh --") == ["uh"] and sure("Um,") == ["Um,"]


def test_what_stands_in_no_bucket():
    assert found("so right okay actually basically it's kind of sort of literally just obviously fine right") == []


def test_like_and_well_are_never_sure():
    assert found("well , um , like , you know , like , ten") == [
        ("well", "possible"),
        ("um", "sure"),
        ("like", "possible"),
        ("you know", "sure"),
        ("like", "possible"),
    ]


def test_silences_part_turns():
    """On one speaker's side of a call, "um" between two silences is what a listener says; "do" ends a turn."""
    alone = [*words("so we went home"), *words("um", start=10), *words("and then um we slept", start=20)]
    assert [(one.first, one.last) for one in find_fillers(alone)] == [(7, 7)]
    assert [(one.first, one.last) for one in find_fillers(alone, turn_gap=math.inf)] == [(4, 4), (7, 7)]
    apart = [*words("yes I think they do"), *words("you know it rained", start=10)]
    assert [(one.first, one.last) for one in find_fillers(apart)] == [(5, 6)]
    assert find_fillers(words("what do")[:2] + words("you know it rained", start=0.6)) == []


@pytest.mark.parametrize(
    "times",
    [
        lambda i: (0.0, 0.0),
        lambda i: (7.0, 7.0),
        lambda i: (10.0 * i, 10.0 * i),
        lambda i: (-3.0 * i, 1.0 - 3 * i),
        lambda i: (math.nan, math.nan),
        lambda i: (5.0, 1.0),
        lambda i: (i * 1e9, 0.0),
    ],
)
def test_times_that_make_no_sense_part_nothing(times):
    text = "so um I you know I like uh that"
    said = [Word(text=one, start=times(i)[0], end=times(i)[1]) for i, one in enumerate(text.split())]
    assert [(one.first, one.last) for one in find_fillers(said)] == [(1, 1), (3, 4), (7, 7)]


def test_a_long_row_of_anything_is_read():
    row = [
        "you",
        "know",
        "I",
        "mean",
        "like",
        "well",
        "um",
        "do",
        "if",
        ",",
        ".",
        "--",
        "",
        "n't",
        "'s",
        "𝓊𝓂",
        "you know",
    ]
    for shift in range(len(row)):
        said = [Word(text=row[(i * 7 + shift) % len(row)], start=0.2 * i, end=0.2 * i + 0.1) for i in range(500)]
        events = find_fillers(said)
        ranges = [(one.first, one.last) for one in events]
        assert events and ranges == sorted(ranges) and all(0 <= a <= b < len(said) for a, b in ranges)


def test_phrases_of_the_user_count_everywhere():
    text = "to be honest it's super nice, to be  honest"
    assert found(text, watch=["To be honest", "super"]) == [
        ("to be honest", "sure"),
        ("super", "sure"),
        ("to be honest", "sure"),
    ]
    assert sure("so we, like, left so fast", watch=["so"]) == ["so", "so"]
    assert sure("I like it and it's like twenty", watch=["like"]) == ["like"]


def test_phrases_that_are_said_on_purpose_do_not_count():
    assert found("um well uh you know umm", ignore=["um", "you know"]) == [("well", "possible"), ("uh", "sure")]
    assert found("well like twenty", ignore=["well", "like"]) == []
    assert sure("um to be honest", watch=["to be honest"], ignore=["to be honest"]) == ["um"]


def test_a_language_without_a_list_is_told():
    with pytest.raises(NotFound):
        find_fillers(words("euh bon"), language="xx")
