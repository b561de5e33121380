"""The user interface on the given FastAPI application: one page shell, its routes, NiceGUI's own set-up."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from nicegui import app, ui

from ui import layout, theme
from ui.pages import api_guide

if TYPE_CHECKING:
    from ui.studio import Studio

RECONNECT_SECONDS = 30.0
"""How long a page that lost its network keeps its state on the server. NiceGUI's default of 3 reloads the page."""

COMPRESSED = 3
"""Of 9, the default: half the time, for files a tenth larger. A first page waits while all it needs is compressed."""
KEPT = "public, max-age=31536000, immutable"
"""For what has its version in its address."""


def mount(api: FastAPI, studio: Studio) -> None:
    """Serve the pages from `api`. Call it once, after `api` has all of its own routes: NiceGUI takes what is left."""

    @app.get(theme.SHEETS_URL)
    def sheets() -> Response:
        return Response(theme.sheets(), media_type="text/css", headers={"Cache-Control": KEPT})

    app.add_static_files(theme.STATIC_URL, theme.STATIC)

    _serve(studio)
    ui.run_with(
        api,
        root=lambda: layout.shell(studio),  # for an address that leads nowhere
        title="Rostrum",
        favicon=theme.STATIC / "favicon.svg",
        language="en-US",
        reconnect_timeout=RECONNECT_SECONDS,
        tailwind=False,  # 260 kB that read every change of a page, for nothing but ui/static/reset.css
        gzip_middleware_factory=partial(GZipMiddleware, compresslevel=COMPRESSED),
        storage_secret=_secret(studio),
        show_welcome_message=False,
    )


def _serve(studio: Studio) -> None:
    """Every address, which `layout.addresses` fills."""

    @ui.page("/")
    @ui.page("/pitches")
    @ui.page("/pitches/new")
    @ui.page("/pitches/{pitch}/edit")
    @ui.page("/pitch/{pitch}")
    @ui.page("/rehearse/{pitch}")
    @ui.page("/rehearse/{pitch}/{take}")
    @ui.page("/takes/{take}")
    @ui.page("/takes/{one}/{other}")
    @ui.page("/talk")
    @ui.page("/talk/people/new")
    @ui.page("/talk/people/{persona}")
    @ui.page("/talk/{persona}")
    @ui.page("/coach")
    @ui.page("/coach/check")
    @ui.page("/coach/{session}")
    @ui.page(api_guide.PATH)
    @ui.page("/progress")
    @ui.page("/compare/{one}/{other}")
    @ui.page("/words")
    @ui.page("/settings")
    @ui.page("/history")
    @ui.page("/history/{meeting}")
    @ui.page("/report/{session}")
    def shell() -> None:
        layout.shell(studio)

    if studio.settings.development:
        ui.page("/style")(shell)


def _secret(studio: Studio) -> str:
    """What signs the browser's session: `SECRET_KEY`, or a random one that is kept with the data."""
    if studio.settings.secret_key:
        return studio.settings.secret_key.get_secret_value()
    kept = studio.store.preference("ui.secret")
    if not kept:
        kept = secrets.token_urlsafe(32)
        studio.store.set_preference("ui.secret", kept)
    return str(kept)
