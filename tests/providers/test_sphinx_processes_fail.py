"""What becomes of a turn when its process dies, hangs or cannot be started; and of processes when their parent dies."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.audio import silence
from engine.errors import ProviderFailed
from engine.providers.base import About, Expectation
from engine.providers.child_ears import ChildEars
from engine.providers.child_pool import Limits
from tests.providers.hearing import final

ROOT = Path(__file__).parents[2]
QUICK = Limits(answer=1.0, second=0.0, quiet=0.2, backoff=0.01)

CHILD = """
import os, signal, sys, time
from engine.providers import child_worker
class Hearing:
    def __init__(self, sentences): self.does = sentences
    def hear(self, pcm):
        if "die" in self.does: os.kill(os.getpid(), signal.SIGKILL)
        while "hang" in self.does: time.sleep(1)
        if "print" in self.does:
            print("noise", flush=True)
            os.write(1, b"noise")
    def text(self): return ""
    def drop(self): pass
    def end(self): return child_worker.Heard(text="heard", channel="c")
child_worker.run(lambda: lambda sentences, channel, language: Hearing([*sentences, channel]))
"""


@asynccontextmanager
async def ears_of(code: str, limits: Limits = QUICK) -> AsyncIterator[ChildEars]:
    about = About(name="test", label="Test recogniser", local=True)
    ears = ChildEars(about=about, arguments=("-c", code), children=1, limits=limits)
    yield ears
    await ears.close()


async def heard(ears: ChildEars, *does: str) -> str:
    async with ears.listen(Expectation(sentences=does)) as listening:
        listening.push(silence(0.5, 16_000), 1)
        listening.finish(1)
        return (await final(listening, 1)).text


async def test_a_turn_whose_process_dies_ends_empty_and_the_next_one_is_heard() -> None:
    async with ears_of(CHILD) as ears:
        assert await heard(ears, "die") == ""
        assert await heard(ears) == "heard"


async def test_a_turn_whose_process_hangs_ends_empty_and_the_next_one_is_heard() -> None:
    async with ears_of(CHILD) as ears:
        assert await heard(ears, "hang") == ""
        assert await heard(ears) == "heard"


async def test_a_turn_that_nobody_finishes_is_taken_as_finished() -> None:
    async with ears_of(CHILD) as ears, ears.listen(Expectation()) as listening:
        listening.push(silence(0.5, 16_000), 1)
        assert (await final(listening, 1)).text == "heard"


async def test_a_process_that_cannot_be_started_is_a_clear_error_and_the_ear_stays_open() -> None:
    async with ears_of("raise SystemExit(3)") as ears, ears.listen(Expectation()) as listening:
        for turn in (1, 2):
            listening.push(silence(0.5, 16_000), turn)
            listening.finish(turn)
            with pytest.raises(ProviderFailed, match="Test recogniser died"):
                await final(listening, turn)


async def test_what_libraries_print_does_not_reach_the_answers() -> None:
    async with ears_of(CHILD) as ears:
        assert await heard(ears, "print") == "heard"


def ended(pid: int) -> Callable[[], bool]:
    """Whether process `pid` ends within ten seconds; to be asked after it was pinned down."""
    pinned = os.pidfd_open(pid)

    def wait() -> bool:
        try:
            return bool(select.select([pinned], [], [], 10)[0])
        finally:
            os.close(pinned)

    return wait


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to watch another process end")
def test_a_killed_parent_takes_its_processes_with_it() -> None:
    code = (
        "import asyncio\nfrom engine.providers.offline_sphinx import SphinxEars\n"
        "async def main():\n"
        "    ears = SphinxEars()\n"
        "    await ears.warm()\n"
        "    print(*(child.pid for child in ears._ears._pool._children), flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child_ended = ended(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        assert child_ended()
