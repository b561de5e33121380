"""Practising to be interrupted, for real: a human voice in the microphone of a browser, and the partner over it."""

from engine.audio import Pcm
from tests.e2e.browser import human_voice, microphone, page, server
from tests.e2e.test_a_free_conversation import post, transcript

CUT = "rostrumVoice.messages.filter(m => m.type === 'line' && m.mark === 'interjection').map(m => m.line)"
SOUNDED = f"rostrumVoice.rendered.some(run => {CUT}.includes(run.line) && run.rms > 0.003)"


async def test_it_speaks_over_the_voice_and_both_are_kept(tmp_path):
    voice = human_voice("austen-0880.wav")
    for name in ("austen-0870.wav", "austen-0920.wav"):
        voice = Pcm(voice.data + human_voice(name).data, voice.rate)
    with server(tmp_path) as running:
        url = running.url
        fields = {"name": "Nora", "who": "You are Nora.", "questions": ["Why?", "What for?"], "patience": 1.5}
        nora = post(url, fields | {"interrupts": "relentless"})
        file = microphone(tmp_path, voice, before=4.0)
        async with page(tmp_path, microphone=file) as tab:
            await tab.goto(f"{url}/talk/{nora}")
            await tab.get_by_role("button", name="Start talking").click()
            await tab.wait_for_function(SOUNDED, timeout=60_000)
            before = await tab.evaluate("rostrumVoice.messages.filter(m => m.type === 'judged').length")
            assert before == 0, "in the middle of the turn"
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'judged')", timeout=60_000)
            judged = await tab.evaluate("rostrumVoice.messages.filter(m => m.type === 'judged').map(m => m.verdict)")
            meeting = await tab.evaluate("rostrumVoice.messages.find(m => m.type === 'ready').conversation")
            await tab.wait_for_timeout(3000)
            assert not tab.errors
        lines = transcript(url, meeting)
    assert judged[0] in ("turn", "cut_off")
    mine = next(line for line in lines if line["speaker"] == "user")
    cuts = [line for line in lines if line["mark"] == "interjection"]
    assert cuts and len(mine["text"].split()) > 5
    assert mine["start"] < cuts[0]["start"] < mine["end"], "over what was being said"
