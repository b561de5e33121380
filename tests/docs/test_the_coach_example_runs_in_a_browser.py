"""The example that clients of the coach were written from, in a page of the real Chromium, against `python main.py`.

Not a character of it is changed: the browser is told that localhost:8000 is the test's server. It has six numbered
steps, and between the fourth, which opens the microphone, and the fifth, which stops, a person speaks: here a
recording, which the browser plays as its microphone. The page is one of another origin, as a front-end that is
developed beside the server is; its three functions keep what they are given, and it notes what is
sent.
"""

import asyncio
import http.server
import threading
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from engine.audio import Pcm, silence
from tests.docs.documents import ROOT
from tests.e2e.browser import human_voice, microphone, page, server

EXAMPLE = ROOT / "tests" / "wire" / "golden" / "coach" / "example.js"
STOP = "// 5. Stop session"
SAID = {
    "austen-0880.wav": "he was not an ill disposed young man",
    "austen-0890.wav": "unless to be rather cold hearted and rather selfish is to be ill disposed",
}
FRONT_END = b"""<!doctype html><meta charset=utf-8><title>A front-end</title><link rel=icon href="data:,"><script>
  const got = { suggestions: [], audio: [], transcript: [] }, sent = [], { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) { sent.push(data.type ?? data); send.call(this, data); };
  const showSuggestion = (text) => got.suggestions.push(text);
  const playAudio = (data) => got.audio.push(data);
  const addToTranscript = (text, speaker) => got.transcript.push({ text, speaker });
</script>"""


@contextmanager
def front_end():
    """Serves the page on a port of its own; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(FRONT_END)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}"
        finally:
            serving.shutdown()
            thread.join()


def test_it_is_the_example_of_the_document():
    document = Path(ROOT.parent) / "shared" / "protocols" / "coach.md"
    if not document.is_file():
        pytest.skip("the document is not beside the checkout")
    assert f"```javascript\n{EXAMPLE.read_text(encoding='utf-8')}```" in document.read_text(encoding="utf-8")


def between_the_steps(example: str) -> str:
    """The example as a function that speaks between its fourth step and its fifth, and whose `report` comes of it."""
    begin, end = example.split(STOP)
    spoken = "await new Promise((done) => (window.saySoFar = done));"
    return f"() => {{ window.report = (async () => {{ {begin} {spoken} {STOP}{end} return results; }})(); }}"


async def test_the_example_gets_the_transcript_of_a_human_voice_and_the_full_report(tmp_path):
    said = [human_voice(name) for name in SAID]
    voice = Pcm(b"".join(one.data + silence(1.5, one.rate).data for one in said), said[0].rate)
    with server(tmp_path) as running, front_end() as address:
        mapped = [f"--host-resolver-rules=MAP localhost:8000 {running.url.removeprefix('http://')}"]
        async with page(tmp_path, microphone=microphone(tmp_path, voice, before=0.5), flags=mapped) as opened:
            await opened.goto(address)
            await opened.evaluate(between_the_steps(EXAMPLE.read_text(encoding="utf-8")))
            await opened.wait_for_function("got.transcript.length >= 2", timeout=30_000)
            await opened.evaluate("saySoFar()")
            report = await asyncio.wait_for(opened.evaluate("report"), 30)
            got, sent = await opened.evaluate("got"), await opened.evaluate("sent")
            errors = [error for error in opened.errors if "CLOSING or CLOSED" not in error]
    assert not errors, "but that its recorder goes on after the stop, as the document has it"
    assert len(sent) > 50
    assert set(sent) == {"audio/webm;codecs=opus", '{"type":"stop"}'}
    assert {line["speaker"] for line in got["transcript"]} == {"user"}
    heard = " ".join(line["text"] for line in got["transcript"]).split()
    spoken = " ".join(SAID.values()).split()
    assert len(set(heard) & set(spoken)) >= len(set(spoken)) / 2, "a rough recogniser, but it heard this"
    assert_is_the_full_report(report, got)


def assert_is_the_full_report(report, got):
    """As the document promises it, and of what was said."""
    assert len(report["stars"]) == 2 and len(report["takeaways"]) == 3 and 3 <= len(report["summary_bullets"]) <= 5
    texts = [*report["stars"], *report["takeaways"], *report["summary_bullets"], report["wish"]]
    assert all(isinstance(text, str) and text for text in texts)
    assert isinstance(report["filler_percentage"], (int, float)) and 0 <= report["filler_percentage"] <= 100
    lines = [{"text": line["text"], "speaker": line["speaker"]} for line in report["transcript"]]
    assert [line for line in lines if line["speaker"] == "user"][: len(got["transcript"])] == got["transcript"]
    assert all(datetime.fromisoformat(line["timestamp"]) for line in report["transcript"])
    quote = report["stars_detail"][0]["quote"]
    assert quote and quote in " ".join(line["text"] for line in lines), "it is about what was said"
