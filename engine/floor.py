"""The floor: who may speak when, as one value a scenario chooses, and what an utterance over the agent means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from engine.words import Words, normal

LONGEST = 60.0
"""Seconds of one turn at most: what every speech to text takes at once."""


class Verdict(StrEnum):
    """What to do about what was said."""

    TURN = "turn"
    STOP = "stop"
    GO_ON = "go_on"
    NOISE = "noise"
    BACKCHANNEL = "backchannel"
    ECHO = "echo"
    CUT_OFF = "cut_off"
    """The agent cut in and the listener gave way: kept, and the agent finishes what it cut in with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How a scenario shares the floor with its listener. Times in seconds.

    `patience`: silence after speech before a turn is over; on top of the detector's own hangover of about 0.25 s.
    `transcript_wait`: how long the words of a finished turn may take before the conversation goes on without them;
    `upload_wait`: and so much longer for each second of it that was uploaded, not heard while it was spoken. (The
    offline recogniser takes 0.15 on an idle machine.)
    `longest_turn`: an onset without an end is closed after this, whatever the detector says.
    `audio_gap`: silence by absence: this long without any audio ends speech.
    `least_confidence`: a transcript below it is noise; offline recognisers give wrong words 0.45 and right ones 0.93
    (medians), and a cough less.
    `echo_share`: this share of at least three words found in order in what the agent is just saying is an echo.
    `ordinary_patience`: up to so much patience a recogniser that is sure that a turn is over ends it sooner; whoever
    grants longer pauses means it. (That of a persona of whom nothing else is said.)
    `hangover`: the detector finds silence so late; what a recogniser was sure of within it is said of the silence.
    `directed`: "stop" and "go on" direct an agent that has nothing to say, too, as a pitch is played. In a talk they
    are then something that was said.
    `yields`: the agent has cut in, and the listener speaks on for so long: it gives the floor back.
    `words`: what a backchannel is decides over the agent only: when the floor is free, "yes" is an answer.
    """

    words: Words
    patience: float = 0.45
    transcript_wait: float = 6.0
    upload_wait: float = 1.0
    longest_turn: float = LONGEST
    audio_gap: float = 0.7
    least_confidence: float = 0.3
    echo_share: float = 0.8
    ordinary_patience: float = 0.9
    hangover: float = 0.3
    directed: bool = True
    yields: float = math.inf

    def verdict(self, text: str, *, confidence: float, over_agent: bool, lately: str, agent_busy: bool) -> Verdict:
        """What `text` means for the floor. `over_agent`: the agent was speaking, `lately` is what it was saying;
        `agent_busy`: it has something to say, spoken or paused."""
        if not normal(text) or confidence < self.least_confidence:
            return Verdict.NOISE
        directs = self.directed or agent_busy
        if directs and self.words.is_stop(text):
            return Verdict.STOP
        if directs and self.words.is_go_on(text):
            return Verdict.GO_ON
        if over_agent and self.words.is_backchannel(text):
            return Verdict.BACKCHANNEL
        if over_agent and _is_echo(normal(text), normal(lately), self.echo_share):
            return Verdict.ECHO
        return Verdict.TURN


def _is_echo(said: Sequence[str], lately: Sequence[str], share: float) -> bool:
    return len(said) >= 3 and _share_in_order(said, lately) >= share


def _share_in_order(said: Sequence[str], lately: Sequence[str]) -> float:
    """The share of `said` that stands in `lately` in runs of two words or more, in order."""
    blocks = SequenceMatcher(None, said, lately, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= 2) / len(said)
