"""Words to say next, without a model: from what the other side said and left open, and from what the user came for."""

import tomllib
from pathlib import Path

import pytest

from engine.analysis.values import PARTNER, USER, Line
from engine.coach import phrases
from engine.coach.content import Content
from engine.coach.cues import HELP
from engine.coach.form import for_ear, for_screen, matter_of, words_of
from engine.records import Aim

DIALOGUES = tomllib.loads((Path(__file__).parents[1] / "partner" / "dialogues.toml").read_text("utf-8"))["dialogue"]
WORDS = phrases.load()


class Talk:
    def __init__(self, **aim):
        self.content = Content(Aim(**aim), WORDS)
        self.lines = 0

    def says(self, text, speaker=PARTNER):
        self.lines += 1
        self.content.line(Line(id=self.lines, speaker=speaker, text=text, start=self.lines, end=self.lines + 1))

    def next(self):
        tip = self.content.next()
        if tip:
            self.content.offered(tip)
        return tip.text if tip else None

    def help(self):
        tip = self.content.help()
        self.content.offered(tip)
        return tip.text


@pytest.mark.parametrize(
    ("said", "cue"),
    [
        ("I run a bakery in Leeds with my sister and we just opened a second shop.", "Ask about the second shop"),
        ("We did a pilot with two clinics and it cut waiting times by forty percent.", "Ask about the forty percent"),
        (
            "so i've been working on a machine learning project for finding plant diseases",
            "Ask about the machine learning project",
        ),
        ("yeah it's been hard honestly, hiring engineers is a nightmare right now", "Ask about hiring engineers"),
        ("We'll launch soon, maybe in spring.", "Ask when exactly that will be"),
        ("Our biggest customer left last month.", "Ask about their biggest customer"),
        ("I studied biology in Berlin and then moved into climate tech.", "Ask about climate tech"),
        ("My thesis was about how people read maps on small screens.", "Ask about their thesis"),
        ("you know it didn't really work because the sensors kept failing in the cold", "Ask about the sensors"),
        ("I think the council wants to close the library.", "Ask about the library"),
        ("I just got back from Japan, it was amazing.", "Ask about Japan"),
        ("To be honest the onboarding is too slow for our clients.", "Ask about their clients"),
        ("I'm a nurse at the children's hospital.", "Ask about the children's hospital"),
        ("um we um we ship about two hundred parcels a day", "Ask about the two hundred parcels"),
        ("We've just joined the board of a housing charity.", "Ask about the board of the housing charity"),
        ("My daughter just started school.", "Ask about their daughter"),
        # nothing good to say is a valid answer
        ("It's raining again.", None),
        ("Well, thank you for coming in today.", None),
        ("The kids are fine, thanks.", None),
        ("Oh that's a long story.", None),
        ("Mm-hm.", None),
        ("I am a mechanic.", None),
    ],
)
def test_a_cue_takes_up_what_the_partner_said(said, cue):
    talk = Talk()
    talk.says(said)
    assert talk.next() == cue


def test_their_name_is_used_once_it_is_known():
    talk = Talk()
    talk.says("Hi, I'm Maya. I lead the sensor team.")
    talk.next()
    talk.says("And where are you from?", USER)
    talk.says("Leeds. That is where our pilot began.")
    assert talk.next() == "Ask what comes next with Maya's pilot"
    named = Talk(participants="Maya Chen, product lead")
    named.says("Our pilot began in May.")
    assert named.next() == "Ask about Maya's pilot"
    assert Talk(participants="Maya and Tom").content.next() is None
    two = Talk(participants="Maya and Tom")
    two.says("Our pilot began in May.")
    assert two.next() == "Ask about their pilot"


def test_what_the_user_has_taken_up_themselves_is_not_proposed():
    talk = Talk()
    talk.says("How did the pilot go?", USER)
    talk.says("The pilot went well, and the nurses liked the tablets.")
    assert "pilot" not in talk.next()


def test_nothing_is_offered_twice():
    talk = Talk()
    for _ in range(3):
        talk.says("Our pilot ended, and the council wants to close the library.")
    offered = [talk.next() for _ in range(5)]
    assert offered[0] == "Ask about their pilot"
    assert [word for text in offered[1:3] for word in ("council", "library") if word in text] in (
        ["council", "library"],
        ["library", "council"],
    )
    assert offered[3:] == [None, None]


def test_after_a_question_nobody_is_hurried():
    talk = Talk()
    talk.says("We sell sensors to farms. What do you do?")
    assert talk.next() is None


def test_while_the_partner_should_speak_nothing_is_proposed():
    talk = Talk(goal="Talk about my startup")
    talk.says("Our pilot ended.")
    talk.says("My week was busy with the new flat.", USER)
    assert talk.next() is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("So, how do you make money with that?", "Answer: how do you make money with that?"),
        ("what do you do", "Answer: what do you do?"),
        ("And who else is on your team?", "Answer: who else is on your team?"),
        (
            "What would you say is the hardest thing about moving from a large company to a small one?",
            "Answer about the large company",
        ),
        ("Would you rather that we did it now or that we waited until later?", "Answer their question first"),
        ("Sorry, can you repeat that?", "Say it again in fewer words"),
    ],
)
def test_an_open_question_is_put_before_the_user(question, answer):
    talk = Talk()
    talk.says(question)
    assert talk.content.answer().text == answer


def test_there_is_nothing_to_answer_where_nobody_asked():
    talk = Talk()
    talk.says("We sell sensors to farms.")
    assert talk.content.answer() is None
    talk.says("What do you do?")
    talk.says("I bake bread.", USER)
    assert talk.content.answer() is None


def test_a_question_that_was_left_open_is_come_back_to():
    talk = Talk()
    talk.says("How much does your subscription cost?")
    talk.says("Mm-hm.", USER)
    talk.says("Well, it's raining again.")
    assert talk.next() == "Come back to your subscription"


def test_the_goal_is_brought_up_until_it_was():
    talk = Talk(goal="Find a co-founder for my climate startup")
    talk.says("It's raining again.")
    assert talk.next() == "Bring up your climate startup"
    talk.says("I have a climate startup, by the way.", USER)
    talk.says("Oh, nice.")
    assert "startup" not in (talk.next() or "")


def test_where_everybody_is_called_user_the_partners_words_are_still_taken_up():
    talk = Talk()
    talk.says("Hi, I'm Alex.", USER)
    talk.says("Nice to meet you. I work on our pilot with two clinics.", USER)
    assert talk.next() == "Ask about the pilot"


def test_help_is_never_empty_and_does_not_repeat_itself():
    talk = Talk()
    offered = [talk.help() for _ in range(len(WORDS.help["talk"]))]
    assert len(set(offered)) == len(offered)
    talk.says("What do you do?")
    assert talk.help() == "Answer: what do you do?"
    assert talk.help() != "Answer: what do you do?"
    tip = talk.content.help()
    assert tip.kind == HELP
    assert tip.asked
    assert tip.ear


def test_help_is_that_of_the_mode():
    assert Talk(mode="interview").help() == WORDS.help["interview"][0][0]
    assert Talk(mode="pitch").help() == WORDS.help["pitch"][0][0]
    assert Talk(mode="sales").help() == WORDS.help["talk"][0][0]


def test_the_same_talk_gets_the_same_cues():
    def cues():
        talk = Talk()
        found = []
        for text in DIALOGUES[0]["says"]:
            talk.says(text)
            found.append(talk.next())
        return found

    assert cues() == cues()


@pytest.mark.parametrize("speaker", [PARTNER, USER])
def test_every_cue_on_hundreds_of_written_lines_has_the_form_of_one(speaker):
    found = 0
    for dialogue in DIALOGUES:
        talk = Talk(goal="Explain our pricing", context="At a fair")
        seen = set()
        for text in dialogue["says"]:
            talk.says(text, speaker)
            tip = talk.content.next() or talk.content.answer() or talk.content.help()
            talk.content.offered(tip)
            found += 1
            assert for_screen(tip.text), tip
            assert not tip.ear or for_ear(tip.ear), tip
            assert words_of(tip.text)[0].lower().strip(":") in WORDS.imperatives
            assert "you should" not in tip.text
            assert "{" not in tip.text + tip.ear
            assert tip.subject
            assert tip.kind == HELP or tip.text.startswith("Answer") or tip.text not in seen, "nothing is repeated"
            seen.add(tip.text)
    assert found > 300


def test_all_that_the_coach_says_by_itself_has_the_form_of_a_cue():
    pairs = [pair for lines in WORDS.help.values() for pair in lines]
    pairs += [(manner.screen, manner.ear) for manner in WORDS.manner.values()]
    for screen, ear in pairs:
        assert for_screen(screen), screen
        assert for_ear(ear), ear


def test_the_matter_of_a_cue_is_what_it_is_about():
    assert matter_of("Ask about their biggest pilots", WORDS) == {"biggest", "pilot"}
    assert matter_of("Ask what they do", WORDS) == frozenset()
