"""What the template says of sessions of many kinds."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import combinations, permutations

import pytest

from engine.analysis.analyse import analyse
from engine.analysis.values import Capability, Line, Material
from engine.providers.base import Word
from engine.records import Aim
from engine.report import template
from engine.report.drills import drills
from engine.report.gate import check
from engine.report.kept import as_dict, from_dict, protocol_fields
from engine.report.said import Said
from engine.report.values import Brief, Earlier
from tests.report.checker import lies
from tests.report.meetup import BRIEF
from tests.report.sessions import brief, sessions

SESSIONS = sessions()
SPOKEN = {name: one for name, one in SESSIONS.items() if Said(one.material).words("user") >= 30}
UNHEARD = {name: one for name, one in SESSIONS.items() if not Said(one.material).words("user")}
FIXED = ("Started the session", "Ready to practice", "Practice makes perfect", "Great job", "Keep it up")


def draft_of(report):
    """A report as a model would have written it."""

    def remark(one):
        told = {name: getattr(one, name) for name in ("text", "claim", "quote", "metric", "why", "try_next", "drill")}
        return told | {"t0": one.start, "t1": one.end}

    return {
        "stars": [remark(star) for star in report.stars],
        "wish": remark(report.wish),
        "takeaways": list(report.takeaways),
        "summary_bullets": list(report.summary),
        "goal_answer": report.goal_answer,
    }


@pytest.mark.parametrize("name", SPOKEN)
def test_it_would_pass_its_own_gate(name):
    one = SPOKEN[name]
    report = check(draft_of(template.write(one)), one.material, one.analysis, names=one.aim.participants)
    assert not isinstance(report, list), report


@pytest.mark.parametrize("name", SPOKEN)
def test_a_sceptic_finds_nothing_false(name):
    one = SPOKEN[name]
    report = template.write(one)
    fields = protocol_fields(report, one.material.lines, begun=datetime(2026, 1, 1), analysis=one.analysis)
    assert lies(fields, one.material, one.analysis, one.aim.goal.rstrip(".")) == []


@pytest.mark.parametrize("name", SESSIONS)
def test_it_has_the_protocols_shape_and_lengths(name):
    report = template.write(SESSIONS[name])
    assert len(report.stars) == 2
    assert len(report.takeaways) == len(set(report.takeaways)) == 3
    assert report.stars[0].text != report.stars[1].text
    for remark in (*report.stars, report.wish):
        assert 5 <= len(remark.text.split()) <= 30, remark.text
        assert "{" not in remark.text and "  " not in remark.text
    assert report.wish.drill in drills()
    assert not any(fixed in str(report) for fixed in FIXED)
    if Said(SESSIONS[name].material).words("user"):
        assert 3 <= len(report.summary) <= 5


@pytest.mark.parametrize("name", SPOKEN)
def test_every_star_is_tied_to_a_moment(name):
    for star in template.write(SPOKEN[name]).stars:
        assert star.quote and star.quote in star.text
        assert star.start is not None and star.end is not None
        assert star.start < star.end


def test_no_two_sessions_get_the_same():
    for one, other in combinations([template.write(session) for session in SPOKEN.values()], 2):
        assert not {star.text for star in one.stars} & {star.text for star in other.stars}
        assert one.wish.text != other.wish.text
        assert one.summary != other.summary
    claims = {star.claim.split("“")[0] for session in SPOKEN.values() for star in template.write(session).stars}
    assert len(claims) > len(SPOKEN), "not one sentence with another quote in it"


@pytest.mark.parametrize("name", UNHEARD)
def test_where_nothing_was_heard_it_says_so_and_praises_nothing(name):
    one = UNHEARD[name]
    report = template.write(one)
    assert "heard from you" in report.stars[0].text
    assert not any(remark.quote for remark in (*report.stars, report.wish))
    assert report.filler_percentage == 0.0
    if one.aim.goal:
        assert one.aim.goal in report.stars[1].text
    fields = protocol_fields(report, one.material.lines, begun=datetime(2026, 1, 1))
    assert bool(fields["transcript"]) == bool(one.material.lines)


def test_the_wish_is_about_the_goal_first():
    said = """
    P 170: What do you do?
    U 290: I um I build boats um and I I think maybe they are fast, you know, and uh we sell them to to clubs all over the lake and um it goes sort of well.
    P 170: How many a year? We have a club with forty members and three old boats in Lausanne.
    U 290: Um maybe about twelve I guess, because uh we are just four people you know, and um it takes a month to to build one, and I think we could sort of do more.
    """  # noqa: E501
    about = {
        "Fewer fillers": "filler",
        "Slow down": "wpm",
        "Be more curious about others": "questions",
        "Sound confident": ("filler", "hedges"),
        "Ask at least two questions": "questions",
    }
    for goal, metric in about.items():
        report = template.write(brief(said, aim=Aim(goal=goal)))
        assert report.wish.metric is not None and report.wish.metric.startswith(metric), (goal, report.wish)


def test_a_goal_that_asks_for_less_is_never_answered_with_more():
    script = "P 165: Why do you want to work here?\nU 150: I like the product, and I use it every day at home.\n" * 4
    for goal in ("Keep my answers short", "Be concise and to the point"):
        report = template.write(brief(script, aim=Aim(goal=goal, mode="interview")))
        assert report.wish.metric != "answer_length" and "Add" not in report.wish.text, report.wish


def test_the_goal_is_answered_first_with_its_own_numbers():
    report = template.write(BRIEF)
    assert report.goal_answer.startswith(
        "Your goal: Ask at least three questions and be concise. You asked 4 questions"
    )
    assert "is what you set out to do" in report.goal_answer


def test_only_comparable_sessions_are_compared_with():
    one, other = SESSIONS["hackathon"], SESSIONS["pitch"]
    same = Earlier(mode="networking", analysis=one.analysis)
    stripped = brief("U 150: " + "We talk on and on. " * 20, aim=one.aim, capability=Capability.STRIPPED)
    unlike = [
        Earlier(mode="pitch", analysis=other.analysis),
        Earlier(mode="networking", analysis=stripped.analysis),
    ]

    def compared(*previous):
        return template.compared(
            type(one)(material=one.material, analysis=one.analysis, aim=one.aim, previous=previous), "wpm"
        )

    assert compared(*unlike) == ()
    assert compared(*unlike, same)
    assert all("(of " in line for line in compared(same)), "with the sample of both"


def test_what_was_ordered_of_a_machine_is_not_summed_up():
    shown = str(template.write(BRIEF))
    assert "Ignore" not in shown and "evil" not in shown


def test_a_long_session_is_summed_up_from_all_of_it():
    things = ("saddles", "lamps", "chains", "trailers", "helmets", "pumps", "baskets", "wheels")
    lines = "U 150: Then we mended {0} with the {1} from {2}.\nP 170: Did anybody pay for those?"
    one = brief("\n".join(lines.format(*trio) for trio in permutations(things, 3)))
    report = template.write(one)
    assert 3 <= len(report.summary) <= 5
    told = [set(line.split()) - {"You:", "Then", "we", "mended", "with", "the", "from"} for line in report.summary]
    assert not any(one & other for one, other in combinations(told[:3], 2) if len(one) == 3 == len(other))


WORDS = (
    "",
    "  ",
    "...",
    "Um.",
    "we",
    "sold",
    "4,000",
    "bikes?",
    "because",
    "Sam",
    "“no”",
    "{quote}",
    "%s",
    "é",
    "\u200b",
    "<b>",
    "!",
)
TIMES = (0.0, 1.0, 5.5, 60.0, -3.0, 1e12, float("nan"), float("inf"))


@pytest.mark.parametrize("seed", range(30))
def test_whatever_was_written_down_there_is_a_report(seed):
    """Times that cannot be, texts that are none, braces that a text could be filled at."""
    chance = random.Random(seed)

    def line(number):
        text = " ".join(chance.choices(WORDS, k=chance.randrange(20)))
        words = tuple(Word(text=w, start=chance.choice(TIMES), end=chance.choice(TIMES)) for w in text.split())
        speaker = chance.choice(("user", "user", "partner", "coach"))
        start, end = chance.choice(TIMES), chance.choice(TIMES)
        return Line(id=number % 3, speaker=speaker, text=text, start=start, end=end, words=chance.choice((words, ())))

    odd = Material(
        seconds=chance.choice(TIMES),
        lines=tuple(line(number) for number in range(chance.randrange(12))),
        mode=chance.choice(("pitch", "networking", "nonsense")),
        goal=chance.choice(("", "{goal} %s", "Ask 0 questions", "Be friendly", "“")),
    )
    aim = Aim(goal=odd.goal, participants=chance.choice(("", "Sam", "{", "Dr")))
    report = template.write(Brief(material=odd, analysis=analyse(odd), aim=aim))
    assert len(report.takeaways) == 3
    assert all(remark.text for remark in (*report.stars, report.wish))
    assert from_dict(as_dict(report)) == report
