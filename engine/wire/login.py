"""The page that asks for ACCESS_TOKEN, and the cookie that remembers that it was known."""

from __future__ import annotations

import hmac
from html import escape
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

PATH = "/login"
COOKIE = "rostrum_access"
COOKIE_AGE = 30 * 24 * 3600
"""Seconds until the token is asked for again."""
FORM_LIMIT = 4096
"""Bytes of a login form at most."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rostrum</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{{--paper:#faf6ee;--raised:#fffdf9;--edge:#92836d;--ink:#211b15;--soft:#544a3e;--accent:#a63c1c;
--accent-ink:#fffaf2;--danger:#a01f2b;color-scheme:light dark}}
@media (prefers-color-scheme:dark){{:root{{--paper:#171310;--raised:#201b16;--edge:#7f7262;--ink:#f4ebde;
--soft:#c2b6a5;--accent:#f2946a;--accent-ink:#1d0f07;--danger:#ff9f9b}}}}
body{{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:1.0625rem/1.5 Inter,system-ui,sans-serif}}
form{{width:min(22rem,100vw - 3rem)}}h1{{font-size:1.75rem;margin:0 0 .5rem}}p{{color:var(--soft);margin:0 0 1.5rem}}
p[role=alert]{{color:var(--danger);margin:.5rem 0 0}}label{{display:block;font-weight:600;margin-bottom:.25rem}}
input,button{{font:inherit;width:100%;box-sizing:border-box;padding:.75rem;border-radius:.5rem}}
input{{border:1px solid var(--edge);background:var(--raised);color:inherit}}
button{{margin-top:1rem;border:0;background:var(--accent);color:var(--accent-ink);font-weight:600;cursor:pointer}}
:focus-visible{{outline:3px solid var(--accent);outline-offset:2px}}</style></head>
<body><main><form method="post" action="{path}"><h1>Rostrum</h1><p>This studio is not open to everybody.</p>
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>{problem}
<input type="hidden" name="next" value="{next}"><button>Come in</button></form></main></body></html>"""
WRONG = '<p role="alert">That is not the token. It is what ACCESS_TOKEN was set to where Rostrum was started.</p>'


async def page(token: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Show the form; sent with the right token, set the cookie and lead to the page that was asked for."""
    request = Request(scope, receive)
    response: Response
    if request.method in {"GET", "HEAD"}:
        response = _form(request.query_params.get("next", "/"))
    elif request.method == "POST":
        response = _answer(await _fields(request), token, request)
    else:
        response = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD, POST"})
    await response(scope, receive, send)


def admit(response: Response, token: str, *, secure: bool) -> None:
    """Set the cookie. It is derived from the token and useless once the token is another; never the token itself."""
    response.set_cookie(COOKIE, _proof(token), max_age=COOKIE_AGE, httponly=True, samesite="lax", secure=secure)


def admitted(scope: Scope, token: str) -> bool:
    """Whether a request bears the cookie."""
    return hmac.compare_digest(
        HTTPConnection(scope).cookies.get(COOKIE, "").encode(errors="replace"), _proof(token).encode()
    )


def inside(address: str) -> str:
    """`address` if it stays on this server, else the start page: nobody is led elsewhere from a login."""
    elsewhere = not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable()
    return "/" if elsewhere or address.startswith(PATH) else address


def _proof(token: str) -> str:
    return hmac.digest(token.encode(), b"rostrum: has known the access token", "sha256").hex()


def _answer(fields: dict[str, str], token: str, request: Request) -> Response:
    if not hmac.compare_digest(fields.get("token", "").encode(errors="replace"), token.encode()):
        return _form(fields.get("next", "/"), WRONG, 401)
    response = RedirectResponse(inside(fields.get("next", "/")), 303)
    admit(response, token, secure=request.url.scheme == "https")
    return response


def _form(next_page: str, problem: str = "", status: int = 200) -> HTMLResponse:
    text = PAGE.format(path=PATH, problem=problem, next=escape(inside(next_page)))
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_LIMIT:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1"), encoding="utf-8").items()}
