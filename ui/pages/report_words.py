"""What a number says, in a sentence: on the task, never on the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.exports.figures import place

if TYPE_CHECKING:
    from engine.analysis.values import Measure

PLAIN = {
    "wpm": "Words a minute of your turns, their pauses included.",
    "articulation_rate": "Your pace while you were speaking, pauses taken out.",
    "pace_variation": "How much your pace moves with what you say.",
    "speech_time": "How long your voice was heard.",
    "turn_time": "Your speaking, and the short silences within it.",
    "pause_rate": "Silences of half a second or more within your turns.",
    "pause_share": "How much of your turns was silence.",
    "long_pauses": "Silences of more than a second. After a sentence they give it weight; within one they search.",
    "filler_percentage": "Of all your words, those that certainly filled a gap.",
    "fillers_per_min": "Fillers in each minute of your turns.",
    "filler_clusters": "Three fillers or more within ten seconds: mostly where a thought was not ready yet.",
    "possible_fillers": "Words such as “like” and “well” that may be fillers. They are not in the percentage.",
    "pitch_variation": "How far your voice moves around its own middle.",
    "monotone_share": "How much of your speech stayed close to one note.",
    "volume": "How loud you arrived at the microphone.",
    "volume_variation": "How much louder your loud places are than your quiet ones.",
    "fade": "Turns whose end was much quieter than their beginning.",
    "snr": "How far your voice stood above the noise of the room.",
    "talk_share": "Of all the speaking, your part. Silence is left out.",
    "longest_monologue": "The longest you spoke before the other came in.",
    "interactivity": "How often the word changed hands.",
    "patience": "The usual gap between the end of the other's turn and the start of yours.",
    "interruptions": "Where you began while the other was speaking, and went on.",
    "active_listening": "Short signs such as “mm-hm” and “right” while the other spoke.",
    "questions": "Questions that you asked.",
    "open_questions": "Questions that cannot be answered with yes or no.",
    "follow_ups": "Questions that take up what the other had just said.",
    "hedges": "Words that soften a point: “maybe”, “sort of”, “I think”.",
    "repetition": "Words said twice in a row, and phrases that came again and again.",
    "conciseness": "Words that could go and leave the meaning whole: fillers, repeats, hedges, fresh starts.",
    "vocabulary": "How many of any fifty words in a row are different ones, as a share.",
    "sentence_length": "Words in a sentence, as a rule.",
    "answer_length": "How long your answers took, as a rule.",
}
PLACED = {
    ("wpm", "below"): "A calm pace. A listener may run ahead; the easy parts can go faster.",
    ("wpm", "within"): "A pace that people follow without effort.",
    ("wpm", "above"): "Faster than most listeners take in. The end of a long sentence is the place to slow down.",
    ("pace_variation", "below"): "Very even. Slowing down for what matters makes it stand out.",
    ("pace_variation", "within"): "Your pace moves with what you say.",
    ("filler_percentage", "within"): "No more fillers than listeners let pass.",
    ("filler_percentage", "above"): "Enough fillers to be noticed. A silent breath does the same work.",
    ("filler_clusters", "within"): "Fillers did not gather anywhere.",
    ("pitch_variation", "below"): "Your voice stays close to one note. Let the word that matters rise or fall.",
    ("pitch_variation", "within"): "Enough movement in the voice to hold attention.",
    ("pitch_variation", "above"): "Your voice moves very widely.",
    ("volume", "below"): "Quiet at the microphone. Moving closer helps more than speaking louder.",
    ("volume", "within"): "Loud enough at the microphone.",
    ("volume_variation", "below"): "Evenly loud. A louder or a quieter word draws the ear.",
    ("volume_variation", "within"): "Loud and quiet places can be told apart.",
    ("fade", "above"): "The ends of your turns grew quiet, and the point is often there.",
    ("snr", "below"): "The room was loud compared with your voice. Moving closer to the microphone helps.",
    ("snr", "within"): "Your voice stood clear of the room.",
    ("talk_share", "below"): "The other spoke most of the time.",
    ("talk_share", "within"): "A share that leaves room for both.",
    ("talk_share", "above"): "You had most of the time. A question hands it over.",
    ("longest_monologue", "within"): "Short enough for the other to come in.",
    ("longest_monologue", "above"): "Long enough for a listener to drift. Stop after the headline, and ask.",
    ("patience", "below"): "You often began before the other had quite finished.",
    ("patience", "within"): "You let the other finish, and answered without a wait.",
    ("patience", "above"): "There was a wait before your answers.",
    ("questions", "below"): "Few questions for a conversation of this length.",
    ("questions", "within"): "Enough questions to keep the other talking.",
    ("hedges", "within"): "Few words that soften your points.",
    ("hedges", "above"): "Many of your points are softened. One “maybe” does, where it is needed.",
    ("conciseness", "within"): "Little that could go.",
    ("conciseness", "above"): "A good part could go, and the meaning would stay whole.",
    ("answer_length", "below"): "Short answers. An example would carry them further.",
    ("answer_length", "within"): "Answers of a length that people like to hear.",
    ("answer_length", "above"): "Long answers. The point first, then one example.",
}


def says(measure: Measure) -> str:
    """What the value says where it lies, or what the measure is."""
    return PLACED.get((measure.id, place(measure)), PLAIN.get(measure.id, ""))
