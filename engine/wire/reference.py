"""`/docs`: the interactive description of every HTTP call, with nothing from elsewhere; and `/openapi.json` complete.

Swagger UI (Apache-2.0) comes from the package fastapi-offline (MIT), which ships it as files.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from pydantic.json_schema import models_json_schema
from starlette.requests import Request

from engine.wire.rest import Problem
from engine.wire.rest_models import Standing, TurnIn, TurnOut, TurnRefused

PATH, ASSETS = "/docs", "/docs/files"
TURN = "/api/audio/message"
OPEN = frozenset({"/health", "/api/v1/streaming/realtime/health"})
"""Calls that need no token."""
TAGS = {
    "pitches": "What is spoken, and what answers may rely on.",
    "questions and transcripts": "What was asked about a pitch, and what was said.",
    "sessions": "Whatever was talked about: numbers, reports, files of them, corrections.",
    "meetings": "The same conversations as a plain list, and their sound.",
    "coach": "A session that is coached. Its sound goes over the WebSocket /ws/{session_id}.",
    "takes": "Rehearsals of a pitch, held against their script.",
    "personas": "Whom there is to talk with.",
    "talk without a socket": "What /api/conversation does, one request a turn.",
    "health": "Whether it is up.",
}
DESCRIPTION = """Everything that Rostrum keeps, over HTTP. The voice itself runs over WebSockets: the page
[For other programs](/api-guide) has each of them with examples and a console, docs/protocols.md every detail.

Times are UTC, `start` and `end` seconds since a session began. Where this server has an access token, send it as
`Authorization: Bearer …` or `?token=…`; this page has it already."""
REFUSED = {
    "401": "This server has an access token, and it was not sent.",
    "403": "This server does not go by that host name, or not for pages of that origin.",
    "503": "The disk or the database refused.",
}
LOOK = """<style>
body { margin: 0 }
html.dark-mode body { background: #1c2022 }
.swagger-ui .info { margin: 2rem 0 }
.swagger-ui .info .title small { background: #4a5259 }
</style><script>
const look = /(?:^|; )look=(light|dark)/.exec(document.cookie)?.[1];
const dark = look ? look === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.classList.toggle("dark-mode", dark);
document.documentElement.lang = "en";
</script>"""


def add(api: FastAPI) -> None:
    """The page, its files, and the description that it shows. After all routes of `api` are there."""

    @api.get(PATH, include_in_schema=False)
    async def page(request: Request) -> HTMLResponse:
        root = str(request.scope.get("root_path", ""))
        shown = get_swagger_ui_html(
            openapi_url=f"{root}{api.openapi_url}",
            title="Rostrum: HTTP reference",
            swagger_js_url=f"{root}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}/_rostrum/favicon.svg",
            swagger_ui_parameters={"tryItOutEnabled": True, "defaultModelsExpandDepth": 0, "validatorUrl": None},
        )
        return HTMLResponse(bytes(shown.body).decode().replace("</head>", LOOK + "</head>", 1))

    api.mount(ASSETS, StaticFiles(directory=Path(str(files("fastapi_offline"))) / "static"), name="docs files")
    api.openapi = lambda: _kept(api)  # type: ignore[method-assign]


def _kept(api: FastAPI) -> dict[str, Any]:
    if api.openapi_schema is None:
        api.openapi_schema = _described(api)
    return api.openapi_schema


def _described(api: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=DESCRIPTION,
        routes=api.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    if any(getattr(route, "path", "") == TURN for route in api.routes):
        _talk(schema)
    schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, calls in schema["paths"].items():
        for call in calls.values():
            _summed_up(call)
            if path not in OPEN:
                # Both: with a token, and where none is asked for.
                call["security"] = [{"token": []}, {}]
            for status, why in REFUSED.items():
                if status == "403" or path not in OPEN:
                    call["responses"].setdefault(status, _problem(why))
    return schema


def _summed_up(call: dict[str, Any]) -> None:
    """The first sentence of a docstring, where there is no summary: the framework takes the name of the function."""
    first, _, rest = call.get("description", "").replace("\n", " ").partition(". ")
    named = call["summary"].casefold().replace(" ", "_")
    if first and call["operationId"].startswith(f"{named}_"):
        call["summary"], call["description"] = first.rstrip("."), rest
    if not call.get("description"):
        call.pop("description", None)


def _problem(why: str, model: str = Problem.__name__) -> dict[str, Any]:
    return {"description": why, "content": {"application/json": {"schema": _ref(model)}}}


def _ref(model: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model}"}


def _talk(schema: dict[str, Any]) -> None:
    """`/api/message` and its like, which are no routes of the framework's: they answer wrong input in words of their
    own."""
    models = (Problem, TurnIn, TurnOut, TurnRefused, Standing)
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schema["components"]["schemas"] = definitions["$defs"] | schema["components"]["schemas"]
    refusals = {
        "400": "Not JSON, or what cannot be heard or read.",
        "404": "There is nobody of that `persona`.",
        "409": "Another request came for the same `sessionId` meanwhile.",
        "413": "The body is larger than 24 MiB.",
        "503": "Nobody can hear, think or speak just now.",
        "504": "The answer took longer than 60 s.",
    }
    answers = {status: _problem(why, TurnRefused.__name__) for status, why in refusals.items()}
    message = {
        "summary": "Say something, and have all of the answer",
        "description": "The same at /api/message and /api/audio/audio/message.",
        "operationId": "turn",
        "tags": ["talk without a socket"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(TurnIn.__name__)}}},
        "responses": {"200": _problem("The answer, its sound as one WAV file.", TurnOut.__name__), **answers},
    }
    status = {
        "summary": "Whether somebody can hear and speak",
        "description": "The same at /api/status and /api/audio/audio/status.",
        "operationId": "standing",
        "tags": ["talk without a socket"],
        "responses": {"200": _problem("How it stands.", Standing.__name__)},
    }
    schema["paths"][TURN] = {"post": message}
    schema["paths"]["/api/audio/status"] = {"get": status}
