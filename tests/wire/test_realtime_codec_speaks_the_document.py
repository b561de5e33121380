"""The realtime codec without a network: the document's own examples, and what its server sends beside them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from engine.audio import HEARING_RATE, Pcm, silence
from engine.errors import BadInput
from engine.floor import Verdict
from engine.limits import Reminder
from engine.media import RawFormat, decode_clip, encode_wav
from engine.media.g711 import alaw_decode, alaw_encode, mulaw_decode
from engine.messages import (
    Brief,
    Cancel,
    Clear,
    Clip,
    Correct,
    Ended,
    Fault,
    Forget,
    Judged,
    LimitNear,
    LineBegan,
    MicAudio,
    Patience,
    Remember,
    ReplyEnded,
    Respond,
    Retune,
    Said,
    Speech,
    TalkPressed,
    TalkReleased,
    Typed,
    Understood,
)
from engine.wire.outbox import Close, Reply
from engine.wire.realtime_codec import RealtimeCodec
from engine.wire.realtime_session import Session

GOLDEN = Path(__file__).parent / "golden" / "realtime"
NOW = 1234567890.123


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def make(**more):
    settings = {
        "id": "session_123",
        "model": "mind",
        "hears": "ears",
        "voices": ("steady", "steadier"),
        "voice": "steady",
        "instructions": "You are Sam.",
        "patience": 0.9,
        "usual_patience": 0.9,
    }
    return RealtimeCodec(Session(**settings | more), now=lambda: NOW, new_id=lambda: "item_new")


@pytest.fixture
def codec():
    return make()


def say(codec, kind, **fields):
    return list(codec.decode(json.dumps({"type": kind, **fields})))


def update(codec, **fields):
    *inputs, reply = say(codec, "session.update", session_update=fields)
    return inputs, json.loads(reply.frame)["session"]


def told(codec, *outputs):
    return [json.loads(frame) for output in outputs for frame in codec.encode(output)]


def spoken(frame):
    """A frame without the keys that are null: how the document shows it."""
    return {key: value for key, value in frame.items() if value is not None}


def reply(codec, turn=1, text="Hello! How can I help you today?", seconds=0.2):
    """A whole reply to a turn that was typed."""
    return told(
        codec,
        Judged(turn=turn, verdict=Verdict.TURN, text="Hello"),
        Said(speaker="user", text="one two three four five six seven eight nine ten", start=0, end=0, item="item_1"),
        Speech(line=1, mark="user_response", generation=1, pcm=tone(seconds)),
        LineBegan(line=1, mark="user_response", text=text, generation=1, at=0.0, offset=0.0),
        Said(speaker="agent", text=text, start=0, end=1, item="item_2"),
        ReplyEnded(turn=turn, complete=True, text=" ".join(["word"] * 20), item="item_2"),
    )


def tone(seconds, rate=HEARING_RATE):
    return Pcm(b"\x00\x10" * round(seconds * rate), rate)


def append(pcm):
    return {"audio": base64.b64encode(pcm.data).decode()}


# ---- requests -------------------------------------------------------------------------------------------------------


def test_a_session_update_of_the_document_is_answered_as_it_shows(codec):
    *inputs, answer = codec.decode(json.dumps(golden("request.session.update")))
    brief = Brief(instructions="You are a helpful AI assistant.", language="en", temperature=0.8, most_tokens=4096)
    assert inputs == [brief, Retune(voice="")]
    frame = json.loads(answer.frame)
    shown = golden("response.session.update")
    assert frame["type"] == shown["type"]
    assert shown["session"].items() <= frame["session"].items()
    assert frame["session"]["instructions"] == "You are a helpful AI assistant."


def test_text_of_the_document_is_typed(codec):
    assert codec.decode(json.dumps(golden("request.conversation.item.input.input_text"))) == (
        Typed(text="Hello, how are you?"),
    )


def test_audio_of_the_document_in_a_container_is_one_whole_utterance(codec):
    message = golden("request.conversation.item.input.input_audio_buffer")
    for kind in ("input_audio_buffer", None):
        message["conversation_item_input"]["type"] = kind
        message["conversation_item_input"]["audio"] = base64.b64encode(encode_wav(tone(1.0))).decode()
        [clip] = codec.decode(json.dumps(message))
        assert isinstance(clip, Clip)
        assert clip.whole
        assert clip.pcm.seconds == pytest.approx(1.0, abs=0.01)


def test_a_ping_of_the_document_comes_back_with_its_timestamp_to_the_letter(codec):
    [pong] = codec.decode(json.dumps(golden("request.ping")))
    assert spoken(json.loads(pong.frame)) == golden("response.pong")
    for timestamp in ("12.5", "1700000000123", "0", "-1", '"later"', "null"):
        [pong] = codec.decode(f'{{"type":"ping","ping":{{"timestamp":{timestamp}}}}}')
        assert pong.frame == (
            '{"type":"pong","session":null,"response":null,"conversation_item":null,"error":null,'
            f'"timestamp":{timestamp}}}'
        )
    for bare in ({}, {"ping": None}, {"ping": 5}):
        assert json.loads(say(codec, "ping", **bare)[0].frame)["timestamp"] is None


# ---- responses ------------------------------------------------------------------------------------------------------


def test_a_reply_is_told_as_the_document_shows_it(codec):
    created, audio, delta, heard, done = reply(codec)
    assert spoken(delta) == golden("response.response.delta")
    assert spoken(done) == golden("response.response.done")
    shown = golden("response.response.audio")
    shown["response"]["audio"] = audio["response"]["audio"]
    assert spoken(audio) == shown
    assert spoken(created) == {
        "type": "conversation.item.created",
        "conversation_item": {
            "id": "item_1",
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "one two three four five six seven eight nine ten"}],
        },
    }
    assert heard["conversation_item"]["role"] == "assistant"


def test_every_message_but_an_error_has_every_key(codec):
    keys = {"type", "session", "response", "conversation_item", "error", "timestamp"}
    frames = [*reply(codec), json.loads(say(codec, "session.update", session={})[-1].frame)]
    assert all(frame.keys() == keys for frame in frames)


def test_an_error_is_told_as_the_document_shows_it(codec):
    assert json.loads(codec.refuse(BadInput("Something went wrong"))) == golden("response.error")
    fault = Fault(code="provider_failed", message="Something went wrong")
    assert told(codec, fault) == [golden("response.error")]


def test_audio_is_pcm16_at_24_khz_whatever_the_rate_of_the_voice(codec):
    for rate in (16_000, 22_050, 24_000, 48_000):
        frames = [
            frame
            for _ in range(10)
            for frame in told(codec, Speech(line=1, mark="a", generation=1, pcm=tone(0.2, rate)))
        ]
        data = b"".join(base64.b64decode(frame["response"]["audio"]) for frame in frames)
        assert len(data) / 2 / 24_000 == pytest.approx(2.0, abs=0.005)
        told(codec, ReplyEnded(turn=0, complete=True, text="", item="i"))


@pytest.mark.parametrize(("form", "narrow"), [("g711_ulaw", mulaw_decode), ("g711_alaw", alaw_decode)])
def test_audio_is_of_the_telephone_where_that_was_asked_for(codec, form, narrow):
    _, session = update(codec, output_audio_format=form)
    assert session["output_audio_format"] == form
    [frame] = told(codec, Speech(line=1, mark="a", generation=1, pcm=tone(0.2)))
    samples = memoryview(narrow(base64.b64decode(frame["response"]["audio"]))).cast("h")
    assert len(samples) == pytest.approx(1600, abs=20)
    assert samples[800] == pytest.approx(0x1000, rel=0.05)


def test_a_law_comes_back_as_near_as_eight_bits_can():
    samples = Pcm(b"".join(value.to_bytes(2, "little", signed=True) for value in range(-32768, 32768, 7)), 8000)
    back = memoryview(alaw_decode(alaw_encode(samples.data))).cast("h")
    for value, near in zip(memoryview(samples.data).cast("h"), back, strict=True):
        assert abs(value - near) <= max(8, abs(value) / 30 + 8)


def test_lines_of_one_reply_can_be_put_together_as_they_come(codec):
    begin = [LineBegan(line=n, mark="a", text=f"Line {n}.", generation=1, at=0, offset=0) for n in (1, 2)]
    again = LineBegan(line=2, mark="a", text="Line 2.", generation=2, at=0, offset=0.4)
    texts = [frame["response"]["delta"]["content"] for frame in told(codec, *begin, again)]
    assert "".join(texts) == "Line 1. Line 2.", "a line that goes on after a pause is not told twice"


def test_what_was_spoken_is_told_with_its_transcript(codec):
    [created] = told(
        codec,
        Understood(turn=3, text="how much", final=True),
        Judged(turn=3, verdict=Verdict.TURN, text="how much"),
        Said(speaker="user", text="how much", start=0, end=1, item="item_9"),
    )
    assert created["conversation_item"]["content"] == [{"type": "input_audio", "transcript": "how much"}]


def test_a_turn_that_comes_to_nothing_is_quietly_done(codec):
    for verdict in (Verdict.NOISE, Verdict.BACKCHANNEL, Verdict.ECHO):
        [done] = told(codec, Judged(turn=1, verdict=verdict, text=""))
        assert done["response"] == {"usage": {"input_tokens": 0, "output_tokens": 0}, "timestamp": NOW}


def test_a_cough_over_a_reply_does_not_end_it(codec):
    told(codec, Judged(turn=1, verdict=Verdict.TURN, text="hello"))
    assert not told(codec, Judged(turn=2, verdict=Verdict.NOISE, text=""))
    [done] = told(codec, ReplyEnded(turn=1, complete=True, text="Yes.", item="i"))
    assert "status" not in done["response"]


def test_a_reply_that_is_cut_off_is_done_as_cancelled_and_its_words_are_those_heard(codec):
    told(
        codec,
        Judged(turn=1, verdict=Verdict.TURN, text="hello"),
        Speech(line=1, mark="a", generation=1, pcm=tone(0.2)),
        LineBegan(line=1, mark="a", text="A long answer.", generation=1, at=0, offset=0),
    )
    cut, heard, done = told(
        codec,
        Clear(generation=2),
        Judged(turn=2, verdict=Verdict.TURN, text="wait, how much"),
        Said(speaker="agent", text="A long", start=0, end=1, interrupted=True, item="item_2"),
        ReplyEnded(turn=1, complete=False, text="A long answer.", item="item_2"),
    )
    assert cut["type"] == "input_audio_buffer.speech_started"
    assert heard["conversation_item"]["content"] == [{"type": "text", "text": "A long"}]
    assert done["response"]["status"] == "cancelled"
    assert say(codec, "response.create") == [], "the new turn is being answered"


def test_each_reply_is_done_once_also_when_it_was_cut_before_it_sounded(codec):
    frames = told(
        codec,
        Judged(turn=1, verdict=Verdict.TURN, text="one"),
        Judged(turn=2, verdict=Verdict.TURN, text="two"),
        ReplyEnded(turn=1, complete=False, text="", item="a"),
        ReplyEnded(turn=2, complete=True, text="Two.", item="b"),
    )
    assert [frame["response"].get("status") for frame in frames] == ["cancelled", None]


def test_stop_is_the_end_of_a_response_and_going_on_is_another(codec):
    told(codec, Judged(turn=1, verdict=Verdict.TURN, text="x"), Speech(line=1, mark="a", generation=1, pcm=tone(0.2)))
    [stopped] = told(codec, Judged(turn=2, verdict=Verdict.STOP, text="stop"))
    assert stopped["response"]["status"] == "cancelled"
    told(
        codec,
        Judged(turn=3, verdict=Verdict.GO_ON, text="go on"),
        Speech(line=1, mark="a", generation=2, pcm=tone(0.2)),
    )
    [done] = told(codec, ReplyEnded(turn=1, complete=True, text="All.", item="a"))
    assert "status" not in done["response"]


def test_a_reply_that_failed_says_so(codec):
    told(codec, Judged(turn=1, verdict=Verdict.TURN, text="x"))
    error, done = told(
        codec,
        Fault(code="provider_failed", message="the language model is away"),
        ReplyEnded(turn=1, complete=False, text="", item="a"),
    )
    assert error["error"]["message"] == "the language model is away"
    assert done["response"]["status"] == "failed"


def test_the_socket_is_closed_after_the_last_words_only(codec):
    assert codec.encode(Ended()) == (), "a farewell leaves the door open"
    codec.encode(LimitNear(reason=Reminder.TIME_IS_UP, seconds=0))
    [close] = codec.encode(Ended())
    assert isinstance(close, Close)
    assert close.code == 1000


# ---- session --------------------------------------------------------------------------------------------------------


def test_what_is_left_out_of_an_update_stays(codec):
    update(codec, temperature=0.3, instructions="Be brief.", voice="steadier")
    inputs, session = update(codec, language="de", temperature=None)
    assert inputs == [Brief(language="de")]
    assert (session["temperature"], session["instructions"]) == (0.3, "Be brief.")
    assert (session["voice"], session["language"]) == ("steadier", "de")


def test_a_voice_that_is_there_is_taken_and_any_other_is_the_personas():
    codec = make(persona_voice="steadier")
    assert Retune(voice="steady") in update(codec, voice="steady")[0]
    for unknown in ("alloy", "verse"):
        inputs, session = update(codec, voice=unknown)
        assert Retune(voice="steadier") in inputs
        assert session["voice"] == unknown


def test_turn_detection_sets_how_patient_it_is_within_bounds(codec):
    for milliseconds, seconds in ((500, 0.25), (1500, 1.25), (0, 0.1), (10**8, 10.0)):
        inputs, session = update(
            codec, turn_detection={"type": "server_vad", "threshold": 0.5, "silence_duration_ms": milliseconds}
        )
        assert Patience(seconds=seconds) in inputs
        assert session["turn_detection"]["silence_duration_ms"] == round((seconds + 0.25) * 1000)
    assert Patience(seconds=0.9) in update(codec, turn_detection={"type": "semantic_vad"})[0]


@pytest.mark.parametrize(
    ("declared", "form"),
    [
        ({}, RawFormat(rate=24_000)),
        ({"input_audio_format": "g711_ulaw"}, RawFormat(encoding="mulaw", rate=8_000)),
        ({"input_audio_format": "g711_alaw"}, RawFormat(encoding="alaw", rate=8_000)),
        ({"input_audio_format": "pcm16", "sample_rate": 48_000}, RawFormat(rate=48_000)),
    ],
)
def test_samples_without_a_header_are_a_stream_in_the_sessions_format(codec, declared, form):
    update(codec, **declared)
    data = tone(0.5, form.rate).data if form.encoding == "pcm16" else bytes([0x9F]) * (form.rate // 2)
    audio = base64.b64encode(data).decode()
    for message in (
        {"type": "conversation.item.input", "conversation_item_input": {"audio": audio}},
        {"type": "input_audio_buffer.append", "audio": audio},
    ):
        [mic] = codec.decode(json.dumps(message))
        assert isinstance(mic, MicAudio)
        assert mic.pcm.seconds == pytest.approx(decode_clip(data, raw=form).seconds, abs=0.01)


def test_a_rate_declared_with_the_audio_holds_until_another_is(codec):
    at_8000 = {"audio": append(tone(0.5, 8_000))["audio"]}
    [mic] = say(codec, "conversation.item.input", conversation_item_input={**at_8000, "sample_rate": 8000})
    assert mic.pcm.seconds == pytest.approx(0.5, abs=0.01)
    [mic] = say(codec, "input_audio_buffer.append", **at_8000)
    assert mic.pcm.seconds == pytest.approx(0.5, abs=0.01)


# ---- what the client commits itself ---------------------------------------------------------------------------------


@pytest.mark.parametrize("none", [None, "none", {"type": "none"}])
def test_without_turn_detection_a_turn_is_from_the_first_audio_to_the_commit(codec, none):
    assert update(codec, turn_detection=none)[1]["turn_detection"] is None
    assert say(codec, "input_audio_buffer.append", **append(tone(0.5, 24_000))) == [TalkPressed()]
    assert say(codec, "input_audio_buffer.append", **append(tone(0.5, 24_000))) == []
    mic, released, answer = say(codec, "input_audio_buffer.commit")
    assert mic.pcm.seconds == pytest.approx(1.0, abs=0.001)
    assert released == TalkReleased()
    assert json.loads(answer.frame)["type"] == "input_audio_buffer.committed"
    with pytest.raises(BadInput, match="nothing to commit"):
        say(codec, "input_audio_buffer.commit")


def test_what_is_cleared_is_not_heard(codec):
    update(codec, turn_detection=None)
    say(codec, "input_audio_buffer.append", **append(tone(0.5, 24_000)))
    released, answer = say(codec, "input_audio_buffer.clear")
    assert released == TalkReleased()
    assert json.loads(answer.frame)["type"] == "input_audio_buffer.cleared"
    say(codec, "input_audio_buffer.append", **append(tone(0.25, 24_000)))
    mic, *_ = say(codec, "input_audio_buffer.commit")
    assert mic.pcm.seconds == pytest.approx(0.25, abs=0.001)


def test_turning_detection_on_again_commits_what_is_held(codec):
    update(codec, turn_detection=None)
    say(codec, "input_audio_buffer.append", **append(tone(0.5, 24_000)))
    inputs, _ = update(codec, turn_detection={"type": "server_vad"})
    assert [type(one) for one in inputs] == [MicAudio, TalkReleased, Brief, Patience]


def test_with_turn_detection_a_commit_is_acknowledged_and_changes_nothing(codec):
    [answer] = say(codec, "input_audio_buffer.commit")
    assert isinstance(answer, Reply)


def test_a_response_is_asked_for_once_only(codec):
    assert say(codec, "response.create") == [Respond()]
    assert say(codec, "response.create") == []
    told(codec, Speech(line=1, mark="a", generation=1, pcm=tone(0.2)))
    [done] = told(codec, ReplyEnded(turn=0, complete=True, text="Yes.", item="a"))
    assert done["response"]["usage"]["output_tokens"] == 1
    assert say(codec, "response.create") == [Respond()]


def test_a_client_that_commits_and_asks_for_a_response_is_not_answered_twice(codec):
    update(codec, turn_detection=None)
    say(codec, "input_audio_buffer.append", **append(silence(0.5, 24_000)))
    say(codec, "input_audio_buffer.commit")
    assert say(codec, "response.create") == []


def test_a_response_that_was_asked_for_and_failed_is_done_too(codec):
    say(codec, "response.create")
    told(codec, Fault(code="provider_failed", message="away"))
    [done] = told(codec, ReplyEnded(turn=0, complete=False, text="", item="a"))
    assert done["response"]["status"] == "failed"
    assert say(codec, "response.create") == [Respond()]


def test_a_response_is_cancelled(codec):
    assert say(codec, "response.cancel") == [Cancel()]


# ---- items ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["conversation_item_create", "item"])
def test_an_item_is_added_to_the_history_without_a_reply(codec, name):
    content = [{"type": "input_text", "text": "My name is"}, {"type": "input_audio", "transcript": "Ada."}]
    item = {"type": "message", "role": "user", "content": content}
    remember, answer = say(codec, "conversation.item.create", **{name: item})
    assert remember == Remember(id="item_new", role="user", text="My name is Ada.")
    assert spoken(json.loads(answer.frame)) == {
        "type": "conversation.item.created",
        "conversation_item": {
            "id": "item_new",
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "My name is Ada."}],
        },
    }
    remember, _ = say(codec, "conversation.item.create", **{name: {"id": "mine", "role": "assistant", "content": "Hi"}})
    assert remember == Remember(id="mine", role="assistant", text="Hi")


def test_an_item_is_changed_and_taken_out(codec):
    correct, answer = say(
        codec,
        "conversation.item.update",
        conversation_item_update={"item_id": "item_1", "type": "message", "role": "user", "content": ["Ada"]},
    )
    assert correct == Correct(id="item_1", text="Ada")
    assert json.loads(answer.frame)["type"] == "conversation.item.updated"
    forget, answer = say(codec, "conversation.item.delete", conversation_item_delete={"item_id": "item_1"})
    assert forget == Forget(id="item_1")
    assert spoken(json.loads(answer.frame)) == {
        "type": "conversation.item.deleted",
        "conversation_item": {"id": "item_1"},
    }
