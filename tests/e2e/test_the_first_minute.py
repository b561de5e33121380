"""A new user's first minute: two clicks to the sound, a typed question, nothing sent to anywhere else."""

import asyncio
import json
import urllib.request

from bench.client import link
from tests.e2e.browser import page, server

AUDIBLE = 0.003


async def test_the_sample_sounds_within_two_clicks_and_answers_a_typed_question(tmp_path):
    with server(tmp_path) as running:
        async with page(tmp_path) as tab:
            await tab.goto(running.url)
            await (
                tab.get_by_role("link", name="Hear the sample pitch")
                .or_(tab.get_by_role("button", name="Hear the sample pitch"))
                .click()
            )
            await tab.wait_for_function(f"window.rostrumVoice?.rendered.some(run => run.rms > {AUDIBLE})")
            await tab.get_by_label("Type a question").fill("How much does it cost?")
            await tab.keyboard.press("Enter")
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 'user_response')")
            await tab.get_by_text("Rostrum costs nothing").first.wait_for()
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.reason === 'answered')", timeout=60_000)
            said = await tab.evaluate("rostrumVoice.messages.filter(m => m.type === 'resumed')")
            first = await tab.evaluate("rostrumVoice.rendered[0].mark")
            assert said[0]["mark"] == first == 1, "it goes on at the sentence that was cut"
            await tab.get_by_text("How much does it cost?").first.wait_for()
            assert not tab.errors
            assert not tab.foreign


def test_kill_9_in_the_middle_loses_at_most_the_sentence_being_spoken(tmp_path):
    async def hold(running):
        async with link(int(running.url.rpartition(":")[2])) as talk:
            await talk.tell(type="play")
            await talk.until_heard(9.0)
            await talk.tell(type="ask", text="Who is it for?")
            await talk.until_heard(10.0)
            running.process.kill()
            running.process.wait(5)

    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        asyncio.run(hold(running))
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        pitches = _get(running.url + "/api/v1/pitches")
        assert [pitch["id"] for pitch in pitches] == ["rostrum"]
        questions = _get(running.url + "/api/v1/pitches/rostrum/questions")
        assert [question["text"] for question in questions] == ["Who is it for?"]
        meeting = _get(running.url + "/api/v1/pitches/rostrum/meetings")[0]
        lines = _get(running.url + f"/api/v1/meetings/{meeting['id']}/transcript")
        heard = [line["text"] for line in lines if line["speaker"] == "agent" and not line["interrupted"]]
        sentences = [sentence["text"] for sentence in pitches[0]["sentences"]]
        assert len(heard) >= 2
        assert heard == sentences[: len(heard)]
        assert lines[-1]["text"] == "Who is it for?"
        assert meeting["mark"] == len(heard) + 1, "the place is kept too"


def _get(url):
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.load(reply)
