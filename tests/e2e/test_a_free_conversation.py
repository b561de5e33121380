"""A talk in a real browser, with a human voice in its microphone; judged from what its speaker rendered."""

import json
import urllib.request

from engine.audio import Pcm, silence
from tests.e2e.browser import human_voice, microphone, page, server

AUDIBLE = 0.003
"""RMS of full scale: speech is ten times louder, a cleared speaker exactly silent."""
LONG = (
    "That is good to know, and I would like to hear a good deal more about it from you, the beginning first, then what "
    "happened in the middle, and at the very end what you would do in another way if all of it began again tomorrow "
    "morning, number {}?"
)
FACE = "document.querySelector('.talk-stage')?.dataset.face"
ASKED = "That is good to know"
"""How the long question begins; the partner may say something short before it."""
LINES = f"rostrumVoice.messages.filter(m => m.type === 'line' && m.text.startsWith('{ASKED}')).map(m => m.line)"
ANSWERS = f"rostrumVoice.rendered.filter(run => {LINES}.includes(run.line) && run.rms > 0.003)"


def somebody(url, *, opening=""):
    """A persona who asks at length, so that there is time to cut in."""
    fields = {"name": "Nora", "who": "You are Nora.", "opening": opening, "follow_ups": 0, "patience": 1.2}
    fields["questions"] = [LONG.format(number) for number in ("one", "two", "three")]
    return post(url, fields)


def post(url, fields):
    request = urllib.request.Request(
        url + "/api/v1/personas", json.dumps(fields).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)["id"]


def transcript(url, meeting):
    with urllib.request.urlopen(f"{url}/api/v1/meetings/{meeting}/transcript", timeout=30) as reply:
        return json.load(reply)


def cleared_in(trace, line):
    """What `line` was last announced as, and how the speaker was cleared of it."""
    last = [m for m in trace["messages"] if m["type"] == "line" and m["line"] == line][-1]
    [cleared] = [clear for clear in trace["clears"] if clear["generation"] == last["generation"]]
    return last, cleared


def heard_by_the_page(trace, cut):
    """The words of the line `cut` that the page's speaker had rendered to their end when it was cleared."""
    first, cleared = cleared_in(trace, cut)
    words = [word for m in trace["messages"] if m["type"] == "words" and m["line"] == cut for word in m["words"]]
    position = cleared["seconds"] - first["at"] + first["offset"]
    ended = [last for _, last, _, end in words if end <= position + 0.001]
    return first["text"][: ended[-1]]


async def test_speak_be_answered_cut_in_and_be_answered_again(tmp_path):
    voice = human_voice("austen-0880.wav")
    both = Pcm(voice.data + silence(9.0, voice.rate).data + human_voice("austen-0890.wav").data, voice.rate)
    recording = microphone(tmp_path, both, before=1.5)
    with server(tmp_path) as running:
        persona = somebody(running.url)
        async with page(tmp_path, microphone=recording) as tab:
            await tab.goto(f"{running.url}/talk/{persona}")
            await tab.get_by_role("button", name="Start talking").click()
            await tab.wait_for_function(f"{ANSWERS}.length > 0", timeout=30_000)
            await tab.wait_for_function(
                "rostrumVoice.messages.filter(m => m.speaker === 'user').length > 1", timeout=60_000
            )
            await tab.wait_for_function(f"{ANSWERS}.at(-1).line !== {ANSWERS}[0].line", timeout=30_000)
            await tab.locator(".turn .cut").first.wait_for()
            struck = await tab.locator(".turn s").first.inner_text()
            await tab.get_by_text("How fast?").click()
            assert_the_stages_sum_to_the_total(await tab.locator(".waterfall tr").all_inner_texts())
            await tab.keyboard.press("Escape")
            conversation = await tab.evaluate("rostrumVoice.session.conversation")
            await tab.get_by_role("button", name="End the talk").click()
            await tab.get_by_role("heading", name="You talked with Nora").wait_for()
            await tab.get_by_text("You spoke").wait_for()
            assert (
                await tab.get_by_role("link", name="Read what was said").get_attribute("href")
                == f"/history/{conversation}"
            )
            trace = await tab.evaluate("rostrumVoice")
            lines = transcript(running.url, conversation)
            assert not tab.errors and not tab.foreign
    first = next(m["line"] for m in trace["messages"] if m["type"] == "line" and m["text"].startswith(ASKED))
    runs = [run for run in trace["rendered"] if run["rms"] > AUDIBLE]
    second = next(run for run in runs if run["line"] > first)
    _, cleared = cleared_in(trace, first)
    between = [level for level in trace["levels"] if cleared["silent"] + 60 < level["t"] < second["t"] - 60]
    assert len(between) > 5, "there was a silence, while the voice spoke and was understood"
    assert max(level["rms"] for level in between) < AUDIBLE, "nothing sounded over the voice"

    heard = heard_by_the_page(trace, first)
    asked = next(line for line in lines if line["text"].startswith(heard[:10]))
    assert asked["interrupted"] and asked["text"] == heard, "the transcript has what was heard, and no more"
    assert 10 < len(heard) < len(LONG)
    assert struck.endswith(LONG.format("one")[len(heard) :].strip()), "the rest is shown as not heard"
    after = lines[lines.index(asked) + 1 :]
    assert [line["speaker"] for line in after][:2] == ["user", "agent"], "the second question was answered"


async def test_a_dropped_connection_comes_back_and_nothing_is_said_twice(tmp_path):
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        persona = somebody(running.url)
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/talk/{persona}")
            await begin_by_typing(tab, "I run a bakery")
            await tab.evaluate("rostrumVoice.session.link.socket.close(4000)")
            await tab.wait_for_function("rostrumVoice.messages.filter(m => m.type === 'ready').length > 1")
            await tab.wait_for_function(
                "rostrumVoice.messages.some(m => m.type === 'said' && m.text.startsWith('That is good'))",
                timeout=60_000,
            )
            trace = await tab.evaluate("rostrumVoice")
            conversation = trace["messages"][0]["conversation"]
            await tab.get_by_text("I run a bakery").wait_for()
            assert not tab.errors
        lines = transcript(running.url, conversation)
    ready = [m for m in trace["messages"] if m["type"] == "ready"]
    assert [m["returned"] for m in ready] == [False, True]
    assert ready[1]["conversation"] == conversation
    assert_goes_on_where_it_was(trace)
    texts = [line["text"] for line in lines]
    assert (texts[0], texts[-1]) == ("I run a bakery", LONG.format("one"))
    assert len(set(texts)) == len(texts)


async def test_a_reload_comes_back_to_the_talk_with_all_that_was_said(tmp_path):
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        persona = somebody(running.url, opening="Good morning.")
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/talk/{persona}")
            await tab.get_by_role("button", name="Start talking").click()
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'said')", timeout=30_000)
            await begin_by_typing(tab, "I run a bakery")
            before = await tab.evaluate("rostrumVoice")
            await tab.reload()
            await tab.wait_for_function("window.rostrumVoice?.messages.some(m => m.type === 'ready')")
            await tab.get_by_text("Good morning.").wait_for()
            await tab.get_by_text("I run a bakery").wait_for()
            await tab.get_by_role("button", name="End the talk").wait_for()
            await tab.wait_for_function(f"{FACE} === 'tap' || {ANSWERS}.length > 0")
            if await tab.evaluate(FACE) == "tap":
                await tab.locator(".mic").click()
            await tab.wait_for_function(
                "rostrumVoice.messages.some(m => m.type === 'said' && m.text.startsWith('That is good'))",
                timeout=60_000,
            )
            after = await tab.evaluate("rostrumVoice")
            assert not tab.errors
    assert after["messages"][0]["returned"]
    assert after["messages"][0]["conversation"] == before["messages"][0]["conversation"]
    assert_goes_on_where_it_was({name: before[name] + after[name] for name in ("messages", "rendered")}, spare=0.4)


async def test_escape_in_mid_sentence_silences_the_answer_until_it_is_asked_for(tmp_path):
    recording = microphone(tmp_path, human_voice("austen-0880.wav"), before=1.5)
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        persona = somebody(running.url)
        async with page(tmp_path, microphone=recording) as tab:
            await tab.goto(f"{running.url}/talk/{persona}")
            await tab.get_by_role("button", name="Start talking").click()
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'understood' && m.text)")
            await tab.keyboard.press("Escape")
            await tab.wait_for_function(f"{FACE} === 'paused'", timeout=30_000)
            assert not await tab.evaluate(f"{ANSWERS}.length")
            await tab.locator(".mic").click()
            await tab.wait_for_function(f"{ANSWERS}.length > 0", timeout=30_000)
            assert not tab.errors


def assert_the_stages_sum_to_the_total(rows):
    owners = [row.splitlines()[1] for row in rows[1:7]]
    assert owners[0::4] == ["Your pause", "Rostrum"] and owners[5] == "This browser"
    assert owners[1:3] == ["Offline recogniser", "Offline partner"], "each with the name of who does it"
    *stages, total = [float(row.split()[-2]) for row in rows[1:]]
    assert len(stages) == 6
    assert abs(sum(stages) - total) < 4, "but for rounding"


async def begin_by_typing(tab, words):
    await tab.get_by_label("Type instead of speaking").fill(words)
    await tab.keyboard.press("Enter")
    await tab.wait_for_function(f"{ANSWERS}.some(run => run.to - run.from > 2)", timeout=30_000)


def assert_goes_on_where_it_was(trace, spare=0.1):
    """The line that was cut by the drop goes on within the word that was being heard. `spare`: seconds that may have
    been rendered after the last entry of the trace."""
    lines = [m for m in trace["messages"] if m["type"] == "line" and m["text"].startswith(ASKED)]
    first, again = lines[0], lines[1]
    assert first["line"] == again["line"], "the same line goes on"
    played = max(run["to"] for run in trace["rendered"] if run["generation"] == first["generation"]) - first["at"]
    words = [
        word for m in trace["messages"] if m["type"] == "words" and m["line"] == first["line"] for word in m["words"]
    ]
    begun = [start for _, _, start, _ in words if start <= played + spare]
    assert 1.0 < again["offset"] <= played + spare
    assert again["offset"] >= max(start for start in begun if start <= played), "no word that was heard is said again"


async def test_thirty_turns_keep_the_page_light(tmp_path):
    with server(tmp_path, OFFLINE_VOICE="espeak") as running:
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/talk/partner")
            for number in range(1, 31):
                await tab.get_by_label("Type instead of speaking").fill(f"this is what I have to say, number {number}")
                await tab.keyboard.press("Enter")
                await tab.wait_for_function(
                    f"rostrumVoice.messages.filter(m => m.speaker === 'user').length === {number}"
                )
                await tab.wait_for_function(
                    "rostrumVoice.messages.findLastIndex(m => m.type === 'line')"
                    " > rostrumVoice.messages.findLastIndex(m => m.speaker === 'user')"
                )
            await tab.get_by_text("How fast?").click()
            assert await tab.evaluate("document.querySelectorAll('body *').length") < 300
            assert await tab.locator(".turn").count() <= 13
            assert not tab.errors and not tab.foreign
