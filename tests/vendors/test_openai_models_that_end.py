"""Models that OpenAI shuts down: known before they die, and understood afterwards."""

import logging
from datetime import date

import pytest

from engine.providers.openai_dialogue import OpenAiRealtimeDialogue
from engine.providers.openai_models import SHUTDOWNS, living, shutdown, successor
from engine.providers.vendors import endings
from engine.settings import Settings


@pytest.mark.parametrize(
    ("model", "follows"),
    [
        ("gpt-4o-realtime-preview-2024-10-01", "gpt-realtime-2.1"),
        ("gpt-4o-realtime-preview", "gpt-realtime-2.1"),
        ("gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-2.1-mini"),
        ("gpt-realtime", "gpt-realtime-2.1"),
        ("gpt-realtime-2025-08-28", "gpt-realtime-2.1"),
        ("gpt-4o-mini-tts", "gpt-realtime-2.1-mini"),
        ("whisper-1", "gpt-transcribe"),
        ("gpt-4o-mini-transcribe", "gpt-transcribe"),
        ("GPT-4o", "gpt-6-luna"),
        ("gpt-3.5-turbo-0125", "gpt-6-luna"),
    ],
)
def test_what_ends_has_a_successor(model, follows):
    assert successor(model) == follows


@pytest.mark.parametrize("model", ["gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-6-luna", "gpt-transcribe", "mine"])
def test_what_lives_has_none(model):
    assert (successor(model), shutdown(model)) == (None, None)


def test_no_successor_ends_itself():
    assert {found.successor for found in SHUTDOWNS.values()}.isdisjoint(SHUTDOWNS)


def named(**chosen):
    return [(each.setting, each.model) for each in endings(Settings(_env_file=None, **chosen))]


def test_models_that_end_are_named_where_they_would_be_used():
    assert named(openai_api_key="k", openai_chat_model="gpt-4o") == [("OPENAI_CHAT_MODEL", "gpt-4o")]
    ending = {"openai_transcription_model": "whisper-1", "openai_speech_model": "tts-1"}
    assert [setting for setting, _ in named(openai_api_key="k", **ending)] == [
        "OPENAI_TRANSCRIPTION_MODEL",
        "OPENAI_SPEECH_MODEL",
    ]
    assert named(openai_api_key="k") == [], "the defaults live on"
    assert named(openai_chat_model="gpt-4o") == [], "nobody would use it: there is no key"
    assert named(openai_base_url="http://localhost:1/v1", openai_chat_model="gpt-4o") == [], "a server's own"


def test_a_model_is_used_until_its_day():
    assert shutdown("tts-1").date == date(2027, 1, 6)
    assert living("tts-1", date(2027, 1, 5)) == "tts-1"
    assert living("tts-1", date(2027, 1, 6)) == "gpt-realtime-2.1-mini"


def test_the_retired_name_is_understood_with_one_warning(caplog):
    with caplog.at_level(logging.WARNING):
        partner = OpenAiRealtimeDialogue(key="sk-mine", model="gpt-4o-realtime-preview-2024-10-01")
    assert partner.about.label == "gpt-realtime-2.1 at OpenAI"
    assert partner.reads.about.label == "gpt-realtime-2.1 at OpenAI"
    (warning,) = caplog.messages
    assert warning.startswith("OPENAI_REALTIME_MODEL: OpenAI has shut down gpt-4o-realtime-preview-2024-10-01; ")
    assert warning.endswith("gpt-realtime-2.1 is used instead")


def test_another_server_may_keep_the_name(caplog):
    partner = OpenAiRealtimeDialogue(base_url="http://localhost:8080/v1", model="gpt-4o-realtime-preview")
    assert partner.about.label == "gpt-4o-realtime-preview at localhost"
    assert caplog.messages == []
