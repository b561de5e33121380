"""Whole conversations with the offline partner: 28 of them, with every persona, well recognised and badly."""

import asyncio
import random
import re
from collections import Counter

import pytest

from engine import personas
from engine.interview import lexicon
from engine.interview.cues import Intent, intent
from engine.providers.base import ChatLine
from engine.words import load, normal
from tests.partner.practising import DIALOGUES, Practice, persona, practised, transcript

ALL = pytest.mark.parametrize("number", range(len(DIALOGUES)), ids=[f"{d['persona']}, {d['name']}" for d in DIALOGUES])
SENTENCE = re.compile(r"(?<=[.?!])[”]?\s+")
PRAISE = re.compile(r"\b(great|excellent|amazing|wonderful|perfect|impressive|well done|good job|brilliant)\b", re.I)
LEXICON, WORDS = lexicon.load(), load()


def wants(text):
    return intent(text, LEXICON, WORDS)


def sentences(text):
    return SENTENCE.split(text)


def test_there_are_four_for_each_persona_and_each_is_long():
    assert Counter(dialogue["persona"] for dialogue in DIALOGUES) == {each.id: 4 for each in personas.shipped()}
    assert all(len(dialogue["says"]) >= 12 for dialogue in DIALOGUES)


@ALL
def test_nothing_is_said_twice_but_when_asked_to(number):
    practice = practised(number)
    turns = zip(practice.lines[1::2], practice.replies, strict=True)
    said = [sentence for line, reply in turns if wants(line.text) is not Intent.REPEAT for sentence in sentences(reply)]
    whole = [sentence for sentence in said if len(normal(sentence)) > 1]
    assert [sentence for sentence, times in Counter(whole).items() if times > 1] == [], transcript(practice)


@ALL
def test_one_question_at_a_time_in_short_whole_sentences(number):
    practice = practised(number)
    bank = practice.who.questions
    for reply in practice.replies:
        rest = next((reply.replace(question, "Bank?") for question in bank if question in reply), reply)
        assert rest.count("?") <= 1, reply
        assert reply[-1] in ".?!"
        assert not re.search(r"[{}]|\s\s|\bthe the\b|\byour your\b|\ba the\b", reply), reply
        for sentence in sentences(rest):
            assert sentence.lstrip("“")[0].isupper() or sentence[0].isdigit() or sentence[0] in "$€£", reply
            assert len(sentence.split()) <= 32, reply


@ALL
def test_the_bank_is_asked_in_order_and_at_most_two_follow_ups_stand_between(number):
    practice = practised(number)
    bank = list(practice.who.questions)
    asked, between, longest = [], 0, 0
    for line, reply in zip(practice.lines[1::2], practice.replies, strict=True):
        found = [question for question in bank if question in reply]
        if found and wants(line.text) is not Intent.REPEAT:
            asked += found
            between = 0
        elif "?" in reply and wants(line.text) is not Intent.REPEAT:
            between += 1
        longest = max(longest, between)
    assert asked == bank[: len(asked)]
    assert len(asked) >= len(practice.replies) / 3 - 1, "it asks the persona's own questions, too"
    assert longest <= practice.who.follow_ups


@ALL
def test_it_takes_up_what_was_said(number):
    practice = practised(number)
    small = LEXICON.grammar.apart | LEXICON.grammar.before | LEXICON.grammar.articles
    bank = " ".join(practice.who.questions)
    taken = 0
    for line, reply in zip(practice.lines[1::2], practice.replies, strict=True):
        own = reply
        for question in practice.who.questions:
            own = own.replace(question, "")
        taken += bool((set(normal(line.text)) - small - set(normal(bank))) & set(normal(own)))
    terse = sum(len(normal(text)) <= 2 for text in DIALOGUES[number]["says"]) > len(DIALOGUES[number]["says"]) / 2
    assert taken >= (0 if terse else 2), transcript(practice)


@ALL
def test_nobody_is_praised_and_nothing_is_invented(number):
    practice = practised(number)
    for line, reply in zip(practice.lines[1::2], practice.replies, strict=True):
        quoted = re.findall("“(.+?)”", reply)
        own = re.sub("“.+?”", "", reply)
        assert not PRAISE.search(own), reply
        heard = " ".join(text.text for text in practice.lines if text.role == "user")
        for quote in quoted:
            assert " ".join(normal(quote)) in " ".join(normal(heard)), (line.text, reply)


@ALL
def test_the_same_words_get_the_same_replies(number):
    practice = practised(number)
    again = Practice(practice.who)

    async def run():
        for line in practice.lines[1::2]:
            await again.say(line.text)

    asyncio.run(run())
    assert again.lines == practice.lines


async def test_whoever_keeps_talking_is_asked_everything_and_hears_a_summing_up_and_the_goodbye():
    for who in personas.shipped():
        practice = Practice(who)
        for turn in range(99):
            reply = await practice.say(
                f"We told the customer in letter number {turn} about the new machine in our hall."
            )
            if practice.parted:
                break
        said = " ".join(practice.replies)
        assert all(said.count(question) == 1 for question in who.questions)
        assert "sum up" in reply
        assert "“We told the customer" in reply
        assert reply.endswith(who.closing)


async def test_what_was_cut_off_before_it_could_be_heard_is_asked_later():
    practice = Practice(persona("investor"))
    first, second = practice.who.questions[:2]
    await practice.say("thanks", heard=" ".join(first.split()[:2]) + " —")
    assert first in await practice.say("thank you")
    await practice.say("thanks", heard=" ".join(second.split()[:-1]) + " —")
    assert second not in await practice.say("thank you"), "most of it was heard"


async def test_a_question_is_repeated_once_on_request_and_then_left():
    practice = Practice(persona("recruiter"))
    asked = await practice.say("thank you")
    question = practice.who.questions[0]
    assert question in asked
    assert await practice.say("sorry, can you repeat that") == f"Of course. I asked: {question}"
    assert practice.who.questions[1] in await practice.say("pardon")


async def test_still_there_is_answered_with_the_question_that_was_open():
    practice = Practice(persona("partner"))
    await practice.say("thank you")
    practice.lines[-1] = ChatLine(role="assistant", text=f"{practice.lines[-1].text} Are you still there?")
    assert await practice.say("yes i'm here") == f"Good. I had asked: {practice.who.questions[0]}"


@pytest.mark.parametrize(
    ("id", "says", "reply"),
    [
        ("investor", "goodbye", "We did not get to an answer today. Thank you. Send me the numbers"),
        ("investor", "let me think about that", "Take your time."),
        ("investor", "hello, can you hear me?", "Yes, I can hear you."),
        ("investor", "are you a robot?", "I play Victor Hale. In truth I am the offline partner"),
        ("investor", "How much do you invest?", "We begin small, and we add more when the numbers hold."),
        ("customer", "What is your order number?", "I gave it to your colleague twice already."),
        ("recruiter", "how many people are in the team", "You would join a team of seven"),
        ("mentor", "What is the weather in Rome?", "I am only the offline partner, so I cannot know that."),
        ("mentor", "I'm so nervous", "That is all right. This is only practice."),
        ("stranger", "where are we?", "The scene is this. Friday evening at the coffee machine"),
        ("partner", "do you mean at work or at home", "Take it whichever way you like."),
        ("partner", "", "I did not hear any words."),
        ("executive", "skip", "All right, we leave that one. What is it in one sentence?"),
        ("executive", "thanks", "You are welcome. What is it in one sentence?"),
        ("executive", "i don't know", ("Then who does?", "Your best guess?")),
        ("recruiter", "hi, how are you", "Hello. Nothing to complain about, thank you."),
    ],
)
async def test_what_is_no_answer_is_met_as_a_person_would(id, says, reply):
    assert (await Practice(persona(id)).say(says)).startswith(reply)


@pytest.mark.parametrize("id", [each.id for each in personas.shipped()])
@pytest.mark.parametrize(
    ("says", "quotes"),
    [
        ("we have a lot of orders in the winter season", "“a lot”"),
        ("the delivery will come soon to everybody in town", "“soon”"),
        ("perhaps the whole house will be painted in spring", "“perhaps”"),
        ("they came with boxes and stuff from the cellar", "“stuff”"),
        ("the bill went down by forty percent in one winter", "forty percent"),
    ],
)
async def test_vagueness_numbers_and_doubt_are_asked_about(id, says, quotes):
    reply = await Practice(persona(id)).say(says)
    assert quotes.casefold() in reply.casefold()
    assert reply.count("?") == 1


@pytest.mark.parametrize("id", [each.id for each in personas.shipped()])
async def test_a_flood_of_words_is_asked_for_in_one_sentence(id):
    who = persona(id)
    reply = await Practice(who).say("and then we went on to the next village " * (who.brevity // 8 + 1))
    assert reply in {*who.probes.get("long", ()), *LEXICON.probes["long"]}


async def test_a_persona_with_one_question_and_markup_in_it_never_asks_it_again():
    fields = {"name": "Ada", "who": "You are Ada.", "opening": "Hello.", "questions": ["What is *your* plan?"]}
    who = personas.from_fields(fields, id="ada")
    practice = Practice(who)
    await practice.say("thanks", heard="You are welcome. What is your plan?")
    reply = await practice.say("thanks")
    assert practice.parted
    assert "plan" not in reply


async def test_it_speaks_english_where_it_does_not_speak_the_language():
    from engine.providers.base import Prompt
    from engine.providers.offline_partner import OfflinePartner

    prompt = Prompt(instructions="", question="thanks", persona=persona("partner"), language="de")
    assert "You are welcome." in "".join([piece async for piece in OfflinePartner().reply(prompt)])


async def test_without_an_opening_it_does_not_ask_back_more_often():
    practice = Practice(persona("investor"), lines=[ChatLine(role="user", text="Hello.")])
    replies = [
        await practice.say(f"Maybe {thing} is what we sell soon.") for thing in ("a lot of soap", "stuff", "tea")
    ]
    assert any(question in reply for reply in replies for question in practice.who.questions)


async def test_any_words_after_any_history_get_a_reply_without_holes():
    chance = random.Random(7)
    words = [word for dialogue in DIALOGUES for text in dialogue["says"] for word in text.split()]
    words += ["{phrase}", "{", "}", "“", "—", "😀", "%", "$5", "1.2.3", "?", "...", "x" * 300, "\n", "中文"]
    for _ in range(300):
        who = chance.choice(personas.shipped())
        said = [
            *who.questions,
            who.questions[0][:20] + " —",
            "Are you still there?",
            " ".join(chance.choices(words, k=9)),
        ]
        lines = [
            ChatLine(role=chance.choice(["user", "assistant"]), text=chance.choice(said))
            for _ in range(chance.randint(1, 12))
        ]
        text = " ".join(chance.choices(words, k=chance.choice([1, 2, 3, 8, 30])))
        reply = await Practice(who, lines=lines).say(text)
        assert reply
        assert not re.search(r"\{(quote|number|question|name|scene)\}", reply), (text, reply)
