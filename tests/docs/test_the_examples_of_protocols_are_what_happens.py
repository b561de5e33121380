"""Each example of docs/protocols.md, sent to a real server: what comes back is what the document says."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
import shlex
from itertools import groupby

import av
import httpx
import pytest
import websockets

from engine import ear, sentences, start, words
from engine.audio import frame, resample
from engine.floor import Floor
from engine.media import encode_mulaw, raw
from engine.media.containers import MAX_UPLOAD_BYTES
from engine.pitch_text import NOTES_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from engine.settings import Settings
from engine.studio import Studio
from engine.wire import outbox, socket
from engine.wire.app import build
from engine.wire.pitch import DELIVERY, LONGEST
from engine.wire.rest import BODY_LIMIT
from tests.docs.documents import REST, ROOT, Block, blocks, differences, same
from tests.wire.serving import recording, serving, voice

PROTOCOLS = "docs/protocols.md"
DIALOGUES = {
    section: list(parts)
    for section, parts in groupby(
        (block for block in blocks(PROTOCOLS) if block.info in ("json client", "json server")),
        key=lambda block: block.section,
    )
}
HTTP = [block for block in blocks(PROTOCOLS) if block.info in ("sh", "json")]


def messages(block: Block) -> list[dict[str, object]]:
    return [json.loads(line) for line in block.text.splitlines()]


def webm(pcm):
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        stream = output.add_stream("libopus", rate=48_000, layout="mono")
        output.mux(stream.encode(frame(resample(pcm, 48_000))))
        output.mux(stream.encode(None))
    return file.getvalue()


def completed(message):
    """A message of the document with a real recording in place of the `…`: of the kind that its beginning shows."""
    audio = message.get("audio", "")
    if not audio.endswith(REST):
        return message
    prefix, comma, shown = audio.removesuffix(REST).rpartition(",")
    kinds = {"UklGR": recording(1.0), "GkXfo": webm(voice(1.0)), "n5-fn": encode_mulaw(voice(1.0))}
    alphabet = base64.urlsafe_b64encode if "-" in shown else base64.b64encode
    encoded = alphabet(kinds[shown]).decode()
    assert encoded.startswith(shown), "the document shows how such audio really begins"
    return {**message, "audio": f"{prefix}{comma}{encoded}"}


def test_the_document_has_examples_of_every_event():
    shown = {message["event"] for parts in DIALOGUES.values() for part in parts for message in messages(part)}
    assert shown >= {"start", "user_audio", "mark", "stop", "media", "clear", "end", "error"}


@pytest.mark.parametrize("section", DIALOGUES)
async def test_what_is_sent_is_answered_as_it_says(tmp_path, section):
    async with serving(tmp_path) as server, server.client() as client:
        for block in DIALOGUES[section]:
            for message in messages(block):
                if block.info == "json client":
                    await client.send(completed(message))
                else:
                    event = await client.next(seconds=10)
                    assert same(event, message), f"{PROTOCOLS}:{block.line}: {message}, but got {str(event)[:200]}"
        await client.send({"event": "and that is all"})
        assert (await client.next())["event"] == "error", "nothing else was answered"


async def test_without_an_id_the_pitch_changed_last_is_held_even_if_another_was_created_since(tmp_path):
    async with serving(tmp_path) as server:
        server.studio.store.add_pitch("Short", "Only this.")
        server.studio.store.change_pitch(server.pitch, title="Changed")
        async with server.client(url=server.url().partition("?")[0]) as client:
            await client.start()
            await client.until("end")
            assert client.marks == [1, 2, 3, 4]


async def test_a_question_while_it_is_stopped_is_answered_and_it_stays_stopped(tmp_path):
    async with serving(tmp_path) as server, server.client() as client:
        await client.start()
        await client.until("media")
        await client.send({"event": "stop"})
        await client.ask()
        await client.until("media", mark="user_response")
        with pytest.raises(TimeoutError):
            await client.next(2.0)


async def replay(http: httpx.AsyncClient, command: str) -> httpx.Response:
    """Send what a `curl` command would."""
    words = iter(shlex.split(os.path.expandvars(command)))
    assert next(words) == "curl"
    method, url, headers, body = None, "", {}, None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, value = next(words).split(": ", 1)
                headers[name] = value
            case "-d":
                body = next(words)
            case "-o":
                next(words)  # a file to write to
            case _:
                assert re.match(r"http://localhost:8000/", word), f"{word}: not an option that the test knows"
                url = word.removeprefix("http://localhost:8000")
    return await http.request(method or ("POST" if body else "GET"), url, headers=headers, content=body)


async def interrupted_once(server, monkeypatch):
    """A pitch of which a transcript is kept, and its ids in the variables that the document uses."""
    async with server.client("&record=1") as client:
        await client.start()
        await client.until("media", mark=2)
        await client.ask()
        await client.until("media", mark="user_response")
        await client.until("media", mark=3)
    while server.studio.meetings.count("pitch"):
        await asyncio.sleep(0.01)
    assert server.studio.store.flush(5)
    store = server.studio.store
    monkeypatch.setenv("PITCH", server.pitch)
    meeting = store.meetings(server.pitch)[0].id
    monkeypatch.setenv("MEETING", meeting)
    monkeypatch.setenv("LINE", str(next(line.id for line in store.lines(meeting) if line.speaker == "user")))
    monkeypatch.setenv("QUESTION", str(store.questions(server.pitch)[0].id))


def commands(block: Block, *, token: bool = False) -> list[str]:
    """The commands of a block that need the access token, or those that do not."""
    return [line for line in block.text.replace("\\\n", " ").splitlines() if ("$ACCESS_TOKEN" in line) is token]


async def test_every_curl_command_with_a_token_is_let_in_with_the_right_one_only(tmp_path, monkeypatch):
    chosen = Settings(_env_file=None, access_token="sesame", database_url=f"sqlite:///{tmp_path}/rostrum.db")
    studio = Studio(chosen)
    app = build(studio)
    shown = [command for block in HTTP if block.info == "sh" for command in commands(block, token=True)]
    assert len(shown) == 2
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as http:
        for token, status in (("sesame", 200), ("simsim", 401)):
            monkeypatch.setenv("ACCESS_TOKEN", token)
            assert [(await replay(http, command)).status_code for command in shown] == [status, status]
    studio.store.close()


async def test_every_curl_command_works_and_is_answered_in_the_shape_that_is_shown(tmp_path, monkeypatch):
    async with serving(tmp_path, notes="How much does it cost? It is free.") as server:
        await interrupted_once(server, monkeypatch)
        async with httpx.AsyncClient(base_url=server.http("")) as http:
            answers: list[httpx.Response] = []
            removed = []
            for block in HTTP:
                if block.info == "json":
                    shown, got = json.loads(block.text), answers[-1].json()
                    assert not differences(got, shown), f"{PROTOCOLS}:{block.line}"
                    continue
                for command in commands(block):
                    if "DELETE" in command:  # at the end: what follows is about what is removed
                        removed.append(command)
                        continue
                    answers.append(await replay(http, command))
                    assert answers[-1].is_success, f"{PROTOCOLS}:{block.line}: {command}: {answers[-1].text}"
            assert len(answers) >= 10
            assert answers[0].status_code == 201
            assert answers[0].headers["Location"].endswith(answers[0].json()["id"])
            for command in sorted(removed, key=len, reverse=True):
                assert (await replay(http, command)).status_code == 204
            assert not removed or (await replay(http, removed[0].replace("-X DELETE ", ""))).status_code == 404


async def test_refusals_have_the_status_and_the_words_that_are_shown(tmp_path):
    document, path = (ROOT / PROTOCOLS).read_text(encoding="utf-8"), "/api/v1/pitches"
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as http:
        for status, reply in (
            (403, await http.get(path, headers={"Host": "evil.example"})),
            (403, await http.post(path, json={}, headers={"Origin": "https://evil.example"})),
            (404, await http.get(f"{path}/nobody")),
            (405, await http.patch(path)),
            (413, await http.post(path, content=b"[" * (3 << 20), headers={"Content-Type": "application/json"})),
            (422, await http.post(path, json={"text": "No title."})),
        ):
            assert reply.status_code == status
            if status in (404, 413):
                assert f"`{json.dumps(reply.json())}`" in document
        assert not differences(reply.json(), {"detail": [{"type": "", "loc": ["", ""], "msg": ""}]})
        with pytest.raises(websockets.InvalidStatus, match="403"):
            await websockets.connect(server.url(), origin="https://evil.example")


def test_the_limits_are_those_of_the_code():
    document = (ROOT / PROTOCOLS).read_text(encoding="utf-8")
    assert start.SERVER["ws_max_size"] == 32 << 20 > MAX_UPLOAD_BYTES * 4 / 3
    assert MAX_UPLOAD_BYTES == 16 << 20
    for figure in (
        "| 32 MiB;",
        "up to 16 MiB",
        f"| sound in one `user_audio` | {LONGEST:.0f} s |",
        f"| sound waiting to be heard | {ear.QUEUED:.0f} s |",
        f"{raw.MIN_RATE:,} to {raw.MAX_RATE:,} Hz",
        f"with {socket.UNREAD} once {outbox.QUEUED} messages wait, or one cannot be sent for",
        f"be sent for {socket.SEND_WITHIN:.0f} s |",
        f"pinged every {start.SERVER['ws_ping_interval']} s, given up {start.SERVER['ws_ping_timeout']} s after",
        f"at most {sentences.LONGEST} characters",
        f"at most {DELIVERY.lead} s left to sound",
        f"and {DELIVERY.allowance} s for its buffer",
        f"after {Floor(words=words.load()).patience} s of silence",
        f"for {Floor(words=words.load()).audio_gap} s;",
        f"may take {Floor(words=words.load()).longest_turn:.0f} s",
        f"over {BODY_LIMIT >> 20} MiB",
        f"at most {TEXT_LENGTH:,} characters",
        f"at most {NOTES_LENGTH:,} characters",
        f"at most {TITLE_LENGTH} characters",
    ):
        assert figure in " ".join(document.split()), figure
