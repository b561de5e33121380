"""Who may talk to this server: the outermost layer of the app, which sees HTTP and WebSockets alike.

In order, each refusal at once and before anything else of the app runs:

1. `Host` must be a name of this server, or a web page could reach it under a name of its own (DNS rebinding).
2. `Origin`: programs send none and may; pages of this server, of this machine (loopback) and of ALLOWED_ORIGINS may;
   any other page may neither open a WebSocket nor change anything, and gets no CORS headers to read with.
3. ACCESS_TOKEN, where it is set: as bearer, `?token=`, WebSocket subprotocol `bearer, <token>`, or by the cookie of the
   login page. WebSockets that ask for a token of their own (`tokens`) take that one instead.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.settings import Settings
from engine.wire import login, tokens

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LOOPBACK_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({"/health", "/api/v1/streaming/realtime/health", "/api/v1/realtime/health"})
"""Paths that need no token."""
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob: data:; worker-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
"""The strictest that NiceGUI's pages live with: Vue compiles templates in the page, hence 'unsafe-eval'."""


class Guard:
    """Wraps `app`. `hosts`: further names that this server is called by, such as a test client's."""

    def __init__(self, app: ASGIApp, settings: Settings, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._secret_key = settings.secret_key
        self._token = settings.access_token.get_secret_value() if settings.access_token else None
        self._all_origins = "*" in settings.allowed_origins
        self._origins = frozenset(settings.allowed_origins)
        named = (urlsplit(origin).hostname or "" for origin in settings.allowed_origins)
        self._hosts = LOOPBACK | {settings.host.lower(), *named, *hosts}
        self._any_address = settings.beyond_loopback
        self._with_cors = CORSMiddleware(
            self._behind_cors,
            allow_origins=settings.allowed_origins,
            allow_origin_regex=LOOPBACK_ORIGIN.pattern,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_private_network=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        if not self._known_host(headers.get("host", "")):
            return await _refuse(403, "This server does not go by that host name.", scope, receive, send)
        origin = headers.get("origin")
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if origin is not None and unsafe and not self._known_origin(origin, headers.get("host", "")):
            return await _refuse(403, "Pages of that origin may not use this server.", scope, receive, send)
        return await self._with_cors(scope, receive, send)

    async def _behind_cors(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What follows has CORS headers on its answers, refusals included: else a page could not read why."""
        send = _bearing_headers(scope, send)
        if self._token is None:
            return await self._app(scope, receive, send)
        if scope["type"] == "http" and scope["path"] == login.PATH:
            return await login.page(self._token, scope, receive, send)
        if scope["path"] in OPEN:
            return await self._app(scope, receive, send)
        if scope["type"] == "http" and _asks_for_page(scope):
            return await self._page(self._token, scope, receive, send)
        if self._may(self._token, scope):
            return await self._app(scope, receive, send)
        return await _refuse(401, "This server asks for its access token.", scope, receive, send)

    async def _page(self, token: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A token in a page's address becomes a cookie, so that the page's own requests carry it."""
        here = quote(scope["path"])
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        address = f"{here}?{rest}" if rest else here
        if any(name == "token" and _same(value, token) for name, value in query):
            response: Response = RedirectResponse(login.inside(address), 303)
            login.admit(response, token, secure=scope["scheme"] == "https")
        elif self._may(token, scope):
            return await self._app(scope, receive, send)
        else:
            response = RedirectResponse(f"{login.PATH}?{urlencode({'next': address})}", 303)
        return await response(scope, receive, send)

    def _known_host(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "") if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
        if name in self._hosts or (self._all_origins and name):
            return True
        # An address is no name that somebody else could point here.
        return self._any_address and _is_address(name)

    def _known_origin(self, origin: str, host: str) -> bool:
        if self._all_origins or origin in self._origins or LOOPBACK_ORIGIN.fullmatch(origin):
            return True
        return origin.lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}

    def _may(self, token: str, scope: Scope) -> bool:
        offered = tokens.offered(scope)
        if login.admitted(scope, token) or any(_same(one, token) for one in offered):
            return True
        if scope["type"] != "websocket" or scope["path"] not in tokens.PATHS:
            return False
        try:  # one header cannot bear both
            return bool(tokens.user(offered, self._secret_key))
        except tokens.NoToken:
            return False


def _same(offered: str, token: str) -> bool:
    return hmac.compare_digest(offered.encode(errors="replace"), token.encode())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _asks_for_page(scope: Scope) -> bool:
    accepts_html = "text/html" in Headers(scope=scope).get("accept", "")
    return scope["method"] in {"GET", "HEAD"} and accepts_html and not scope["path"].startswith("/api/")


def _bearing_headers(scope: Scope, send: Send) -> Send:
    """Security headers on answers; and a browser that offered the subprotocol `bearer` must have it accepted."""
    bearer = scope["type"] == "websocket" and "bearer" in scope.get("subprotocols", ())

    async def bearing(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            if headers.get("content-type", "").startswith("text/html"):
                headers["Content-Security-Policy"] = CONTENT_POLICY
                # Not "no-referrer": with it a page's own POST would have the origin "null".
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "microphone=(self)"
        elif message["type"] == "websocket.accept" and bearer and not message.get("subprotocol"):
            message["subprotocol"] = "bearer"
        await send(message)

    return bearing


async def _refuse(status: int, detail: str, scope: Scope, receive: Receive, send: Send) -> None:
    """With JSON; a WebSocket at its handshake, where servers can."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            return await send({"type": "websocket.close", "code": 1008, "reason": detail})
    return await JSONResponse({"detail": detail}, status, headers)(scope, receive, send)
