"""Real sounds in virtual time: the detector and the voice that ship with Rostrum, in a room with a loudspeaker.

A page plays what it is sent as a page does; the microphone hears it again from the loudspeaker, later and quieter, with
the room's noise and whoever makes a sound. Only the understanding is scripted: with the words that were really spoken
into the microphone, the agent's own where nobody else's are there.
"""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest

from engine.audio import HEARING_RATE, Pcm, resample
from engine.floor import Verdict
from engine.messages import Clear, Judged, LineBegan, MicAudio, ReplyEnded, Said, Speech
from engine.playout import Delivery
from engine.providers.base import Voice
from engine.providers.cached import CachedVoice
from engine.providers.offline_espeak import EspeakVoice
from engine.providers.offline_vad import SileroVad
from engine.providers.scripted import ScriptedEars, ScriptedListening, ScriptedMind
from tests.core.scene import FRAME, PAT, talking
from tests.virtual_time import run

OPENING = "Good morning, and thank you for coming in today. Tell me about the lamp that you are building."
REPLY = "That sounds like a good idea to me. But who would buy such a lamp, and what would they pay for it?"
QUESTION = "Excuse me, how many of them have you sold until now?"
ECHO = 0.1
"""-20 dB."""
BEHIND = 0.12
"""Seconds from sending to the microphone: the page's buffer, the loudspeaker, the air."""
FRAMES = round(FRAME * HEARING_RATE)


@pytest.fixture(scope="module")
def voices():
    """The shipped voice with all that is said here ready, and the user's sounds: for the loop of virtual time."""
    voice = CachedVoice(EspeakVoice())

    async def synthesized(text, name):
        chunks = [chunk.pcm async for chunk in voice.speak(text, Voice(name=name))]
        pcm = resample(Pcm(b"".join(chunk.data for chunk in chunks), chunks[0].rate), HEARING_RATE)
        return np.frombuffer(pcm.data, "<i2").astype(float)

    async def prepare():
        from engine.sentences import split

        for sentence in (*split(OPENING), *split(REPLY)):
            await synthesized(sentence, "")
        return {
            "question": await synthesized(QUESTION, "en-us-female"),
            "mm-hm": await synthesized("mm hm", "en-us-female"),
            "cough": cough(),
            "hiss": np.random.default_rng(3).normal(0, 2500, 3 * HEARING_RATE),
        }

    sounds = asyncio.run(prepare())
    return voice, sounds


def cough():
    """Two bursts of noise that rise in 10 ms and decay: 0.2 and 0.3 s."""
    noise = np.random.default_rng(7)
    bursts = []
    for seconds in (0.2, 0.12, 0.3):
        time = np.arange(round(seconds * HEARING_RATE)) / HEARING_RATE
        loudness = 0 if seconds == 0.12 else 9000 * np.minimum(time / 0.01, 1) * np.exp(-time / 0.08)
        bursts.append(noise.normal(0, 1, len(time)) * loudness)
    return np.concatenate(bursts)


class Room:
    """The page's loudspeaker and microphone. `echo`: the loudspeaker's share in the microphone."""

    def __init__(self, s, *, echo):
        self.s, self.echo = s, echo
        self.played = np.zeros(120 * HEARING_RATE)
        self.made = np.zeros(120 * HEARING_RATE)
        self.noise = np.random.default_rng(1)
        self.until, self.seen, self.now = 0, 0, 0

    def makes(self, sound):
        """Somebody makes that sound from now on."""
        self.made[self.now : self.now + len(sound)] += sound

    async def run(self):
        while True:
            self._play()
            heard = self.made[self.now : self.now + FRAMES] + self.noise.normal(0, 15, FRAMES)
            before = self.now - round(BEHIND * HEARING_RATE)
            if before >= 0:
                heard = heard + self.echo * self.played[before : before + FRAMES]
            self.now += FRAMES
            samples = np.clip(heard, -32768, 32767).astype("<i2")
            await asyncio.sleep(FRAME)
            self.s.talk.post(MicAudio(pcm=Pcm(samples.tobytes(), HEARING_RATE)))

    def _play(self):
        for _, output in self.s.out[self.seen :]:
            if isinstance(output, Clear):
                self.played[self.now :] = 0
                self.until = self.now
            elif isinstance(output, Speech):
                samples = np.frombuffer(output.pcm.data, "<i2").astype(float)
                count = round(output.pcm.seconds * HEARING_RATE)
                samples = np.interp(np.linspace(0, len(samples) - 1, count), np.arange(len(samples)), samples)
                self.until = max(self.until, self.now)
                self.played[self.until : self.until + count] = samples
                self.until += count
        self.seen = len(self.s.out)


class EarsInTheRoom(ScriptedEars):
    """Understand what somebody says over it, or else the agent's last words before, two at least."""

    @asynccontextmanager
    async def listen(self, expect):
        async with ScriptedEars.listen(self, expect) as inner:
            inner.__class__ = _InTheRoom
            yield inner


class _InTheRoom(ScriptedListening):
    def finish(self, turn):
        if not self._ears.says:
            self._ears.says.append(self._ears.own_words())
        super().finish(turn)


@asynccontextmanager
async def a_room(voices, *, echo=0.0, says=(), before=2.0):
    """A talk in a room, whose microphone was on for `before` seconds when it began."""
    speech, _ = voices
    ears = EarsInTheRoom(says=list(says))
    rest = {"ears": ears, "speech": speech, "activity": SileroVad(), "mind": ScriptedMind(text=REPLY)}
    persona = replace(PAT, opening=OPENING)
    async with talking(persona=persona, play=False, delivery=Delivery(lead=0.3, allowance=BEHIND), **rest) as s:
        ears.own_words = lambda: " ".join((s.talk._speaker.playout.lately or "hm").split()[:2])
        room = Room(s, echo=echo)
        listening = asyncio.create_task(room.run())
        try:
            await asyncio.sleep(before)
            s.play()
            yield s, room
        finally:
            listening.cancel()


def own_answers(s):
    """Turns of the listener that nobody took."""
    return [judged.text for judged in s.all(Judged) if judged.verdict is Verdict.TURN and judged.text != QUESTION]


@pytest.mark.parametrize("before", [2.0, 0.0])
def test_its_own_voice_at_20_db_less_does_not_make_it_stutter_or_answer_itself(voices, before):
    async def scene():
        async with a_room(voices, echo=ECHO, before=before) as (s, _):
            await s.until(ReplyEnded)
            for number in (2, 3):
                s.write("tell me more")
                await s.until(ReplyEnded, times=number)
            assert all(reply.complete for reply in s.all(ReplyEnded))
            assert len(s.all(Clear)) <= 1, "one pause in a conversation, for what it did not know yet"
            assert own_answers(s) == ["tell me more"] * 2
            assert len(s.all(LineBegan)) - len(s.all(Said)) <= 1 - 2, "without the two that were typed"

    run(scene())


@pytest.mark.parametrize("echo", [0.0, ECHO])
def test_a_real_voice_over_it_interrupts_all_the_same(voices, echo):
    async def scene():
        async with a_room(voices, echo=echo, says=[QUESTION]) as (s, room):
            await asyncio.sleep(3.0)
            began = s.talk.journal.elapsed
            room.makes(voices[1]["question"])
            await s.until(Judged)
            silent = next(at for at in s.when(Clear) if at > began)
            assert silent - began < 0.5
            assert [(judged.verdict, judged.text) for judged in s.all(Judged)] == [(Verdict.TURN, QUESTION)]
            await s.until(ReplyEnded, times=2)
            assert s.all(ReplyEnded)[-1].complete

    run(scene())


@pytest.mark.parametrize("echo", [0.0, ECHO])
@pytest.mark.parametrize("into", [0.3, 0.8])
def test_who_goes_on_just_as_the_answer_begins_is_not_taken_for_an_echo(voices, echo, into):
    async def scene():
        async with a_room(voices, echo=echo, says=[QUESTION] * 2) as (s, room):
            await s.until(ReplyEnded)
            room.makes(voices[1]["question"])
            await s.until(LineBegan, times=3)
            await asyncio.sleep(into)
            began = s.talk.journal.elapsed
            room.makes(voices[1]["question"])
            await s.until(Judged, times=2)
            silent = next(at for at in s.when(Clear) if at > began)
            assert silent - began < 0.7
            assert [judged.verdict for judged in s.all(Judged)] == [Verdict.TURN] * 2

    run(scene())


@pytest.mark.parametrize("echo", [0.0, ECHO])
@pytest.mark.parametrize(("sound", "words"), [("cough", ""), ("hiss", ""), ("mm-hm", "mm-hm")])
def test_a_sound_that_asks_for_nothing_costs_a_pause_at_most(voices, sound, words, echo):
    async def scene():
        async with a_room(voices, echo=echo, says=[words] * 9) as (s, room):
            await asyncio.sleep(2.0)
            room.makes(voices[1][sound])
            await s.until(ReplyEnded)
            assert s.all(ReplyEnded)[0].complete
            assert not own_answers(s)
            assert len(s.all(Clear)) <= (2 if sound == "hiss" else 1), "three seconds of hiss hide an echo"
            assert " ".join(said.text for said in s.all(Said)) == OPENING
            assert not s.mind.asked

    run(scene())


@pytest.mark.parametrize("sound", ["cough", "hiss"])
def test_noise_while_nobody_speaks_is_not_answered(voices, sound):
    async def scene():
        async with a_room(voices, says=[""] * 9) as (s, room):
            await s.until(ReplyEnded)
            room.makes(voices[1][sound])
            await asyncio.sleep(6.0)
            assert not own_answers(s)
            assert not s.mind.asked

    run(scene())
