"""What is measured: every measure with its name and unit, in the order in which they are shown, and how much of a
sample each needs. The definitions are in `docs/metrics.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.analysis.values import Confidence, Evidence, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A measure as such. Below `least` of `of` nothing is shown, below `enough` it is a hint. `label`: as a heading;
    `better`: "more", "less" or "" where neither is better as such."""

    id: str
    label: str
    unit: str
    of: str
    least: int
    enough: int
    better: str = ""


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind(id="wpm", label="Pace", unit="wpm", of="words", least=30, enough=100),
        Kind(id="articulation_rate", label="Pace without pauses", unit="wpm", of="words", least=30, enough=100),
        Kind(id="pace_variation", label="Change of pace", unit="%", of="seconds of known pace", least=30, enough=90,
             better="more"),
        Kind(id="speech_time", label="Time you spoke", unit="s", of="stretches", least=1, enough=1),
        Kind(id="turn_time", label="Time of your turns", unit="s", of="turns", least=1, enough=1),
        Kind(id="pause_rate", label="Pauses", unit="per min", of="seconds of your turns", least=30, enough=60),
        Kind(id="pause_share", label="Silence in turns", unit="%", of="seconds of your turns", least=30, enough=60),
        Kind(id="long_pauses", label="Long pauses", unit="", of="seconds of your turns", least=30, enough=60),
        Kind(id="filler_percentage", label="Fillers", unit="%", of="words", least=30, enough=200, better="less"),
        Kind(id="fillers_per_min", label="Fillers a minute", unit="per min", of="words", least=30, enough=200),
        Kind(id="filler_clusters", label="Clusters of fillers", unit="", of="words", least=30, enough=200),
        Kind(id="possible_fillers", label="Possible fillers", unit="", of="words", least=30, enough=200),
        Kind(id="pitch_variation", label="Liveliness of pitch", unit="st", of="seconds of voice", least=5, enough=20),
        Kind(id="monotone_share", label="Even pitch", unit="%", of="stretches of 8 s", least=2, enough=6,
             better="less"),
        Kind(id="volume", label="Loudness", unit="LUFS", of="seconds of speech", least=5, enough=20),
        Kind(id="volume_variation", label="Change of loudness", unit="dB", of="seconds of speech", least=10, enough=30),
        Kind(id="fade", label="Turns that fade", unit="%", of="turns", least=3, enough=8, better="less"),
        Kind(id="snr", label="Voice above the room", unit="dB", of="seconds of speech", least=5, enough=20),
        Kind(id="talk_share", label="Your share of talking", unit="%", of="seconds of speech", least=20, enough=60),
        Kind(id="longest_monologue", label="Longest stretch of yours", unit="s", of="turns", least=1, enough=1),
        Kind(id="interactivity", label="Changes of speaker", unit="per min", of="turns", least=4, enough=10),
        Kind(id="patience", label="Gap before you answer", unit="s", of="gaps", least=3, enough=8),
        Kind(id="interruptions", label="Interruptions", unit="", of="turns of the other", least=2, enough=5),
        Kind(id="active_listening", label="Signs of listening", unit="per min", of="seconds of the other's speech",
             least=30, enough=120),
        Kind(id="questions", label="Questions", unit="", of="turns", least=1, enough=5),
        Kind(id="open_questions", label="Open questions", unit="", of="questions", least=1, enough=3),
        Kind(id="follow_ups", label="Follow-up questions", unit="", of="questions", least=1, enough=3),
        Kind(id="hedges", label="Hedges", unit="per 100 words", of="words", least=50, enough=150, better="less"),
        Kind(id="repetition", label="Words said twice", unit="per 100 words", of="words", least=50, enough=150,
             better="less"),
        Kind(id="conciseness", label="Words that could go", unit="%", of="words", least=50, enough=150, better="less"),
        Kind(id="vocabulary", label="Variety of words", unit="", of="words", least=50, enough=200),
        Kind(id="sentence_length", label="Words a sentence", unit="words", of="sentences", least=5, enough=15),
        Kind(id="answer_length", label="Length of your answers", unit="s", of="answers", least=1, enough=3),
    )
}  # fmt: skip


def counted(n: int, of: str) -> str:
    """A sample in words: "1,204 words", "1 turn of the other"."""
    head, *rest = of.split(" ")
    if n == 1:
        head = _ONE.get(head, head.removesuffix("s"))
    return " ".join((f"{n:,}", head, *rest))


_ONE = {"stretches": "stretch"}


def measured(
    id: str,
    value: float | None,
    n: int,
    *,
    evidence: Sequence[Evidence] = (),
    at_best: Confidence = Confidence.OK,
    why: str = "",
) -> Measure:
    """The measure of kind `id`. It has no value where `value` is None, `n` is too small or `at_best` is NONE; `why` is
    then the reason, unless the sample was too small."""
    kind = KINDS[id]
    if value is None or at_best is Confidence.NONE or n < kind.least:
        why = why or f"It takes {kind.least} {kind.of}; there {'was' if n == 1 else 'were'} {n}."
        return Measure(id=id, value=None, unit=kind.unit, n=n, of=kind.of, confidence=Confidence.NONE, why=why)
    hint = at_best is Confidence.LOW or n < kind.enough
    return Measure(
        id=id,
        value=value,
        unit=kind.unit,
        n=n,
        of=kind.of,
        confidence=Confidence.LOW if hint else Confidence.OK,
        evidence=tuple(evidence),
    )
