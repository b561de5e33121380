import signal
import subprocess
import sys
from pathlib import Path

from engine.store import Store

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from engine.messages import Said
from engine.store import Store

store = Store(sys.argv[1], samples=Path(sys.argv[1]).parent)
meeting = store.begin_meeting("talk", None).id
print(meeting, flush=True)
number = 0
while True:
    said = Said(speaker="agent", text=str(number), start=0.0, end=1.0, mark=number)
    store.soon(store.add_line, meeting, said, datetime.now(UTC)).result(10)
    print(number, flush=True)
    number += 1
"""


def test_all_acknowledged_lines_are_there_after_kill_9(path: Path, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout
    with child.stdout as acknowledgements:
        meeting = acknowledgements.readline().strip()
        while acknowledgements.readline().strip() != "40":
            assert child.poll() is None
        child.send_signal(signal.SIGKILL)
        acknowledged = 41 + len(acknowledgements.read().split())
    child.wait(10)

    store = Store(path, samples=tmp_path)
    kept = [int(line.text) for line in store.lines(meeting)]
    assert kept == list(range(len(kept)))
    # A number may have been cut off while it was printed, and one more line written that was not acknowledged.
    assert len(kept) >= acknowledged - 1
    assert store.begin_meeting("talk", None)
    store.close()
