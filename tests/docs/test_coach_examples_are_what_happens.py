"""Each example of the coach in docs/protocols.md, sent to a real server: what comes back is what it says."""

import json
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
import websockets

from engine import coaching, meetings
from engine.analysis.bands import MODES
from engine.audio import silence
from engine.coach import channel, cues, messages, session
from engine.messages import Ended, Fault
from engine.providers.scripted import ScriptedEars
from engine.wire import coach, coach_codec
from tests.docs.documents import REST, ROOT, blocks, differences
from tests.docs.test_the_examples_of_protocols_are_what_happens import PROTOCOLS, replay
from tests.wire.serving import serving
from tests.wire.test_coach_socket import Coached

EXAMPLES = [block for block in blocks(PROTOCOLS) if "coach" in block.info.split()]
DIALOGUES = tuple(dict.fromkeys(block.section for block in EXAMPLES if block.info.endswith(("client", "server"))))
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
SPEECH = re.compile(r"binary: ([\d.]+) s of speech, ([\d.]+) s of silence")


def document():
    return " ".join((ROOT / PROTOCOLS).read_text("utf-8").split("## `/session`")[1].split("\n## ")[0].split())


def of(info, section=None):
    return [block for block in EXAMPLES if block.info == info and section in (None, block.section)]


def shown_to(section):
    return [json.loads(line) for block in of("json coach server", section) for line in block.text.splitlines()]


def like(actual, example):
    """The same keys and kinds, and the same texts, but for times, ids and what the example cuts short."""
    texts = {name: text for name, text in example.items() if isinstance(text, str) and name != "session_id"}
    return not differences(actual, example) and all(
        TIME.fullmatch(actual[name])
        if name == "timestamp"
        else actual[name].startswith(text.removesuffix(REST))
        if text.endswith(REST)
        else actual[name] == text
        for name, text in texts.items()
    )


@asynccontextmanager
async def created(folder, says):
    """A session, made as the document does it."""
    ears = ScriptedEars(says=list(says))
    async with serving(folder, ears=ears) as served, httpx.AsyncClient(base_url=served.http(""), timeout=20) as http:
        command, finish = of("sh coach")
        answer, _ = of("json coach answer")
        made = (await replay(http, command.text)).json()
        assert not differences(made, json.loads(answer.text))
        assert made["message"] == json.loads(answer.text)["message"]
        assert "$SESSION" in finish.text
        yield Coached(served, http, made["session_id"])


async def go_through(client, section):
    """Send what the examples of a section send, and get what they get."""
    for block in (block for block in EXAMPLES if block.section == section):
        for line in block.text.splitlines():
            if block.info == "text coach client":
                speech, pause = map(float, SPEECH.fullmatch(line).groups())
                await client.speak(speech, -pause)
            elif block.info == "json coach client":
                await client.send(**json.loads(line))
            elif block.info == "json coach server":
                got = json.loads(await client.socket.recv())
                assert like(got, json.loads(line)), f"{PROTOCOLS}:{block.line}: {line}, but got {str(got)[:300]}"


@pytest.mark.parametrize("section", DIALOGUES)
async def test_what_is_sent_is_answered_as_it_says(tmp_path, section):
    said = [message["text"] for message in shown_to(section) if message["type"] == "transcript"]
    async with created(tmp_path, said) as client, client.connected():
        await go_through(client, section)
        if section != DIALOGUES[-1]:
            with pytest.raises(websockets.ConnectionClosedOK):
                await client.socket.recv()
            assert client.socket.close_code == 1000


async def test_the_report_has_the_shape_that_is_shown(tmp_path, monkeypatch):
    said = [message["text"] for message in shown_to("Streaming")]
    [_, command], [_, answer] = of("sh coach"), of("json coach answer")
    async with created(tmp_path, said) as client:
        async with client.connected():
            await client.send(type="help")
            await client.until("suggestion")
            await go_through(client, "Streaming")
        monkeypatch.setenv("SESSION", client.id)
        report = (await replay(client.http, command.text)).json()
        example = json.loads(answer.text)
        assert not differences({name: report[name] for name in example}, example)
        assert [line["speaker"] for line in report["transcript"]] == ["user", "coach"]
        for name in report.keys() - example.keys():
            assert f"`{name}`" in document(), name
        for name in report["stars_detail"][0]:
            assert f"`{name}`" in document(), name
        for status, answered in (
            (404, await client.http.post("/session/nobody/finish")),
            (405, await client.http.get(f"/session/{client.id}/finish")),
        ):
            assert answered.status_code == status
            assert f"| {status} |" in document() and f"`{json.dumps(answered.json())}`" in document()


TOLD = (
    messages.Captioned(speaker="user", text="we"),
    messages.Written(line=1, speaker="user", text="we", start=0.0, end=1.0, at=datetime.now(UTC)),
    messages.Relabelled(line=1, speaker="partner"),
    messages.Shortened(line=1, text="we", end=0.5),
    messages.Told(speaker=None),
    messages.Whispered(id=1, text="Slower", pcm=silence(0.5, 16_000)),
    cues.Suggested(id=1, text="Ask", kind="content", asked=False, seconds=8.0),
    cues.Earcon(),
    cues.Hush(),
    cues.Fixed(kind="wpm"),
    Fault(code="x", message="Trouble.", retryable=True),
    Ended(),
)


def test_every_message_and_every_key_of_it_is_described():
    codec = coach_codec.CoachCodec({})
    [asked] = [json.loads(block.text) for block in of("json coach client") if '"sample_rate"' in block.text]
    ready, _ = codec.decode(json.dumps(asked))
    assert json.loads(ready.frame)["type"] == "ready"
    assert {type(each) for each in TOLD} >= set(messages.CoachOutput.__args__)
    for output in TOLD:
        message = json.loads(codec.encode(output)[0])
        assert f"| `{message['type']}` |" in document(), message
        rows = "".join(re.findall(rf"\| `{message['type']}` \|[^|]*\|", document()))
        for key in message.keys() - {"type", "timestamp", "data", "format"}:
            assert f"`{key}`" in rows or f'"{key}":' in document(), (message, key)
    for key in asked.keys() - {"type"}:
        assert f"| `{key}` |" in document(), key


def test_the_figures_are_those_of_the_code():
    rules = cues.Rules()
    low, high = coach_codec.RATES
    text = document()
    for figure in (
        "Up to 4,000 characters",
        f"closed with {coach.UNKNOWN},",
        f"Within {meetings.GRACE:.0f} s of a connection that broke",
        f"up to {coaching.SETTLES_WITHIN:.0f} s for what the client has sent",
        f"{coaching.ARRIVES_WITHIN:.0f} s for a file that is being decoded",
        f"{session.FLUSHED_WITHIN:.0f} s for the last words (and half a second for each second",
        f"{low:,} to {high:,} Hz",
        f"`text` (up to {coach_codec.TEXT_LENGTH:,} characters)",
        f"`calm` (one in {rules.calm:.0f} s), `normal` ({rules.normal:.0f} s)",
        f"At most one in {rules.normal:.0f} s, and none in the first {rules.start:.0f}",
        f"At most {channel.QUEUED / 60:.0f} minutes of sound may wait",
    ):
        assert figure in text, figure
    assert session.PER_WAITING == 0.5
    assert all(f"`{mode}`" in text for mode in MODES)
