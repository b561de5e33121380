"""Both sides stand on the clock of the transcript, to 20 ms: in virtual time, in the file that is really written."""

import random

import numpy
import pytest

from engine.audio import HEARING_RATE, Pcm
from engine.ear import PRE_ROLL
from engine.messages import Clear, Played, Said, Speech
from engine.playout import Delivery
from engine.recording import Aligner
from engine.recordings import Recordings
from tests.store.sound import Tonal, at, murmur, open_studio, pitching, play, speak, stereo, stretches, tone
from tests.virtual_time import run

NEAR = 0.02
"""Seconds."""


def near(seconds):
    return pytest.approx(seconds, abs=NEAR)


def sides(studio, face):
    """(from, to) of each stretch of sound, of the user and of the agent."""
    samples = stereo(studio.store.archive.recordings.stereo(face.meeting.id))
    return stretches(samples[:, 0]), stretches(samples[:, 1])


def test_a_voice_at_a_known_second_stands_there_and_silence_is_silence(tmp_path):
    async def scene():
        async with open_studio(tmp_path, says=["hello", "hello", "hello"]) as studio:
            async with pitching(studio, record=True) as face:
                await at(face, 1.0)
                await speak(face, murmur(0.5), 2.0, murmur(0.25), 0.5)
                await at(face, 12.0)  # muted: nothing arrives
                await speak(face, murmur(0.4), 1.0)
            user, _ = sides(studio, face)
            assert user == [
                (near(1.0), near(1.5)),
                (near(3.5), near(3.75)),
                (near(12.0), near(12.4)),
            ]
            spoken = [line for line in face.all(Said) if line.speaker == "user"]
            for line, (start, _) in zip(spoken, user, strict=True):
                assert start - PRE_ROLL - NEAR < line.start < start + NEAR

    run(scene())


def test_the_agents_sentence_ends_where_it_was_cut_and_goes_on_after_the_answer(tmp_path):
    async def scene():
        async with open_studio(tmp_path, says=["how much does it cost"]) as studio:
            async with pitching(studio, record=True) as face:
                play(face)
                await at(face, 0.5)
                await speak(face, murmur(0.6), 1.5)
                await at(face, 9.0)
            user, agent = sides(studio, face)
            said = [line for line in face.all(Said) if line.speaker == "agent"]
            cleared = next(when for when, output in face.out if isinstance(output, Clear)) - face.began
            assert user == [(near(0.5), near(1.1))]
            assert 0.5 < cleared < 0.7
            cut, answer, first, last = said
            assert (cut.text, cut.interrupted, cut.end) == ("One two", True, near(cleared))
            assert (answer.text, first.text) == ("It is free.", "One two three four five.")
            # the answer and the sentences after it follow each other without a pause
            assert agent == [(near(cut.start), near(cut.end)), (near(answer.start), near(last.end))]
            sent = sum(speech.pcm.seconds for speech in face.all(Speech))
            assert sum(end - start for start, end in agent) < sent - 0.1, "what was cleared is not in it"

    run(scene())


def test_a_client_that_reports_is_believed_and_not_what_was_sent(tmp_path):
    """It plays 0.3 s late, and stops for 0.8 s in the middle of the first sentence."""

    async def scene():
        async with open_studio(tmp_path) as studio:
            delivery = Delivery(reports=True, lead=0.4)
            async with pitching(studio, record=True, delivery=delivery) as face:
                play(face)
                await at(face, 0.3)
                for _ in range(10):
                    await report(face, 0.05)
                await at(face, 0.3 + 0.5 + 0.8)
                for _ in range(30):
                    await report(face, 0.05)
                await at(face, 3.5)
            _, agent = sides(studio, face)
            assert agent == [(near(0.3), near(0.8)), (near(1.6), near(3.1))]
            first, second = [line for line in face.all(Said) if line.speaker == "agent"]
            assert (first.start, first.end) == (near(0.3), near(2.1))
            assert (second.start, second.end) == (near(2.1), near(3.1))

    async def report(face, seconds):
        face.played = getattr(face, "played", 0.0) + seconds
        await at(face, face.out[0][0] - face.began + 0.3 + face.played + (0.8 if face.played > 0.51 else 0.0))
        face.meeting.post(Played(generation=1, seconds=face.played))

    run(scene())


def test_another_rate_in_the_middle_changes_no_time(tmp_path):
    class Changing(Tonal):
        def _chunks(self, text, seconds):
            rate = 22_050 if "One" in text else 48_000
            made = super()._chunks(text, seconds)
            for i, chunk in enumerate(made):
                at_rate = tone(chunk.pcm.seconds, rate)
                made[i] = type(chunk)(pcm=at_rate, words=chunk.words)
            return made

    async def scene():
        async with open_studio(tmp_path, speech=Changing(word_seconds=0.2)) as studio:
            async with pitching(studio, record=True) as face:
                play(face)
                await at(face, 4.0)
            _, agent = sides(studio, face)
            assert agent == [(near(0.0), near(2.0))]

    run(scene())


# ---- the aligner by itself -------------------------------------------------------------------------------------------


def aligned(pieces, rate=HEARING_RATE):
    aligner = Aligner(rate)
    made = b"".join(b"".join(aligner.push(pcm.data, until)) for pcm, until in pieces) + b"".join(aligner.flush())
    samples = numpy.frombuffer(made, numpy.int16)
    return stretches(numpy.repeat(samples, 48_000 // rate))


@pytest.mark.parametrize("seed", range(5))
def test_pieces_that_are_late_on_their_way_are_put_where_they_were_spoken(seed):
    dice = random.Random(seed)
    sound = [bool(0.8 < i * 0.02 < 1.6 or 3.0 < i * 0.02 < 3.5) for i in range(300)]
    pieces, arrived = [], 0.0
    for i, loud in enumerate(sound):
        spoken = (i + 1) * 0.02
        stalled = 0.4 if 60 <= i < 80 else 0.0  # the network holds 20 pieces back, then they come all at once
        arrived = max(arrived, spoken + dice.random() * 0.008, (81 * 0.02 if stalled else 0.0))
        pieces.append((tone(0.02) if loud else Pcm(bytes(640), HEARING_RATE), arrived))
    assert aligned(pieces) == [(near(0.82), near(1.6)), (near(3.02), near(3.5))]


@pytest.mark.parametrize("drift", [-0.0002, 0.0002])
def test_a_clock_that_drifts_is_followed_for_half_an_hour(drift):
    """The client's seconds are not ours: 0.2 ms a second are 360 ms in half an hour."""
    last, pieces = 1800.0, []
    for i in range(int(last / 0.5)):
        until = (i + 1) * 0.5 * (1 + drift)
        pieces.append((tone(0.5, 8000) if i % 600 == 599 else Pcm(bytes(8000), 8000), until))
    starts = [start for start, _ in aligned(pieces, 8000)]
    assert starts == [near((i * 0.5) * (1 + drift)) for i in range(599, int(last / 0.5), 600)]


def test_an_upload_that_comes_faster_than_time_is_whole():
    [(start, end)] = aligned([(tone(0.5), 1.0 + i * 0.01) for i in range(10)])
    assert end - start == near(5.0)


def test_what_is_recorded_of_a_meeting_later_stands_beside_what_was_recorded_before(tmp_path):
    async def scene():
        recordings = Recordings(tmp_path / "recordings")
        for start in (0.0, 6.0):
            async with recordings.record("one", on_failed=lambda error: None) as recording:
                recording.user(murmur(1.0), start + 1.0)
                recording.agent(murmur(1.0), start + 3.0)
        samples = stereo(recordings.stereo("one"))
        assert stretches(samples[:, 0]) == [(near(0.0), near(1.0)), (near(6.0), near(7.0))]
        assert stretches(samples[:, 1]) == [(near(2.0), near(3.0)), (near(8.0), near(9.0))]
        recordings.remove("one")
        assert not any((tmp_path / "recordings").iterdir())

    run(scene())
