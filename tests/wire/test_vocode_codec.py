"""The dialect of `/conversation` without a network: the document's own examples, and what its clients send beside."""

import base64
import json
import struct
from pathlib import Path

import pytest

from engine.audio import HEARING_RATE, Pcm, resample, silence
from engine.errors import BadInput
from engine.media import RawFormat, decode_clip, encode_wav
from engine.media.g711 import mulaw_encode
from engine.messages import Clear, Ended, Fault, LimitNear, MicAudio, Said, Speech, SpeechSent, StateChanged
from engine.wire.outbox import Close, Reply
from engine.wire.vocode_codec import VocodeCodec, ready
from engine.wire.vocode_messages import parse, read_start
from tests.media.recordings import likeness
from tests.media.recordings import synthesized as sound

GOLDEN = Path(__file__).parent / "golden" / "vocode"
RATES = (8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)
ENCODINGS = ("linear16", "mulaw")
PIECE = 0.02


class Clock:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


def start(message=None, *, page=False, **changes):
    return read_start({**(message or golden("start")), **changes}, page=page)


def codec(message=None, *, page=False, sender="user", now=None, **changes):
    began = start(message, page=page, **changes)
    return VocodeCodec(began, now=now or Clock(), sender=sender, page=page)


def audio(data):
    return json.dumps({**golden("audio"), "data": base64.b64encode(data).decode()})


def heard(codec, *frames):
    """What the frames sound like, all together."""
    return Pcm(b"".join(one.pcm.data for frame in frames for one in codec.decode(frame)), HEARING_RATE)


def said(speaker="agent", text="Good morning."):
    return Said(speaker=speaker, text=text, start=0.0, end=1.0)


def sent(codec, output):
    return [frame if isinstance(frame, Close) else json.loads(frame) for frame in codec.encode(output)]


def speech(pcm, generation=1):
    return Speech(line=1, mark="opening", generation=generation, pcm=pcm)


def pieces(pcm, seconds=PIECE):
    size = round(seconds * pcm.rate) * 2
    return [Pcm(pcm.data[at : at + size], pcm.rate) for at in range(0, len(pcm.data), size)]


# ---- what the document shows ----------------------------------------------------------------------------------------


def test_the_start_of_the_document():
    began = start()
    assert (began.hosted, began.transcripts, began.conversation) == (False, True, None)
    assert began.heard == RawFormat(rate=16_000) and began.spoken.rate == 16_000 and not began.spoken.wav
    assert began.opening is None and began.instructions is None


def test_ready_is_that_of_the_document_and_the_conversation_to_come_back_to():
    message = json.loads(ready("b0d9383901348694"))
    assert message == {**golden("ready"), "conversation_id": "b0d9383901348694"}


def test_audio_of_the_document_both_ways():
    pcm = sound(0.02, 16_000)
    assert heard(codec(), audio(pcm.data)) == pcm
    [message] = sent(codec(), speech(pcm))
    assert message == {**golden("audio"), "data": base64.b64encode(pcm.data).decode()}


def test_transcripts_are_those_of_the_document():
    [message] = sent(codec(), said("user", "Hello, how are you?"))
    example = golden("transcript")
    assert {**message, "timestamp": example["timestamp"]} == example
    assert isinstance(message["timestamp"], float) and message["timestamp"] > 1e9, "seconds since 1970"
    assert sent(codec(), said())[0]["sender"] == "bot"


def test_stop_closes():
    assert codec().decode(json.dumps(golden("stop"))) == (Close(code=1000),)


# ---- both starts ----------------------------------------------------------------------------------------------------


def test_the_start_of_the_react_hook():
    began = start(golden("start_of_the_react_hook"), page=True)
    assert (began.heard.rate, began.spoken.rate, began.spoken.wav) == (48_000, 44_100, True)
    assert began.transcripts and began.conversation is None


def test_the_start_of_the_hosted_conversation():
    began = start(golden("start_of_the_hosted_conversation"))
    assert began.hosted and not began.transcripts and not began.spoken.wav
    assert began.heard == RawFormat(rate=44_100)
    assert (began.spoken.rate, began.spoken.encoding) == (8_000, "mulaw")
    assert began.opening == "Hello there." and began.instructions == "You are a hotel clerk."


def test_a_hosted_start_decides_itself_about_files():
    message = golden("start_of_the_hosted_conversation")
    message["synthesizer_config"]["should_encode_as_wav"] = True
    assert start(message).spoken.wav
    assert not start(golden("start_of_the_hosted_conversation"), page=True).spoken.wav


def test_a_container_that_is_asked_for_wins():
    for asked, wav in (("wav", True), ("raw", False)):
        for page in (True, False):
            assert read_start(golden("start"), page=page, container=asked).spoken.wav is wav
            config = {"sampling_rate": 16_000, "container": asked}
            assert start(page=page, output_audio_config=config).spoken.wav is wav


def camel(message):
    if not isinstance(message, dict):
        return message
    return {
        first + "".join(map(str.capitalize, rest)): camel(value)
        for key, value in message.items()
        for first, *rest in [key.split("_")]
    }


@pytest.mark.parametrize(
    "name", ["start", "start_of_the_react_hook", "start_of_the_hosted_conversation"], ids=lambda name: name
)
def test_camel_case_is_the_same(name):
    assert start(camel(golden(name))) == start(golden(name))
    assert "samplingRate" in json.dumps(camel(golden(name)))


@pytest.mark.parametrize("kind", ["websocket_audio_config_start", "websocket_start"])
def test_everything_but_the_type_may_be_missing(kind):
    began = read_start({"type": kind}, page=False)
    assert began.heard == RawFormat(rate=16_000) and began.spoken.rate == 16_000
    assert not began.transcripts and began.opening is None


def test_extra_fields_and_lists_that_became_objects_are_no_trouble():
    message = golden("start_of_the_hosted_conversation")
    message["agent_config"]["actions"] = {"0": {"type": "action_nylas_send_email"}}
    message["input_audio_config"] = "of the other kind"
    assert start(message, anything=[1, 2]).opening == "Hello there."


def test_a_second_start_changes_the_formats():
    client = codec()
    [reply] = client.decode(json.dumps(golden("start_of_the_react_hook")))
    assert isinstance(reply, Reply) and json.loads(reply.frame) == golden("ready")
    [message] = sent(client, speech(sound(0.5, 22_050)))
    assert len(base64.b64decode(message["data"])) == pytest.approx(44_100, abs=300)


# ---- what is heard --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", RATES)
def test_every_rate_and_encoding_is_heard(rate, encoding):
    client = codec(input_audio_config={"sampling_rate": rate, "audio_encoding": encoding})
    original = sound(1.0, rate)
    coded = [mulaw_encode(pcm.data) if encoding == "mulaw" else pcm.data for pcm in pieces(original)]
    pcm = heard(client, *map(audio, coded))
    assert pcm.seconds == pytest.approx(1.0, abs=0.003)
    assert likeness(pcm, resample(original, HEARING_RATE)) > 0.99


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", RATES)
def test_every_rate_and_encoding_is_spoken(rate, encoding):
    client = codec(output_audio_config={"sampling_rate": rate, "audio_encoding": encoding})
    original = sound(1.0, 22_050)
    data = b"".join(
        base64.b64decode(message["data"]) for piece in pieces(original) for message in sent(client, speech(piece))
    )
    pcm = decode_clip(data, raw=RawFormat(encoding=encoding, rate=rate))
    assert pcm.seconds == pytest.approx(1.0, abs=0.003)
    assert likeness(pcm, resample(original, HEARING_RATE)) > 0.99


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", RATES)
def test_a_page_gets_files_of_16_bit_samples_at_its_rate(rate, encoding):
    client = codec(page=True, output_audio_config={"sampling_rate": rate, "audio_encoding": encoding})
    for piece in pieces(sound(1.0, 22_050), 0.5):
        [message] = sent(client, speech(piece))
        file = base64.b64decode(message["data"])
        assert file[:4] == b"RIFF" and struct.unpack_from("<HHI", file, 20) == (1, 1, rate)
        assert decode_clip(file).seconds == pytest.approx(0.5, abs=0.003)
        assert len(message["data"]) < 900_000


def test_what_arrives_is_declared_in_multiples_of_the_rate():
    config = {"sampling_rate": 8_000, "audio_encoding": "linear16", "downsampling": 2}
    assert heard(codec(input_audio_config=config), audio(sound(1.0, 16_000).data)).seconds == 1.0


def streaming(channels=1, rate=48_000):
    """The header of a recorder that does not know how long it will record."""
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 0xFFFFFFF7) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data\xd3\xff\xff\xff"
    )


def both(pcm):
    return b"".join(pcm.data[at : at + 2] * 2 for at in range(0, len(pcm.data), 2))


@pytest.mark.parametrize("channels", [1, 2])
def test_a_header_says_what_follows_whatever_was_declared(channels):
    client = codec()  # 16 kHz mono
    original = sound(1.0, 48_000)
    samples = both(original) if channels == 2 else original.data
    first, rest = streaming(channels) + samples[:960], samples[960:]
    frames = [first, *(rest[at : at + 960] for at in range(0, len(rest), 960))]
    pcm = heard(client, *map(audio, frames))
    assert pcm.seconds == pytest.approx(1.0, abs=0.003)
    assert likeness(pcm, resample(original, HEARING_RATE)) > 0.99


def test_a_header_may_come_at_any_message():
    client = codec()
    before = heard(client, audio(sound(0.5, 16_000).data))
    after = heard(client, audio(streaming(rate=48_000) + sound(0.5, 48_000).data))
    assert before.seconds == 0.5 and after.seconds == pytest.approx(0.5, abs=0.003)


def test_a_file_in_each_message():
    client = codec()
    pcm = heard(client, *(audio(encode_wav(piece)) for piece in pieces(sound(1.0, 48_000), 0.25)))
    assert pcm.seconds == pytest.approx(1.0, abs=0.01)


def arriving(client, now, samples, *, per_message, every):
    """Send `samples` in real time; how many seconds were heard."""
    total = 0.0
    for at in range(0, len(samples), per_message):
        total += heard(client, audio(samples[at : at + per_message])).seconds
        now.at += every
    return total


def test_two_channels_without_a_header_are_noticed():
    now = Clock()
    client = codec(golden("start_of_the_react_hook"), now=now)
    samples = both(sound(1.0, 48_000))
    arriving(client, now, samples * 2, per_message=1920, every=0.01)
    assert arriving(client, now, samples, per_message=1920, every=0.01) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("samples", "per_message", "every"),
    [
        (sound(3.0, 48_000).data, 960, 0.01),
        (sound(3.0, 48_000).data, 960, 0.005),  # faster than it sounds
        (both(sound(3.0, 24_000)), 960, 0.01),  # a mono sound stretched by doubling its samples
        (bytes(96_000 * 3), 960, 0.01),
        (bytes(96_000 * 3), 1920, 0.01),  # two channels of silence: nothing to tell them by yet
    ],
    ids=["mono", "fast", "doubled", "silence", "silence twice"],
)
def test_one_channel_stays_one(samples, per_message, every):
    now = Clock()
    client = codec(golden("start_of_the_react_hook"), now=now)
    assert arriving(client, now, samples, per_message=per_message, every=every) == pytest.approx(3.0, abs=0.01)


def test_binary_frames_are_audio_too():
    pcm = sound(0.02, 16_000)
    [message] = codec().decode(pcm.data)
    assert message == MicAudio(pcm=pcm)


def test_nothing_is_heard_in_an_empty_message_and_half_a_sample_waits_for_the_next():
    client, pcm = codec(), sound(0.02, 16_000)
    assert client.decode(audio(b"")) == () == client.decode(b"")
    assert heard(client, audio(pcm.data[:101]), audio(pcm.data[101:])) == pcm


def test_after_something_unusable_raw_audio_is_heard_again():
    client, pcm = codec(), sound(0.02, 16_000)
    broken = b"RIFF\0\0\0\0WAVE" + b"fmt " + struct.pack("<I", 4) + bytes(4) + b"data" + bytes(400)
    with pytest.raises(BadInput):
        client.decode(audio(broken))
    assert heard(client, audio(pcm.data)) == pcm


# ---- what is said ---------------------------------------------------------------------------------------------------


def test_no_message_is_empty():
    client = codec(output_audio_config={"sampling_rate": 48_000})
    for piece in pieces(sound(0.01, 22_050), 0.0003):
        assert all(message["data"] for message in sent(client, speech(piece)))


def test_after_an_interruption_nothing_of_what_was_cut_sounds():
    client = codec(output_audio_config={"sampling_rate": 48_000})
    client.encode(speech(sound(0.02, 22_050)))
    assert client.encode(Clear(generation=2)) == ()
    [message] = sent(client, speech(silence(0.02, 22_050), generation=2))
    assert not any(base64.b64decode(message["data"]))


def test_transcripts_only_for_those_who_asked_and_never_in_the_hosted_flow():
    for client in (
        codec(subscribe_transcript=False),
        codec(subscribe_transcript=None),
        codec(golden("start_of_the_hosted_conversation"), subscribe_transcript=True),
    ):
        assert client.encode(said()) == ()
    assert codec().encode(said(text="")) == ()


def test_the_listener_may_be_called_human():
    assert sent(codec(sender="human"), said("user"))[0]["sender"] == "human"
    assert sent(codec(sender="human"), said())[0]["sender"] == "bot"


def test_the_end_closes_properly():
    [close] = sent(codec(), Ended())
    assert isinstance(close, Close) and close.code == 1000


def test_failures_are_told_but_in_the_hosted_flow_whose_clients_know_only_audio():
    fault = Fault(code="provider_failed", message="The voice failed.")
    [message] = sent(codec(), fault)
    assert message == {
        "type": "websocket_error",
        "error": "The voice failed.",
        "message": "The voice failed.",
        "code": "provider_failed",
    }
    hosted = codec(golden("start_of_the_hosted_conversation"))
    assert hosted.encode(fault) == () and hosted.refuse(BadInput("no")) is None
    assert json.loads(codec().refuse(BadInput("no")))["message"] == "no"


def test_what_the_dialect_has_no_word_for_is_not_sent():
    from engine.limits import Reminder
    from engine.messages import State

    for output in (
        StateChanged(state=State.SPEAKING),
        SpeechSent(generation=1),
        LimitNear(reason=next(iter(Reminder)), seconds=5.0),
    ):
        assert codec().encode(output) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '"websocket_stop"', "null", "[" * 5000, "\ufffe", "NaN"])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(BadInput):
        parse(text)
