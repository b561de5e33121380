"""Whatever fails, and when: the next of the chain goes on, nothing is said twice, nothing is lost, and it is told."""

import asyncio
from contextlib import asynccontextmanager
from itertools import pairwise
from types import SimpleNamespace

import pytest

from engine.audio import Pcm
from engine.errors import ProviderAbsent, ProviderBusy, ProviderFailed, ProviderTimeout, Switched
from engine.providers.base import About, Anew, Expectation, Prompt, Transcript, Voice
from engine.providers.circuit import COOLS, Chain, Link
from engine.providers.fallback_ears import FallbackEars
from engine.providers.fallback_mind import FallbackMind
from engine.providers.fallback_voice import FallbackVoice
from engine.providers.scripted import ScriptedEars, ScriptedMind, ScriptedSpeech
from engine.providers.tab import Tab
from tests.virtual_time import run

TEXT = "One two three four five six seven eight."
SOUND = Pcm(b"\x00\x10" * 1600, 16_000)


def cloud(name):
    return About(name=name, label=name.title(), local=False)


def chained(kind, *providers, most=None):
    told = []
    return kind(Chain([Link(provider) for provider in providers])).of(Tab(told.append, most=most)), told


async def spoken(voice, text=TEXT, speed=1.0):
    return [chunk async for chunk in voice.speak(text, Voice(speed=speed))]


@pytest.mark.parametrize("timed", [True, False], ids=["timed", "untimed"])
@pytest.mark.parametrize("chunks", [1, 4, 7, 12, 19])
def test_the_next_voice_begins_at_the_word_at_which_the_first_broke_off(timed, chunks):
    async def scene():
        first = ScriptedSpeech(about=cloud("first"), breaks=chunks, timed=timed)
        second = ScriptedSpeech(about=cloud("second"))
        voice, told = chained(FallbackVoice, first, second)
        found = await spoken(voice)
        said = first.spoken[0], second.spoken[0]
        assert said[0] == TEXT
        assert TEXT.endswith(said[1])
        words = [word for chunk in found for word in chunk.words]
        assert [TEXT[word.first : word.last] for word in words] == TEXT.split()
        assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(words))
        seconds = sum(chunk.pcm.seconds for chunk in found)
        assert words[-1].end <= seconds + 1e-6
        if timed:  # a word counts as said when its end was there
            assert len(TEXT.split()) - len(said[1].split()) == int(chunks * 0.1 / 0.25 + 1e-9)
        assert [type(notice) for notice in told] == [Switched]
        assert str(told[0]) == "the scripted voice broke off: Second goes on."

    run(scene())


def test_whoever_goes_on_at_another_rate_is_brought_to_the_first_ones():
    async def scene():
        first = ScriptedSpeech(about=cloud("first"), breaks=5, rate=24_000)
        voice, _ = chained(FallbackVoice, first, ScriptedSpeech(about=cloud("second")))
        found = await spoken(voice)
        assert {chunk.pcm.rate for chunk in found} == {24_000}
        assert abs(sum(chunk.pcm.seconds for chunk in found) - (0.5 + 6 * 0.25)) < 1e-3

    run(scene())


def test_a_voice_that_said_all_but_its_end_is_not_followed_by_anything():
    async def scene():
        first = ScriptedSpeech(about=cloud("first"), breaks=20, word_seconds=0.25)
        second = ScriptedSpeech(about=cloud("second"))
        voice, _ = chained(FallbackVoice, first, second)
        first.chunk = 0.1
        await spoken(voice, "One two three four five six seven eight nine")  # 2.25 s in 23 chunks
        assert second.spoken == ["nine"]

    run(scene())


def test_who_failed_is_left_out_for_longer_each_time_and_comes_back_when_well():
    async def scene():
        first, second = ScriptedSpeech(about=cloud("first"), fails="One"), ScriptedSpeech(about=cloud("second"))
        voice, told = chained(FallbackVoice, first, second)
        now = asyncio.get_running_loop().time
        asked = []
        for _ in range(70):
            before = len(first.spoken)
            await spoken(voice)
            if len(first.spoken) > before:
                asked.append(now())
            await asyncio.sleep(1.0)
        pauses = [b - a for a, b in pairwise(asked)]
        assert [round(pause) for pause in pauses] == [300] * len(pauses)  # that voice's failure does not pass by itself
        first.fails = None
        await asyncio.sleep(COOLS[-1])
        await spoken(voice)
        assert first.ended == [TEXT]
        assert len(told) == 1, "once a conversation for the same reason"

    run(scene())


def test_a_passing_failure_is_tried_again_after_a_growing_while():
    async def scene():
        chain = Chain([Link(ScriptedSpeech(about=cloud("first"))), Link(ScriptedSpeech(about=cloud("second")))])
        circuit = chain.links[0].circuit
        for cools in (*COOLS, COOLS[-1]):
            circuit.failed(ProviderTimeout("first", "late"))
            assert chain.asked() is chain.links[1]
            await asyncio.sleep(cools - 0.1)
            assert chain.asked() is chain.links[1]
            await asyncio.sleep(0.2)
            assert chain.asked() is chain.links[0]
            assert chain.asked() is chain.links[1], "one try at a time"
        circuit.worked()
        assert chain.asked() is chain.links[0]
        assert chain.asked() is chain.links[0]
        circuit.failed(ProviderBusy("first", "busy", after=90.0))
        await asyncio.sleep(89.0)
        assert chain.asked() is chain.links[1], "as long as it asked for"

    run(scene())


def test_what_a_session_may_cost_is_not_exceeded_and_that_is_told():
    async def scene():
        first = ScriptedSpeech(about=cloud("first"))
        second = ScriptedSpeech(about=About(name="offline", label="Offline voice", local=True))
        voice, told = chained(FallbackVoice, first, second, most=0.0)
        await spoken(voice)
        assert (first.spoken, second.spoken) == ([], [TEXT])
        assert str(told[0]) == "What this session may cost is spent: Offline voice goes on."
        only, _ = chained(FallbackVoice, first, most=0.0)
        with pytest.raises(ProviderFailed, match="MAX_COST_PER_SESSION"):
            await spoken(only)

    run(scene())


def test_where_nobody_is_left_the_last_ones_failure_is_raised_and_its_speech_was_heard():
    async def scene():
        voice, told = chained(
            FallbackVoice,
            ScriptedSpeech(about=cloud("first"), breaks=4),
            ScriptedSpeech(about=cloud("second"), breaks=2),
        )
        heard = []
        with pytest.raises(ProviderFailed, match="broke off"):
            async for chunk in voice.speak(TEXT, Voice()):
                heard.append(chunk)
        assert len(heard) == 6
        assert len(told) == 1

    run(scene())


# ---- minds -----------------------------------------------------------------------------------------------------------


async def replied(mind, **prompt):
    return [piece async for piece in mind.reply(Prompt(instructions="", question="What does it cost?", **prompt))]


def test_the_next_mind_knows_what_was_said_and_begins_a_sentence():
    async def scene():
        first = ScriptedMind(about=cloud("first"), text="It costs ten. For schools it is", fails=5)
        second = ScriptedMind(about=cloud("second"), text="Schools pay five.")
        mind, told = chained(FallbackMind, first, second)
        pieces = await replied(mind)
        at = next(number for number, piece in enumerate(pieces) if isinstance(piece, Anew))
        assert "".join(pieces[:at]) == "It costs ten. For schools"
        assert "".join(pieces[at:]) == "Schools pay five."
        assert second.asked[0].begun == "It costs ten."
        assert [str(notice) for notice in told] == ["the scripted mind went blank: Second goes on."]

    run(scene())


def test_a_mind_that_fails_before_a_word_leaves_no_trace():
    async def scene():
        mind, _ = chained(FallbackMind, ScriptedMind(about=cloud("first"), fails=0), ScriptedMind(text="Ten."))
        assert await replied(mind) == ["Ten."]

    run(scene())


def test_a_reply_of_a_schema_is_whole_or_not_at_all():
    async def scene():
        first = ScriptedMind(about=cloud("first"), text='{"a": 1 }', fails=2)
        mind, _ = chained(FallbackMind, first, ScriptedMind(text='{"a": 2}'))
        assert await replied(mind, schema={}) == ['{"a": 2}']

    run(scene())


# ---- ears ------------------------------------------------------------------------------------------------------------


class BreakingEars(ScriptedEars):
    """Each of its ears fails when it is to understand turn `at`."""

    def breaking(self, at):
        self.at, self.opened, self.left = at, 0, 0
        return self

    @asynccontextmanager
    async def listen(self, expect):
        self.opened += 1
        ears = self
        async with super().listen(expect) as inner:

            class Listening:
                push = staticmethod(inner.push)

                def __init__(self):
                    self.failed = asyncio.Event()

                def finish(self, turn):
                    inner.finish(turn)
                    if turn == ears.at:
                        self.failed.set()

                async def __aiter__(self):
                    while True:
                        heard = await inner._finals.get()
                        if heard.final and heard.turn == ears.at:
                            raise ProviderTimeout(ears.about.name, "it did not say what it heard")
                        yield heard

            try:
                yield Listening()
            finally:
                self.left += 1


class Ears:
    """Takes what an ear says, as a conversation does."""

    def __init__(self, listening):
        self.listening = listening
        self.finals = []
        self.raised = []

    async def take(self):
        while True:
            try:
                async for heard in self.listening:
                    if heard.final:
                        self.finals.append((heard.turn, heard.text))
            except ProviderFailed as error:
                self.raised.append(error)

    async def turn(self, number, pieces=5):
        for _ in range(pieces):
            self.listening.push(SOUND, number)
            await asyncio.sleep(0.02)
        self.listening.finish(number)
        await asyncio.sleep(1.0)


@asynccontextmanager
async def listening(*ears):
    made, told = chained(FallbackEars, *ears)
    async with asyncio.TaskGroup() as tasks, made.listen(Expectation()) as ear:
        found = Ears(ear)
        task = tasks.create_task(found.take())
        found.told = told
        await asyncio.sleep(0)
        yield found
        task.cancel()


def test_what_was_not_understood_is_heard_again_by_the_next_and_every_turn_has_one_final():
    async def scene():
        first = BreakingEars(about=cloud("first"), says=["one", "lost", "three"]).breaking(at=2)
        second = ScriptedEars(about=cloud("second"), says=["two", "three again", "four again"])
        async with listening(first, second) as found:
            for number in (1, 2, 3):
                await found.turn(number)
            assert found.finals == [(1, "one"), (2, "two"), (3, "three again")]
            assert sum(pcm.seconds for pcm in second.heard[2]) == pytest.approx(0.5), "all of its sound"
            assert found.raised == []
            assert [str(notice) for notice in found.told] == ["it did not say what it heard: Second goes on."]
            first.at = None
            await asyncio.sleep(COOLS[0])
            await found.turn(4)
            assert found.finals[-1] == (4, "three"), "the best come back when they are well"
        assert first.opened == first.left == 2

    run(scene())


def test_ears_that_cannot_be_opened_are_passed_by():
    async def scene():
        second = ScriptedEars(about=cloud("second"), says=["one"])
        async with listening(ScriptedEars(about=cloud("first"), failing=True), second) as found:
            await found.turn(1)
            assert found.finals == [(1, "one")]

    run(scene())


def test_a_turn_that_nobody_understands_is_empty_and_the_next_is_asked_for_again():
    async def scene():
        first = BreakingEars(about=cloud("first"), says=["a", "b", "c"]).breaking(at=1)
        second = BreakingEars(about=cloud("second"), says=["a", "b", "c"]).breaking(at=1)
        async with listening(first, second) as found:
            await found.turn(1)
            assert found.finals == [(1, "")]
            assert [error.retryable for error in found.raised] == [True]
            await found.turn(2)
            assert found.finals[1:] == [(2, "b")]

    run(scene())


def test_an_abandoned_turn_is_not_heard_again():
    async def scene():
        first = BreakingEars(about=cloud("first"), says=["two"]).breaking(at=2)
        second = ScriptedEars(about=cloud("second"), says=["two"])
        async with listening(first, second) as found:
            found.listening.push(SOUND, 1)
            await found.turn(2)
            assert list(second.heard) == [2]
            assert found.finals == [(2, "two")]

    run(scene())


def test_leaving_while_somebody_fails_leaves_nothing_behind():
    async def scene():
        first = BreakingEars(about=cloud("first"), says=["one"]).breaking(at=1)
        async with listening(first, ScriptedEars(about=cloud("second"), says=["one"])) as found:
            found.listening.push(SOUND, 1)
            found.listening.finish(1)
        assert first.left == first.opened

    run(scene())


def test_a_transcript_of_a_turn_that_is_over_is_dropped():
    async def scene():
        ears = ScriptedEars(about=cloud("first"), says=["one"])
        opened = []

        @asynccontextmanager
        async def listen(expect):
            async with ScriptedEars.listen(ears, expect) as inner:
                opened.append(inner)
                yield inner

        async with listening(SimpleNamespace(about=ears.about, listen=listen)) as found:
            await found.turn(1)
            opened[0]._finals.put_nowait(Transcript(turn=1, text="one", final=True))
            await asyncio.sleep(0.1)
            assert found.finals == [(1, "one")]

    run(scene())


@pytest.mark.parametrize("named", [False, True])
def test_who_is_not_there_is_not_looked_for_again_and_missed_only_by_whoever_named_it(named):
    async def scene():
        first, second, third = (ScriptedSpeech(about=cloud(name)) for name in ("first", "second", "third"))
        told = []
        links = [Link(first), Link(second, named=named), Link(third)]
        chain = Chain(links).of(Tab(told.append))
        links[1].circuit.failed(ProviderAbsent("second", "Second is not there"))
        assert chain.about.name == "first"
        links[0].circuit.failed(ProviderTimeout("first", "First is late"))
        assert chain.asked().provider is third
        assert [str(notice) for notice in told] == [
            "Second is not there: Third goes on." if named else "First is late: Third goes on."
        ]
        await asyncio.sleep(100 * COOLS[-1])
        assert chain.asked().provider is first
        assert chain.asked(after=chain.links[0]).provider is third

    run(scene())
