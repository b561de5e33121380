"""The whole of it: a real browser, a human voice through its microphone, asserted from what its speaker rendered."""

import json
import urllib.request

from engine.audio import Pcm
from engine.providers.base import Voice
from engine.providers.offline_espeak import EspeakVoice
from tests.e2e.browser import human_voice, microphone, page, server

AUDIBLE = 0.003
"""RMS of full scale: speech is ten times louder, a cleared speaker exactly silent."""


async def test_the_pitch_falls_silent_answers_and_goes_on_at_the_sentence_that_was_cut(tmp_path):
    recording = microphone(tmp_path, human_voice("austen-0880.wav"), before=1.0)
    with server(tmp_path) as running:
        pitch = _add(
            running.url, "First we say one thing. Then we say a second and longer thing about it all. And that is all."
        )
        async with page(tmp_path, microphone=recording) as tab:
            await tab.goto(f"{running.url}/pitch/{pitch}")
            await tab.get_by_role("button", name="Play", exact=True).click()
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 2 && run.to > 0.2)")
            await tab.get_by_text("Keep the microphone open").click()
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'end')", timeout=60_000)
            trace = await tab.evaluate("rostrumVoice")
            assert not tab.errors and not tab.foreign
    _assert_order(trace)


def _assert_order(trace):
    runs = [run for run in trace["rendered"] if run["rms"] > AUDIBLE]
    marks = [run["mark"] for run in runs]
    answer = marks.index("user_response")
    interrupted = marks[answer - 1]
    after = [run for run in runs[answer:] if run["mark"] != "user_response"]
    assert marks[:1] == [1] and interrupted in (2, 3)
    assert after[0]["mark"] == interrupted, "it goes on at the sentence that was cut"
    again = next(m for m in trace["messages"] if m["type"] == "line" and m["line"] == after[0]["line"])
    assert again["offset"] == 0, "from its start"
    assert after[-1]["mark"] == 3
    assert sum(m["type"] == "end" for m in trace["messages"]) == 1

    cleared = trace["clears"][0]
    answered = runs[answer]["t"]
    between = [level for level in trace["levels"] if cleared["silent"] + 60 < level["t"] < answered - 60]
    assert len(between) > 5, "there was a silence, while the voice spoke and was understood"
    assert max(level["rms"] for level in between) < AUDIBLE, "nothing sounded over the voice"


def _add(url, text):

    body = json.dumps({"title": "Three sentences", "text": text, "notes": "Q: What does it cost? A: Nothing."}).encode()
    request = urllib.request.Request(url + "/api/v1/pitches", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)["id"]


async def test_a_spoken_question_about_the_sample_pitch_is_answered_from_its_notes(tmp_path):
    """By a synthesized voice: it says the very words."""
    recording = microphone(tmp_path, await _spoken("How much does it cost?"), before=2.0)
    with server(tmp_path) as running:
        async with page(tmp_path, microphone=recording) as tab:
            await tab.goto(f"{running.url}/pitch/rostrum")
            await tab.locator(".play").click()
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.to - run.from > 0.5)")
            await tab.get_by_text("Keep the microphone open").click()
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'question' && m.answer)")
            asked = await tab.evaluate("rostrumVoice.messages.find(m => m.type === 'question' && m.answer)")
            assert asked["text"] == "how much does it cost"
            assert "Rostrum costs nothing" in asked["answer"]
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.reason === 'answered')", timeout=60_000)


async def _spoken(text):
    chunks = [chunk.pcm async for chunk in EspeakVoice().speak(text, Voice(name="en-us-clear"))]
    return Pcm(b"".join(pcm.data for pcm in chunks), chunks[0].rate)
