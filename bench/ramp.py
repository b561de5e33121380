"""How many conversations one process holds in real time, with the real voice activity detector on human speech.

    python -m bench.ramp [bench.server | bench.floor]

20 ms of microphone each way of the page's link and audio in 40 ms, until the 95th percentile of the pieces of an answer
comes more than 20 ms after it should have sounded. `bench.floor` is the hand-made least. Minutes of a full core.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from bench.client import Served, served, share, table
from bench.crowd import Crowd

LEVELS = (10, 50, 100, 150, 200)
SETTLES, MEASURED = 8.0, 20.0
"""Seconds at each level."""
LATE = 0.02
SCRIPT = {"activity": "silero", "patience": 0.5}
WAITS = 0.05 + 0.03 + SCRIPT["patience"]  # type: ignore[operator]
"""Seconds to an answer that are not the engine's: the scripted providers and the patience. The detector's are in it."""


async def level(server: Served, crowd: Crowd, count: int, idle: float) -> tuple[list[object], bool]:
    """The row of one level, and whether it was held."""
    await crowd.grow(count)
    await asyncio.sleep(SETTLES)
    crowd.lateness.clear()
    used, began = await server.cpu()
    await asyncio.sleep(MEASURED)
    cpu, ended = await server.cpu()
    turns = [turn for caller in crowd.callers for turn in caller.turns if began <= turn.ended < ended - 2.0]
    late = [late for turn in turns for late in turn.late]
    answers = [turn.answered - turn.ended - WAITS for turn in turns if turn.answered]
    gone = sum(caller.gone.is_set() for caller in crowd.callers)
    held = bool(late) and share(late, 0.95) <= LATE and len(answers) == len(turns) and not gone
    busy = (cpu - used) / (ended - began)
    return [
        count,
        f"{1000 * share(late, 0.95):.0f}" if late else "-",
        f"{1000 * share(answers, 0.5):.0f}" if answers else "-",
        f"{1000 * share(answers, 0.95):.0f}" if answers else "-",
        f"{len(answers)}/{len(turns)}",
        f"{busy:.2f}",
        f"{60 * busy / count:.2f}",
        f"{(server.memory() - idle) / count:.2f}",
        f"{1000 * share(crowd.lateness, 0.95):.1f}",
    ], held


async def main(module: str, levels: Sequence[int]) -> None:
    heads: list[object] = ["conversations", "late p95 ms", "answer p50 ms", "p95 ms", "answered", "cores"]
    rows: list[list[object]] = [[*heads, "CPU s a minute each", "MiB each", "client late p95 ms"]]
    async with served(module, **SCRIPT) as server, Crowd(server.port) as crowd:
        if not crowd.can_speak:
            print("no recordings beside the checkout: nothing measured")
            return
        await asyncio.sleep(2.0)
        idle = server.memory()
        for count in levels:
            row, held = await level(server, crowd, count, idle)
            rows.append(row)
            if not held:
                break
    table(f"{module}, {idle:.0f} MiB before the first conversation", rows)


if __name__ == "__main__":
    import uvloop

    chosen = sys.argv[1] if len(sys.argv) > 1 else "bench.server"
    uvloop.run(main(chosen, [int(count) for count in sys.argv[2:]] or LEVELS))
