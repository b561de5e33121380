"""How the user's voice moved: its melody and its loudness, from the frames of the user's side in which voice activity
says that it was the user."""

from __future__ import annotations

from engine.analysis.bands import bands_of
from engine.analysis.catalogue import measured
from engine.analysis.melody import melody
from engine.analysis.own_voice import own_voice
from engine.analysis.values import Mark, Material, Measure, Series
from engine.analysis.volume import volume

MEASURES = ("pitch_variation", "monotone_share", "volume", "volume_variation", "fade", "snr")
UNHEARD = "The sound of your voice was not measured."


def prosody(material: Material) -> tuple[tuple[Measure, ...], tuple[Series, ...], tuple[Mark, ...]]:
    """The measures of `MEASURES`, the series "pitch" and "volume", marks "monotone" and "quiet". A pure function of
    the frames and speech of `material`; an hour costs about 0.1 s."""
    voice = own_voice(material)
    if voice is None:
        return tuple(measured(id, None, 0, why=UNHEARD) for id in MEASURES), (), ()
    bands = {**bands_of(material.mode, material.seconds), **material.own}
    melodic, pitch, flat = melody(voice, bands.get("pitch_variation"))
    strength, loud, faint = volume(voice, bands.get("volume"))
    return (*melodic, *strength), tuple(one for one in (pitch, loud) if one), (*flat, *faint)
