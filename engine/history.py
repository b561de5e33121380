"""What was said, for whoever thinks of the next reply: the assistant's side as heard, never as planned."""

from __future__ import annotations

from collections.abc import Sequence

from engine.providers.base import ChatLine

CUT = " —"
"""Marks, for a language model, a line that the listener cut off."""


class History:
    """Grows only. Consecutive lines of one side become one."""

    def __init__(self) -> None:
        self._lines: list[ChatLine] = []

    def said(self, text: str) -> None:
        """The listener's words."""
        self._add("user", text)

    def heard(self, text: str, *, interrupted: bool = False) -> None:
        """The assistant's words that were heard; nothing where none were."""
        if text:
            self._add("assistant", text + CUT if interrupted else text)

    @property
    def lines(self) -> Sequence[ChatLine]:
        return tuple(self._lines)

    def _add(self, role: str, text: str) -> None:
        if self._lines and self._lines[-1].role == role:
            text = f"{self._lines.pop().text} {text}"
        self._lines.append(ChatLine(role=role, text=text))
