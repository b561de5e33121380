"""The dialect of `/api/conversation` without a network: what its clients send and are sent, from golden files."""

import base64
import json
import re
from pathlib import Path

import pytest

from engine.audio import HEARING_RATE, Pcm, resample
from engine.errors import BadInput
from engine.floor import Verdict
from engine.media import decode_clip
from engine.messages import (
    Clear,
    Clip,
    Fault,
    Judged,
    LineBegan,
    MicAudio,
    Pause,
    Play,
    ReplyEnded,
    Said,
    Speech,
    SpeechSent,
    Typed,
    Understood,
)
from engine.wire.conversation_codec import RATE, SHORTEST, ConversationCodec
from engine.wire.conversation_messages import LONGEST_TEXT
from engine.wire.outbox import Reply
from tests.wire.serving import recording, voice
from tests.wire.test_pitch_socket import MALFORMED as MALFORMED_PITCHES

GOLDEN = Path(__file__).parent / "golden" / "conversation"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def golden(name):
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def raw(seconds):
    """Samples as clients send them without a header."""
    return resample(voice(seconds), RATE).data


def filled(frame):
    if isinstance(frame, dict):
        return json.dumps(frame).replace("<wav>", base64.b64encode(recording(1.0)).decode())
    return raw(float(re.search(r"[\d.]+", frame)[0]))


def meant(found):
    """What was understood, in the words of the golden file."""
    match found:
        case Reply(frame=frame):
            message = json.loads(frame)
            return f"ack: {message['message']}" if message["type"] == "response" else frame
        case Clip(pcm=pcm, whole=True):
            return f"Clip whole {pcm.seconds:.1f} s"
        case Typed(text=text):
            return f"Typed: {text}"
        case Play() | Pause():
            return type(found).__name__


def test_an_announced_piece_without_a_sample_is_not_waited_for():
    """A text behind it would wait for an answer that never comes."""
    codec = ConversationCodec()
    codec.decode(raw(0.3))
    codec.decode(json.dumps({"type": "audio_metadata", "size": 1}))
    found = codec.decode(b"\x00")
    assert not [one for one in found if isinstance(one, Clip)]


@pytest.mark.parametrize("together", [False, True], ids=["each alone", "one after the other"])
def test_every_spelling_of_its_clients_is_understood(together):
    codec = ConversationCodec()
    for case in golden("from_clients.jsonl"):
        if not together and not case["what"].startswith("…"):
            codec = ConversationCodec()
        codec.lull()
        assert [meant(found) for found in codec.decode(filled(case["frame"]))] == case["means"], case["what"]


def outputs(named):
    """The outputs that a line of the golden file names."""
    what, _, text = named.partition(": ")
    match what.split(" "):
        case ["spoken"]:
            yield Understood(turn=1, text=text, final=True)
            yield Judged(turn=1, verdict=Verdict.TURN, text=text)
            yield Said(speaker="user", text=text, start=0.0, end=1.0)
        case ["sound", "of", seconds, "s"]:
            yield Speech(line=1, mark="user_response", generation=1, pcm=voice(float(seconds)))
        case ["line", number]:
            yield LineBegan(line=int(number), mark="user_response", text=text, generation=1, at=0.0, offset=0.0)
        case ["reply", "ended"]:
            yield ReplyEnded(turn=1, complete=True, text=text, item="item_2")
        case ["fault"]:
            yield Fault(code="provider_failed", message=text)


def sent(codec, output):
    return [json.loads(frame) for frame in codec.encode(output)]


def test_what_clients_are_sent():
    codec = ConversationCodec()
    for case in golden("to_clients.jsonl"):
        got = [frame for output in outputs(case["output"]) for frame in sent(codec, output)]
        for frame in got:
            assert TIME.fullmatch(frame["timestamp"])
            frame["timestamp"] = "<time>"
            inner = frame.get("data", {})
            assert not inner.get("data"), "pages look for another wrapping in it"
            if "audio" in inner:
                assert base64.b64decode(inner["audio"])
                inner["audio"] = "<samples>"
        assert got == case["frames"], case["output"]


def test_what_is_sent_of_a_voice_of_any_rate_is_as_long_as_it_was():
    for rate in (8_000, 16_000, 22_050, 24_000, 44_100):
        codec, samples = ConversationCodec(), b""
        for _ in range(5):
            pcm = Pcm(b"\x00\x10" * (rate // 5), rate)
            for frame in sent(codec, Speech(line=1, mark="user_response", generation=1, pcm=pcm)):
                samples += base64.b64decode(frame["data"]["audio"])
        for frame in sent(codec, SpeechSent(generation=1)):
            samples += base64.b64decode(frame["data"]["audio"])
        assert len(samples) == 2 * RATE, rate


def test_a_reply_that_is_cut_off_ends_with_what_was_heard_of_it():
    codec = ConversationCodec()
    sent(codec, LineBegan(line=1, mark="user_response", text="One two three.", generation=1, at=0.0, offset=0.0))
    [cleared] = sent(codec, Clear(generation=2))
    assert cleared["data"] == {"type": "output_audio_buffer.cleared"}
    sent(codec, Said(speaker="agent", text="One two", start=0.0, end=1.0, interrupted=True))
    *_, done, last = sent(codec, ReplyEnded(turn=1, complete=False, text="One two three.", item="item_2"))
    assert done["data"] == {"type": "response.output_text.done", "text": "One two three."}
    assert last["message"] == "One two"
    assert last["interrupted"] is True


def test_a_reply_of_which_nothing_was_sent_ends_without_a_word():
    assert not sent(ConversationCodec(), ReplyEnded(turn=1, complete=False, text="", item="item_2"))


def test_what_was_typed_comes_back_as_no_transcript():
    codec = ConversationCodec()
    assert not sent(codec, Judged(turn=1, verdict=Verdict.TURN, text="Hello"))
    assert not sent(codec, Said(speaker="user", text="Hello", start=0.0, end=0.0))


def test_a_recording_without_words_is_said_to_have_none_and_live_noise_is_not():
    for frame, told in ((raw(2.0), True), (raw(0.2), False)):
        codec = ConversationCodec()
        codec.decode(frame)
        assert bool(sent(codec, Judged(turn=1, verdict=Verdict.NOISE, text=""))) is told


def test_short_pieces_are_a_live_microphone_and_one_alone_is_too_short():
    codec = ConversationCodec()
    assert [type(found) for found in codec.decode(bytes(960))] == [MicAudio]
    [error] = codec.lull()
    assert json.loads(error)["message"] == "Audio too short: 960 bytes (minimum 4800 bytes for 100ms)"
    assert not codec.lull()
    found = [one for _ in range(10) for one in codec.decode(bytes(960))]
    assert [type(one) for one in found if not isinstance(one, Reply)] == [MicAudio] * 10
    assert len([one for one in found if isinstance(one, Reply)]) == 1, "acknowledged once"
    assert not codec.lull()
    assert SHORTEST == RATE * 2 // 10


def test_a_second_at_once_is_a_recording_and_less_is_live():
    assert isinstance(ConversationCodec().decode(raw(1.0))[-1], Clip)
    assert isinstance(ConversationCodec().decode(raw(0.9))[-1], MicAudio)


def test_how_a_recording_is_cut_into_messages_loses_none_of_it():
    whole = raw(3.0)
    for size in (64, 4_001, 30_000, 65_536):
        codec = ConversationCodec()
        heard = b""
        for at in range(0, len(whole), size):
            for found in codec.decode(whole[at : at + size]):
                heard += b"" if isinstance(found, Reply) else found.pcm.data
        assert len(heard) / 2 / HEARING_RATE == pytest.approx(3.0, abs=0.01), size


def test_a_page_that_streams_its_recording_is_live_from_the_second_piece_on():
    from tests.docs.test_the_examples_of_protocols_are_what_happens import webm

    data = webm(voice(4.0))
    codec = ConversationCodec()
    pieces = [one for at in range(0, len(data), 4_000) for one in codec.decode(data[at : at + 4_000])]
    heard = [one for one in pieces if not isinstance(one, Reply)]
    assert sum(one.pcm.seconds for one in heard) == pytest.approx(4.0, abs=0.1)
    assert not any(isinstance(one, Clip) for one in heard[1:])
    assert not any(isinstance(one, Clip) and one.whole for one in heard)


def test_samples_may_follow_a_recording_that_was_not_closed():
    from tests.docs.test_the_examples_of_protocols_are_what_happens import webm

    codec = ConversationCodec()
    codec.decode(json.dumps({"type": "audio", "data": base64.b64encode(webm(voice(1.0))).decode()}))
    codec.lull()
    assert [meant(one) for one in codec.decode(raw(1.5))] == ["ack: Audio received", "Clip whole 1.5 s"]


def test_metadata_changes_what_samples_are_and_believes_no_label_of_a_file():
    codec = ConversationCodec()
    codec.decode(json.dumps({"type": "audio_metadata", "encoding": "audio/pcm", "rate": 48_000}))
    *_, clip = codec.decode(resample(voice(2.0), 48_000).data)
    assert clip.pcm.seconds == pytest.approx(2.0, abs=0.01)
    codec.lull()
    codec.decode(json.dumps({"type": "audio_metadata", "encoding": "audio/webm;codecs=opus", "size": 7}))
    *_, clip = codec.decode(recording(1.0))
    assert clip == Clip(pcm=decode_clip(recording(1.0)), whole=True)


def test_garbage_in_any_shape_is_refused_or_understood_and_nothing_else():
    shapes = [
        None,
        True,
        0,
        -1,
        1e300,
        "",
        " ",
        "start",
        "audio",
        [],
        ["audio"],
        {},
        {"data": "x"},
        "\u0000",
        "é" * 999,
    ]
    codec = ConversationCodec()
    for key in ("action", "type", "messageType", "audioData", "data", "encoding", "rate", "size"):
        for value in shapes:
            for more in ({}, {"type": "audio"}, {"type": "text"}, {"type": "audio_metadata"}):
                try:
                    codec.decode(json.dumps(more | {key: value}))
                except BadInput as error:
                    assert 10 < len(str(error)) < 300
    for frame in MALFORMED_PITCHES.values():
        with pytest.raises(BadInput):
            found = codec.decode(frame)
            assert isinstance(frame, bytes), found
            raise BadInput("three bytes alone are too short: said when nothing follows")


def test_a_text_is_bounded():
    codec = ConversationCodec()
    assert len(codec.decode(json.dumps({"type": "text", "data": "x" * LONGEST_TEXT}))) == 2
    with pytest.raises(BadInput, match="2000 characters"):
        codec.decode(json.dumps({"type": "text", "data": "x" * (LONGEST_TEXT + 1)}))
