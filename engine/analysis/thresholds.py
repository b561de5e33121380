"""Every constant of the metrics, with its source. Seconds, unless said otherwise. `docs/metrics.md` gives the sources
in full; "ours" is a choice of this project, "measured" was found on 36 annotated telephone conversations."""

from __future__ import annotations

SAME_SPEECH = 0.25
"""A silence from here on is a pause (Hincks 2005); a shorter one belongs to speaking."""
SAME_UTTERANCE = 0.5
"""Speech with shorter silences within is one utterance: somebody speaks all the time, breath included. Ours."""
SAME_TURN = 2.0
"""A turn holds no longer silence of its speaker."""
UNWORDED = 1.0
"""A sound without words up to here takes no turn: a laugh, a "mm" that nobody wrote down. Ours."""
STRAY = 0.2
"""A word farther than this from all speech that was detected was missed by the detector; a nearer one is timed
roughly. Ours: recognisers are wrong by 0.1 s and more where a word meets a silence."""

COUNTED_PAUSE = 0.5
"""Pauses from here on are counted (Quantified Communications, Harvard Business Review: 3.5 a minute are too few)."""
LONG_PAUSE = 1.0
"""Long, seen in spontaneous speech only, from here on (Campione and Véronis 2002)."""
VERY_LONG_PAUSE = 3.0
LONGEST_PAUSE = 10.0
"""A longer silence is no pause: whoever spoke had finished, or listened to somebody who was not heard. Ours."""

PACE_WINDOW = 20.0
"""Of clock time (PitchMirror's window)."""
PACE_HOP = 1.0
PACE_WORDS = 8
PACE_SPEECH = 5.0
PACE_HELD = 5.0
"""Fast or slow is what stays outside the band for so long."""
OPENING = 12
"""Words by which a long stretch is quoted."""

TYPED = 0.1
"""Seconds a word, below which a line was typed and not spoken: nobody says ten words a second. Ours."""

MONOLOGUE_GAP = 3.0
"""A longer silence ends a monologue."""
MONOLOGUE_NOTE, MONOLOGUE_FLAG = 60.0, 90.0
"""Measured: the longest of 95 in 100 conversations was below 45 s."""
BACKCHANNEL_WORDS = 2
"""At most."""
INTERRUPTION_AFTER = 0.5
"""Of the other's speech must have passed: whoever starts sooner started at the same time."""
INTERRUPTION_OVERLAP = 0.5
INTERRUPTION_WORDS = 2
"""More than so many words (revenue.io: backchannels are no interruptions)."""
GAVE_WAY = 1.0
"""An interruption succeeded where the other stopped sooner than this after it began."""

QUESTION_PAUSE = 0.7
"""Where nobody wrote punctuation, a silence from here on may end a question. Ours."""
REPEATED_WORDS = 4
"""Words of the longest stretch whose immediate repeat is looked for. Ours."""
PHRASE_TIMES = 3
PHRASE_PER_WORD = 1 / 400
"""A phrase of two to four words is repeated from three times on, and no more rarely than once in 400 words: in an
hour, three times is nothing. Ours."""
PHRASES = 5
"""Repeated phrases that are named, the most striking first. Ours."""
VOCABULARY_WINDOW = 50
"""Words over which types are counted, so that a long session is not poorer for being long (Covington and McFall 2010,
moving-average type-token ratio)."""

LONGEST_SESSION = 24 * 3600.0
"""Times beyond are taken for errors. Ours."""
