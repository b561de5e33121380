"""Opt-in, only for its owner's eyes, not lost with the process, and gone when it is to be gone."""

from __future__ import annotations

import asyncio
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.audio import HEARING_RATE, Pcm, silence
from engine.errors import NotFound, StillGoingOn, StorageFailed
from engine.messages import Fault, Said, Typed
from engine.playout import Delivery
from engine.recording import Recording, Track
from engine.recordings import Recordings
from engine.records import Persona
from engine.store import Store
from engine.studio import Options
from tests.store.sound import Face, at, murmur, open_studio, pitching, play, speak, stereo, stretches, tone
from tests.virtual_time import run

SECRET = "My grandmother is called Ermintrude"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "recordings").glob("*"))


def test_nothing_is_recorded_unless_that_was_asked_for(tmp_path):
    async def scene():
        async with open_studio(tmp_path) as studio:
            async with pitching(studio, record=False) as face:
                play(face)
                await speak(face, murmur(0.5), 1.0)
                await at(face, 5.0)
            assert studio.store.flush(5)
            [past] = studio.store.archive.meetings()
            assert past.recorded is False
            with pytest.raises(NotFound):
                studio.store.archive.recordings.stereo(past.id)

    run(scene())
    assert not (tmp_path / "recordings").exists()


def test_only_their_owner_can_read_recordings(tmp_path):
    async def scene():
        async with open_studio(tmp_path) as studio:
            async with pitching(studio, record=True) as face:
                play(face)
                await speak(face, murmur(0.5), 1.0)
                await at(face, 5.0)
            studio.store.archive.recordings.stereo(face.meeting.id)

    run(scene())
    assert len(files(tmp_path)) == 3
    for path in (tmp_path / "recordings", *files(tmp_path)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_only_their_owner_can_read_transcripts(tmp_path):
    store = Store(tmp_path / "new" / "rostrum.db", samples=tmp_path)
    store.begin_meeting("talk", None, title="Aunt Polly")
    kept = list((tmp_path / "new").iterdir())
    assert len(kept) == 3, "the file, its log and its index"
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    store.close()


def test_a_page_that_was_opened_and_left_leaves_no_recording(tmp_path):
    async def scene():
        async with open_studio(tmp_path) as studio, pitching(studio, record=True) as face:
            await speak(face, murmur(0.5), 1.0)  # a noise: nothing is understood

    run(scene())
    assert files(tmp_path) == []


def test_who_it_was_with_stays_readable_and_how_long_it_was_is_known(tmp_path):
    async def scene():
        persona = Persona(
            id="own-1", name="Aunt Polly", summary="", who="", scene="", opening="Well?", questions=(), closing="Bye."
        )
        async with open_studio(tmp_path) as studio:
            face = Face()
            options = Options(record=True)
            async with studio.talk(
                face, sort="test", delivery=Delivery(allowance=0.0), persona=persona, opts=options
            ) as (meeting, _):
                meeting.post(Typed(text="Hello."))
                await asyncio.sleep(4.0)
                meeting.go(face, for_good=True)
            while studio.meetings.count("test"):
                await asyncio.sleep(0.01)
            async with pitching(studio, record=False) as pitch:
                play(pitch)
                await at(pitch, 5.0)
            assert studio.store.flush(5)
            [past] = studio.store.archive.meetings("pitch")
            studio.store.remove_pitch(past.pitch)
            pitched, talked = studio.store.archive.meetings()
            assert (pitched.title, pitched.pitch, pitched.turns, pitched.finished) == ("Numbers", None, 0, True)
            assert pitched.seconds == pytest.approx(2.0, abs=0.05)
            assert (talked.scenario, talked.persona, talked.title) == ("talk", "own-1", "Aunt Polly")
            assert (talked.turns, talked.recorded, pitched.recorded) == (1, True, False)
            assert studio.store.archive.meetings(limit=1, offset=1) == [talked]

    run(scene())


def test_an_id_that_is_used_again_begins_another_meeting(tmp_path):
    async def scene():
        async with open_studio(tmp_path) as studio:
            for again in (False, True):
                async with pitching(studio, record=True, id="a-clients-own-name-for-it") as face:
                    assert (face.meeting.id != "a-clients-own-name-for-it") is again
                    play(face)
                    await at(face, 5.0)
                assert studio.store.flush(5)
            meetings = studio.store.archive.meetings()
            assert len({meeting.id for meeting in meetings}) == 2
            assert [(meeting.recorded, len(studio.store.lines(meeting.id))) for meeting in meetings] == [(True, 2)] * 2

    run(scene())


# ---- deleting --------------------------------------------------------------------------------------------------------


def kept(store: Store, text: str, folder: Path) -> str:
    """A meeting in which `text` was said, with a recording."""
    meeting = store.begin_meeting("talk", None, title="Aunt Polly").id
    for _ in range(200):  # enough to fill pages
        store.add_line(meeting, Said(speaker="user", text=text, start=0.0, end=1.0), datetime.now(UTC))
    (folder / "recordings").mkdir(exist_ok=True)
    track = Track(folder / "recordings" / f"{meeting}.user.ogg", HEARING_RATE)
    track.push(tone(1.0), 1.0)
    track.close()
    store.archive.recordings.stereo(meeting)
    return meeting


def on_disk(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize("everything", [False, True])
def test_a_deleted_meeting_leaves_nothing_on_the_disk(tmp_path, everything):
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    other = kept(store, "Something else entirely", tmp_path)
    meeting = kept(store, SECRET, tmp_path)
    assert on_disk(tmp_path, SECRET)
    if everything:
        store.archive.remove_all()
    else:
        store.archive.remove(meeting)
    assert on_disk(tmp_path, SECRET) == []
    assert [path.name for path in files(tmp_path) if meeting in path.name] == []
    assert [past.id for past in store.archive.meetings()] == ([] if everything else [other])
    assert bool(files(tmp_path)) is not everything
    with pytest.raises(NotFound):
        store.lines(meeting)
    with pytest.raises(NotFound):
        store.archive.remove(meeting)
    store.close()


@pytest.mark.parametrize("everything", [False, True])
def test_what_cannot_be_deleted_stays_on_the_list_to_be_tried_again(tmp_path, monkeypatch, everything):
    def refuse(self, missing_ok=False):
        raise OSError(30, "Read-only file system")

    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    meeting = kept(store, "Hello.", tmp_path)
    with monkeypatch.context() as broken, pytest.raises(StorageFailed, match="Read-only"):
        broken.setattr(Path, "unlink", refuse)
        store.archive.remove_all() if everything else store.archive.remove(meeting)
    assert [past.id for past in store.archive.meetings()] == [meeting]
    store.archive.remove_all() if everything else store.archive.remove(meeting)
    assert not store.archive.meetings()
    assert files(tmp_path) == []
    store.close()


def test_without_its_recording_a_meeting_keeps_its_transcript(tmp_path):
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    meeting = kept(store, "Hello.", tmp_path)
    assert store.archive.meeting(meeting).recorded is True
    store.archive.remove_recording(meeting)
    assert files(tmp_path) == []
    assert store.archive.meeting(meeting).recorded is False
    assert len(store.lines(meeting)) == 200
    with pytest.raises(NotFound):
        store.archive.remove_recording(meeting)
    store.close()


def test_one_that_is_going_on_cannot_be_heard_yet_and_is_recorded_no_more_once_deleted(tmp_path):
    async def scene():
        async with open_studio(tmp_path) as studio:
            recordings = studio.store.archive.recordings
            async with pitching(studio, record=True) as face:
                play(face)
                await speak(face, murmur(0.5), 1.0)
                with pytest.raises(StillGoingOn):
                    recordings.stereo(face.meeting.id)
                await at(face, 2.5)
                assert studio.store.flush(5)
                assert len(files(tmp_path)) == 2
                studio.store.archive.remove_recording(face.meeting.id)
                await speak(face, murmur(0.5), 3.0)
            assert len(studio.store.lines(face.meeting.id)) == 2

    run(scene())
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["../rostrum", "..", "a/b", "", "a" * 65, "ä", "x.user"])
def test_a_name_that_is_none_leads_nowhere(tmp_path, name):
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    for method in (store.archive.remove, store.archive.remove_recording, store.archive.recordings.stereo):
        with pytest.raises(NotFound):
            method(name)
    store.close()


# ---- when things go wrong --------------------------------------------------------------------------------------------

CHILD = """
import asyncio, sys
from pathlib import Path
from engine.recordings import Recordings
from tests.store.sound import tone

async def main():
    recordings = Recordings(Path(sys.argv[1]))
    async with recordings.record("meeting", print) as tape:
        seconds = 0.0
        while True:
            await asyncio.sleep(0.02)
            seconds += 0.2  # ten times as fast as life
            tape.user(tone(0.2), seconds)
            tape.agent(tone(0.2, 22050), seconds)
            print(seconds, flush=True)

asyncio.run(main())
"""


def test_a_killed_process_loses_a_few_seconds_at_most(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with child.stdout as said:
        recorded = 0.0
        while recorded < 30.0:
            recorded = float(said.readline())
        child.send_signal(signal.SIGKILL)
    child.wait(10)
    samples = stereo(Recordings(tmp_path).stereo("meeting"))
    for side in (0, 1):
        [(start, end)] = stretches(samples[:, side])
        assert start < 0.02
        # a second of it is held; what is written every half second are five seconds at this pace
        assert end > recorded - 8.0


class Full(Recording):
    def _write(self, batch):
        raise OSError(28, "No space left on device")


def test_a_full_disk_ends_the_recording_and_not_the_conversation_and_is_told(tmp_path, monkeypatch):
    async def scene():
        async with open_studio(tmp_path) as studio, pitching(studio, record=True) as face:
            play(face)
            await at(face, 5.0)
            [fault] = face.all(Fault)
            assert fault.message.startswith("The recording has stopped: No space left on device.")
            assert [line.text for line in face.all(Said)] == ["One two three four five.", "Six seven eight nine ten."]

    monkeypatch.setattr("engine.recordings.Recording", Full)
    run(scene())


def test_a_disk_that_is_full_at_the_very_end_costs_no_more_than_the_end(tmp_path, monkeypatch, caplog):
    closed = []

    def close(self):
        closed.append(self)
        self._file.close()
        raise OSError(28, "No space left on device")

    async def scene():
        async with open_studio(tmp_path) as studio:
            async with pitching(studio, record=True) as face:
                play(face)
                await speak(face, murmur(0.5), 1.0)
                await at(face, 5.0)
            studio.store.archive.recordings.remove_all()
            with pytest.raises(NotFound):
                studio.store.archive.recordings.stereo(face.meeting.id)

    monkeypatch.setattr("engine.recording.Track.close", close)
    run(scene())
    assert len(closed) == 2
    assert "unexpected" not in caplog.text


def test_a_damaged_track_is_heard_as_far_as_it_goes(tmp_path):
    track = Track(tmp_path / "meeting.user.ogg", HEARING_RATE)
    for i in range(10):
        track.push(tone(1.0), i + 1.0)
    track.close()
    path = tmp_path / "meeting.user.ogg"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    [(start, end)] = stretches(stereo(Recordings(tmp_path).stereo("meeting"))[:, 0])
    assert start < 0.02
    assert 4.0 < end < 6.0


def test_silence_of_an_hour_takes_no_room(tmp_path):
    track = Track(tmp_path / "long.ogg", HEARING_RATE)
    track.push(Pcm(tone(0.5).data, HEARING_RATE), 0.5)
    track.push(Pcm(tone(0.5).data, HEARING_RATE), 3600.0)
    track.close()
    assert (tmp_path / "long.ogg").stat().st_size < 1_000_000


def test_recordings_that_are_older_than_they_may_be_are_forgotten_and_their_transcripts_stay(tmp_path, store):
    now = datetime.now(UTC)
    old, young = (store.begin_meeting("talk", None, begun=now - timedelta(days=days)).id for days in (31, 29))
    store.archive.recordings.folder.mkdir()
    for id in (old, young):
        store.add_line(id, Said(speaker="user", text="Hello.", start=0.0, end=1.0), now)
        track = Track(store.archive.recordings.folder / f"{id}.user.ogg", HEARING_RATE)
        track.push(silence(1.0, HEARING_RATE), 1.0)
        track.close()
    assert store.archive.remove_old_recordings(now - timedelta(days=30)) == 1
    assert [store.archive.meeting(id).recorded for id in (old, young)] == [False, True]
    assert len(store.lines(old)) == 1
