"""Who hears, thinks and speaks: the one place that knows the providers by name, and chooses among those that are there.

Adding a provider is one file that implements a Protocol of `base`, and one line here. Whoever is over a network is
wrapped: metered, asked a second time where that helps, its speech remembered, and followed by the next of its chain.
What is offline comes last in every chain: it is always there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar

from engine.errors import ProviderFailed
from engine.providers import on_this_machine, vendors
from engine.providers.base import (
    About,
    LanguageModel,
    Senses,
    SpeechToSpeech,
    SpeechToText,
    TextToSpeech,
    VoiceActivityDetector,
)
from engine.providers.cached import CachedVoice
from engine.providers.circuit import Chain, Link, ready
from engine.providers.deadlines import ThinkingDeadlines
from engine.providers.fallback_ears import FallbackEars
from engine.providers.fallback_mind import FallbackMind
from engine.providers.fallback_voice import FallbackVoice
from engine.providers.metered import MeteredEars, MeteredMind, MeteredVoice
from engine.providers.metered_dialogue import MeteredDialogue
from engine.providers.persistent import PersistentMind, PersistentVoice
from engine.providers.tab import Tab, of
from engine.settings import Settings

Kind = TypeVar("Kind", SpeechToText, LanguageModel, TextToSpeech, SpeechToSpeech)

EARS: Mapping[str, Callable[[Settings], SpeechToText | None]] = {
    "deepgram": vendors.deepgram_ears,
    "elevenlabs": vendors.elevenlabs_ears,
    "openai": vendors.openai_ears,
}
MINDS: Mapping[str, Callable[[Settings], LanguageModel | None]] = {"openai": vendors.openai_mind}
VOICES: Mapping[str, Callable[[Settings], TextToSpeech | None]] = {
    "elevenlabs": vendors.elevenlabs_voice,
    "deepgram": vendors.deepgram_voice,
    "openai": vendors.openai_voice,
}
DIALOGUES: Mapping[str, Callable[[Settings], SpeechToSpeech | None]] = {"openai": vendors.openai_dialogue}
AUTO, OFFLINE = "auto", "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who is to hear, think and speak: vendors in the order in which they are asked, "auto" for all that have a key."""

    hear: tuple[str, ...] = (AUTO,)
    think: tuple[str, ...] = (AUTO,)
    speak: tuple[str, ...] = (AUTO,)
    converse: tuple[str, ...] = (OFFLINE,)
    """Who does all of it in one, in talks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers:
    ears: SpeechToText
    activity: VoiceActivityDetector
    mind: LanguageModel
    """Answers questions about a pitch."""
    partner: LanguageModel
    """Holds up its end of a talk."""
    speech: TextToSpeech
    writer: LanguageModel | None = None
    """Writes reports; None without a language model: then they come from what was measured."""
    drafter: LanguageModel | None = None
    """Drafts the coach's cues; None: the coach has its own."""
    dialogue: SpeechToSpeech | None = None
    """Holds a talk by itself; None: the others do it together."""

    def about(self) -> dict[str, About]:
        return {"hears": self.ears.about, "thinks": self.mind.about, "speaks": self.speech.about}

    @property
    def senses(self) -> Senses:
        return Senses(ears=self.ears, activity=self.activity, speech=self.speech)

    def of(self, tab: Tab) -> Providers:
        """The same, as they work for the conversation of `tab`."""
        return replace(self, **{each.name: of(getattr(self, each.name), tab) for each in fields(self)})


class Registry:
    """The providers that `settings` and this machine have; each is made once. Quick: nothing is loaded yet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._links: dict[tuple[str, str], object] = {}
        """What was made, by leg and vendor; None where that is not there."""

    @cached_property
    def default(self) -> Choice:
        """As the settings have it."""
        chosen = self._settings
        return Choice(
            hear=chosen.speech_to_text,
            think=chosen.language_model,
            speak=chosen.text_to_speech,
            converse=chosen.speech_to_speech,
        )

    def there(self) -> Mapping[str, tuple[str, ...]]:
        """By the fields of `Choice`: who could be chosen, in the order of "auto"."""
        return {
            "hear": tuple(name for name in EARS if self._ears(name)),
            "think": tuple(name for name in MINDS if self._mind(name)),
            "speak": tuple(name for name in VOICES if self._voice(name)),
            "converse": tuple(name for name in DIALOGUES if self._dialogue(name)),
        }

    def over_a_network(self) -> Iterator[tuple[str, str, object]]:
        """Everybody over a network: the field of `Choice`, the name, and the provider."""
        for leg, names in self.there().items():
            for name in names:
                link = self._links[leg, name]
                assert isinstance(link, Link)
                yield leg, name, link.provider

    def endings(self) -> tuple[vendors.Ending, ...]:
        """Models that the settings name and that their vendor is about to shut down, or has."""
        return tuple(vendors.endings(self._settings))

    async def check(self, leg: str, name: str) -> None:
        """Find out whether the vendor `name` works for `leg`, a field of `Choice`, without spending; from then on it
        is asked, or passed by, accordingly. Raises ProviderFailed where it does not, or is not there."""
        finds: Mapping[str, Callable[[str], Link[Any] | None]] = {
            "hear": self._ears,
            "think": self._mind,
            "speak": self._voice,
            "converse": self._dialogue,
        }
        link = finds[leg](name)
        if link is None:
            raise ProviderFailed(name, "There is no key for it.")
        await ready(link)
        if link.circuit.error:
            raise link.circuit.error

    def choose(self, choice: Choice | None = None) -> Providers:
        from engine.providers.offline_brain import OfflineBrain
        from engine.providers.offline_partner import OfflinePartner
        from engine.providers.offline_vad import SileroVad

        chosen = choice or self.default
        minds = _wanted(chosen.think, MINDS, self._mind)
        writer = self._writer if minds else None
        drafters = [one for one in (self._agent, writer) if one]
        return Providers(
            ears=FallbackEars(Chain([*_wanted(chosen.hear, EARS, self._ears), self._offline_ears])),
            activity=SileroVad(),
            mind=FallbackMind(Chain([*minds, Link(OfflineBrain())])),
            partner=FallbackMind(Chain([*minds, Link(OfflinePartner())])),
            speech=FallbackVoice(Chain([*_wanted(chosen.speak, VOICES, self._voice), self._offline_voice])),
            writer=writer,
            dialogue=next((link.provider for link in _wanted(chosen.converse, DIALOGUES, self._dialogue)), None),
            drafter=FallbackMind(Chain([Link(one) for one in drafters])) if drafters else None,
        )

    def _ears(self, name: str) -> Link[SpeechToText] | None:
        return self._link("hear", name, EARS[name], MeteredEars)

    def _mind(self, name: str) -> Link[LanguageModel] | None:
        return self._link("think", name, MINDS[name], lambda mind: PersistentMind(MeteredMind(mind)))

    def _voice(self, name: str) -> Link[TextToSpeech] | None:
        return self._link("speak", name, VOICES[name], lambda voice: CachedVoice(PersistentVoice(MeteredVoice(voice))))

    def _dialogue(self, name: str) -> Link[SpeechToSpeech] | None:
        return self._link("converse", name, DIALOGUES[name], MeteredDialogue)

    def _link(
        self, leg: str, name: str, make: Callable[[Settings], Kind | None], wrap: Callable[[Kind], Kind]
    ) -> Link[Kind] | None:
        key = (leg, name)
        if key not in self._links:
            made = make(self._settings)
            self._links[key] = None if made is None else Link(wrap(made))
        return self._links[key]  # type: ignore[return-value]

    @cached_property
    def _writer(self) -> LanguageModel | None:
        """Nobody waits for it as for an answer."""
        made = vendors.openai_mind(self._settings, ThinkingDeadlines())
        return made and MeteredMind(made)

    @cached_property
    def _agent(self) -> LanguageModel | None:
        made = vendors.elevenlabs_agent(self._settings)
        return made and MeteredMind(made)

    @cached_property
    def _offline_ears(self) -> Link[SpeechToText]:
        return Link(on_this_machine.ears(self._settings))

    @cached_property
    def _offline_voice(self) -> Link[TextToSpeech]:
        return Link(CachedVoice(on_this_machine.voice(self._settings)))


def choose(settings: Settings) -> Providers:
    """The providers that `settings` ask for."""
    return Registry(settings).choose()


def _wanted(names: Iterable[str], known: Iterable[str], find: Callable[[str], Link[Kind] | None]) -> list[Link[Kind]]:
    """Those of `names` that are there, up to "offline", each once."""
    found: dict[str, Link[Kind]] = {}
    for name in names:
        if name == OFFLINE:
            break
        for one in known if name == AUTO else (name,):
            link = find(one)
            if link is not None:
                found.setdefault(one, replace(link, named=name != AUTO))
    return list(found.values())
