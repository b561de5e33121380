"""Time as the engine sees it: one monotonic clock for every deadline, wall time once a record.

The clock is the running event loop's own, so that a test moves all of the engine's time by running it on a loop whose
time is virtual (`tests/virtual_time.py`); nothing else has to be injected for that.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


def now() -> float:
    """Seconds on the event loop's monotonic clock. Needs a running loop."""
    return asyncio.get_running_loop().time()


def wall() -> datetime:
    """The date and time, UTC: for a record that a person reads, never for a deadline or a difference."""
    return datetime.now(UTC)
