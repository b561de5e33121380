"""The recorded human voices that benchmarks and tests listen to; they lie beside the repository, not in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.audio import HEARING_RATE, Pcm

AUDIO = Path(__file__).parents[2] / "shared" / "audio"


@dataclass(frozen=True, slots=True)
class Reading:
    """A recording and the words in it, lower-case and without punctuation."""

    path: Path
    words: str


def readings() -> list[Reading]:
    """Every recording whose words are known, by the table that lies beside them; none where they are absent."""
    if not (AUDIO / "README.md").is_file():
        return []
    rows = [line.split("|") for line in (AUDIO / "README.md").read_text().splitlines() if line.startswith("| `")]
    return sorted(
        (Reading(AUDIO / row[1].strip(" `"), row[3].strip()) for row in rows if "`" not in row[3]),
        key=lambda reading: reading.path,
    )


def pcm(path: Path) -> Pcm:
    """A recording, 16 kHz mono."""
    import av

    to_16k = av.AudioResampler("s16", "mono", HEARING_RATE)
    with av.open(str(path)) as container:
        frames = [heard for frame in container.decode(audio=0) for heard in to_16k.resample(frame)]
    frames += to_16k.resample(None)
    return Pcm(b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames), HEARING_RATE)
