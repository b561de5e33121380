"""A script as it is really read: pocketsphinx with a model of the script that leaves room for any other word.

A decoder that knows the script's words only hears them whatever is said, one that knows English at large hears the
script badly. This one knows the script's words in their order and, less likely, some 10,000 others anywhere. Where
what it heard departs from the script, the script's own words are laid over the same sound, and kept unless the others
fit clearly better. What is said beside the script is heard as roughly as anything is.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from heapq import nlargest
from pathlib import Path

from engine.providers.child_worker import Heard, HeardWord
from engine.providers.sphinx_decoders import (
    BLOCK,
    BothDecoders,
    ChannelMeter,
    Decoder,
    Pronounce,
    entries,
    script_model,
    tokens,
)

WORDS = 10_000
"""Of English at large, the most frequent ones: with 5,000 more of what is said beside the script is misheard, with
20,000 as much, at half as much again of the cost."""
ROOM = 0.1
"""Of what the script's model leaves for words that it does not expect, how much is for others than its own."""
CLEARLY = 150.0
"""How much better (difference of the natural logarithms of the sound's likelihoods) other words must fit. Of 12 changes
made to the sample pitch, read by espeak-ng, and 5 to human readings, most were at 245 to 920, one at 130; what had only
been misheard was at 8 to 125."""
FEW = (3, 4)
"""Words of the script and words that were heard: more than that are not misheard in a row."""
AROUND = 2
"""Words on either side that are laid over the sound too, since borders between words move."""
UNLIKELY = -720.0
"""Logarithm of a likelihood that is too small to be told."""


class OpenDecoder(Decoder):
    """Knows `sentences`, and more. Costs 0.16 s per second of audio."""

    def __init__(
        self, sentences: Sequence[str], generic: Decoder, others: Mapping[str, float], pronounce: Pronounce
    ) -> None:
        model, lexicon = script_model(sentences, generic, pronounce)
        for word, share in others.items():
            model.prob_1[word] = model.prob_1.get(word, 0.0) + (1 - model.deflator) * ROOM * share
            model.alpha_1.setdefault(word, 1.0)
            if word not in lexicon:
                lexicon[word] = generic.pronunciations(word)
        model.count_1 = len(model.prob_1)
        self.script = [token.lower() for sentence in sentences for token in tokens(sentence) if lexicon[token.lower()]]
        with tempfile.TemporaryDirectory() as directory:
            language, words = Path(directory, "open.arpa"), Path(directory, "open.dict")
            model.write_file(str(language))
            words.write_text("".join(entries(lexicon)), encoding="utf-8")
            super().__init__(lm=str(language), dict=str(words))
            self.judge = Judge(dict=str(words), keyphrase=self.script[0], lm=None, compallsen=True)


class Judge(Decoder):
    """Tells how well words explain a sound. Likelihoods of different words can be compared only where they are seen
    against all sounds that there are: it hears at twice the cost, and only a second or two."""

    def likelihood(self, words: Sequence[str], channel: str, pcm: bytes) -> float | None:
        """Logarithm of how well exactly these words explain the sound; None: not at all."""
        self._sphinx.set_align_text(" ".join(words))
        self.begin(channel)
        self._sphinx.process_raw(pcm, full_utt=True)
        self.end()
        parts = list(self._sphinx.seg() or ())
        if [part.word.partition("(")[0] for part in parts if part.word[0] not in "<["] != list(words):
            return None
        return sum(math.log(part.ascore) if part.ascore > 0 else UNLIKELY for part in parts)


def frequent(generic: Decoder) -> dict[str, float]:
    """The most frequent words of English, and their shares of it."""
    found = nlargest(WORDS, generic.frequencies(), key=lambda word: word[1])
    whole = sum(share for _, share in found)
    return {word: share / whole for word, share in found}


class Verbatim(BothDecoders):
    """One turn (`Hearing`)."""

    def __init__(self, decoder: OpenDecoder, meter: ChannelMeter, channel: str) -> None:
        self._open = decoder
        self._all = bytearray()
        super().__init__(decoder, None, meter, channel)

    def end(self) -> Heard:
        channel = self._channel
        heard = super().end()
        channel = self._channel or channel
        words = self._corrected(list(heard.words), channel)
        return Heard(text=" ".join(word.text for word in words), words=tuple(words), channel=heard.channel)

    def _begin(self, channel: str) -> None:
        self._channel = channel
        self._all.clear()
        super()._begin(channel)

    def _decode(self, block: bytes) -> None:
        super()._decode(block)
        self._all += block

    def _corrected(self, words: list[HeardWord], channel: str) -> list[HeardWord]:
        for written, first, last in reversed(list(self._departures([word.text for word in words]))):
            if not self._meant(written, words, first, last, channel):
                words[first:last] = _laid(written, words, first, last)
        return words

    def _departures(self, heard: Sequence[str]) -> Iterator[tuple[Sequence[str], int, int]]:
        """What the script has in place of which few of the words that were heard, between words that it has too."""
        script = self._open.script
        codes = SequenceMatcher(None, script, heard, autojunk=False).get_opcodes()
        for tag, i1, i2, j1, j2 in codes[1 if codes and codes[0][0] == "delete" else 0 :]:
            inside = j1 > 0 and j2 < len(heard)
            if tag != "equal" and i2 > i1 and i2 - i1 <= FEW[0] and j2 - j1 <= FEW[1] and (inside or j2 > j1):
                yield script[i1:i2], j1, j2

    def _meant(self, written: Sequence[str], words: Sequence[HeardWord], first: int, last: int, channel: str) -> bool:
        """Whether what was heard was clearly said, and not what was written."""
        begin, end = max(0, first - AROUND), min(len(words), last + AROUND)
        texts = [word.text for word in words]
        pcm = self._sound(words[begin].start, words[end - 1].end)
        as_heard = self._open.judge.likelihood(texts[begin:end], channel, pcm)
        as_written = self._open.judge.likelihood([*texts[begin:first], *written, *texts[last:end]], channel, pcm)
        if as_written is None:
            return as_heard is not None
        return as_heard is not None and as_heard - as_written > CLEARLY

    def _sound(self, start: float, end: float) -> bytes:
        per_second = BLOCK * 10
        return bytes(self._all[round(start * 100) * per_second // 100 : round(end * 100) * per_second // 100])


def _laid(written: Sequence[str], words: Sequence[HeardWord], first: int, last: int) -> list[HeardWord]:
    """`written` in the time of the words from `first` to `last`, each by its letters."""
    start = words[first].start if last > first else words[first - 1].end
    end = words[last - 1].end if last > first else words[first].start if first < len(words) else start
    sure = min((word.confidence for word in words[first:last]), default=0.5)
    whole = sum(map(len, written))
    laid: list[HeardWord] = []
    for word in written:
        step = (end - start) * len(word) / whole
        at = laid[-1].end if laid else start
        laid.append(HeardWord(text=word, start=at, end=at + step, confidence=sure))
    return laid
