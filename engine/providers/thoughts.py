"""Local models that think aloud write it between `<think>` and `</think>`, before what they want to say."""

from __future__ import annotations

OPENS, CLOSES = "<think>", "</think>"


class WithoutThoughts:
    """A text that is being written, without the thoughts at its start: nobody should hear them."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"

    def push(self, piece: str) -> str:
        """Take the next piece; what of the text can be said now, often nothing."""
        if self._state == "said":
            return piece
        self._held += piece
        if self._state == "start":
            begun = self._held.lstrip()
            if begun.startswith(OPENS):
                self._state, self._held = "thinking", begun[len(OPENS) :]
            elif not OPENS.startswith(begun):
                return self._release(self._held)
        if self._state == "thinking":
            thought, closed, rest = self._held.partition(CLOSES)
            if closed:
                self._state, self._held = "after", rest
            else:
                self._held = thought[-len(CLOSES) :]
        if self._state == "after" and self._held.strip():
            return self._release(self._held.lstrip())
        return ""

    def flush(self) -> str:
        """The text is complete: what was held back of it. A thought without an end is none of it."""
        return self._release(self._held) if self._state == "start" else ""

    def _release(self, text: str) -> str:
        self._state, self._held = "said", ""
        return text
