"""From a report to JSON and back, and what a client of the coach protocol gets."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from engine.records import Cue
from engine.report import template
from engine.report.kept import as_dict, from_dict, protocol_fields
from tests.report.meetup import ANALYSIS, BRIEF, MATERIAL
from tests.report.sessions import sessions

BEGUN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DOCUMENTED = ("stars", "wish", "filler_percentage", "takeaways", "summary_bullets", "transcript")
CUE = Cue(id=1, at=25.5, kind="content", text="Ask about the council", how="screen", asked=False, used=True)


@pytest.mark.parametrize("name", sessions())
def test_what_is_kept_is_read_back_the_same(name):
    report = template.write(sessions()[name])
    assert from_dict(json.loads(json.dumps(as_dict(report)))) == report


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"version": 0},
        {"version": 99},
        {"version": 1},
        {"version": 1, "stars": []},
        as_dict(template.write(BRIEF)) | {"stars": [{"text": "one"}]},
        as_dict(template.write(BRIEF)) | {"wish": None},
        as_dict(template.write(BRIEF)) | {"wish": {"text": "x", "claim": "y", "colour": "red"}},
    ],
)
def test_another_form_is_refused(kept):
    with pytest.raises(ValueError, match=r"version|no report"):
        from_dict(kept)


def test_the_documents_fields_have_the_documents_types():
    fields = protocol_fields(template.write(BRIEF), MATERIAL.lines, begun=BEGUN)
    assert list(fields)[:6] == list(DOCUMENTED)
    assert [type(star) for star in fields["stars"]] == [str, str]
    assert isinstance(fields["wish"], str)
    assert fields["filler_percentage"] == 2.3
    assert len(fields["takeaways"]) == 3
    assert 3 <= len(fields["summary_bullets"]) <= 5
    assert all(line.keys() == {"speaker", "text", "timestamp"} for line in fields["transcript"])
    assert json.loads(json.dumps(fields, allow_nan=False)) == fields


def test_speakers_are_user_and_coach_unless_the_partner_is_asked_for():
    def speakers(**more):
        fields = protocol_fields(template.write(BRIEF), MATERIAL.lines, begun=BEGUN, cues=[CUE], **more)
        return {line["speaker"] for line in fields["transcript"]}

    assert speakers() == {"user", "coach"}
    assert speakers(partners=True) == {"user", "partner", "coach"}


def test_cues_stand_where_they_were_given_with_the_documents_time():
    fields = protocol_fields(template.write(BRIEF), MATERIAL.lines, begun=BEGUN, cues=[CUE])
    times = [line["timestamp"] for line in fields["transcript"]]
    assert times == sorted(times)
    coach = next(line for line in fields["transcript"] if line["speaker"] == "coach")
    assert coach == {"speaker": "coach", "text": CUE.text, "timestamp": "2026-03-04T05:06:32.500000"}


def test_without_a_word_there_is_no_transcript_even_with_cues():
    nothing = sessions()["nothing"]
    fields = protocol_fields(template.write(nothing), nothing.material.lines, begun=BEGUN, cues=[CUE])
    assert fields["transcript"] == []
    assert len(fields["stars"]) == 2


def test_details_and_numbers_come_beside_them():
    report = template.write(BRIEF)
    fields = protocol_fields(report, MATERIAL.lines, begun=BEGUN, analysis=ANALYSIS)
    detail = fields["wish_detail"]
    assert detail["drill_id"] == report.wish.drill
    assert (detail["t0"], detail["t1"], detail["quote"]) == (report.wish.start, report.wish.end, report.wish.quote)
    assert fields["metrics"]["hedges"]["within"] is False
    assert fields["metrics"]["pitch_variation"]["value"] is None
    assert [moment["text"] for moment in fields["evidence"]["hedges"]] == ["I think maybe"]
    assert fields["written_by"] == "template"
