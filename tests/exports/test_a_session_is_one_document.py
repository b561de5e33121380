"""JSON for programs, Markdown for people, and the names of the files."""

from __future__ import annotations

import json
import re

import orjson
import pytest
from markdown_it import MarkdownIt

from engine.analysis.values import Line
from engine.exports.markdown import as_markdown
from engine.exports.naming import file_name, speakers
from engine.exports.record import as_json
from engine.records import Aim
from engine.report.kept import protocol_fields
from tests.exports.sessions import REPORT, coached, dossier, line


def as_read(session) -> dict:
    return json.loads(orjson.dumps(as_json(session)))


def test_json_holds_what_finish_answers_under_the_same_names() -> None:
    session = coached()
    found = as_read(session)
    told = protocol_fields(REPORT, session.lines, begun=session.meeting.begun, cues=session.cues, partners=True)
    assert set(told.pop("missing")) <= set(found["missing"])
    assert {name: found[name] for name in told} == json.loads(orjson.dumps(told))
    assert {"stars", "wish", "filler_percentage", "takeaways", "summary_bullets", "transcript"} <= set(told)


def test_json_holds_everything_that_the_numbers_rest_on() -> None:
    session = coached()
    found = as_read(session)
    assert (found["schema"], found["schema_version"]) == ("rostrum.session", 1)
    assert found["session"]["goal"] == session.aim.goal
    assert found["session"]["begun"] == "2026-11-21T09:30:00+00:00"
    assert [each["text"] for each in found["lines"]] == [each.text for each in session.lines]
    assert found["lines"][0]["words"][0] == {
        "text": "Hi,",
        "start": 0.8,
        "end": pytest.approx(1.08, abs=0.2),
        "confidence": 1.0,
    }
    assert set(found["metrics"]) == set(session.analysis.measures)
    pace = found["metrics"]["wpm"]
    measure = session.analysis.measures["wpm"]
    assert (pace["value"], pace["n"], pace["of"]) == (measure.value, measure.n, "words")
    assert pace["band"] == {"low": 130, "high": 190, "source": measure.band.source}
    assert found["metrics"]["filler_percentage"]["evidence"][0]["line"] in {each.id for each in session.lines}
    assert found["series"]["pace"]["times"] == list(session.analysis.series["pace"].times)
    assert len(found["marks"]) == len(session.analysis.marks)
    assert found["cues"][0]["text"] == "A little slower"


def test_what_could_not_be_measured_says_why() -> None:
    metrics = as_read(dossier(line("Hello there.")))["metrics"]
    assert metrics["wpm"]["value"] is None
    assert metrics["wpm"]["confidence"] == "none"
    assert "30 words" in metrics["wpm"]["why"]


def test_without_a_report_its_fields_are_absent_and_the_rest_is_there() -> None:
    found = as_read(dossier(line("Hello there.")))
    assert "stars" not in found
    assert found["lines"][0]["text"] == "Hello there."


def test_markdown_has_the_report_first_then_the_numbers_then_what_was_said() -> None:
    text = as_markdown(coached())
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [
        "Two stars and a wish",
        "Next",
        "What was said",
        "Compared with last time",
        "Numbers",
        "Transcript",
    ]
    assert "**★** You asked what happens when somebody calls. (0:53)" in text
    assert "  - Try: Stop after the headline, and ask." in text
    fillers = r"^\| Fillers \| 4\.6 % \| up to 4\.5 \(above\) \| 152 words – a hint \| 0:08, 0:31, "
    assert re.search(fillers, text, re.MULTILINE)
    assert "- The loudness: your sound was not measured." in text
    assert re.search(r"^\*\*Sam Okafor\*\* \[0:00\] Hi, I am Sam\.", text, re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "*not* _emphasis_ `nor code` ~~nor that~~",
        "[no link](http://example.org) ![no picture](x)",
        "<b>no tag</b> &amp; <script>alert(1)</script>",
        "1. no list",
        "- no list",
        "--- | not | a table",
        "> no quote",
        "===",
        "a \\ b",
    ],
)
def test_what_was_said_shows_as_it_is_and_makes_no_markup(text: str) -> None:
    session = dossier(line(text), title=text)
    made = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(as_markdown(session))
    blocks = [token.content for token in made if token.type == "inline"]
    inline = [child for token in made if token.type == "inline" and token.map for child in token.children or ()]
    shown = ["".join(child.content for child in token.children) for token in made if token.type == "inline"]
    assert text in shown, blocks
    assert any(each.endswith(f"[0:00] {text}") for each in shown)
    assert {child.type for child in inline} <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sam Okafor at the bike meetup", "rostrum-2026-11-21-0930-sam-okafor-at-the-bike-meetup.pdf"),
        ("Łukasz & Ångström / ../../etc", "rostrum-2026-11-21-0930-ukasz-angstrom-etc.pdf"),
        ('"; drop\r\nSet-Cookie: x', "rostrum-2026-11-21-0930-drop-set-cookie-x.pdf"),
        ("李雷", "rostrum-2026-11-21-0930-coach.pdf"),
        ("w" * 200, f"rostrum-2026-11-21-0930-{'w' * 40}.pdf"),
        ("", "rostrum-2026-11-21-0930-a-coached-conversation.pdf"),
    ],
)
def test_files_have_names_that_any_system_takes(title: str, expected: str) -> None:
    assert file_name(dossier(title=title), "pdf") == expected


@pytest.mark.parametrize(
    ("scenario", "title", "aim", "expected"),
    [
        ("coach", "A meetup", Aim(user_name="Asha", participants="Sam Okafor"), ("Asha", "Sam Okafor")),
        ("coach", "A meetup", Aim(participants="Sam, Kim and others"), ("You", "Partner")),
        ("talk", "Morgan Reed", Aim(), ("You", "Morgan Reed")),
        ("pitch", "Cups", Aim(), ("You", "Rostrum")),
    ],
)
def test_people_are_called_by_their_names(scenario: str, title: str, aim: Aim, expected: tuple[str, str]) -> None:
    names = speakers(dossier(title=title, scenario=scenario, aim=aim))
    assert (names["user"], names["partner"]) == expected


def test_an_empty_session_can_be_exported() -> None:
    empty = dossier(Line(id=1, speaker="user", text="", start=0.0, end=0.0))
    assert as_read(empty)["lines"][0]["text"] == ""
    assert "Nothing was heard from you" in as_markdown(empty)
