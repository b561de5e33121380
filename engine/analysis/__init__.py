"""What is measured of what was said: pure functions of words, speech segments and frames of sound.

    from engine.analysis import Word, find_fillers

Importing this costs no numpy; the functions that need it import it when they run.
"""

from engine.analysis.fillers import Bucket, Filler, find_fillers
from engine.analysis.questions import Question, find_questions
from engine.analysis.values import (
    FRAME,
    Analysis,
    Band,
    Capability,
    Confidence,
    Evidence,
    Frames,
    Line,
    Mark,
    Material,
    Measure,
    Series,
    Span,
)
from engine.providers.base import Word

__all__ = [
    "FRAME",
    "Analysis",
    "Band",
    "Bucket",
    "Capability",
    "Confidence",
    "Evidence",
    "Filler",
    "Frames",
    "Line",
    "Mark",
    "Material",
    "Measure",
    "Question",
    "Series",
    "Span",
    "Word",
    "find_fillers",
    "find_questions",
]
