"""OPENAI_BASE_URL and nothing else: a server that hears, thinks and speaks does all of it; what one lacks that only
chats stays on this machine, and nobody is told of a failure that nobody chose."""

import asyncio

import pytest

from engine.errors import ProviderAbsent, ProviderFailed
from engine.providers.base import Voice
from engine.providers.circuit import Chain, Link
from engine.providers.openai_ears import OpenAiEars
from engine.providers.openai_voice import OpenAiVoice
from engine.providers.scripted import ScriptedSpeech
from engine.providers.tab import Tab
from tests.vendors.http_and_sockets import serving
from tests.vendors.openai import openai
from tests.vendors.whole_studio import REPLIES, OpenAi, Vendors, page, studio

HEARS, SPEAKS = "/v1/audio/transcriptions", "/v1/audio/speech"
ONLY_CHATS = {HEARS, SPEAKS}


async def test_it_hears_thinks_and_speaks(tmp_path, monkeypatch):
    vendors = Vendors()
    async with (
        studio(tmp_path, monkeypatch, "a server", vendors=vendors, text="Come.") as (server, _),
        page(server, talk="partner") as link,
    ):
        ready = link.got[0]
        assert [ready[who]["label"].split(" at ")[0] for who in ("hears", "thinks", "speaks")] == [
            "whisper-1",
            "gpt-6-luna",
            "tts-1",
        ]
        await link.tell("play")
        await link.until("reply", turn=0)
        await asyncio.sleep(1.0)
        link.say("is anybody there")
        reply = await link.until("reply", 2)
    assert link.lines("user") == ["is anybody there"]
    assert reply["text"] == "".join(REPLIES)
    assert not link.all("error")
    assert all(request.headers.get("authorization") == "Bearer none" for request in vendors.openai.requests)
    link.assert_every_sample_is(vendors.openai.said())


@pytest.mark.parametrize("polite", [False, True], ids=["404", "200 with an error"])
async def test_what_a_server_that_only_chats_lacks_stays_on_this_machine_and_nobody_is_told(
    tmp_path, monkeypatch, polite
):
    vendors = Vendors(openai=OpenAi(lacks=ONLY_CHATS, polite=polite))
    async with studio(tmp_path, monkeypatch, "a server", vendors=vendors, text="Come.") as (server, _):
        about = server.studio.about("talk")
        assert about["hears"].name != "openai" != about["speaks"].name
        async with page(server, talk="partner") as link:
            assert link.got[0]["thinks"]["name"] == "openai"
            await link.tell("play")
            await link.until("reply", turn=0)
            await link.tell("ask", text="Is anybody there?")
            reply = await link.until("reply", 2)
        assert reply["text"] == "".join(REPLIES)
        assert not link.all("error")
        assert not vendors.openai.listened() and not vendors.openai.said()


async def test_whoever_asked_for_it_by_name_is_told(tmp_path, monkeypatch):
    vendors = Vendors(openai=OpenAi(lacks=ONLY_CHATS))
    chosen = {"text_to_speech": "openai"}
    async with (
        studio(tmp_path, monkeypatch, "a server", vendors=vendors, text="Come.", **chosen) as (server, _),
        page(server, talk="partner") as link,
    ):
        await link.tell("play")
        told = await link.until("error")
        await link.until("reply", turn=0)
    assert told["code"] == "provider_switched"
    assert told["message"].startswith("tts-1 at 127.0.0.1 is not there")
    assert len(link.all("error")) == 1, "hearing was left to chance"


@pytest.mark.parametrize("kind", [OpenAiEars, OpenAiVoice])
async def test_asking_whether_it_is_there_costs_nothing(kind):
    async with openai() as server:
        provider = kind(base_url=server.url)
        await provider.check()
        asked = [request.body for request in server.requests if request.method == "POST"]
        assert asked == [b"{}"]
        server.key = "another"
        with pytest.raises(ProviderFailed, match="refused the key"):
            await provider.check()
        await provider.close()


async def test_a_server_that_was_not_up_at_the_start_is_found_out_when_it_is_asked():
    async with openai(lacks={SPEAKS}) as server:
        voice, told = OpenAiVoice(base_url=server.url), []
        other = ScriptedSpeech()
        chain = Chain([Link(voice, named=False), Link(other)], Tab(told.append))
        link = chain.asked()
        with pytest.raises(ProviderAbsent) as absent:
            await anext(link.provider.speak("Hello.", Voice()))
        link.circuit.failed(absent.value)
        assert chain.asked(after=link).provider is other
        assert chain.asked().provider is other
        assert told == []
        await voice.close()


class WithoutThatModel(OpenAi):
    async def _speak(self, link, request):
        await link.refuse(404, "model_not_found")


async def test_a_server_that_lacks_only_the_model_does_such_things():
    async with serving(WithoutThatModel()) as server:
        voice = OpenAiVoice(base_url=server.url)
        with pytest.raises(ProviderFailed, match="check the model") as failed:
            await anext(voice.speak("Hello.", Voice()))
        assert not isinstance(failed.value, ProviderAbsent)
        await voice.close()
