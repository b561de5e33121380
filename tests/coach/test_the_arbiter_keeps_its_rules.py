"""The twelve rules of the live coach, one after the other, on a clock that the test moves."""

from itertools import pairwise

import pytest

from engine.analysis.values import PARTNER, USER
from engine.coach.arbiter import Arbiter
from engine.coach.cues import (
    CLIPPING,
    CONTENT,
    FILLERS,
    HELP,
    INTERRUPTIONS,
    MICROPHONE,
    MONOLOGUE,
    PACE,
    PITCH,
    PRIORITY,
    UNANSWERED,
    Condition,
    Density,
    Earcon,
    Fixed,
    Heard,
    Hush,
    Proposed,
    Suggested,
    Tip,
    Tuned,
    Used,
    Voiced,
    Whisper,
)


class Stage:
    """An arbiter whose session began at 0; `at` moves the time there, doing what is due on the way."""

    def __init__(self, *, calibrated=True, **rest):
        self.arbiter = Arbiter(0.0, **{"density": Density.NORMAL, "ear": True} | rest)
        self.out = []
        self.now = 0.0
        if calibrated:
            self.speaks(USER, 1.0, 36.0)

    def at(self, now, fact=None):
        while (due := self.arbiter.due) is not None and due < now:
            self._take(due, None)
        return self._take(now, fact)

    def _take(self, now, fact):
        assert now >= self.now, "time goes on"
        self.now = now
        found = self.arbiter.step(fact, now)
        self.out += [(now, output) for output in found]
        return found

    def begins(self, speaker, at):
        return self.at(at, Voiced(speaker=speaker, speaking=True))

    def ends(self, speaker, at):
        return self.at(at, Voiced(speaker=speaker, speaking=False))

    def speaks(self, speaker, start, end):
        self.begins(speaker, start)
        self.ends(speaker, end)

    def chats(self, start, end):
        """The user speaks for 2 s and is silent for 2 s, over and over."""
        for second in range(start, end, 4):
            self.speaks(USER, second, second + 2)

    def says(self, at, thing="pilot", **rest):
        fields = {"ear": f"Ask: {thing}", "subject": thing, "matter": frozenset({thing}), "known": at}
        return self.at(at, Proposed(tip=Tip(kind=CONTENT, text=f"Ask about {thing}", **fields | rest)))

    def asks(self, at, thing="way", ear="Ask: way"):
        tip = Tip(kind=HELP, text=f"Ask about {thing}", ear=ear, subject=thing, asked=True, waits=False)
        return self.at(at, Proposed(tip=tip))

    def holds(self, at, kind=PACE, holds=True, ear="Slower", **rest):
        return self.at(at, Condition(kind=kind, holds=holds, text=f"About {kind}", ear=ear, **rest))

    def when(self, kind):
        return [(round(at, 3), output) for at, output in self.out if isinstance(output, kind)]

    def times(self, kind):
        return [at for at, _ in self.when(kind)]

    @property
    def kinds(self):
        return [output.kind for _, output in self.when(Suggested)]


# ---- 1: never over the user ------------------------------------------------------------------------------------------


def test_an_asked_whisper_waits_for_700_ms_of_the_users_silence():
    stage = Stage()
    stage.begins(USER, 40)
    stage.asks(41)
    stage.ends(USER, 42)
    stage.at(60)
    assert stage.times(Suggested) == [41], "the screen disturbs nobody"
    assert stage.times(Whisper) == [42.7]


def test_an_asked_whisper_waits_until_the_partner_is_silent():
    stage = Stage()
    stage.begins(PARTNER, 40)
    stage.asks(41)
    stage.ends(PARTNER, 43)
    stage.at(60)
    assert stage.times(Whisper) == [43]


def test_an_unasked_whisper_waits_for_a_lull_of_both():
    stage = Stage()
    stage.begins(PARTNER, 38)
    stage.says(39, waits=False)
    stage.ends(PARTNER, 40)
    stage.at(60)
    assert stage.times(Suggested) == [39]
    assert stage.times(Whisper) == [41.2]


@pytest.mark.parametrize("speaker", [USER, PARTNER])
def test_whoever_begins_to_speak_stops_the_whisper_at_once_and_it_is_not_resumed(speaker):
    stage = Stage()
    stage.asks(40)
    assert stage.times(Whisper) == [40]
    assert stage.begins(speaker, 40.5) == [Hush()]
    stage.ends(speaker, 41)
    stage.at(60)
    assert stage.times(Whisper) == [40]
    assert stage.times(Hush) == [40.5]


def test_a_whisper_that_is_long_over_is_not_stopped():
    stage = Stage()
    stage.asks(40)
    assert stage.begins(USER, 44) == []


def test_what_has_not_sounded_yet_is_dropped_when_somebody_begins():
    stage = Stage()
    stage.says(39, waits=False)
    stage.begins(USER, 39.2)
    stage.ends(USER, 39.5)
    stage.at(60)
    assert stage.times(Suggested) == [39]
    assert stage.times(Whisper) == [39], "both had been silent since 36"
    stage.begins(PARTNER, 61)
    stage.says(62, "budget", waits=False)
    stage.ends(PARTNER, 62.1)
    stage.begins(USER, 62.5)
    stage.ends(USER, 63)
    stage.at(80)
    assert len(stage.when(Whisper)) == 1


def test_without_an_ear_nothing_sounds():
    stage = Stage(ear=False)
    stage.asks(40)
    stage.at(60)
    assert stage.times(Suggested) == [40]
    assert not stage.when(Whisper)


def test_taking_the_ear_away_stops_what_sounds():
    stage = Stage()
    stage.asks(40)
    assert stage.at(40.3, Tuned(ear=False)) == [Hush()]


# ---- 2: windows ------------------------------------------------------------------------------------------------------


def test_words_to_say_wait_for_a_lull():
    stage = Stage()
    stage.speaks(PARTNER, 38, 40)
    stage.says(40.6)
    stage.at(60)
    assert stage.times(Suggested) == [41.2]
    assert stage.times(Whisper) == [41.2]


def test_whoever_answers_before_the_lull_gets_no_words():
    stage = Stage()
    stage.speaks(PARTNER, 38, 40)
    stage.says(40.6)
    stage.speaks(USER, 41.1, 44)
    stage.at(60)
    assert not stage.when(Suggested)


def test_an_ai_partner_waits_so_that_the_ear_is_free_as_soon_as_the_user_is_quiet():
    stage = Stage()
    stage.at(37, Tuned(practice=True))
    stage.begins(PARTNER, 38)
    stage.says(39, waits=False)
    stage.ends(PARTNER, 40)
    stage.at(60)
    assert stage.times(Whisper) == [40]


# ---- 3: length, and time to read -------------------------------------------------------------------------------------


def test_an_answer_younger_than_4_s_is_not_rewritten():
    stage = Stage()
    stage.asks(40)
    stage.asks(43.9, "other")
    stage.asks(44, "third")
    assert stage.times(Suggested) == [40, 44], "a second press is answered by what is there"


def test_what_is_wrong_with_the_microphone_can_be_read_before_help_replaces_it():
    stage = Stage()
    stage.holds(38, MICROPHONE)
    stage.asks(40.5)
    stage.at(60)
    assert stage.kinds[:2] == [MICROPHONE, HELP]
    assert stage.times(Suggested)[:2] == [40.5, 44.5]


def test_help_is_not_kept_waiting_by_an_unasked_line():
    stage = Stage()
    stage.says(40)
    stage.asks(41)
    assert stage.times(Suggested) == [40, 41]
    assert stage.times(Hush) == [41], "the line that was being whispered gives way"


# ---- 5: budget -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("density", "spacing"), [(Density.NORMAL, 20), (Density.CALM, 45)])
def test_unasked_cues_keep_their_distance(density, spacing):
    stage = Stage(density=density)
    for second in range(40, 200):
        stage.says(second, f"thing{second}")
    times = stage.times(Suggested)
    assert len(times) >= 3
    assert all(b - a >= spacing for a, b in pairwise(times))


def test_an_unasked_cue_keeps_its_distance_from_an_asked_one():
    stage = Stage()
    stage.asks(40)
    stage.says(55)
    stage.at(58)
    assert stage.times(Suggested) == [40]
    stage.at(62)
    assert stage.times(Suggested) == [40, 60]


def test_off_means_that_nothing_comes_unasked_but_what_is_wrong_with_the_microphone():
    stage = Stage(density=Density.OFF)
    stage.says(40)
    stage.holds(41, PACE)
    stage.at(70)
    assert not stage.when(Suggested)
    stage.asks(71)
    stage.holds(80, MICROPHONE)
    stage.at(120)
    assert stage.kinds == [HELP, MICROPHONE]


def test_a_kind_comes_again_after_a_minute_and_three_times_at_most():
    stage = Stage()
    stage.begins(USER, 37)
    stage.holds(40, PACE)
    stage.at(900)
    assert stage.times(Suggested) == [42.5, 102.5, 162.5]


def test_in_a_drill_a_kind_comes_again_sooner_but_never_closer_than_the_budget_allows():
    stage = Stage()
    stage.at(37, Tuned(drill=True))
    stage.begins(USER, 37)
    stage.holds(40, PACE)
    stage.at(900)
    assert stage.times(Suggested) == [42.5, 62.5, 82.5]


def test_words_on_one_subject_are_offered_once():
    stage = Stage()
    stage.says(40, "pilot")
    stage.says(100, "pilot")
    stage.says(101, "budget")
    assert [output.text for _, output in stage.when(Suggested)] == ["Ask about pilot", "Ask about budget"]


# ---- 6: sustain and calibration --------------------------------------------------------------------------------------


def test_what_holds_less_than_2500_ms_is_a_slip():
    stage = Stage()
    stage.holds(40, PACE)
    stage.holds(42.4, PACE, holds=False)
    stage.at(60)
    assert not stage.when(Suggested)


def test_the_first_30_s_of_speech_only_calibrate():
    stage = Stage(calibrated=False)
    stage.speaks(USER, 1, 15)
    stage.begins(USER, 60)
    stage.holds(61, PACE)
    stage.at(120)
    assert stage.times(Suggested) == [76], "14 s, and 16 s more"


def test_an_extreme_does_not_wait_for_the_calibration_but_for_the_start():
    stage = Stage(calibrated=False)
    stage.begins(USER, 1)
    stage.holds(10, PACE, extreme=True)
    stage.at(60)
    assert stage.times(Suggested) == [30]


def test_nothing_comes_in_the_first_30_s_but_help_and_what_is_wrong_with_the_microphone():
    stage = Stage(calibrated=False)
    stage.begins(USER, 1)
    stage.says(5, waits=False)
    stage.holds(6, MONOLOGUE)
    stage.asks(8)
    stage.at(29)
    assert stage.kinds == [HELP]
    stage = Stage(calibrated=False)
    stage.holds(1, CLIPPING)
    stage.at(20)
    assert stage.times(Suggested) == [3.5]


# ---- 7: escalation ---------------------------------------------------------------------------------------------------


def test_it_escalates_from_the_screen_over_a_soft_sound_to_two_words_and_then_stops():
    stage = Stage()
    stage.holds(40, PACE)
    stage.chats(40, 900)
    assert stage.times(Suggested) == [42.5, 102.5, 162.5]
    assert stage.times(Earcon) == [103.2], "in the lull that follows"
    assert [(at, whisper.text) for at, whisper in stage.when(Whisper)] == [(163.2, "Slower")]


def test_after_two_minutes_without_it_the_escalation_begins_anew():
    stage = Stage()
    stage.begins(USER, 39)
    stage.holds(40, PACE)
    stage.holds(44, PACE, holds=False)
    stage.ends(USER, 45)
    stage.begins(USER, 198)
    stage.holds(200, PACE)
    stage.ends(USER, 203)
    stage.at(250)
    assert stage.times(Suggested) == [42.5, 202.5]
    assert not stage.when(Earcon)


def test_a_soft_sound_waits_for_a_lull_like_any_other():
    stage = Stage()
    stage.begins(USER, 37)
    stage.holds(40, PACE)
    stage.at(104)
    stage.ends(USER, 105)
    stage.at(120)
    assert stage.times(Earcon) == [106.2]


def test_what_is_put_right_is_ticked_once_and_counts_as_taken_up():
    stage = Stage()
    stage.begins(USER, 39)
    stage.holds(40, PACE)
    stage.holds(50, PACE, holds=False)
    stage.at(60)
    assert stage.when(Fixed) == [(52.5, Fixed(kind=PACE))]
    assert stage.when(Used) == [(52.5, Used(id=1))]


def test_nothing_is_ticked_when_it_cannot_be_told_or_comes_back():
    stage = Stage()
    stage.begins(USER, 39)
    stage.holds(40, PACE)
    stage.holds(50, PACE, holds=None)
    stage.at(60)
    stage.holds(61, FILLERS)
    stage.at(65)
    stage.holds(66, FILLERS, holds=False)
    stage.holds(68, FILLERS)
    stage.at(90)
    assert stage.kinds == [PACE, FILLERS]
    assert not stage.when(Fixed)


# ---- 8: priority, queue, time to live --------------------------------------------------------------------------------


def test_the_most_urgent_comes_first():
    order = [MICROPHONE, HELP, UNANSWERED, MONOLOGUE, INTERRUPTIONS, PACE, FILLERS, PITCH]
    assert [kind for kind in PRIORITY if kind in order] == order
    stage = Stage(calibrated=False)
    stage.begins(USER, 0)
    for kind in (PITCH, FILLERS, PACE, INTERRUPTIONS, MONOLOGUE, UNANSWERED):
        stage.holds(31 - 2.5, kind)
    stage.at(32)
    assert stage.kinds == [UNANSWERED]
    stage.at(900)
    assert list(dict.fromkeys(stage.kinds)) == [UNANSWERED, MONOLOGUE, INTERRUPTIONS, PACE, FILLERS, PITCH]


def test_a_cue_of_words_that_waits_lives_6_s():
    stage = Stage()
    stage.asks(36.5)
    stage.says(50.4)
    stage.at(60)
    assert stage.times(Suggested) == [36.5], "the budget opens at 56.5"
    stage.asks(60)
    stage.says(74.1)
    stage.at(90)
    assert stage.times(Suggested) == [36.5, 60, 80]


@pytest.mark.parametrize(("known", "shown"), [(55.2, True), (54.9, False)])
def test_words_that_wait_for_nobody_come_within_1500_ms_or_not_at_all(known, shown):
    stage = Stage()
    stage.begins(PARTNER, 36.2)
    stage.asks(36.5)
    stage.says(known, known=known, waits=False)
    stage.at(60)
    assert bool(stage.when(Suggested)[1:]) is shown, "the budget opens at 56.5"


def test_how_somebody_spoke_is_not_told_6_s_after_they_fell_silent():
    stage = Stage()
    stage.asks(40)
    stage.speaks(USER, 50, 53)
    stage.holds(53, PACE)
    stage.at(70)
    assert stage.times(Suggested) == [40], "the budget opens at 60"
    stage.begins(USER, 71)
    assert stage.times(Suggested) == [40, 71]


def test_a_new_turn_of_the_partner_drops_what_waits():
    stage = Stage()
    stage.asks(36.5)
    stage.says(56, known=56, waits=False)
    stage.begins(PARTNER, 56.2)
    stage.at(70)
    assert stage.times(Suggested) == [36.5]


def test_the_queue_holds_one_and_the_newer_of_two_wins():
    stage = Stage()
    stage.speaks(PARTNER, 38, 40)
    stage.says(40.3, "pilot")
    stage.says(40.6, "budget")
    stage.at(100)
    assert [output.text for _, output in stage.when(Suggested)] == ["Ask about budget"]


def test_an_unanswered_question_is_told_from_when_the_silence_began():
    stage = Stage()
    stage.speaks(PARTNER, 38, 40)
    stage.holds(43, UNANSWERED, since=40.0, ear="Answer them first")
    assert stage.times(Suggested) == [43]
    assert stage.when(Whisper) == [(43, Whisper(id=1, text="Answer them first"))]


# ---- 10: use it or lose it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "lemma", "used"), [(44, "pilot", True), (54.9, "pilot", True), (56, "pilot", False), (44, "rain", False)]
)
def test_a_cue_is_used_when_its_matter_is_said_within_15_s(at, lemma, used):
    stage = Stage()
    stage.says(40)
    stage.at(58, Heard(said=((at, lemma),)))
    assert stage.when(Used) == ([(58, Used(id=1))] if used else [])


def test_what_was_said_before_the_cue_does_not_use_it():
    stage = Stage()
    stage.says(40)
    stage.at(42, Heard(said=((39.9, "pilot"),)))
    assert not stage.when(Used)


def test_a_cue_is_used_once():
    stage = Stage()
    stage.says(40)
    stage.at(42, Heard(said=((41, "pilot"), (41.5, "pilot"))))
    stage.at(43, Heard(said=((42.5, "pilot"),)))
    assert len(stage.when(Used)) == 1


def test_cues_that_nobody_uses_come_half_as_often_until_they_are_used():
    stage = Stage()
    for second in range(40, 400):
        stage.says(second, f"thing{second}")
    gaps = [round(b - a) for a, b in pairwise(stage.times(Suggested))]
    assert gaps[:4] == [20] * 4
    assert set(gaps[-3:]) == {40}
    used = Stage()
    for second in range(40, 400):
        for shown in used.says(second, f"thing{second}"):
            if isinstance(shown, Suggested):
                used.at(second, Heard(said=((second + 1, shown.text.split()[-1]),)))
    assert {round(b - a) for a, b in pairwise(used.times(Suggested))} == {20}


# ---- 12: fluent in another way ---------------------------------------------------------------------------------------


def test_for_a_speaker_fluent_in_another_way_pace_and_fillers_are_left_alone():
    stage = Stage(fluency=True)
    stage.holds(40, PACE, extreme=True)
    stage.holds(41, FILLERS)
    stage.at(100)
    assert not stage.when(Suggested)
    stage.says(101)
    assert stage.kinds == [CONTENT]


# ---- time ------------------------------------------------------------------------------------------------------------


def test_nothing_is_due_when_nothing_waits():
    stage = Stage()
    assert stage.arbiter.due is None
    stage.speaks(PARTNER, 37, 39)
    stage.says(39.5)
    assert stage.arbiter.due == pytest.approx(40.2)
