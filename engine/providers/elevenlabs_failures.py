"""What ElevenLabs' refusals mean, and those of the libraries that talk with it: each becomes a `ProviderFailed` with a
message fit to show. Never the vendor's own text: it may hold the key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.errors import ProviderFailed, ProviderTimeout

NAME = "elevenlabs"

_KEY = "did not accept ELEVENLABS_API_KEY"
_CREDIT = "the account has no credit left"
_LASTING = {
    "invalid_api_key": _KEY,
    "auth_error": _KEY,
    "missing_permissions": "the key behind ELEVENLABS_API_KEY is not allowed to do this",
    "quota_exceeded": _CREDIT,
    "payment_required": _CREDIT,
    "detected_unusual_activity": "the account was blocked for unusual activity",
    "unaccepted_terms": "the account has not accepted the terms of use yet",
    "voice_not_found": "has no such voice: check VOICE_ID",
    "model_not_found": "has no such model: check XI_MODEL_ID",
    "input_error": "refused the request",
    "invalid_request": "refused the request",
}
_PASSING = {
    "max_active_conversations": "is speaking too many texts at once",
    "too_many_concurrent_requests": "has too many requests just now",
    "rate_limited": "has too many requests just now",
    "system_busy": "is too busy just now",
    "queue_overflow": "is too busy just now",
    "resource_exhausted": "is too busy just now",
}


class BrokeOff(ProviderFailed):
    """The connection is gone. Where nothing had come over it yet, another one may do."""

    def __init__(self) -> None:
        super().__init__(NAME, "ElevenLabs broke off", retryable=True)


def refused(code: str | None = None, status: int | None = None) -> ProviderFailed:
    """What a refusal means to whoever set the key, by the vendor's own `code` or the HTTP status. Never the vendor's
    text: it may hold the key."""
    if code in _LASTING:
        return _failed(_LASTING[code])
    if code in _PASSING:
        return _failed(_PASSING[code], retryable=True)
    match status:
        case 401 | 403:
            return _failed(_KEY)
        case 402:
            return _failed(_CREDIT)
        case 404:
            return _failed("has no such voice or model: check VOICE_ID and XI_MODEL_ID")
        case 429:
            return _failed("has too many requests just now", retryable=True)
        case int() if status < 500:
            return _failed(f"refused the request (status {status})")
        case int():
            return _failed(f"is having trouble (status {status})", retryable=True)
    return _failed("is having trouble", retryable=True)


def _failed(what: str, *, retryable: bool = False) -> ProviderFailed:
    return ProviderFailed(
        NAME, f"ElevenLabs: {what}" if what.startswith("the ") else f"ElevenLabs {what}", retryable=retryable
    )


def unreachable() -> ProviderFailed:
    return _failed("cannot be reached", retryable=True)


def nonsense() -> ProviderFailed:
    """The vendor sent something that is not of its protocol."""
    return _failed("sent something that cannot be read", retryable=True)


def cut_short() -> ProviderFailed:
    return _failed("stopped in the middle of a sentence", retryable=True)


def too_slow() -> ProviderTimeout:
    return ProviderTimeout(NAME, "ElevenLabs did not answer in time")


def wordless() -> ProviderFailed:
    return _failed("answered without a word", retryable=True)


def no_agent() -> ProviderFailed:
    return _failed("has no such agent: check ELEVENLABS_AGENT_ID")


def no_override() -> ProviderFailed:
    return _failed(
        "keeps the agent from being told what to do: allow overrides of its system prompt, first message and text only"
    )


def code_of(body: Any) -> str | None:  # noqa: ANN401
    """The vendor's own code in the JSON of an HTTP refusal, in its older place or its newer."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if not isinstance(detail, dict):
        return None
    code = detail.get("status") or detail.get("code")
    return code if isinstance(code, str) else None


@contextmanager
def failures() -> Iterator[None]:
    """Around whatever asks the vendor: raises ProviderFailed or ProviderTimeout for what the SDK, httpx and websockets
    raise, and for a deadline that has passed (TimeoutError)."""
    import httpx
    from elevenlabs.core.api_error import ApiError
    from websockets.exceptions import InvalidStatus, WebSocketException

    try:
        yield
    except ApiError as error:
        raise refused(code_of(error.body), error.status_code) from None
    except InvalidStatus as error:
        raise refused(_code_in(error.response.body), error.response.status_code) from None
    except (TimeoutError, httpx.TimeoutException):
        raise too_slow() from None
    except (OSError, httpx.ConnectError):
        raise unreachable() from None
    except (httpx.HTTPError, WebSocketException):
        raise BrokeOff from None


def _code_in(body: bytes | bytearray | None) -> str | None:
    try:
        return code_of(json.loads(body or b""))
    except ValueError:
        return None
