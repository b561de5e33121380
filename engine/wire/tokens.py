"""Who a client says it is: JSON Web Tokens, HS256, signed with SECRET_KEY, the user's name in `sub`.

Nothing is accepted without SECRET_KEY: a key that anybody could guess, or that changes with every start, proves
nothing. `python main.py token` issues them; so may any other program that knows the key.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import parse_qsl

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import Scope

from engine.errors import RostrumError

PATHS = ("/api/v1/streaming/realtime", "/api/v1/realtime")
"""Where a WebSocket asks for such a token. The second is how later servers of the same clients called it."""
ALGORITHM = "HS256"
DAY = 24 * 3600
"""Seconds."""


class NoToken(RostrumError):
    """Nobody is known by what the client offered; the message says why not."""

    code = "not_authorised"


def issue(user: str, days: int, key: SecretStr) -> str:
    """A token for `user` that holds for so many days from now."""
    import jwt

    now = int(time.time())
    with _without_advice():
        return jwt.encode({"sub": user, "iat": now, "exp": now + days * DAY}, key.get_secret_value(), ALGORITHM)


def user(offered: Sequence[str], key: SecretStr | None) -> str:
    """Whom the first valid one of the `offered` tokens names.

    Raises:
        NoToken: none is valid, or there is no key to check them with.
    """
    if key is None:
        raise NoToken("this server issues no tokens: SECRET_KEY is not set")
    if not offered:
        raise NoToken("a token is asked for here: as bearer, ?token= or subprotocol")
    problem = NoToken("this token is not valid")
    for token in offered:
        try:
            return _subject(token, key.get_secret_value())
        except NoToken as error:
            problem = error
    raise problem


def _subject(token: str, key: str) -> str:
    import jwt

    try:
        # The algorithm is ours to choose, never the token's: "none" would be signed by anybody.
        with _without_advice():
            claims = jwt.decode(token, key, [ALGORITHM], options={"require": ["sub"], "verify_aud": False})
    except jwt.ExpiredSignatureError:
        raise NoToken("this token has expired") from None
    except jwt.MissingRequiredClaimError:
        raise NoToken('this token names no user: its claim "sub" is missing') from None
    except jwt.InvalidTokenError:
        raise NoToken("this token is not valid") from None
    if not claims["sub"]:
        raise NoToken('this token names no user: its claim "sub" is empty')
    return str(claims["sub"])


@contextmanager
def _without_advice() -> Iterator[None]:
    """A short key is its owner's choice: the library would say so in the log, at every token."""
    import jwt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        yield


def offered(scope: Scope) -> list[str]:
    """The tokens that a request or a WebSocket's handshake bears: as bearer, in the query, as subprotocol."""
    kind, _, value = Headers(scope=scope).get("authorization", "").partition(" ")
    found = [value.strip()] if kind.lower() == "bearer" else []
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    found += [value for name, value in query if name in {"token", "access_token", "key"}]
    match scope.get("subprotocols"):
        case ["bearer", token, *_]:
            found.append(token)
    return found
