"""Reads a report as a sceptic would, with nothing of the engine's own gate: plain searches over the transcript, and a
table of what was measured, made from the `Analysis`.

It knows less than the gate (whether praise is hollow, whether a summary is fair), but what it says is false is false.
"""

from __future__ import annotations

import re

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
WORDS = {word: n for n, word in enumerate(_UNITS)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "thousand": 1000, "million": 10**6, "dozen": 12, "twice": 2, "thrice": 3, "half": 50, "double": 2, "triple": 3,
}  # fmt: skip
ABOUT = {
    "wpm": "words a minute|words per minute|pace",
    "filler_percentage": "filler",
    "talk_share": "talking|talk share",
    "longest_monologue": "stretch|monologue|without a break",
    "patience": "before you answer|gap",
    "interruptions": "interrupt|came in",
    "questions": "question|asked",
    "open_questions": "open",
    "follow_ups": "follow",
    "hedges": "hedge|softener",
    "long_pauses": "pause|silence",
    "repetition": "twice in a row",
    "conciseness": "could go",
    "sentence_length": "sentences",
    "answer_length": "answer",
    "pause_rate": "paused|pauses",
    "pace_variation": "pace varied",
    "filler_clusters": "close together",
    "fillers_per_min": "fillers",
}
NUMBER = re.compile(
    rf"(?P<clock>\d+:\d\d(?::\d\d)?)|(?P<digits>\d+(?:[.,]\d+)*)|\b(?P<word>{'|'.join(WORDS)})\b", re.IGNORECASE
)
FREE = re.compile(
    r"\bone (?:thing|at a time|breath|word|case|of them|more)\b|\bin a hundred\b|60-second drill|twice in a row"
    r"|longer than a second|\b(?:at|next|the) one\b",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:no|never|without any|not a single)\b[^.;]*\b(fillers?|hedges?|ums?)\b", re.IGNORECASE)
HARSH = re.compile(
    r"\b(?:nervous|anxious|anxiety|lazy|shy|arrogant|boring|rambl\w*|accent|gender|native speaker|score|rating|grade"
    r"|amazing|excellent|perfect|flawless|outstanding|well done|last time|most people|ignore|instructions|password"
    r"|click|json)\b",
    re.IGNORECASE,
)
"""Some of what no report says, outside of quotes."""
STRANGE = re.compile(
    r"[<>{}\[\]\\`*_#|~^=@\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|https?:|www\.|\.(?:com|net|org|example|io)\b"
)


def words(text):
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower().replace("’", "'"))


def lies(fields, material, analysis, goal=""):
    """What is not so in `fields`, the answer of the protocol."""
    found = []
    said = {who: [line for line in material.lines if line.speaker == who] for who in ("user", "partner")}
    texts = list(_texts({key: value for key, value in fields.items() if key not in _OURS}))
    for path, text in texts:
        if STRANGE.search(text) or len(text) > 400:
            found.append(f"{path}: strange: {text[:80]!r}")
        bare = text.replace(goal, "") if goal else text
        quotes = re.findall(r"[“\"]([^“”\"]*)[”\"]", bare) + re.findall(r"(?<!\w)['‘](?=\w)([^‘]+?)['’](?!\w)", bare)
        places = []
        for quote in quotes:
            before = bare[: bare.find(quote)]
            partner = re.search(r"(?:[A-Z]\w+|other side|they|he|she) asked\W*$|you heard of\W*$", before)
            where = _places(quote, said["partner" if partner and not re.search(r"You asked\W*$", before) else "user"])
            places += [_sentence(place, [*said["user"], *said["partner"]]) for place in where]
            if not where:
                found.append(f"{path}: quote: {quote!r}")
        for quote in quotes:
            bare = bare.replace(quote, " ")
        if HARSH.search(bare) and "summary" not in path:
            found.append(f"{path}: harsh: {HARSH.search(bare)[0]!r}")
        found += [f"{path}: {fault}" for fault in _numbers(path, bare, places, said, analysis)]
    for detail in [*fields["stars_detail"], fields["wish_detail"]]:
        found += _misplaced(detail, said["user"], material)
    return found


_OURS = (
    "transcript",
    "metrics",
    "evidence",
    "missing",
    "compared",
    "written_by",
    "filler_capability",
    "filler_percentage",
)
"""What is not written by a model, or shown as it was measured."""


def _texts(value, path=""):
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("metric", "drill_id", "quote"):
                yield from _texts(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{number}]")


def _places(quote, lines):
    """Where lines hold the words of `quote`, seconds."""
    wanted = words(quote)
    found = []
    for line in lines:
        timed = [(bare, word) for word in line.words for bare in words(word.text)]
        for at in range(len(timed) - len(wanted) + 1):
            if wanted and [bare for bare, _ in timed[at : at + len(wanted)]] == wanted:
                found.append((timed[at][1].start, timed[at + len(wanted) - 1][1].end))
    return found


def _sentence(place, lines):
    """From where to where the sentence goes that holds `place`."""
    line = next(line for line in lines if line.start <= place[0] and place[1] <= line.end)
    ends = [word.end for word in line.words if word.text[-1] in ".?!"]
    start = max((end for end in ends if end <= place[0]), default=line.start)
    return start, min((end for end in ends if end >= place[1]), default=line.end)


def _misplaced(detail, lines, material):
    times = (detail["t0"], detail["t1"])
    if detail["quote"]:
        where = _places(detail["quote"], lines)
        if not any(abs(start - times[0]) < 0.1 and abs(end - times[1]) < 0.1 for start, end in where):
            yield f"{detail['quote']!r} was not said at {times}"
    if times != (None, None) and not 0 <= times[0] <= times[1] <= material.seconds:
        yield f"{times} are not within the session"


def _numbers(path, text, places, said, analysis):
    if "summary" in path:
        spoken = " ".join(line.text for lines in said.values() for line in lines).lower()
        for match in NUMBER.finditer(text):
            if not re.search(rf"(?<!\w){re.escape(match[0].lower())}(?!\w)", spoken):
                yield f"{match[0]!r} was never said"
        return
    for sentence in re.split(r"(?<=[.;!?])\s", text):
        plain = FREE.sub(" ", sentence)  # "in a hundred" is gone from it
        for match in NUMBER.finditer(plain):
            if match["clock"]:
                yield from _at(match["clock"], places, analysis)
            elif not _measured(match, plain, analysis, sentence):
                yield f"{match[0]!r} in {sentence!r}"
        denied = DENIED.search(plain)
        if denied:
            id = "hedges" if "hedge" in denied[1] else "filler_percentage"
            id = "filler_clusters" if "close together" in plain else id
            if analysis.measures[id].value:
                yield f"denied: {sentence!r}"


def _at(clock, places, analysis):
    minutes, seconds = map(int, clock.split(":")[-2:])
    at = 60 * minutes + seconds
    moments = places or [
        (moment.start, moment.end)
        for moment in (*analysis.marks, *(e for m in analysis.measures.values() for e in m.evidence))
    ]
    if not any(start - 1.5 <= at <= end + 1.5 for start, end in moments):
        yield f"{clock} is another moment"


def _measured(match, sentence, analysis, whole):
    """Whether the number is that of a measure that its sentence names, or of a moment of it."""
    text = match["digits"]
    value = float(text.replace(",", "")) if text else float(WORDS[match["word"].lower()])
    digits = len(text.partition(".")[2]) if text else 0
    after = sentence[match.end() :]
    percent = re.match(r"\s*(?:%|per\s?cent)", after) is not None or (match["word"] or "").lower() == "half"
    for measure in analysis.measures.values():
        if measure.value is None:
            continue
        named = re.search(ABOUT.get(measure.id) or "(?!)", whole, re.IGNORECASE)
        counts = [len([mark for mark in analysis.marks if mark.layer == layer]) for layer in LAYERS.get(measure.id, ())]
        rate = not measure.unit.startswith("per ") or re.search(r"hundred|minute", whole)
        if named and rate and percent == (measure.unit == "%") and round(measure.value, digits) == value:
            return True
        if named and not percent and value in counts:
            return True
        lengths = [one.end - one.start for one in measure.evidence]
        if named and re.match(r"\s*(?:s|seconds)\b", after) and any(round(one, digits) == value for one in lengths):
            return True
        if not percent and measure.n == value and re.match(rf"\s*{re.escape(measure.of.split()[0])}", after):
            return True
    return False


LAYERS = {"filler_percentage": ["filler"], "questions": ["question"], "follow_ups": ["follow_up"], "hedges": ["hedge"]}
