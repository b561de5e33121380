"""What the bundle starts: Rostrum, or with `-m MODULE` one of its own child processes.

The recogniser's process is started as `sys.executable -m engine.providers.sphinx_worker`, and inside a bundle that
executable is the bundle itself.
"""

from __future__ import annotations

import multiprocessing
import runpy
import sys

CHILDREN = ("engine.providers.sphinx_worker", "engine.providers.sherpa_worker")


def main() -> int:
    multiprocessing.freeze_support()
    if sys.argv[1:2] == ["-m"] and sys.argv[2:3] and sys.argv[2] in CHILDREN:
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    from main import main as rostrum

    return rostrum()


if __name__ == "__main__":
    sys.exit(main())
