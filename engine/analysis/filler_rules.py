"""Whether a filler's words are a filler where they stand, from the words around them.

The contexts are those measured on 36 annotated telephone conversations, extended where grammar is certain: what a
subject precedes is no question ("I do, you know"), what follows an article or a preposition is no clause, and what
stands between two commas, two pauses, or a word and its repetition is an insertion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.analysis.filler_words import Pack, Speech

Rule = Callable[[Speech, int, Pack], bool]


def hesitates(speech: Speech, at: int, pack: Pack) -> bool:
    """A sound of hesitation, not an answer ("uh huh"), a reaction ("ah, I see"), a tag ("nice, eh?") or a unit. All
    alone in a turn it is what a listener says, unless it breaks off ("uh --")."""
    lists = pack.lists["hesitation"]
    said, before, after = speech.said[at], speech.near(at, -1), speech.near(at, 1)
    if f"{said.text} {after}" in lists["replies"] or f"{before} {said.text}" in lists["replies"]:
        return False
    if f"{said.text} {after}" in lists["alarms"] and not before and not speech.near(at, 2):
        return False
    if speech.alone(at):
        return said.comma
    if before in pack.not_after.get(said.text, ()) or (before.isdigit() and said.text == "mm"):
        return False
    if said.text in lists["tags"] and before and (said.ends or (said.text == "eh" and not after)):
        return False
    if said.text not in lists["reactions"] or before:
        return True
    assents = after in lists["after_reaction"] or (after == "i" and speech.near(at, 2) in lists["after_reaction_i"])
    return not (assents or not after)


def you_know(speech: Speech, at: int, pack: Pack) -> bool:
    """ "You know", not as the verb of what is asked or said ("do you know", "you know how it works")."""
    lists = pack.lists["you_know"]
    last = at if speech.said[at].text not in {"you", "ya", "y"} else at + 1
    before, after = speech.near(at, -1), speech.near(last, 1)
    apart_before, apart_after = speech.set_off(at - 1) if before else False, speech.set_off(last) and bool(after)
    if before == "of" and speech.near(at, -2) in lists["of_you"] and not apart_before:
        return False
    if (apart_before and apart_after) or before in lists["inside_after"]:
        return True
    if before and before == after and before not in lists["auxiliaries"]:
        return True
    if before in lists["verb_after"] and not apart_before and _is_verb(speech, at, last, pack):
        return False
    if after in lists["verb_before"] and not apart_after:
        return _parted(speech, at, last, pack)
    if (before, after) == ("before", "it"):
        return False
    if f"{speech.near(at, -2)} {before}" in lists["known"] and not apart_before and not apart_after:
        return False
    return not (after in lists["verb_before_end"] and not speech.near(last, 2) and not apart_after)


def _is_verb(speech: Speech, at: int, last: int, pack: Pack) -> bool:
    """Whether the word before "you know" makes it the verb."""
    lists = pack.lists["you_know"]
    before, earlier, after = speech.near(at, -1), speech.near(at, -2), speech.near(last, 1)
    if before in lists["auxiliaries"]:
        if earlier == before:
            earlier = speech.near(at, -3)
        common = pack.lists[""]
        asks = not earlier or earlier in common["askers"] or bool(pack.hesitation.fullmatch(earlier))
        lexical = earlier in common["pronouns"] | lists["auxiliaries"] | {"to"}
        return asks or (after in lists["asked"] and not lexical)
    if before in {"if", "whether"}:
        return not (after in lists["clause_after_if"] or pack.hesitation.fullmatch(after))
    return not (before == "as" and earlier == "such")


def _parted(speech: Speech, at: int, last: int, pack: Pack) -> bool:
    """Whether the "how" or "about" after "you know" is of something else: a question, an amount, what came before."""
    lists, common = pack.lists["you_know"], pack.lists[""]
    before, after, later = speech.near(at, -1), speech.near(last, 1), speech.near(last, 2)
    if after == "about" and (later in lists["amounts"] or later.isdigit()):
        return True
    if later in lists["inverted"] and speech.near(last, 3) in common["pronouns"]:
        return True
    steps = (step for step in (2, 3) if speech.near(last, step) in lists["cleft"])
    if any(speech.near(last, step + 1) in lists["copulas"] for step in steps):
        return True
    outside = {"", *common["openers"], *common["askers"], *common["pronouns"]}
    return after in lists["carry_on"] and before not in outside


def i_mean(speech: Speech, at: int, pack: Pack) -> bool:
    """ "I mean", not as the verb ("what I mean", "I mean it", "I mean to go")."""
    lists = pack.lists["i_mean"]
    last = at + 1
    before, after, later = speech.near(at, -1), speech.near(last, 1), speech.near(last, 2)
    if before and (before == after or (speech.set_off(at - 1) and after and speech.set_off(last))):
        return True
    if before in lists["verb_after"] and not speech.set_off(at - 1):
        return False
    if after in lists["verb_before"] and not speech.set_off(last):
        return later in lists["objects"] or before in pack.lists["you_know"]["inside_after"]
    return not (after in lists["verb_before_end"] and not later and not speech.set_off(last))


def well(speech: Speech, at: int, pack: Pack) -> bool:
    """ "Well" as an opener or an insertion, not as the adverb ("did well", "as well as")."""
    lists = pack.lists["well"]
    before, after = speech.near(at, -1), speech.near(at, 1)
    if not before:
        return after not in lists["adverb_first"]
    if (before == after and before != "as") or (speech.set_off(at - 1) and after and speech.set_off(at)):
        return True
    if (before == "and" and speech.near(at, -2) in lists["adverb_and"]) or (
        after == "and" and speech.near(at, 2) in lists["and_adverb"]
    ):
        return False
    starts = before in pack.lists[""]["openers"] and (before != "so" or not speech.near(at, -2))
    if starts or not after:
        return starts
    if before == "really" and speech.near(at, -2) in {"", "oh"}:
        return True
    if before in lists["adverb_after"] and not speech.set_off(at - 1):
        return False
    return after not in lists["adverb_before"] or speech.set_off(at)


def like(speech: Speech, at: int, pack: Pack) -> bool:
    """ "Like" where it is a filler more often than not. Most are verbs and comparisons, so that after a word of which
    nothing is known it needs more: a number or a hesitation behind it (but "banks like, uh, ours")."""
    lists = pack.lists["like"]
    before, after = speech.near(at, -1), speech.near(at, 1)
    if not after:
        return False
    if before and speech.said[at - 1].comma and speech.said[at].comma:
        return True
    if before in lists["not_after"] or any(before.startswith(stem) for stem in lists["not_after_stems"]):
        return False
    if after in {"i", "you", "we", "he", "she", "they"} and speech.near(at, 2) in lists["said"]:
        return False
    if pack.hesitation.fullmatch(after) or speech.matches(("you", "know"), at + 1):
        return before in lists["marker_after"] or not before.endswith("s")
    if after in lists["not_before"]:
        return False
    if after in lists["marker_before"] or after.isdigit():
        return True
    if before in lists["be"] and after in lists["compared"]:
        return False
    return not before or before in lists["marker_after"] or bool(pack.hesitation.fullmatch(before))


RULES: Mapping[str, Rule] = {"you_know": you_know, "i_mean": i_mean, "well": well, "like": like}
