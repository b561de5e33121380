"""Without a model, an answer is the speaker's own words or a plain no."""

import pytest

from engine.providers.base import Passage, Prompt
from engine.providers.offline_brain import MOST_WORDS, OfflineBrain
from engine.sentences import SentenceStream


async def answer(*passages: Passage, question: str = "What does it cost?") -> str:
    prompt = Prompt(instructions="You are anybody.", question=question, passages=passages)
    return "".join([piece async for piece in OfflineBrain().reply(prompt)])


async def test_a_note_is_quoted_word_for_word():
    assert await answer(Passage(text="It costs nothing.", source="notes")) == "Your notes say: It costs nothing."


async def test_a_sentence_of_the_pitch_is_said_to_stand_there():
    assert await answer(Passage(text="It is free.", source="pitch")) == "In the pitch it says: It is free."


async def test_the_best_passage_is_quoted_and_no_other():
    best, other = Passage(text="Best.", source="notes", score=2.0), Passage(text="Other.", source="notes", score=1.0)
    assert await answer(best, other) == "Your notes say: Best."


@pytest.mark.parametrize("question", ["What does it cost?", "Hello, how are you?", ""])
async def test_without_a_passage_it_says_so_and_pretends_nothing(question):
    assert await answer(question=question) == (
        "I have nothing on that in your notes. I have kept it on the list of questions to prepare."
    )


async def test_a_long_note_is_quoted_in_whole_sentences_within_the_limit():
    sentence = "This is a sentence of exactly eight words."
    assert (
        await answer(Passage(text=" ".join([sentence] * 9), source="notes")) == f"Your notes say: {sentence} {sentence}"
    )
    wordy = "Word " * 30 + "end."
    said = await answer(Passage(text=f"{wordy} {wordy}", source="notes"))
    assert said == f"Your notes say: {wordy}"
    assert len(said.split()) <= MOST_WORDS


async def test_markup_in_a_note_is_not_read_aloud():
    assert await answer(Passage(text="It is **free**. See [here](https://x.example).", source="notes")) == (
        "Your notes say: It is free. See here."
    )


async def test_it_comes_in_pieces_so_that_speech_can_begin_with_the_first_sentence():
    prompt = Prompt(
        instructions="", question="?", passages=(Passage(text="It is free. You pay nothing.", source="notes"),)
    )
    stream, spoken = SentenceStream(), []
    async for piece in OfflineBrain().reply(prompt):
        spoken.append(stream.push(piece))
    assert ["Your notes say: It is free."] in spoken
    assert stream.flush() == ["You pay nothing."]


def test_the_screen_can_say_what_it_is():
    about = OfflineBrain.about
    assert (about.name, about.local) == ("offline", True)
    assert "invents nothing" in about.caveat
