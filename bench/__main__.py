"""Every published figure, one table after the other: `python -m bench`. Each is a command of its own as well; those
that take many minutes or a full core are that only."""

from __future__ import annotations

import subprocess
import sys

FIGURES = {
    "start_up": "from `python main.py` to the first HTTP 200, without keys and with all, and memory",
    "native_window": "from `python main.py --native` to Home in its window, and from closing that to the end",
    "first_media": "from `start` on /ws/pitch to the first `media`",
    "voice_to_voice": "the engine's own share of voice-to-voice",
    "barge_in": "from a human voice to `clear`",
    "silent_speaker": "from a human voice to the silent speaker of a real browser",
    "word_errors": "word error rate of the offline recogniser",
    "voice_activity": "quality and cost of the voice activity detector",
    "live_sound": "pitch, pauses and speakers heard live: truth and cost",
    "answers": "how often the offline brain finds the passage",
    "first_speech": "how soon each offline voice speaks",
    "analysis": "what the analysis of 10, 30 and 60 minutes costs",
    "cues": "the live coach's arbiter over ten simulated hours of conversation",
    "help_key": "from the help key to the answer; what listening for how somebody speaks costs",
    "first_page": "how soon the first page can be used, and how large each page is",
    "media": "what decoding, encoding and resampling cost",
}
ON_DEMAND = {
    "ramp": "how many conversations one process holds; with `bench.floor` behind it, a hand-made least",
    "first_audio": "the end of a turn to the first audio of its answer, over emulated vendors",
    "faults": "what a user hears of each fault of each vendor, and for how long",
    "vendor_barge_in": "from cutting in to a vendor knowing; what a thousand times leave behind",
    "long_open": "a page with a live conversation left open: what its browser holds",
    "soak": "20 minutes of five conversations: drift, memory, unanswered turns",
}

for name, what in FIGURES.items():
    print(f"\n== bench.{name}: {what}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
for name, what in ON_DEMAND.items():
    print(f"\n-- on demand, python -m bench.{name}: {what}")
