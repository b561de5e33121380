"""How soon the help key is answered, and what it costs to listen for how somebody speaks.

    python -m bench.help_key [presses]

Presses come at once, each to a coach of its own, without a language model and with one that takes 0.2 to 3 s. The cost
is that of ten minutes of frames, lines and looks, on the event loop's thread.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncGenerator, Callable
from functools import partial

import numpy as np

from bench.client import spread, table
from engine import clock
from engine.analysis.values import FRAME, USER, Frames, Line
from engine.coach import phrases
from engine.coach.coach import Coach
from engine.coach.cues import Output, Suggested
from engine.coach.delivery import Delivery
from engine.providers.base import About, LanguageModel, Prompt, Word
from engine.records import Aim

MINUTES = 10
SAID = "we um sell the sensors to farms in the north and they pay a subscription for it you know each year"


class SlowWriter:
    """Takes as long as it was told to."""

    about = About(name="slow", label="Slow writer", local=True)

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        await asyncio.sleep(self._seconds)
        yield "Ask what the sensors cost"


async def press(writer: LanguageModel | None) -> tuple[float, str]:
    """Seconds from the press to the answer, and the answer."""
    answered: asyncio.Future[Suggested] = asyncio.get_running_loop().create_future()

    def emitted(output: Output) -> None:
        if isinstance(output, Suggested):
            answered.set_result(output)

    async with Coach(aim=Aim(), writer=writer, emit=emitted) as coach:
        coach.line(Line(id=1, speaker=USER, text="We make sensors for farms.", start=0.0, end=2.0))
        pressed = clock.now()
        coach.help()
        async with asyncio.timeout(5):
            answer = await answered
        return clock.now() - pressed, answer.text


async def answers(presses: int) -> list[list[object]]:
    rng = random.Random(7)
    rows: list[list[object]] = [["who writes", "presses", "median s", "p95 s", "worst s", "by the model"]]
    for name, writers in (
        ("the coach itself", [None] * presses),
        ("a model of 0.2 to 3 s", [SlowWriter(rng.uniform(0.2, 3.0)) for _ in range(presses)]),
    ):
        found = await asyncio.gather(*(press(writer) for writer in writers))
        model = sum(text == "Ask what the sensors cost" for _, text in found)
        rows.append([name, presses, *spread([seconds for seconds, _ in found], scale=1.0), model])
    return rows


def cost() -> list[list[object]]:
    """Milliseconds of each kind of call, and the share of a core."""
    delivery = Delivery("conversation", phrases.load())
    delivery.labelled = True
    calls: dict[str, list[float]] = {"frames": [], "line": [], "look": []}
    piece = 64 * FRAME
    began = time.process_time()
    for number in range(round(60 * MINUTES / piece)):
        at = (number + 1) * piece
        _timed(calls["frames"], partial(delivery.frames, _frames(at - piece)))
        if number % 14 == 13:
            delivery.voice(USER, True, at - 13)
            delivery.voice(USER, False, at - 0.6)
            _timed(calls["line"], partial(delivery.line, _line(number, at - 13, at - 0.6)))
        for half in (at - piece / 2, at):
            _timed(calls["look"], partial(delivery.look, half))
    share = (time.process_time() - began) / (60 * MINUTES)
    rows: list[list[object]] = [["call", "calls", "median ms", "p95 ms", "worst ms"]]
    rows += [[name, len(times), *spread(times)] for name, times in calls.items()]
    return [*rows, ["all of it", "", f"{100 * share:.2f} %", "of a core", ""]]


def _timed(times: list[float], call: Callable[[], object]) -> None:
    began = time.perf_counter()
    call()
    times.append(time.perf_counter() - began)


def _frames(start: float) -> Frames:
    count = 64
    f0 = 120 * 2 ** (3 * np.sin(np.arange(count) / 10) / 12)
    even = np.full(count, -25, np.float32)
    return Frames(
        f0=f0.astype(np.float32), confidence=np.full(count, 0.9, np.float32), level=even, loudness=even, start=start
    )


def _line(number: int, start: float, end: float) -> Line:
    said = SAID.split() * 2
    each = (end - start) / len(said)
    words = tuple(Word(text=w, start=start + i * each, end=start + (i + 1) * each) for i, w in enumerate(said))
    return Line(id=number, speaker=USER, text=" ".join(said), start=start, end=end, words=words)


def main() -> None:
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    table("From the help key to the answer", asyncio.run(answers(presses)))
    table(f"Listening for how somebody speaks, {MINUTES} minutes", cost())


if __name__ == "__main__":
    main()
