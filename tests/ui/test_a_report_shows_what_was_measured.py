"""The report's page on a session that was coached: what it says of it, and what follows a correction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from nicegui import ui
from nicegui.testing import User

from engine.analysis.values import PARTNER, USER, Analysis, Evidence
from engine.desk import Desk
from engine.providers.base import Word
from engine.report import kept
from engine.report.values import Remark, Report
from engine.store import Store
from tests.ui import a_session
from tests.ui.conftest import PATIENCE
from ui.components.report import ReportSound, ReportTimeline, ReportTranscript
from ui.pages.report_parts import moments

REPORT = Report(
    stars=(
        Remark(
            text="One.", claim="You asked how it got that long.", quote="How did it get that long?", start=24.4, end=26
        ),
        Remark(text="Two.", claim="You gave the price after a pause."),
    ),
    wish=Remark(text="Three.", claim="One answer went on for 31 s.", start=90.2, end=121.7, drill="headline-first"),
    takeaways=("Stop after the first sentence.",),
    summary=("Two hundred bikes wait.",),
    filler_percentage=3.3,
    goal_answer="You asked ten questions; you had wanted three.",
    compared=("Fillers 3.3 %, after 4.1 %.",),
    missing=("Loudness: the browser set the level.",),
)


def reported(store: Store, *, recorded: bool = False) -> str:
    id = a_session.write(store, recorded=recorded)
    store.sessions.keep_report(id, kept.as_dict(REPORT), 0)
    return id


def measured(store: Store, id: str) -> Analysis:
    return Desk(store).dossier(id).analysis


def only(user: User, kind: type):
    [element] = user.find(kind).elements
    return element


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not met():
            await asyncio.sleep(0.01)


async def test_the_goal_is_answered_first_and_every_remark_can_be_heard(user: User, store: Store) -> None:
    await user.open(f"/report/{reported(store, recorded=True)}")
    await user.should_see("Your goal: Ask at least three questions")
    for words in (REPORT.goal_answer, "You asked how it got that long.", "How did it get that long?", "Next time"):
        await user.should_see(words)
    for words in ("Stop after the first sentence.", "Two hundred bikes wait.", "What could not be measured"):
        await user.should_see(words)
    await user.should_see("Loudness: the browser set the level.")
    await user.should_see("Compared with last time")
    await user.should_see("Used 2 of 4 cues")
    [star] = user.find("0:24").elements
    assert (star.props["data-hear"], star.props["data-until"]) == ("24.40", "26.00")


async def test_the_head_has_the_numbers_that_the_analysis_has(user: User, store: Store) -> None:
    id = reported(store)
    pace = measured(store, id).measures["wpm"].value
    await user.open(f"/report/{id}")
    await user.should_see("words a minute")
    await user.should_see(f"{pace:.0f}")


async def test_without_a_report_it_can_be_written(user: User, store: Store) -> None:
    await user.open(f"/report/{a_session.write(store)}")
    await user.should_see("The report is not written yet")
    user.find("Write the report").click()
    await user.should_see("Your goal: Ask at least three questions", retries=30)
    await user.should_see("Next time")


async def test_a_tab_is_built_when_it_is_looked_at(user: User, store: Store) -> None:
    await user.open(f"/report/{reported(store)}")
    await user.should_see("Two hundred bikes wait.")
    await user.should_not_see(kind=ReportTimeline)
    user.find("Timeline").click()
    await user.should_see(kind=ReportTimeline)
    await user.should_not_see("Two hundred bikes wait.")
    [tab] = user.find("Timeline").elements
    assert tab.props["aria-selected"] == "true"


async def test_every_layer_of_the_transcript_counts_what_was_found(user: User, store: Store) -> None:
    id = reported(store)
    marks = measured(store, id).marks
    await user.open(f"/report/{id}?tab=transcript")
    await user.should_see(kind=ReportTranscript)
    shown = only(user, ReportTranscript)
    counts = {layer["id"]: layer["count"] for layer in shown.props["layers"]}
    assert counts["filler"] == sum(mark.layer == "filler" for mark in marks) > 5
    assert counts["pause"] == sum("pause" in mark.layer for mark in marks) > 3
    assert counts["question"] == sum(mark.layer == "question" for mark in marks) > 5
    [um] = [line for line in shown.props["lines"] if line["text"].startswith("I will um")]
    assert um["clean"] == "I will I will ask her. Thank you, Sam."


async def test_a_line_that_was_the_others_changes_the_numbers(user: User, store: Store) -> None:
    id = reported(store)
    before = measured(store, id).measures["talk_share"].value
    await user.open(f"/report/{id}?tab=transcript")
    await user.should_see(f"{before:.1f}")
    [longest] = [line for line in store.lines(id) if line.text.startswith("So basically")]
    user.find(ReportTranscript).trigger("speaker", {"line": longest.id, "speaker": PARTNER})
    await user.should_not_see(f"{before:.1f}")
    after = measured(store, id).measures["talk_share"].value
    assert after < before - 10
    await user.should_see(f"{after:.1f}")
    [line] = [line for line in only(user, ReportTranscript).props["lines"] if line["id"] == longest.id]
    assert line["speaker"] == PARTNER
    user.find("Summary").click()
    await user.should_see("You corrected the transcript.")


async def test_text_that_was_misheard_changes_the_numbers(user: User, store: Store) -> None:
    id = reported(store)
    before = len([mark for mark in measured(store, id).marks if mark.layer == "filler"])
    await user.open(f"/report/{id}?tab=transcript")
    await user.should_see(kind=ReportTranscript)
    [last] = [line for line in store.lines(id) if line.text.startswith("I will um")]
    user.find(ReportTranscript).trigger("text", {"line": last.id, "text": "I will ask her. Thank you, Sam."})
    await until(lambda: only(user, ReportTranscript).props["layers"][0]["count"] == before - 1)


async def test_both_speakers_are_swapped_at_once(user: User, store: Store) -> None:
    id = reported(store)
    share = measured(store, id).measures["talk_share"].value
    await user.open(f"/report/{id}?tab=transcript")
    await user.should_see(f"{share:.1f}")
    user.find(ReportTranscript).trigger("swap")
    await user.should_see(f"{100 - share:.1f}")
    assert only(user, ReportTranscript).props["lines"][0]["speaker"] == USER


async def test_every_moment_of_a_measure_is_listed_in_its_words(user: User, store: Store) -> None:
    await user.open(f"/report/{reported(store, recorded=True)}?tab=delivery")
    await user.should_see("No more fillers than listeners let pass.")
    await user.should_see("Hear the 11 moments")
    await user.should_see("<b>um</b>")


async def test_what_was_said_is_never_taken_for_html(store: Store) -> None:
    id = a_session.write(store)
    line = Desk(store).dossier(id).lines[1]
    evil = Word(text="<img src=x onerror=alert(1)>", start=1.0, end=2.0)
    shown = moments([Evidence(start=1.0, end=2.0, line=line.id)], {line.id: replace(line, words=(evil,))}, True)
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert "<script" not in moments([Evidence(start=1.0, end=2.0, text="<script>")], {}, True)


async def test_a_conversation_shows_who_had_the_time(user: User, store: Store) -> None:
    id = reported(store)
    share = round(measured(store, id).measures["talk_share"].value)
    await user.open(f"/report/{id}?tab=conversation")
    await user.should_see(f"You {share} %")
    await user.should_see("Gap before you answer")


async def test_the_lanes_hold_what_was_found_and_measured(user: User, store: Store) -> None:
    id = reported(store)
    await user.open(f"/report/{id}?tab=timeline")
    await user.should_see(kind=ReportTimeline)
    lanes = {lane["id"]: lane for lane in only(user, ReportTimeline).props["lanes"]}
    assert list(lanes) == ["voices", "pace", "pitch", "fillers", "pauses", "questions", "turns", "cues"]
    assert all(side["level"] and side["spans"] for side in lanes["voices"]["sides"])
    assert lanes["cues"]["says"] == "2 of 4 cues used; those are filled"
    assert [point["strong"] for point in lanes["cues"]["points"]] == [True, False, True, False]
    fillers = [mark for mark in measured(store, id).marks if mark.layer == "filler"]
    assert [point["at"] for point in lanes["fillers"]["points"] if point["kind"] == "filler"] == [
        m.start for m in fillers
    ]


async def test_the_files_lead_to_the_exports(user: User, store: Store) -> None:
    id = reported(store)
    await user.open(f"/report/{id}?tab=exports")
    await user.should_see("Markdown")
    addresses = {str(link.props["href"]) for link in user.find(ui.link).elements}
    assert {
        f"/api/v1/sessions/{id}/export.{ending}" for ending in ("pdf", "md", "json", "srt", "vtt", "csv")
    } <= addresses
    assert not any(address.endswith(".wav") for address in addresses)  # nothing was recorded
    assert only(user, ReportSound).props["source"] == ""


async def test_a_session_is_deleted_after_a_question(user: User, store: Store) -> None:
    id = reported(store)
    await user.open(f"/report/{id}?tab=exports")
    await user.should_see("Delete the session")
    user.find("Delete the session").click()
    await user.should_see("Delete this session?")
    user.find("Delete it").click()
    await user.should_see("Talk with somebody")
    assert not store.archive.has(id)


async def test_a_recording_is_deleted_and_the_report_stays(user: User, store: Store) -> None:
    id = reported(store, recorded=True)
    await user.open(f"/report/{id}?tab=exports")
    await user.should_see("Delete the recording")
    user.find("Delete the recording").click()
    user.find("Delete it").click()
    await until(lambda: only(user, ReportSound).props["source"] == "")
    assert not store.archive.meeting(id).recorded
    await user.should_not_see("Delete the recording")
    assert store.sessions.report(id)


async def test_a_session_that_is_not_there_says_so(user: User) -> None:
    await user.open("/report/nobody")
    await user.should_see("This session is not here")
