"""Has a language model write the report, and lets nothing of it through that is not so (see `gate`).

Without a model, or where it fails, is late or writes what cannot be verified twice, the template's report stands.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from engine import drafting
from engine.errors import ProviderFailed
from engine.providers.base import LanguageModel
from engine.report import prompt, template
from engine.report.gate import LONGEST_DRAFT, Gate, lines_of
from engine.report.goals import targets
from engine.report.values import Brief, Report

__all__ = ["Brief", "Patience", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `whole`: for all that a model is asked, the second time included. `again`: with less than that left it
    is not asked a second time."""

    whole: float = 20.0
    again: float = 5.0


async def write(brief: Brief, model: LanguageModel | None, *, patience: Patience | None = None) -> Report:
    """The report on a session. Raises nothing but a cancellation; takes no longer than `patience` and the fraction of a
    second that the template takes."""
    report = await asyncio.to_thread(template.write, brief)
    if model is None or await asyncio.to_thread(template.too_little, brief):
        return report
    written = await _asked(brief, model, patience or Patience())
    if written is None:
        return report
    return replace(
        written,
        # A goal that names a number is answered by the number.
        goal_answer=report.goal_answer if targets(brief.aim.goal) else written.goal_answer or report.goal_answer,
        compared=report.compared,
        written_by=model.about.label,
    )


async def _asked(brief: Brief, model: LanguageModel, patience: Patience) -> Report | None:
    """What the model wrote, if it is so; None: there is nothing of it that may be shown."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience.whole
    question = await asyncio.to_thread(prompt.question, brief)
    gate = await asyncio.to_thread(Gate, brief.material, brief.analysis, _names(brief))
    try:
        async with asyncio.timeout_at(until):
            for retry in (False, True):
                if retry and until - loop.time() < patience.again:
                    return None
                draft = await drafting.draft(model, question, most=LONGEST_DRAFT)
                found = await asyncio.to_thread(gate.check, draft)
                if isinstance(found, Report):
                    return found
                question = prompt.again(question, lines_of(found))
    except (TimeoutError, ProviderFailed):
        return None
    return None


def _names(brief: Brief) -> str:
    return f"{brief.aim.participants} {brief.aim.user_name} {brief.aim.context} {brief.aim.goal}"
