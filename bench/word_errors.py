"""How well the offline recogniser hears: `python -m bench.word_errors`.

Word error rates on recorded human voices, with their words known and unknown, and what becomes of questions about the
sample pitch that nobody wrote down beforehand, spoken by a synthesizer (flite where it is installed: it is closer to
a person than espeak-ng).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from pathlib import Path

from bench.recordings import pcm, readings
from engine.audio import Pcm, silence
from engine.knowledge import Knowledge
from engine.providers.base import Expectation, TextToSpeech, Transcript, Voice
from engine.providers.offline_espeak import EspeakVoice
from engine.providers.offline_sphinx import SphinxEars
from engine.providers.offline_system import SystemVoice
from engine.sentences import split

PITCH = Path(__file__).parents[1] / "data" / "pitches"

QUESTIONS = (
    ("How much does it cost?", "costs nothing"),
    ("Can I use it without the internet?", "on your own computer"),
    ("What languages does it speak?", "English for now"),
    ("Do I need an A P I key?", "without any key"),
    ("Where do my recordings go?", "nothing leaves your computer"),
    ("Does it work on my phone?", "the screen of a phone"),
    ("What happens if I cough?", "A cough does not lose the place"),
    ("Which browsers does it run in?", "Any current browser"),
    ("Can I change the source code?", "You may use, change and sell it"),
    ("Is my voice sent to a server?", "nothing leaves your computer"),
)
"""Questions and a piece of the passage that answers each. Most are worded otherwise than in the
notes; letters apart are spelled (flite reads "API" as a word)."""


def word_errors(heard: Sequence[str], said: Sequence[str]) -> int:
    """Substitutions, deletions and insertions (Levenshtein distance in words)."""
    row = list(range(len(said) + 1))
    for i, word in enumerate(heard, 1):
        previous, row[0] = row[0], i
        for j, meant in enumerate(said, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != meant))
    return row[-1]


def words(text: str) -> list[str]:
    """Lower-case words without punctuation; the recogniser writes "mr", the reader says "mister"."""
    return [{"mr": "mister"}.get(word, word) for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower())]


async def hear(ears: SphinxEars, clips: Sequence[Pcm], expect: Sequence[str]) -> list[Transcript]:
    """Each clip as one turn of one listener."""
    heard: list[Transcript] = []
    async with ears.listen(Expectation(sentences=tuple(expect))) as listening, asyncio.timeout(120):
        for turn, clip in enumerate(clips, 1):
            listening.push(clip, turn)
            listening.finish(turn)
            async for transcript in listening:
                if transcript.final:
                    heard.append(transcript)
                    break
    return heard


async def readings_table(ears: SphinxEars) -> None:
    known = [reading for reading in readings() if reading.path.name.startswith("austen")]
    speech = [reading for reading in readings() if reading not in known]
    if not known:
        print("no recordings of human voices beside the repository: their word error rates are left out")
        return
    script = [reading.words for reading in known]
    for title, which, expect in (
        ("five readings, words known", known, script),
        ("five readings, words unknown", known, []),
        ("five readings, other words expected", known, sample_pitch()),
        ("a speech in a hall, words unknown", speech, []),
        ("a speech in a hall, words known", speech, [reading.words for reading in speech]),
    ):
        clips = [pcm(reading.path) for reading in which]
        begun = time.perf_counter()
        heard = await hear(ears, clips, expect)
        share = (time.perf_counter() - begun) / sum(clip.seconds for clip in clips)
        said = [words(reading.words) for reading in which]
        errors = sum(word_errors(words(h.text), s) for h, s in zip(heard, said, strict=True))
        total = sum(map(len, said))
        print(f"{title:38} {errors:3} of {total} words wrong: {100 * errors / total:5.1f}%  {share:5.2f} s per second")


def sample_pitch() -> list[str]:
    """The sentences that are expected in a conversation about the sample pitch: its own and its notes'."""
    notes = (PITCH / "rostrum.notes.md").read_text("utf-8")
    return [*split((PITCH / "rostrum.md").read_text("utf-8")), *split(re.sub(r"\*\*[QA]:\*\*", "", notes))]


async def spoken(voice: TextToSpeech, name: str, text: str) -> Pcm:
    """`text` as audio, with the silence at both ends that a turn from a microphone has."""
    chunks = [chunk.pcm async for chunk in voice.speak(text, Voice(name=name))]
    rate = chunks[0].rate
    sound = b"".join(chunk.data for chunk in chunks)
    return Pcm(silence(0.3, rate).data + sound + silence(0.3, rate).data, rate)


async def questions_table(ears: SphinxEars) -> None:
    pitch, notes = ((PITCH / name).read_text("utf-8") for name in ("rostrum.md", "rostrum.notes.md"))
    knowledge = Knowledge(split(pitch), notes)
    voice, label = await asyncio.to_thread(speaker)
    name = "en-us-clear" if isinstance(voice, EspeakVoice) else ""
    print(f"\nquestions spoken by {label}")
    clips = [await spoken(voice, name, question) for question, _ in QUESTIONS]
    found = 0
    for (question, wanted), heard in zip(QUESTIONS, await hear(ears, clips, sample_pitch()), strict=True):
        passages = knowledge.search(heard.text)
        right = bool(passages) and wanted.lower() in passages[0].text.lower()
        found += right
        print(f"{question:36} heard: {heard.text:36} {'found' if right else 'NOT FOUND'}")
    print(f"{found} of {len(QUESTIONS)} passages found")


def speaker() -> tuple[TextToSpeech, str]:
    """The most human synthesizer here, and what to call it."""
    voice = SystemVoice.find() or EspeakVoice()
    return voice, voice.about.label


async def main() -> None:
    ears = SphinxEars()
    try:
        await readings_table(ears)
        await questions_table(ears)
    finally:
        await ears.close()


if __name__ == "__main__":
    asyncio.run(main())
