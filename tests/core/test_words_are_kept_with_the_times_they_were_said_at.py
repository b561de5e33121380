"""The words of a listener's line bear the times at which they sounded, whatever the line was put together from."""

import pytest

from engine.messages import Said
from engine.providers.scripted import ScriptedEars
from tests.core.scene import talking
from tests.virtual_time import run


def lines(s):
    return [said for said in s.all(Said) if said.speaker == "user"]


def test_words_stand_where_they_were_spoken():
    async def scene():
        async with talking(ears=ScriptedEars(says=["one two three four"]), patience=0.4) as s:
            await s.at(5.0)
            await s.say(2.0)
            (line,) = lines(s)
            assert [word.text for word in line.words] == ["one", "two", "three", "four"]
            assert line.words[0].start == pytest.approx(5.0, abs=0.03)
            assert line.words[-1].end == pytest.approx(7.0, abs=0.03)
            assert line.words[2].start == pytest.approx(6.0, abs=0.03)

    run(scene())


def test_a_line_of_two_parts_has_the_words_of_both_in_their_places():
    async def scene():
        ears = ScriptedEars(says=["what I mean", "is the price"], final_after=0.8)
        async with talking(ears=ears, patience=0.3) as s:
            await s.at(5.0)
            await s.say(0.9, pause_after=0.6)
            await s.say(0.9, pause_after=3.0)
            (line,) = lines(s)
            assert line.text == "what I mean is the price"
            assert [round(word.start - 5.0, 1) for word in line.words] == pytest.approx(
                [0.0, 0.3, 0.6, 1.5, 1.8, 2.1], abs=0.11
            )

    run(scene())


def test_a_typed_line_has_no_timed_words():
    async def scene():
        async with talking(ears=ScriptedEars(says=["spoken before"]), patience=0.3) as s:
            await s.at(5.0)
            await s.say(0.5, pause_after=2.0)
            s.write("written")
            await s.at(10.0)
            assert [(line.text, len(line.words)) for line in lines(s)] == [("spoken before", 2), ("written", 0)]

    run(scene())
