"""Days of practice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

REST = 7
"""Days within which one without practice is forgiven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """`days` with a session, the latest first; `streak`: how many of them without a longer break; `week`: of the last
    seven days."""

    days: tuple[date, ...]
    streak: int
    week: int
    text: str


def practice(begun: Iterable[datetime], now: datetime) -> Practice:
    """Days are those of `now`'s time zone. One day off in seven is part of practising, and today is not over."""
    today = now.date()
    days = {each.astimezone(now.tzinfo).date() for each in begun}
    week = sum(today - timedelta(days=back) in days for back in range(7))
    streak = _streak(days, today)
    if not streak:
        text = "A minute is a fine beginning." if not days else "Good to see you again: any day is a good one."
    elif len(days) == 1:
        text = "One day of practice: that is how it begins."
    elif streak == 1:
        text = f"{len(days)} days of practice, {week or 'none'} of them in the last seven days."
    elif week > streak:
        text = f"{week} days of practice in the last seven, the last {streak} without a longer break."
    else:
        text = f"{streak} days of practice without a longer break, {week} of them in the last seven days."
    return Practice(days=tuple(sorted(days, reverse=True)), streak=streak, week=week, text=text)


def _streak(days: set[date], today: date) -> int:
    count, off = 0, None
    day = today
    while days and day >= min(days):
        if day in days:
            count += 1
        elif day != today:
            if off is not None and (off - day).days < REST:
                break
            off = day
        day -= timedelta(days=1)
    return count
