"""Whether a model that was told to read something aloud does. Pure functions of what is written and what is said."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from engine.words import normal

CERTAIN = 2
"""Words that have to be those that are written before the first of them sounds: "Sure! Here it is:" must not."""
ONE_IN = 6
"""Of so many words one may differ once there are as many: transcripts spell some of them differently."""

_NUMBER, _SHORT, _SIGN = re.compile(r"\d"), re.compile(r"^[^\W\d_]{1,4}\.$"), re.compile(r"[&+=%@#$€£]")
"""What is not written as it is spoken: "23rd", "Dr.", "%"."""


class Reading:
    """`written` is read; `said` grows with the transcript."""

    def __init__(self, written: str) -> None:
        self._written: tuple[str, ...] = ()
        self._loose: list[int] = [0]
        """Into how many words those of so many first ones may turn that are not written as they are spoken."""
        self._odd = 0
        """How many these are."""
        loose = 0
        for run in written.split():
            words, freedom = normal(run), _freedom(run)
            loose, self._odd = loose + freedom, self._odd + (freedom > 0)
            self._written += words
            self._loose += [loose] * len(words)
        self._said = ""
        self._checked = 0
        self.strayed = False
        """What is said is not what is written."""
        self.certain = False
        """Enough was said to be sure that it is being read."""

    @property
    def silent(self) -> bool:
        """No transcript has come."""
        return not self._said

    def push(self, delta: str) -> None:
        """More is said, maybe half a word."""
        self._said += delta
        whole, last = normal(self._said), self._said[-1:]
        if last.isalnum() or last in "'’-":
            whole = whole[:-1]
        if len(whole) > self._checked:
            self._checked = len(whole)
            self._check(whole, self._written[: len(whole) + self._allowed(len(whole))])
            self.certain = len(whole) >= CERTAIN and not self.strayed

    def finish(self, transcript: str = "") -> None:
        """All is said. `transcript` of all of it, where there is one."""
        self._said = transcript or self._said
        if not self._said:
            return
        said = normal(self._said)
        self._check(said, self._written)
        missing = len(self._written) - self._same(said, self._written)
        self.strayed = self.strayed or missing > self._odd + len(self._written) // ONE_IN
        self.certain = not self.strayed

    def _check(self, said: tuple[str, ...], written: tuple[str, ...]) -> None:
        self.strayed = self.strayed or len(said) - self._same(said, written) > self._allowed(len(said))

    def _allowed(self, words: int) -> int:
        words = min(words, len(self._written))
        return self._loose[words] + words // ONE_IN

    def _same(self, said: tuple[str, ...], written: tuple[str, ...]) -> int:
        """How many words of the one are those of the other, in order."""
        blocks = SequenceMatcher(None, said, written, autojunk=False).get_matching_blocks()
        return sum(block.size for block in blocks)


def _freedom(run: str) -> int:
    """Words that `run` may turn into when it is spoken, beyond those that are written: "23" is three in some mouths."""
    digits, signs = len(_NUMBER.findall(run)), len(_SIGN.findall(run))
    return (digits + 1 if digits else 0) + signs + (_SHORT.search(run) is not None)
