"""What every VoiceActivityDetector must do: subclass it in a test file and give it `activity` and `speech` fixtures."""

from __future__ import annotations

from collections.abc import Sequence

from engine.audio import HEARING_RATE, Pcm, silence
from engine.providers.base import Detector, SpeechEdge, VoiceActivityDetector

QUIET = 1.0
LATE = 0.6
"""Seconds by which an edge may be put beside the sound: speech begins softly, and ends with a breath."""


def fed(detector: Detector, clip: Pcm, samples: int = 320) -> list[SpeechEdge]:
    """All edges of `clip`, fed so many samples at a time."""
    edges: list[SpeechEdge] = []
    for at in range(0, len(clip.data), samples * 2):
        found = list(detector.feed(Pcm(clip.data[at : at + samples * 2], HEARING_RATE)))
        edges += found
        if found:
            assert detector.speaking is found[-1].onset
    return edges


def between(speech: Pcm, times: int = 1) -> Pcm:
    """`speech` with silence before and behind it."""
    quiet = silence(QUIET, HEARING_RATE).data
    return Pcm(quiet + (speech.data + quiet) * times, HEARING_RATE)


def same(one: Sequence[SpeechEdge], other: Sequence[SpeechEdge]) -> bool:
    """Edges to a frame."""
    return [edge.onset for edge in one] == [edge.onset for edge in other] and all(
        abs(a.at - b.at) < 0.05 for a, b in zip(one, other, strict=True)
    )


class VoiceActivityConformance:
    """`speech` is a second or more at 16 kHz that the detector takes for it, without a pause."""

    def test_it_says_what_it_is(self, activity: VoiceActivityDetector) -> None:
        assert activity.about.name
        assert activity.about.label

    def test_speech_has_an_onset_and_an_end_each_time(self, activity: VoiceActivityDetector, speech: Pcm) -> None:
        detector, clip = activity.open(), between(speech, times=2)
        edges = fed(detector, clip)
        assert [edge.onset for edge in edges] == [True, False] * 2
        assert [edge.at for edge in edges] == sorted(edge.at for edge in edges)
        assert all(0.0 <= edge.at <= clip.seconds for edge in edges)
        for number, edge in enumerate(edges):
            begins = QUIET + (number // 2) * (speech.seconds + QUIET)
            assert abs(edge.at - (begins if edge.onset else begins + speech.seconds)) < LATE
        assert not detector.speaking

    def test_silence_is_none(self, activity: VoiceActivityDetector) -> None:
        detector = activity.open()
        assert fed(detector, silence(3.0, HEARING_RATE)) == []
        assert list(detector.feed(Pcm(b"", HEARING_RATE))) == []
        assert not detector.speaking

    def test_the_length_of_the_pieces_does_not_matter(self, activity: VoiceActivityDetector, speech: Pcm) -> None:
        clip = between(speech)
        edges = fed(activity.open(), clip)
        for samples in (160, 333, 512, 100_000_000):
            assert same(fed(activity.open(), clip, samples), edges), samples

    def test_each_listener_has_one_of_their_own(self, activity: VoiceActivityDetector, speech: Pcm) -> None:
        one, two = activity.open(), activity.open()
        fed(one, between(speech).cut(0.0, QUIET + speech.seconds * 0.8))
        assert one.speaking
        assert not two.speaking
        assert same(fed(two, between(speech)), fed(activity.open(), between(speech)))
