"""`--local-audio` for real: PortAudio plays to a PulseAudio without a sound card, and hears a human voice in its
microphone. What is asserted is what that server recorded."""

from playwright.async_api import expect

from tests.e2e.browser import human_voice, page, server
from tests.e2e.sound_server import runs, sound_server
from tests.e2e.test_a_voice_cuts_in_on_the_pitch import _add

AUDIBLE = 0.005
IN_USE = "name => rostrumVoice.session.machine.situation?.output === name"
PITCH = "First we say one thing. Then we say a second and longer thing about it all. And that is all."


async def test_a_pitch_sounds_and_a_voice_at_the_machines_microphone_silences_it(tmp_path):
    voice = human_voice("austen-0880.wav")
    with sound_server(tmp_path) as sounds, server(tmp_path, LOCAL_AUDIO="1", **sounds.environment) as running:
        pitch = _add(running.url, PITCH)
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/pitch/{pitch}")
            await expect(tab.locator(".machine-note")).to_contain_text("Sound is on this machine")
            await tab.get_by_role("button", name="I wear a headset").click()
            await tab.get_by_text("Keep the microphone open").click()
            await expect(tab.get_by_label("Keep the microphone open")).to_be_checked()
            with sounds.recorded() as levels:
                await tab.get_by_role("button", name="Play", exact=True).click()
                await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 2 && run.to > 0.2)")
                said = sounds.speak(voice)
                await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'resumed')", timeout=60_000)
                await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'end')", timeout=60_000)
                said.wait(60)
            messages = await tab.evaluate("rostrumVoice.messages")
            assert not tab.errors and not tab.foreign
        assert "Traceback" not in running.log
    before, pitch, silence, answer, *_ = runs(levels, AUDIBLE)
    assert [sounds for sounds, _ in (before, pitch, silence, answer)] == [False, True, False, True]
    assert silence[1] > 1.5, "silent while the voice spoke and was understood"
    clear = next(i for i, message in enumerate(messages) if message["type"] == "clear")
    assert any(message["type"] == "judged" for message in messages[clear:])
    cut = next(message for message in messages[clear:] if message["type"] == "said" and message["speaker"] == "agent")
    assert cut["interrupted"] and cut["text"] in PITCH, "what the device has played is what was said"


async def test_without_a_headset_it_hears_nobody_while_it_speaks_but_who_holds_the_key(tmp_path):
    voice = human_voice("austen-0880.wav")
    with sound_server(tmp_path) as sounds, server(tmp_path, LOCAL_AUDIO="1", **sounds.environment) as running:
        pitch = _add(running.url, f"{PITCH} {PITCH}")
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/pitch/{pitch}")
            await expect(tab.locator(".machine-note")).to_contain_text("only if you hold Space")
            await tab.get_by_text("Keep the microphone open").click()
            await expect(tab.get_by_label("Keep the microphone open")).to_be_checked()
            other = await tab.context.new_page()
            await other.goto(f"{running.url}/pitch/{pitch}")
            await expect(other.get_by_role("alert")).to_contain_text("Another page of Rostrum has this machine's sound")
            await other.close()
            await tab.get_by_role("button", name="Play", exact=True).click()
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 1 && run.to > 0.2)")
            said = sounds.speak(voice)
            await tab.wait_for_function("rostrumVoice.rendered.some(run => run.mark === 3 && run.to > 0.2)")
            assert not await tab.evaluate("rostrumVoice.messages.filter(m => ['clear', 'understood'].includes(m.type))")
            said.terminate()
            await tab.keyboard.down("Space")
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'clear')")
            said = sounds.speak(voice)
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'understood' && m.text)")
            await tab.keyboard.up("Space")
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'judged')")
            said.terminate()
            assert not tab.errors and not tab.foreign


async def test_a_speaker_is_picked_remembered_and_when_it_vanishes_the_default_sounds(tmp_path):
    with sound_server(tmp_path) as sounds, server(tmp_path, LOCAL_AUDIO="1", **sounds.environment) as running:
        pitch = _add(running.url, f"{PITCH} {PITCH}")
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/pitch/{pitch}")
            await tab.get_by_label("Speed, voice and headphones").click()
            await tab.get_by_label("Speaker of this machine").select_option("second")
            await tab.wait_for_function(IN_USE, arg="second")
            await tab.reload()
            await tab.wait_for_function(IN_USE, arg="second")
            with sounds.recorded("second") as levels:
                await tab.get_by_role("button", name="Play", exact=True).click()
                await tab.wait_for_function("rostrumVoice.rendered.some(run => run.to > 1)")
            assert max(levels) > AUDIBLE
            with sounds.recorded() as default:
                sounds.unplug("second")
                await expect(tab.get_by_role("alert")).to_contain_text("is not there any more")
                await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'end')", timeout=60_000)
            assert max(default) > AUDIBLE
            assert not tab.errors and not tab.foreign


async def test_a_talk_is_opened_aloud_and_a_voice_at_the_microphone_takes_its_turn(tmp_path):
    voice = human_voice("austen-0880.wav")
    with sound_server(tmp_path) as sounds, server(tmp_path, LOCAL_AUDIO="1", **sounds.environment) as running:
        async with page(tmp_path) as tab:
            await tab.goto(f"{running.url}/talk/partner")
            await expect(tab.locator(".machine-note")).to_contain_text("only if you hold Space")
            with sounds.recorded() as levels:
                await tab.get_by_role("button", name="Start talking").click()
                await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'reply')")
                await tab.wait_for_function("rostrumVoice.session.state === 'idle'")
            assert max(levels) > AUDIBLE
            said = sounds.speak(voice)
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'judged' && m.verdict === 'turn')")
            await tab.wait_for_function("rostrumVoice.messages.some(m => m.type === 'said' && m.speaker === 'user')")
            said.terminate()
            assert not tab.errors and not tab.foreign
