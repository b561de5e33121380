"""What OpenAI's transcription models are told before they hear: to write every "um" down, names, the language."""

from __future__ import annotations

from typing import Any

from engine.providers.base import Expectation
from engine.providers.key_terms import key_terms
from engine.words import normal

VERBATIM = (
    "Write down every word exactly as it is said, with every um, uh, er, hm, repetition, false start and unfinished "
    "word. Correct nothing and leave nothing out."
)
"""For models that follow a prompt."""
IN_THE_SAME_STYLE = "Um, so, uh, what I, what I mean is, er, hm, it, it does work, you know."
"""For models of Whisper's kind, which take a prompt for what was said just before, and go on writing like that."""
ECHOED = 4
"""Words of that prompt in a row that are no speech: such models repeat it where they hear nothing."""


def follows(model: str) -> bool:
    """Whether `model` does what a prompt says."""
    return model.startswith("gpt-")


def told(model: str, expect: Expectation) -> dict[str, Any]:
    """The parameters that prepare `model`. Only its newest kind takes terms and several languages."""
    if model.startswith(("gpt-transcribe", "gpt-live-transcribe")):
        terms = key_terms(expect)
        biased: dict[str, Any] = {"languages": [expect.language], "prompt": VERBATIM}
        return biased | ({"keywords": list(terms)} if terms else {})
    if model.startswith("gpt-realtime-whisper"):
        return {"language": expect.language}
    prompt = VERBATIM if follows(model) else IN_THE_SAME_STYLE
    if terms := key_terms(expect):
        prompt = f"{', '.join(terms)}. {prompt}"
    return {"language": expect.language, "prompt": prompt}


def is_echo(model: str, text: str) -> bool:
    """Whether `text` is what `model` was told, not what it heard."""
    heard = normal(text)
    if follows(model) or len(heard) < ECHOED:
        return False
    return f" {' '.join(heard)} " in f" {' '.join(normal(IN_THE_SAME_STYLE))} "
