"""A report's parts that live in the browser: its sound, its transcript and its timeline."""

from ui.components.report.report_sound import ReportSound
from ui.components.report.report_timeline import ReportTimeline
from ui.components.report.report_transcript import ReportTranscript

__all__ = ["ReportSound", "ReportTimeline", "ReportTranscript"]
