"""Lines that are in the transcript already, when a new guess says that they are somebody else's."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from engine.analysis.timbre import Print
from engine.analysis.values import PARTNER, USER, Confidence
from engine.analysis.voices import Guess, Voices
from engine.clock import wall
from engine.coach.attribution import Attribution
from engine.coach.messages import Relabelled, Shortened, Written
from engine.coach.reconsidering import Reconsidering
from engine.coach.record import Record
from engine.coach.understanding import Caught
from engine.desk import Desk
from engine.providers.base import Word
from engine.records import Aim
from engine.store import Store

SECOND = 0.5
"""Seconds a word takes."""


def guess(*speakers):
    """Who spoke, a letter a word of the session: u or p."""
    names = {"u": USER, "p": PARTNER}
    prints = tuple(
        Print(start=i * SECOND, end=(i + 1) * SECOND, frames=20, level=-20.0, timbre=())
        for i in range(len("".join(speakers)))
    )
    return Guess(prints=prints, speakers=tuple(names[each] for each in "".join(speakers)), confidence=Confidence.OK)


class Talk:
    """Lines of a session as they were heard, on disk, and what is told of them."""

    def __init__(self, store):
        self.store, self.told = store, []
        store.sessions.begin("session", Aim(context="", goal="", user_name=""), wall(), "")
        self.desk = Desk(store, None)
        self.record = Record(store, self.desk, "session")
        self.attribution = Attribution()
        self.attribution.guesses = True
        self.reconsidering = Reconsidering(self.attribution, self.record, self.told.append)

    async def said(self, first, text):
        """`text`, from word `first` of the session on; the number of its line."""
        times = [(first + i) * SECOND for i in range(len(text.split()) + 1)]
        words = tuple(
            Word(text=word, start=start, end=start + SECOND) for word, start in zip(text.split(), times, strict=False)
        )
        caught = Caught(text=text, final=True, start=times[0], end=times[-1], words=words)
        self.record.write(USER, caught, lambda line: self.attribution.written(line, certain=False), lambda _: None)
        await self.record.flush()
        return self.store.lines("session")[-1].id

    async def guessed(self, *speakers):
        self.reconsidering.guessed(guess(*speakers))
        async with asyncio.timeout(5):
            await self.reconsidering.settled()

    def lines(self):
        lines = sorted(self.store.lines("session"), key=lambda line: (line.start, line.id))
        return [(line.speaker, line.text) for line in lines]


@pytest.fixture
async def talk(tmp_path):
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    async with thinking(Talk(store)) as made:
        yield made
    store.close()


@asynccontextmanager
async def thinking(talk):
    task = asyncio.create_task(talk.reconsidering.run())
    try:
        yield talk
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_line_in_which_the_voice_changes_is_cut_and_every_word_stays_once(talk):
    said = "So, how was it? It was fine. Thank you."
    line = await talk.said(0, said)
    await talk.said(9, "And then?")
    before = talk.store.sessions.revision("session")
    await talk.guessed("uuuu", "ppppp", "uu")
    assert talk.lines() == [
        (USER, "So, how was it?"),
        (PARTNER, "It was fine. Thank you."),
        (USER, "And then?"),
    ]
    first, other = (next(each for each in talk.store.lines("session") if each.start == start) for start in (0.0, 2.0))
    assert first.id == line and (first.end, other.start, other.end) == (2.0, 2.0, 4.5)
    assert [word.text for word in first.words + other.words] == said.split()
    assert talk.store.sessions.revision("session") == before + 1, "one change"
    shortened, written = talk.told
    assert isinstance(shortened, Shortened) and (shortened.line, shortened.text) == (line, "So, how was it?")
    assert isinstance(written, Written) and (written.line, written.speaker) == (other.id, PARTNER)


async def test_second_thoughts_can_be_had_again_and_lose_nothing(talk):
    said = "one two three four five six seven eight"
    await talk.said(0, said)
    for thought in ("uuuupppp", "ppppuuuu", "uuuuuuuu", "uuppuupp", "pppppppp"):
        await talk.guessed(thought)
        assert " ".join(text for _, text in talk.lines()) == said
    assert {speaker for speaker, _ in talk.lines()} == {PARTNER}
    assert len({line.id for line in talk.store.lines("session")}) == len(talk.lines())


@pytest.mark.parametrize("text", [None, "What I really said."])
async def test_what_somebody_corrected_is_left_alone(talk, text):
    """Here or on the report's page, of which nobody here is told."""
    here, elsewhere = await talk.said(0, "one two three four"), await talk.said(4, "five six seven eight")
    speaker = None if text else PARTNER
    talk.attribution.corrected(here, speaker)
    for line in (here, elsewhere):
        talk.desk.change_line("session", line, text=text, speaker=speaker)
    corrected = talk.lines()
    for thought in ("uuppuupp", "uuuuuuuu", "ppppuuuu", "uuppuupp"):
        await talk.guessed(thought)
        assert talk.lines() == corrected
    assert not talk.told


async def test_the_text_of_whoever_wrote_it_down_stays_where_nothing_is_cut(talk):
    """Words are not always those of the text: "$5" is two of them."""
    caught = Caught(
        text="That's $5.",
        final=True,
        start=0.0,
        end=2.0,
        words=tuple(
            Word(text=text, start=i / 2, end=i / 2 + 0.5) for i, text in enumerate(("that's", "five", "dollars", "ok"))
        ),
    )
    talk.attribution.guessed(guess("pppp"))
    assert talk.attribution.of(USER, caught) == [(PARTNER, caught)]


async def test_hundreds_of_lines_change_hands_in_order_and_one_by_one(talk):
    """Whoever is told takes breath in between: a socket's queue holds 512."""
    numbers = []
    for i in range(120):
        numbers.append(await talk.said(2 * i, f"line {i}"))
    breaths = []
    talk.told = told = []
    talk.reconsidering._emit = lambda output: (
        told.append(output),
        asyncio.get_running_loop().call_soon(breaths.append, len(told)),
    )
    await talk.guessed("pp" * 120)
    assert told == [Relabelled(line=number, speaker=PARTNER) for number in numbers]
    assert {speaker for speaker, _ in talk.lines()} == {PARTNER}
    assert len(breaths) >= 110 and max(b - a for a, b in zip([0, *breaths], breaths, strict=False)) <= 8


def test_a_correction_takes_back_what_was_certain():
    voices = Voices()
    voices.known(PARTNER, 1.0, 3.0)
    voices.known(USER, 1.0, 3.0)
    assert not voices._known[PARTNER]
