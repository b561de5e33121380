"""How somebody gets on, from session to session: pure functions of the summaries that are kept of sessions. Nothing is
judged on a hint, and nobody is graded."""

from engine.progress.comparison import Change, Comparison, compare
from engine.progress.days import Practice, practice
from engine.progress.kept import catch_up, keep, samples, summary_of
from engine.progress.trend import Direction, Point, Trend, comparable, kinds, own_bands, trends
from engine.progress.week import Focus, focus

__all__ = [
    "Change",
    "Comparison",
    "Direction",
    "Focus",
    "Point",
    "Practice",
    "Trend",
    "catch_up",
    "comparable",
    "compare",
    "focus",
    "keep",
    "kinds",
    "own_bands",
    "practice",
    "samples",
    "summary_of",
    "trends",
]
