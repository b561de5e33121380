"""Summaries: kept with a session, stale when it changes, gone when it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.desk import Desk
from engine.errors import NotFound
from engine.messages import Said
from engine.progress import catch_up, keep, summary_of, trends
from engine.store import Store
from tests.exports.sessions import BEGUN, write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    yield store
    store.close()


class Counted(Desk):
    """Counts how often anything is measured."""

    looked = 0

    def dossier(self, id):
        self.looked += 1
        return super().dossier(id)


def test_what_is_kept_is_what_was_measured(store: Store) -> None:
    desk = Desk(store, None)
    dossier = desk.dossier(write(store))
    keep(store, dossier)
    [kept] = store.sessions.summaries()
    assert kept == summary_of(dossier)
    measure = dossier.analysis.measures["filler_percentage"]
    found = kept.measures["filler_percentage"]
    assert (found.value, found.n, found.of, found.high) == (measure.value, measure.n, "words", 4.5)
    assert "volume" not in kept.measures


def test_a_session_is_measured_once_however_often_the_trends_are_looked_at(store: Store) -> None:
    desk = Counted(store, None)
    for day in range(7):
        write(store, begun=BEGUN + timedelta(days=day))
    assert catch_up(store, desk, most=5) == 5
    assert catch_up(store, desk, most=5) == 2
    assert catch_up(store, desk) == 0
    assert desk.looked == 7
    found = trends(store.sessions.summaries(), "conversation", "verbatim")
    assert {len(trend.points) for trend in found} == {7}
    assert [point.begun for point in found[0].points] == [BEGUN + timedelta(days=day) for day in range(7)]


def test_a_corrected_session_and_one_that_went_on_are_measured_again(store: Store) -> None:
    desk = Desk(store, None)
    first, second = write(store), write(store, begun=BEGUN + timedelta(days=1))
    assert catch_up(store, desk) == 2
    line = store.lines(first)[1]
    desk.change_line(first, line.id, text=line.text.replace("um ", ""))
    store.add_line(second, Said(speaker="user", text="And one more thing.", start=100.0, end=102.0), BEGUN)
    assert store.sessions.unsummarised(9) == [second, first]
    before = {each.meeting: each.measures["filler_percentage"].value for each in store.sessions.summaries()}
    assert catch_up(store, desk) == 2
    after = {each.meeting: each.measures["filler_percentage"].value for each in store.sessions.summaries()}
    assert after[first] < before[first]
    assert after[second] < before[second]


def test_sessions_in_which_the_user_said_nothing_are_left_out(store: Store) -> None:
    pitch = store.begin_meeting("pitch", None, None, BEGUN, None, "Cups").id
    store.add_line(pitch, Said(speaker="agent", text="Buy cups.", start=0.0, end=1.0), BEGUN)
    assert catch_up(store, Desk(store, None)) == 0


def test_a_summary_goes_with_its_session(store: Store) -> None:
    id = write(store)
    catch_up(store, Desk(store, None))
    store.archive.remove(id)
    assert store.sessions.summaries() == []
    with pytest.raises(NotFound):
        store.sessions.keep_summary(id, "verbatim", {}, 0)
