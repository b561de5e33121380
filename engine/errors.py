"""Every error that Rostrum raises on purpose.

RostrumError
├── BadInput            what a client sent cannot be used; the message says what was expected
│   └── TooLarge        … because there is too much of it
├── NotFound            a pitch, a conversation that is not there
├── StorageFailed       the disk or the database refused
├── StillGoingOn        a conversation has to have ended before that
├── TooMany             as many conversations as this server holds are going on
├── SettingsError       an environment variable holds a wrong value
├── ClientStalled       the client holds audio and does not play it
└── ProviderFailed      something that hears, thinks or speaks did not
    ├── ProviderTimeout … within its deadline
    ├── ProviderBusy    … because too much was asked of it; the message says so
    ├── ProviderAbsent  … because its server does not do that at all
    └── Switched        … and somebody else goes on: told, nothing has to be done about it

`code` is for programs and stays the same between releases; `str(error)` is one sentence fit to show to whoever
caused it: no path, no key, no stack. Each wire maps the tree to its own dialect in one place.
"""

from __future__ import annotations


class RostrumError(Exception):
    """Base of the tree. `retryable`: the same request may succeed later, unchanged."""

    code = "internal_error"
    retryable = False


class BadInput(RostrumError):
    """What a client sent cannot be used."""

    code = "bad_input"


class TooLarge(BadInput):
    """What a client sent is larger than the limit named in the message."""

    code = "too_large"


class NotFound(RostrumError):
    """What was asked for is not there."""

    code = "not_found"


class StorageFailed(RostrumError):
    """The disk or the database refused; nothing was changed."""

    code = "storage_failed"
    retryable = True


class StillGoingOn(RostrumError):
    """What was asked for is there when the conversation has ended."""

    code = "still_going_on"
    retryable = True


class TooMany(RostrumError):
    """As many conversations as this server holds are going on."""

    code = "too_many"
    retryable = True


class SettingsError(RostrumError):
    """An environment variable (or command line option) holds a value that cannot be used."""

    code = "bad_setting"


class ClientStalled(RostrumError):
    """The client holds audio and does not play it."""

    code = "not_played"
    retryable = True


class ProviderFailed(RostrumError):
    """A provider of speech or text failed. `provider` is its name in the registry."""

    code = "provider_failed"

    def __init__(self, provider: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.provider = provider
        self.retryable = retryable


class ProviderTimeout(ProviderFailed):
    """A provider did not answer within its deadline."""

    code = "provider_timeout"

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, retryable=True)


class ProviderBusy(ProviderFailed):
    """Too much was asked of a provider. `after`: seconds after which to ask again, 0 where that was not said."""

    def __init__(self, provider: str, message: str, *, after: float) -> None:
        super().__init__(provider, message, retryable=True)
        self.after = after


class ProviderAbsent(ProviderFailed):
    """A server has nothing of that kind, and will not have it before it is another one."""


class Switched(ProviderFailed):
    """A provider failed and another one goes on: the message says which. Nothing is raised, it is only told."""

    code = "provider_switched"

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, retryable=True)
