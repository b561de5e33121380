"""Where in the script the speaker is, from what is heard while they speak: what a prompter needs.

The place goes forward with every word that is recognised, and never back because a recogniser changed its mind. It
leaps, ahead or back, only on evidence that grows with the distance: several words in a row that stand there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.rehearsal.alike import ENDING, cost, keys, tokens

RECENT = 7
"""Words that were heard last, by which a place is found."""
EVIDENCE = ((2, 1), (8, 2))
"""Up to how many words ahead, how many of the recent words have to fit. Ours, as are the next two."""
FAR = 4
"""The same for what is further ahead; and, within one utterance, for what lies behind."""
BETTER = 2
"""By how many words a place that lies behind has to fit better than the present one."""
MISSES, MISSES_FAR = 2, 1
"""Words that do not fit, among those that do, near the place and far from it."""
NEAR = 8
"""Words ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """In `sentence` (from 1; one more than there are at the end) the first `words` words, as they stand between blanks,
    have been said."""

    sentence: int
    words: int


class Follower:
    """Feed it what is heard, in order. A call costs some 0.2 ms for a pitch of a minute."""

    def __init__(self, sentences: Sequence[str], sentence: int = 1) -> None:
        self._sizes = [len(sentence.split()) for sentence in sentences]
        self._script = [
            (key, number, place)
            for number, sentence in enumerate(sentences, 1)
            for place, word in enumerate(sentence.split(), 1)
            for token in tokens(word)
            for key in keys(token)
        ]
        self._next = 0
        """Index of the word that is expected."""
        self._moved = 0
        """How many words the present utterance had when the place was found last: a recogniser that takes some of them
        back does not take the place back."""
        self._before: list[str] = []
        """The last words of the utterances that have ended."""
        self._found: dict[str, list[int]] = {}
        """Where in the script words stand that were heard."""
        self.again(sentence)

    @property
    def place(self) -> Place:
        """A sentence that was said to its end makes way for the next."""
        if self._next >= len(self._script):
            return Place(sentence=len(self._sizes) + 1, words=0)
        if self._next and self._script[self._next - 1][1] == self._script[self._next][1]:
            _, sentence, words = self._script[self._next - 1]
            return Place(sentence=sentence, words=words)
        return Place(sentence=self._script[self._next][1], words=0)

    def again(self, sentence: int) -> Place:
        """The speaker goes on at `sentence`, whatever was heard."""
        here = [index for index, (_, number, _) in enumerate(self._script) if number >= sentence]
        self._next = here[0] if here else len(self._script)
        self._before, self._moved = [], 0
        return self.place

    def heard(self, text: str, *, final: bool) -> Place:
        """What was understood of the present utterance so far, or, `final`, of all of it."""
        said = [key for token in tokens(text) for key in keys(token)]
        if said:
            self._move([*self._before, *said][-RECENT:], len(said))
        if final:
            self._before, self._moved = [*self._before, *said][-RECENT:], 0
        return self.place

    def _move(self, recent: Sequence[str], said: int) -> None:
        now = self._fit(self._next - 1, recent, MISSES)
        best = (float(now), 0)
        goal = self._next
        for at in self._where(recent[-1]):
            ahead = at + 1 - self._next
            fits = self._fit(at, recent, MISSES if 0 < ahead <= NEAR else MISSES_FAR) if ahead else 0
            if not fits or not self._enough(ahead, fits, now, said - self._moved):
                continue
            if (fits, -abs(ahead)) > best:
                best, goal = (fits, -abs(ahead)), at + 1
        if goal != self._next:
            self._next, self._moved = goal, said

    @staticmethod
    def _enough(ahead: int, fits: int, now: int, fresh: int) -> bool:
        if ahead < 0:
            return min(fits, fresh) >= FAR and fits >= now + BETTER
        return fits >= next((needed for within, needed in EVIDENCE if ahead <= within), FAR)

    def _fit(self, at: int, recent: Sequence[str], most: int) -> int:
        """How many of the words heard last are those that end at `at`, the very last of them included and
        at most `most` others among them."""
        if at < 0 or not self._same(at, recent[-1]):
            return 0
        fits, misses, back = 1, 0, len(recent) - 2
        at -= 1
        while at >= 0 and back >= 0 and misses <= most:
            if self._same(at, recent[back]):
                fits, at, back = fits + 1, at - 1, back - 1
                continue
            misses += 1
            if back and self._same(at, recent[back - 1]):
                back -= 1
            elif at and self._same(at - 1, recent[back]):
                at -= 1
            else:
                at, back = at - 1, back - 1
        return fits

    def _where(self, word: str) -> Sequence[int]:
        if word not in self._found:
            self._found[word] = [at for at in range(len(self._script)) if self._same(at, word)]
        return self._found[word]

    def _same(self, at: int, word: str) -> bool:
        return cost(self._script[at][0], word) <= ENDING
