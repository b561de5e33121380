"""Two pocketsphinx decoders that hear the same audio: one knows English at large, one only the words expected.

Reading a known script, the script decoder makes a tenth of the generic one's errors; on anything else it forces what
was said into the script's words. `BothDecoders` tells the two cases apart. Everything here computes while it holds the
interpreter lock, so it belongs in a process of its own (`sphinx_worker`).
"""

from __future__ import annotations

import math
import re
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from engine.audio import HEARING_RATE, SAMPLE_BYTES
from engine.providers.child_worker import Heard, HeardWord

BLOCK = HEARING_RATE // 10 * SAMPLE_BYTES
"""Bytes of 100 ms: decoding in smaller blocks costs more, in larger ones delays interim results."""

MARGIN = 0.05
"""How much better a second of audio must fit the script (difference of the path scores' logarithms). Anything from
0.02 to 0.10 separated readings from questions on the sentences it was chosen on."""

BEAMS = {"maxhmmpf": 6000, "fwdflat": False, "loglevel": "FATAL"}
"""One pass with a bounded beam: as few errors as the widest, but noise cannot make decoding fall behind, and the final
result is there 50 ms after the last word."""

LEARN = 6.0
"""Seconds of a speaker's first words that are decoded twice: once while they are spoken, then again when speaker and
microphone are known from them. On human voices that takes the errors from 47 to 26 in a hundred words; it costs the
first turn at most a second."""

FRAME = 0.01
"""Seconds of a pocketsphinx frame."""

FRAME_BYTES = BLOCK // 10

HISS = array("h", (round(Random(at).gauss(0, 5)) for at in range(BLOCK // SAMPLE_BYTES))).tobytes()
"""What is heard in place of digital silence: the models know no room without any sound, and take the first word after
one for another. A quarter of the errors on speech from programs and from browsers that suppress noise."""

LONGEST_SPELLED = 5
"""Letters of a word in capitals that may be spelled; longer ones are shouted."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,](?=\d)[^\W_]+|'[^\W_]+)*")
_PLAIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_VARIANT = re.compile(r"\(\d+\)$")

Pronounce = Callable[[str], str]
"""A word as written to its ARPAbet phones, space-separated; "" where it has none."""
Lexicon = dict[str, list[str]]
"""A lower-case word to all its pronunciations."""


def tokens(sentence: str) -> list[str]:
    """The words of a sentence as written, without punctuation and mark-up. Numbers stay figures: "1,200" is one."""
    return _TOKEN.findall(sentence.replace("’", "'"))


def with_hiss(block: bytes) -> bytes:
    """`block` (a `BLOCK` at most) with a faint hiss where a whole frame is digital silence."""
    frames = ((at, block[at : at + FRAME_BYTES]) for at in range(0, len(block), FRAME_BYTES))
    return b"".join(frame if any(frame) else HISS[at : at + len(frame)] for at, frame in frames)


class Decoder:
    """One pocketsphinx decoder at work on one turn at a time."""

    def __init__(self, **files: str | bool | None) -> None:
        self._sphinx = _sphinx(**files)

    def channel(self) -> str:
        """How this speaker and microphone colour the sound (cepstral means)."""
        return str(self._sphinx.get_cmn(True))

    def begin(self, channel: str) -> None:
        """Start a turn of a speaker with that `channel`."""
        self._sphinx.set_cmn(channel)
        self._sphinx.start_utt()

    def hear(self, block: bytes) -> None:
        self._sphinx.process_raw(block)

    def end(self) -> None:
        self._sphinx.end_utt()

    def text(self) -> str:
        best = self._sphinx.hyp()
        return "" if best is None else str(best.hypstr)

    def score(self) -> float:
        """Logarithm of the best path's score; minus infinity where there is no path."""
        best = self._sphinx.hyp()
        return math.log(best.score) if best is not None and best.hypstr and best.score > 0 else -math.inf

    def words(self) -> tuple[HeardWord, ...]:
        """The words of the finished turn, without silences and noises."""
        return tuple(
            HeardWord(
                text=_VARIANT.sub("", part.word),
                start=part.start_frame * FRAME,
                end=(part.end_frame + 1) * FRAME,
                confidence=min(1.0, part.prob),
            )
            for part in self._sphinx.seg() or ()
            if part.word[0] not in "<["
        )

    def pronunciations(self, word: str) -> list[str]:
        """All that the dictionary has for a lower-case word; empty where it is unknown."""
        found: list[str] = []
        while phones := self._sphinx.lookup_word(word if not found else f"{word}({len(found) + 1})"):
            found.append(phones)
        return found

    def frequencies(self) -> Iterator[tuple[str, float]]:
        """All plain words of the dictionary that the language model knows, and how likely each is anywhere."""
        import pocketsphinx

        known, log = self._sphinx.get_lm(), self._sphinx.get_logmath()
        with Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).open(encoding="utf-8") as dictionary:
            for line in dictionary:
                word = line.split(maxsplit=1)[0]
                if _PLAIN.fullmatch(word) and (likely := known.prob([word])) > log.get_zero():
                    yield word, log.exp(likely)


class ChannelMeter:
    """Measures a speaker's channel. It listens for one sound only, so that it costs 3 % of the audio's length."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            words = Path(directory, "one.dict")
            words.write_text("a AH\n", encoding="utf-8")
            self._sphinx = _sphinx(dict=str(words), keyphrase="a", lm=None)
        self.nobody = str(self._sphinx.get_cmn(False))
        """The channel of one not heard yet: the model's own."""

    def measure(self, pcm: bytes) -> str:
        self._sphinx.set_cmn(self.nobody)
        self._sphinx.start_utt()
        self._sphinx.process_raw(pcm, full_utt=True)
        self._sphinx.end_utt()
        return str(self._sphinx.get_cmn(True))


def _sphinx(**files: str | bool | None) -> Any:  # noqa: ANN401  (the package has no types)
    import pocketsphinx

    return pocketsphinx.Decoder(samprate=HEARING_RATE, **BEAMS, **files)


def script_decoder(sentences: Iterable[str], generic: Decoder, pronounce: Pronounce) -> Decoder | None:
    """A decoder for these sentences' words and their order; None where nothing in them can be pronounced."""
    model, lexicon = script_model(sentences, generic, pronounce)
    if not model.prob_1:
        return None
    with tempfile.TemporaryDirectory() as directory:
        language, words = Path(directory, "script.arpa"), Path(directory, "script.dict")
        model.write_file(str(language))
        words.write_text("".join(entries(lexicon)), encoding="utf-8")
        return Decoder(lm=str(language), dict=str(words))


def script_model(sentences: Iterable[str], generic: Decoder, pronounce: Pronounce) -> tuple[Any, Lexicon]:
    """The words of these sentences and their order, as an `ArpaBoLM`, and how they sound."""
    from pocketsphinx.lm import ArpaBoLM

    lexicon: Lexicon = {}
    lines: list[str] = []
    for sentence in sentences:
        written = tokens(sentence)
        for word in written:
            if word.lower() not in lexicon:
                lexicon[word.lower()] = _phones(word, generic, pronounce)
        kept = [word.lower() for word in written if lexicon[word.lower()]]
        if kept:
            lines.append(f"<s> {' '.join(kept)} </s>\n")
    model = ArpaBoLM(sentfile=StringIO("".join(lines)))
    if lines:
        model.compute()
    return model, lexicon


def _phones(word: str, generic: Decoder, pronounce: Pronounce) -> list[str]:
    """How a word may sound: by the dictionary, else by rule. Capitals are spelled as well: some say "F A Q"."""
    variants = generic.pronunciations(word.lower())
    if not variants:
        variants = [pronounce(word)]
    if word.isupper() and 1 < len(word) <= LONGEST_SPELLED:
        variants.append(" ".join(pronounce(letter) for letter in word))
    return [phones for phones in dict.fromkeys(variants) if phones]


def entries(lexicon: Lexicon) -> Iterable[str]:
    for word, variants in lexicon.items():
        for number, phones in enumerate(variants, 1):
            yield f"{word if number == 1 else f'{word}({number})'} {phones}\n"


class BothDecoders:
    """Both decoders on one turn (`Hearing`): audio in blocks, the better hypothesis out. `channel` is what the end of
    the speaker's last turn gave, "" for one not heard before."""

    def __init__(self, generic: Decoder, script: Decoder | None, meter: ChannelMeter, channel: str) -> None:
        self._both = [generic] if script is None else [generic, script]
        self._meter = meter
        self._known = bool(channel)
        self._heard = bytearray()
        self._left = b""
        self._bytes = 0
        self._begin(channel or meter.nobody)

    @property
    def seconds(self) -> float:
        return self._bytes / SAMPLE_BYTES / HEARING_RATE

    def hear(self, pcm: bytes) -> None:
        self._left += pcm
        while len(self._left) >= BLOCK:
            self._decode(self._left[:BLOCK])
            self._left = self._left[BLOCK:]
        if self.seconds >= LEARN:
            self._learn()

    def text(self) -> str:
        return self.leader().text()

    def end(self) -> Heard:
        """Decoders must be ended before they can begin again."""
        if self._left:
            self._decode(self._left)
        self._learn()
        self._finish()
        words = self.leader().words()
        return Heard(text=" ".join(word.text for word in words), words=words, channel=self._both[0].channel())

    def drop(self) -> None:
        self._finish()

    def leader(self) -> Decoder:
        """The decoder to believe: the script's only if the audio fits it clearly better."""
        if len(self._both) == 1 or not self._bytes:
            return self._both[0]
        generic, script = self._both
        if script.score() == -math.inf:
            return generic
        return script if (script.score() - generic.score()) / self.seconds > MARGIN else generic

    def _learn(self) -> None:
        """Measure an unknown channel and decode anew what was heard so far."""
        if self._known or not self._heard:
            return
        self._known = True
        heard, self._heard, self._bytes = bytes(self._heard), bytearray(), 0
        self._finish()
        self._begin(self._meter.measure(heard))
        for at in range(0, len(heard), BLOCK):
            self._decode(heard[at : at + BLOCK])

    def _begin(self, channel: str) -> None:
        for decoder in self._both:
            decoder.begin(channel)

    def _finish(self) -> None:
        for decoder in self._both:
            decoder.end()

    def _decode(self, block: bytes) -> None:
        block = with_hiss(block)
        self._bytes += len(block)
        if not self._known:
            self._heard += block
        for decoder in self._both:
            decoder.hear(block)
