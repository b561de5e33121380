"""Who hears, thinks and speaks in each mode: as the settings have it, or as the user chose on the page since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Protocol

from engine.audio import Pcm
from engine.bills import Item, total
from engine.errors import BadInput, ProviderFailed, ProviderTimeout
from engine.messages import Fault, Output
from engine.providers import housekeeping
from engine.providers.base import About, LanguageModel, Senses, TextToSpeech, Voice
from engine.providers.registry import Choice, Providers, Registry
from engine.providers.tab import Tab, Used
from engine.settings import Settings, chain
from engine.store import Store

PITCH, TALK, COACH = "pitch", "talk", "coach"
MODES = (PITCH, TALK, COACH)
PREFERENCE = "engines"
NAMES = {"hear": "speech_to_text", "think": "language_model", "speak": "text_to_speech", "converse": "speech_to_speech"}
"""The fields of `Choice`, and the settings that have their defaults."""
WRITTEN_AFTER = 5.0
"""Seconds between two writes of a bill: what the death of the process may hide."""
CHECKED_WITHIN, SAID_WITHIN = 15.0, 30.0
"""Seconds that a user who asked for it waits at most: longer than any deadline of a provider for a first answer, and
than a sentence takes by all of a chain, one after the other."""


class Ending(Protocol):
    """A model that its vendor shuts down: from `date` on `successor` is to be named by the variable `setting`."""

    @property
    def setting(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def date(self) -> date: ...
    @property
    def successor(self) -> str: ...


class Engines:
    """`fixed`: these and no others, for a test or a benchmark."""

    def __init__(self, settings: Settings, store: Store, fixed: Providers | None = None) -> None:
        self._settings = settings
        self._store = store
        self._fixed = fixed
        self._registry = Registry(settings)
        self._chosen: dict[Choice, Providers] = {}

    @property
    def default(self) -> Providers:
        """For whatever is of no mode."""
        return self._fixed or self._made(self._registry.default)

    def of(self, mode: str) -> Providers:
        """One of `MODES`. May block a little the first time: a preference is read."""
        return self._fixed or self._made(self.choice(mode))

    def about(self, mode: str) -> Mapping[str, About]:
        """Who `hears`, `thinks` and `speaks` there."""
        found = self.of(mode)
        return found.about() | ({"thinks": found.partner.about} if mode == TALK else {})

    def there(self) -> Mapping[str, tuple[str, ...]]:
        """Vendors that could be chosen, by the fields of `Choice`."""
        return self._registry.there()

    def choice(self, mode: str) -> Choice:
        """What is chosen for `mode`."""
        known = self._store.preference(PREFERENCE)
        wishes = known.get(mode) if isinstance(known, dict) else None
        given = wishes if isinstance(wishes, dict) else {}
        chosen = self._registry.default
        for name, setting in NAMES.items():
            try:
                chosen = replace(chosen, **{name: chain(str(given[name]), setting)})
            except (KeyError, ValueError):
                continue
        return chosen

    def choose(self, mode: str, **wishes: str) -> Providers:
        """From the next session on, in `mode`: `hear`, `think` or `speak` as for the settings of these; "" as these
        have it. The providers, still to be warmed.

        Raises:
            BadInput: there is no such mode, leg or vendor.
        """
        if mode not in MODES or not wishes.keys() <= NAMES.keys():
            raise BadInput(f"expected one of {', '.join(MODES)}, and {', '.join(NAMES)} of it")
        for name, wish in wishes.items():
            try:
                _ = wish and chain(wish, NAMES[name])
            except ValueError as error:
                raise BadInput(str(error)) from None
        known = self._store.preference(PREFERENCE)
        every = known if isinstance(known, dict) else {}
        mine = every.get(mode)
        kept = {**(mine if isinstance(mine, dict) else {}), **wishes}
        self._store.set_preference(PREFERENCE, {**every, mode: {name: wish for name, wish in kept.items() if wish}})
        return self.of(mode)

    def endings(self) -> Sequence[Ending]:
        """Models that the settings name and that their vendor shuts down, or has shut down."""
        return self._registry.endings()

    async def check(self, leg: str, vendor: str) -> None:
        """Find out, within `CHECKED_WITHIN`, whether `vendor`, one of `there`, works, without spending.

        Raises:
            ProviderFailed: it does not; says why.
        """
        try:
            async with asyncio.timeout(CHECKED_WITHIN):
                await self._registry.check(leg, vendor)
        except TimeoutError:
            raise ProviderTimeout(vendor, f"{vendor} did not answer within {CHECKED_WITHIN:.0f} s.") from None

    def voices(self, mode: str) -> Sequence[str]:
        """Names of voices to choose from in `mode`, the default first."""
        return self._speech(mode, self.of(mode)).voices()

    async def say(self, mode: str, text: str, voice: str, tell: Callable[[ProviderFailed], None]) -> Pcm:
        """`text` as `mode` would speak it, with the `voice` of that name ("" the default); `tell` is told where another
        goes on than was chosen. No session pays for it: it is not for long texts.

        Raises:
            ProviderFailed, ProviderTimeout: nobody spoke.
        """
        tab = Tab(tell, most=self._settings.max_cost_per_session)
        speech = self._speech(mode, self.of(mode).of(tab))
        pieces: list[Pcm] = []
        try:
            async with asyncio.timeout(SAID_WITHIN), aclosing(speech.speak(text, Voice(name=voice))) as chunks:
                async for chunk in chunks:
                    pieces.append(chunk.pcm)
        except TimeoutError:
            name = speech.about.name
            raise ProviderTimeout(name, f"{speech.about.label} did not speak within {SAID_WITHIN:.0f} s.") from None
        if not pieces:
            raise ProviderFailed(speech.about.name, f"{speech.about.label} gave no sound.")
        return Pcm(b"".join(piece.data for piece in pieces), pieces[0].rate)

    @staticmethod
    def _speech(mode: str, found: Providers) -> TextToSpeech:
        return found.dialogue.reads if found.dialogue and mode == TALK else found.speech

    @contextmanager
    def working(self, mode: str, meeting: str, emit: Callable[[Output], None]) -> Iterator[Providers]:
        """Those of `mode`, for the meeting of that id, which is told when another goes on than was chosen, and pays."""

        def told(notice: ProviderFailed) -> None:
            emit(Fault(code=notice.code, message=str(notice), retryable=notice.retryable))

        with self._billed(mode, meeting, told) as providers:
            yield providers

    @contextmanager
    def coaching(self, meeting: str, emit: Callable[[Output], None]) -> Iterator[tuple[Senses, LanguageModel | None]]:
        """Who hears and whispers in a session that is coached, and who drafts its cues."""
        with self.working(COACH, meeting, emit) as providers:
            yield providers.senses, providers.drafter

    @contextmanager
    def writing(self, meeting: str) -> Iterator[LanguageModel | None]:
        """Who writes the report of that meeting, if there is a language model; the meeting pays."""
        with self._billed(COACH, meeting, lambda _: None) as providers:
            yield providers.writer

    @contextmanager
    def _billed(self, mode: str, meeting: str, tell: Callable[[ProviderFailed], None]) -> Iterator[Providers]:
        bill = _Bill(self._store, meeting)
        most = self._settings.max_cost_per_session
        left = None if most is None else max(0.0, most - total(self._store.bills.of(meeting)))
        bill.tab = Tab(tell, most=left, changed=bill.grown)
        try:
            yield self.of(mode).of(bill.tab)
        finally:
            bill.hand_over()

    async def warm(self, providers: Providers | None = None) -> None:
        """Load what the first conversation needs. One that cannot be loaded says so again, and better, when needed."""
        wanted = [providers] if providers else [self.of(mode) for mode in MODES]
        await asyncio.gather(*(_warm(each) for each in self._all(wanted)))

    async def close(self) -> None:
        await housekeeping.close(self._all(self._chosen.values() if not self._fixed else [self._fixed]))

    def _made(self, choice: Choice) -> Providers:
        if choice not in self._chosen:
            self._chosen[choice] = self._registry.choose(choice)
        return self._chosen[choice]

    def _all(self, chosen: Iterable[Providers]) -> list[object]:
        """Each once."""
        found = [getattr(each, field.name) for each in chosen for field in fields(Providers)]
        return list({id(one): one for one in found if one is not None}.values())


class _Bill:
    """Writes down, once in a while, by how much the bill of a meeting has grown."""

    tab: Tab

    def __init__(self, store: Store, meeting: str) -> None:
        self._store = store
        self._meeting = meeting
        self._written: dict[tuple[str, str, str], Used] = {}
        self._timer: asyncio.TimerHandle | None = None

    def grown(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITTEN_AFTER, self.hand_over)

    def hand_over(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        more = []
        for used in self.tab.used:
            key = (used.provider, used.label, used.unit.value)
            before = self._written.get(key)
            self._written[key] = used
            amount = used.amount - (before.amount if before else 0.0)
            usd = None if used.usd is None else used.usd - ((before.usd if before else None) or 0.0)
            if amount > 0:
                more.append(Item(**asdict(used) | {"unit": used.unit.value, "amount": amount, "usd": usd}))
        if more:
            self._store.soon(self._store.bills.add, self._meeting, more)


async def _warm(provider: object) -> None:
    try:
        await housekeeping.warm(provider)
    except ProviderFailed:
        return
