"""The server without pages: every wire on one FastAPI, the guard around all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp

from engine.errors import (
    BadInput,
    NotFound,
    ProviderFailed,
    ProviderTimeout,
    RostrumError,
    StillGoingOn,
    StorageFailed,
    TooLarge,
)
from engine.settings import Settings
from engine.wire import (
    reference,
    rest,
    rest_export,
    rest_follow_ups,
    rest_history,
    rest_personas,
    rest_sessions,
    rest_takes,
)
from engine.wire.guard import Guard

if TYPE_CHECKING:
    from engine.studio import Studio

STATUS: dict[type[RostrumError], int] = {
    BadInput: 422,
    TooLarge: 413,
    NotFound: 404,
    StorageFailed: 503,
    StillGoingOn: 409,
    ProviderFailed: 502,
    ProviderTimeout: 504,
    RostrumError: 500,
}
"""What an error is over HTTP: the entry of its own class, or of the nearest above it."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Opened(rest_sessions.HasDesk, rest_follow_ups.Asks, rest_takes.HasReviews, Protocol):
    """What all but the WebSockets need of the studio."""

    @property
    def settings(self) -> Settings: ...
    async def open(self) -> None: ...
    async def close(self) -> None: ...


class Api(FastAPI):
    """FastAPI with the guard outermost, whatever middleware others add later (NiceGUI adds its sessions)."""

    def __init__(self, settings: Settings, hosts: Collection[str], **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self._guarded_by = (settings, hosts)

    def build_middleware_stack(self) -> ASGIApp:
        return Guard(super().build_middleware_stack(), *self._guarded_by)


def build(studio: Studio, hosts: Collection[str] = ()) -> FastAPI:
    """The app with all its wires; see `assemble`."""
    from engine.wire.coach import router as coach_router
    from engine.wire.coach import routes as coach_routes
    from engine.wire.conversation import routes as conversation_routes
    from engine.wire.page import routes as page_routes
    from engine.wire.pitch import routes as pitch_routes
    from engine.wire.realtime import router as realtime_router
    from engine.wire.realtime import routes as realtime_routes
    from engine.wire.vocode import routes as vocode_routes

    sockets: list[BaseRoute] = [*pitch_routes(studio), *page_routes(studio), *realtime_routes(studio)]
    sockets += [*conversation_routes(studio), *vocode_routes(studio), *coach_routes(studio)]
    return assemble(studio, sockets, hosts, [realtime_router(studio), coach_router(studio)])


def assemble(
    studio: Opened, sockets: Sequence[BaseRoute], hosts: Collection[str] = (), routers: Sequence[APIRouter] = ()
) -> FastAPI:
    """The app with these WebSockets and what else they need over HTTP; its lifespan opens and closes the studio.
    `hosts`: further names that the guard lets it go by."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await studio.open()
        try:
            yield
        finally:
            await studio.close()

    api = Api(
        studio.settings,
        hosts,
        title="Rostrum",
        version=rest.VERSION,
        summary="A voice practice studio.",
        lifespan=lifespan,
        # Their pages would load scripts from elsewhere: `reference` has one that does not.
        docs_url=None,
        redoc_url=None,
    )
    api.add_exception_handler(RostrumError, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(Exception, _broken)
    calls = (rest, rest_history, rest_sessions, rest_personas, rest_follow_ups, rest_takes, rest_export)
    for router in (*(each.router(studio) for each in calls), *routers):
        api.include_router(router)
    api.router.routes.extend(sockets)
    reference.add(api)
    api.add_api_route("/api", _nothing_there, methods=METHODS, include_in_schema=False)
    api.add_api_route("/api/{rest:path}", _nothing_there, methods=METHODS, include_in_schema=False)
    return api


async def _nothing_there(request: Request) -> None:
    """Else NiceGUI would answer with a page."""
    others = (route for route in request.app.router.routes if getattr(route, "endpoint", None) is not _nothing_there)
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in others):
        raise HTTPException(405, "Method Not Allowed")
    raise HTTPException(404, "Not Found")


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RostrumError)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status == 422:  # in the framework's own shape, so that a client has one to read
        return JSONResponse({"detail": [{"type": error.code, "loc": ["body"], "msg": str(error)}]}, status)
    return JSONResponse({"detail": str(error)}, status)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """The framework's answer without an echo of the input, which may be long, and no valid text at all."""
    assert isinstance(error, RequestValidationError)
    problems = [{key: problem[key] for key in ("type", "loc", "msg")} for problem in error.errors()]
    return JSONResponse({"detail": problems}, 422)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Internal Server Error"}, 500)
