"""The coach's protocol when things go wrong: odd frames, changes in mid-stream, broken ears, full disks, deletion."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets

from engine.audio import HEARING_RATE, Pcm, silence
from engine.clock import wall
from engine.errors import ProviderFailed, StorageFailed
from engine.media import encode_wav
from engine.meetings import Meetings
from engine.messages import Said
from engine.providers.scripted import ScriptedActivity, ScriptedEars
from engine.recording import Recording
from tests.media.recordings import browser_webm, synthesized
from tests.wire.serving import serving, voice
from tests.wire.test_coach_socket import BODY, SAID, Coached, interleaved, session


async def sent_and_finished(coached, *frames, config=None):
    """The report after `frames`, which come in one breath."""
    async with coached.connected():
        if config:
            await coached.send(type="config", **config)
        for frame in frames:
            await coached.socket.send(frame)
        await coached.send(type="stop")
        with pytest.raises(websockets.ConnectionClosedOK):
            while True:
                coached.got.append(json.loads(await coached.socket.recv()))
    return (await coached.http.post(f"/session/{coached.id}/finish?speakers=partner")).json()["transcript"]


def spoken(lines):
    return [(line["speaker"], line["text"]) for line in lines if line["speaker"] != "coach"]


async def test_two_channels_stay_two_however_frames_are_cut(tmp_path):
    ears = ScriptedEars(says=["from the left", "from the right"])
    left = voice(1.0).data + silence(2.0, HEARING_RATE).data
    right = silence(2.0, HEARING_RATE).data + b"\x07\x10" * HEARING_RATE
    data = interleaved(left, right) + bytes(8 * HEARING_RATE)
    cuts = range(0, len(data), 4099)
    async with serving(tmp_path, ears=ears) as served, httpx.AsyncClient(base_url=served.http("")) as http:
        id = (await http.post("/session", json=BODY)).json()["session_id"]
        coached = Coached(served, http, id)
        config = {"channels": ["user", "partner"], "speakers": True}
        told = await sent_and_finished(coached, *(data[at : at + 4099] for at in cuts), config=config)
    assert spoken(told) == [("user", "from the left"), ("partner", "from the right")]
    heard = b"".join(pcm.data for pieces in ears.heard.values() for pcm in pieces)
    assert {heard[at : at + 2] for at in range(0, len(heard), 2)} == {b"\x00\x20", b"\x07\x10", b"\x00\x00"}


async def test_a_file_is_heard_as_a_file_also_where_two_channels_were_announced(tmp_path):
    async with session(tmp_path) as coached:
        file = encode_wav(Pcm(voice(1.0).data + silence(1.0, HEARING_RATE).data, HEARING_RATE))
        told = await sent_and_finished(coached, file, config={"channels": ["user", "partner"]})
    assert spoken(told) == [("user", SAID[0])]


async def test_a_change_of_manner_does_not_interrupt_a_recording_that_is_coming(tmp_path):
    """Only its first piece has a header: without it the rest is noise."""
    sound, ears = browser_webm(synthesized(4.0)), ScriptedEars(says=list(SAID))
    async with serving(tmp_path, ears=ears) as served, httpx.AsyncClient(base_url=served.http("")) as http:
        coached = Coached(served, http, (await http.post("/session", json=BODY)).json()["session_id"])
        middle = len(sound) // 2
        await sent_and_finished(coached, sound[:middle], json.dumps({"type": "config"}), sound[middle:])
    assert not coached.all("error")
    assert sum(pcm.seconds for pieces in ears.heard.values() for pcm in pieces) == pytest.approx(4.0, abs=0.1)


async def test_the_words_are_theirs_who_held_the_microphone_when_they_were_said(tmp_path):
    """Words come after the key was let go, and audio that has arrived may still wait."""
    async with session(tmp_path, says=["first theirs", "then yours", "theirs again"]) as coached:
        keys = [json.dumps({"type": "speaking", "speaker": who}) for who in ("partner", "user", "partner")]
        told = await sent_and_finished(
            coached, *(frame for key in keys for frame in (key, voice(1.0).data)), config={"speakers": True}
        )
    assert spoken(told) == [("partner", "first theirs"), ("user", "then yours"), ("partner", "theirs again")]


async def test_the_key_tells_again_once_the_partners_channel_has_ended(tmp_path):
    async with session(tmp_path, says=["on the call", "me", "in the room"]) as coached:
        both = interleaved(silence(1.0, HEARING_RATE).data, voice(1.0).data) + bytes(4 * HEARING_RATE)
        told = await sent_and_finished(
            coached,
            both,
            json.dumps({"type": "config", "channels": ["user"], "speakers": True}),
            voice(1.0).data + silence(1.0, HEARING_RATE).data,
            json.dumps({"type": "speaking", "speaker": "partner"}),
            voice(1.0).data,
            config={"channels": ["user", "partner"], "speakers": True},
        )
    assert spoken(told) == [("partner", "on the call"), ("user", "me"), ("partner", "in the room")]


async def test_a_number_that_no_line_has_is_answered(tmp_path):
    async with session(tmp_path) as coached, coached.connected():
        for line in (2**63, 0, -1):
            await coached.send(type="correct", line=line, speaker="user")
        for number in (1, 2, 3):
            assert "number of a line" in (await coached.until("error", number))["message"]


async def test_coming_back_at_once_to_a_session_that_is_recorded_goes_on_with_it(tmp_path, monkeypatch):
    """What was recorded is still being written then."""
    close = Recording.close

    async def slowly(recording):
        await asyncio.sleep(0.2)
        await close(recording)

    monkeypatch.setattr(Recording, "close", slowly)
    async with session(tmp_path, body=BODY | {"record": True}) as coached:
        for number in range(3):
            async with coached.connected():
                await coached.speak(1.0, -1.0)
                await coached.send(type="stop")
                with pytest.raises(websockets.ConnectionClosedOK):
                    while True:
                        coached.got.append(json.loads(await coached.socket.recv()))
            assert len(coached.all("transcript")) == number + 1
        assert spoken((await coached.finish()).json()["transcript"]) == [("user", text) for text in SAID[:3]]


async def test_a_long_file_is_recorded_to_its_end(tmp_path):
    said = [str(number) for number in range(14)]
    async with session(tmp_path, says=said, body=BODY | {"record": True}) as coached:
        file = Pcm((voice(6.0).data + silence(1.0, HEARING_RATE).data) * 14, HEARING_RATE)
        told = await sent_and_finished(coached, encode_wav(file))
        assert not coached.all("error")
        assert [text for _, text in spoken(told)] == said
        async with asyncio.timeout(10):
            while (sound := await coached.http.get(f"/api/v1/sessions/{coached.id}/export.wav")).status_code == 409:
                await asyncio.sleep(0.05)
        assert (len(sound.content) - 44) / (2 * 2 * 24_000) == pytest.approx(file.seconds, abs=0.1)


class NoActivity(ScriptedActivity):
    def open(self):
        raise ProviderFailed("activity", "nobody can tell who speaks", retryable=False)


@pytest.mark.parametrize("broken", ["ears", "activity"])
async def test_ears_that_cannot_be_opened_are_told_once_and_leave_nothing_behind(tmp_path, broken, monkeypatch):
    ears = ScriptedEars(failing=broken == "ears", says=list(SAID))
    if broken == "activity":
        monkeypatch.setattr("tests.wire.serving.ScriptedActivity", NoActivity)
    async with serving(tmp_path, ears=ears) as served, httpx.AsyncClient(base_url=served.http("")) as http:
        coached = Coached(served, http, (await http.post("/session", json=BODY)).json()["session_id"])
        async with coached.connected():
            with pytest.raises(websockets.ConnectionClosed):
                for _ in range(50):
                    await coached.socket.send(bytes(3200))
                    coached.got.append(json.loads(await coached.socket.recv()))
        assert len(coached.all("error")) == 1
        assert (await coached.finish()).json()["transcript"] == []
        if broken == "ears":
            ears.failing = False
            assert spoken(await sent_and_finished(coached, voice(1.0).data)) == [("user", SAID[0])]


async def test_a_session_that_is_deleted_ends_and_alarms_nobody_else(tmp_path):
    async with session(tmp_path) as coached:
        other = Coached(coached.served, coached.http, None)
        other.id = (await coached.http.post("/session", json=BODY)).json()["session_id"]
        async with coached.connected(), other.connected():
            await coached.speak(1.0, -1.0)
            await coached.until("transcript")
            assert (await coached.http.delete(f"/api/v1/sessions/{coached.id}")).status_code == 204
            await coached.speak(4.0, -1.0)
            assert (await coached.until("error"))["message"] == "This session was deleted."
            with pytest.raises(websockets.ConnectionClosedOK):
                await coached.socket.recv()
            await other.speak(1.0, -1.0)
            await other.until("transcript")
            assert [message["type"] for message in other.got] == ["transcript"]
        assert (await coached.finish()).status_code == 404


async def test_a_full_disk_is_told_and_nobody_is_left_without_captions(tmp_path, monkeypatch):
    def full(*_):
        raise StorageFailed("the disk is full")

    async with session(tmp_path) as coached, coached.connected():
        await coached.send(type="config", speakers=True)
        monkeypatch.setattr(coached.served.studio.store, "add_line", full)
        await coached.speak(1.0, -1.0)
        assert "the disk is full" in (await coached.until("error"))["message"]
        line = await coached.until("transcript")
        assert (line["text"], line["line"]) == (SAID[0], None)
        monkeypatch.undo()
        await coached.speak(1.0, -1.0)
        assert (await coached.until("transcript", 2))["line"]


async def test_the_server_ends_in_time_whatever_is_still_to_be_heard(tmp_path):
    """`serving` waits ten seconds for it."""
    async with session(tmp_path) as coached:
        coached.served.studio.providers.ears.stuck = True
        url = f"ws://127.0.0.1:{coached.served.port}/ws/{coached.id}"
        coached.socket = await websockets.connect(url)
        await coached.speak(1.0, -1.0)
        await coached.socket.send((voice(3.0).data + silence(1.0, HEARING_RATE).data) * 27)
        await coached.speak(1.0)
        await coached.send(type="config")
        await coached.until("ready")


@asynccontextmanager
async def two_clients(coached):
    other = Coached(coached.served, coached.http, coached.id)
    async with coached.connected():
        await coached.send(type="config")
        await coached.until("ready")
        async with other.connected():
            yield coached, other


async def test_whoever_comes_second_takes_over_and_two_reports_at_once_agree(tmp_path):
    async with session(tmp_path) as coached, two_clients(coached) as (first, second):
        with pytest.raises(websockets.ConnectionClosedOK, match="another connection"):
            await first.socket.recv()
        await second.speak(1.0, -1.0, 1.0)
        reports = await asyncio.gather(*(second.finish() for _ in range(3)))
        told = [spoken(each.json()["transcript"]) for each in reports]
        assert told == [[("user", text) for text in SAID[:2]]] * 3


async def test_a_line_that_is_written_down_while_somebody_comes_back_reaches_them(tmp_path, monkeypatch):
    """Among the lines so far, in the order of time, or told."""
    async with session(tmp_path) as coached:
        store, joined = coached.served.studio.store, Meetings.join
        said = Said(speaker="user", text="meanwhile", start=0.5, end=0.9)

        def join(*args, **kwargs):
            store.add_line(coached.id, said, wall())  # at the last moment
            return joined(*args, **kwargs)

        store.add_line(coached.id, Said(speaker="user", text="later", start=5.0, end=6.0), wall())
        monkeypatch.setattr(Meetings, "join", join)
        async with coached.connected():
            await coached.send(type="config")
            assert [line["text"] for line in (await coached.until("ready"))["lines"]] == ["meanwhile", "later"]
