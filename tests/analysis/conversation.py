"""Conversations made by hand, with times that can be added up."""

from engine.analysis import Line, Material, Span, Word
from engine.analysis.analyse import analyse
from engine.analysis.spoken import put_in_order
from engine.analysis.turns import floor_of


def words(text, start, each=0.5):
    """`text` with `each` seconds a word and no silence between; "/1.5/" is a silence of so many seconds."""
    found, at = [], start
    for piece in text.split():
        if piece.startswith("/"):
            at += float(piece.strip("/"))
        else:
            found.append(Word(text=piece, start=round(at, 3), end=round(at + each, 3)))
            at += each
    return tuple(found)


def line(id, speaker, text, start, each=0.5):
    said = words(text, start, each)
    written = " ".join(word.text for word in said)
    return Line(id=id, speaker=speaker, text=written, start=start, end=said[-1].end, words=said)


def conversation(*turns, each=0.5):
    """Lines of (speaker, start, text)."""
    return tuple(line(id, speaker, text, start, each) for id, (speaker, start, text) in enumerate(turns, 1))


def speech_of(lines):
    """What voice activity finds of timed `lines`: silences below 0.25 s are speech."""
    found = {}
    for said in sorted(lines, key=lambda said: said.start):
        spans = found.setdefault(said.speaker, [])
        for word in said.words:
            if spans and word.start - spans[-1].end < 0.25:
                spans[-1] = Span(start=spans[-1].start, end=max(word.end, spans[-1].end))
            else:
                spans.append(Span(start=word.start, end=word.end))
    return found


def material(lines, seconds=None, **more):
    lines = tuple(lines)
    seconds = seconds or max([said.end for said in lines], default=0.0)
    more.setdefault("speech", speech_of(lines))
    return Material(seconds=seconds, lines=lines, **more)


def measured(*turns, each=0.5, **more):
    """The measures of `conversation(*turns)`."""
    return analyse(material(conversation(*turns, each=each), **more)).measures


def marks_of(layer, *turns, each=0.5, **more):
    found = analyse(material(conversation(*turns, each=each), **more))
    return [mark for mark in found.marks if mark.layer == layer]


def ordered(given):
    spoken = put_in_order(given)
    return spoken, floor_of(spoken)
