"""Conversations at their natural pace for long: does anything drift, grow or go unanswered?

    python -m bench.soak [minutes] [conversations]

By default 20 minutes of 5 at once, human speech and the real voice activity detector over the page's link, default
patience. Each row is a part of the time; the last lines compare its end with its beginning.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence

from bench.client import Served, served, share, table
from bench.crowd import UNANSWERED, Crowd, Turn

MINUTES, CONVERSATIONS = 20.0, 5
ROWS = 10
SCRIPT = {"activity": "silero", "patience": None}


def finished(crowd: Crowd, until: float) -> list[tuple[int, Turn]]:
    """All turns that have had their time to be answered, each with its caller's number."""
    turns = ((number, turn) for number, caller in enumerate(crowd.callers) for turn in caller.turns)
    return [(number, turn) for number, turn in turns if turn.ended and turn.ended < until - UNANSWERED]


def drift(points: Sequence[tuple[float, float]]) -> float:
    """By how much the second of each two has changed over the whole time, by the straight line through all of them."""
    import numpy as np

    at, value = np.array(points).T
    return float(np.polyfit(at, value, 1)[0] * (at[-1] - at[0]))


def drifts(turns: Sequence[tuple[int, Turn]]) -> tuple[float, float]:
    """Over the whole time, in seconds, of the caller for whom it is worst: how the engine's account of when a turn
    began has moved away from the caller's, and how the time to an answer has changed."""
    apart, waits = [], []
    for caller in {number for number, _ in turns}:
        own = [turn for number, turn in turns if number == caller and turn.answered and turn.said_at is not None]
        apart.append(drift([(turn.began, turn.began - (turn.said_at or 0.0)) for turn in own]))
        waits.append(drift([(turn.began, turn.answered - turn.ended) for turn in own]))
    return max(apart, key=abs), max(waits, key=abs)


def row(minute: float, turns: Sequence[tuple[int, Turn]], memory: float, busy: float) -> list[object]:
    answers = [turn.answered - turn.ended for _, turn in turns if turn.answered]
    late = [seconds for _, turn in turns for seconds in turn.late]
    return [
        f"{minute:.0f}",
        f"{len(answers)}/{len(turns)}",
        f"{1000 * share(answers, 0.5):.0f}" if answers else "-",
        f"{1000 * share(answers, 0.95):.0f}" if answers else "-",
        f"{1000 * share(late, 0.95):.0f}" if late else "-",
        f"{memory:.1f}",
        f"{busy:.2f}",
    ]


async def watch(server: Served, crowd: Crowd, minutes: float) -> tuple[list[list[object]], list[float]]:
    """The rows, and the memory at the end of each."""
    rows: list[list[object]] = []
    memory = []
    counted = 0
    used, began = await server.cpu()
    for number in range(ROWS):
        await asyncio.sleep(60 * minutes / ROWS)
        cpu, now = await server.cpu()
        done = sorted(finished(crowd, now), key=lambda one: one[1].ended)
        memory.append(server.memory())
        busy = (cpu - used) / (now - began)
        rows.append(row((number + 1) * minutes / ROWS, done[counted:], memory[-1], busy))
        print("  ".join(map(str, rows[-1])), flush=True)
        counted, used, began = len(done), cpu, now
    return rows, memory


async def main(minutes: float, conversations: int) -> None:
    async with served("bench.server", **SCRIPT) as server, Crowd(server.port) as crowd:
        if not crowd.can_speak:
            print("no recordings beside the checkout: nothing measured")
            return
        await crowd.grow(conversations)
        rows, memory = await watch(server, crowd, minutes)
        turns = finished(crowd, time.monotonic())
        answered = sum(bool(turn.answered) for _, turn in turns)
        gone = sum(caller.gone.is_set() for caller in crowd.callers)
    heads: list[object] = ["minute", "answered", "answer p50 ms", "p95 ms", "late p95 ms", "MiB", "cores"]
    table(f"{conversations} conversations for {minutes:g} minutes", [heads, *rows])
    print(f"\n  answered: {answered} of {len(turns)}; connections lost: {gone}")
    growth = (memory[-1] - memory[0]) / conversations
    print(f"  memory from the first row to the last, a conversation: {growth:+.2f} MiB")
    apart, waits = drifts(turns)
    print(f"  clocks moved apart by {1000 * apart:+.0f} ms, the time to an answer changed by {1000 * waits:+.0f} ms")


if __name__ == "__main__":
    import uvloop

    asked = sys.argv[1:]
    uvloop.run(main(float(asked[0]) if asked else MINUTES, int(asked[1]) if len(asked) > 1 else CONVERSATIONS))
