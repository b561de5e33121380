"""The prompter's place: forward with every word, never back by itself, ahead and back where the speaker goes."""

from engine.rehearsal.budget import proposed, shares
from engine.rehearsal.follow import Follower, Place
from tests.rehearsal.reading import SCRIPT, SKIPPED

END = Place(sentence=len(SCRIPT) + 1, words=0)


def feed(follower, utterance):
    """As a recogniser tells it, one word more at a time, and all of it at the end."""
    words = utterance.split()
    places = [follower.heard(" ".join(words[:count]), final=False) for count in range(1, len(words) + 1)]
    return [*places, follower.heard(utterance, final=True)]


def pair(places):
    return [(place.sentence, place.words) for place in places]


def test_every_word_lights_up_as_it_is_said():
    places = feed(Follower(SCRIPT), "think of the last time a question threw you off")
    assert pair(places) == [*((1, count) for count in range(1, 10)), (2, 0), (2, 0)]


def test_a_whole_reading_comes_by_every_word_in_order():
    follower = Follower(SCRIPT)
    places = [place for sentence in SCRIPT for place in feed(follower, sentence)]
    assert pair(places) == sorted(pair(places))
    assert places[-1] == END


def test_it_does_not_go_back_when_the_recogniser_changes_its_mind():
    follower = Follower(SCRIPT)
    told = ["think of the last", "think of the last time a", "think of", "think off the lost", "think of the last time"]
    places = pair(follower.heard(text, final=False) for text in told)
    assert places == [(1, 4), (1, 6), (1, 6), (1, 6), (1, 6)]


def test_misheard_words_do_not_hold_it_up():
    heard = "sink of a lost time a question true you off you knew an answer"
    assert feed(Follower(SCRIPT), heard)[-1] == Place(sentence=2, words=4)


def test_a_skipped_sentence_is_leapt_over_after_a_few_words():
    follower = Follower(SCRIPT, sentence=SKIPPED - 1)
    feed(follower, SCRIPT[SKIPPED - 2])
    places = feed(follower, SCRIPT[SKIPPED])
    assert follower.place == Place(sentence=SKIPPED + 2, words=0)
    assert {sentence for sentence, words in pair(places) if words} == {SKIPPED + 1}
    assert places[3].sentence == SKIPPED + 1


def test_what_is_added_does_not_move_it():
    follower = Follower(SCRIPT)
    feed(follower, SCRIPT[0])
    added = "my sister said the other day that she would like to have it in the kitchen"
    assert max(pair(feed(follower, added))) <= (2, 2)


def test_the_same_words_elsewhere_do_not_tempt_it():
    follower = Follower(("We ask, we listen and we answer.", "We build.", "We ask again.", "We listen and we learn."))
    assert pair(feed(follower, "we ask we listen and we answer"))[-1] == (2, 0)
    assert pair(feed(follower, "we build"))[-1] == (3, 0)


def test_back_where_the_speaker_begins_again():
    follower = Follower(SCRIPT)
    for sentence in SCRIPT[:5]:
        feed(follower, sentence)
    assert feed(follower, "most of us rehearse in our heads")[-1] == Place(sentence=3, words=7)


def test_again_from_here_is_obeyed_at_once_and_the_past_forgotten():
    follower = Follower(SCRIPT)
    for sentence in SCRIPT[:4]:
        feed(follower, sentence)
    assert follower.again(2) == Place(sentence=2, words=0)
    assert follower.heard("", final=True) == Place(sentence=2, words=0)
    assert feed(follower, "you knew")[-1] == Place(sentence=2, words=2)


def test_a_dash_between_blanks_is_no_word_to_wait_for():
    follower = Follower(("One – two.", "Three."))
    assert feed(follower, "one two three")[-1] == Place(sentence=3, words=0)


def test_time_is_shared_out_by_words():
    assert shares(("One two three.", "Four.", "1,200 cups."), 90) == [30, 10, 50]
    assert sum(shares(SCRIPT, 75)) == 75


def test_a_length_is_proposed_from_the_words():
    assert proposed(["word " * 140]) == 60
    assert proposed(["One."]) == 10


def test_words_that_two_sentences_share_do_not_make_it_leap_to_the_next():
    follower = Follower(SCRIPT, sentence=11)
    assert {place.sentence for place in feed(follower, SCRIPT[10])[:-1]} == {11, 12}
    assert follower.place == Place(sentence=12, words=0)
    follower = Follower(SCRIPT, sentence=11)
    assert max(pair(feed(follower, "all of this runs on your own computer with no key"))) == (11, 11)
