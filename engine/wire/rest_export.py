"""Everything as one file, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from engine.clock import wall
from engine.exports.everything import as_zip
from engine.wire.rest_history import UNKEPT

if TYPE_CHECKING:
    from engine.wire.rest_sessions import HasDesk

ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}, "description": "A file to keep."}}


def router(studio: HasDesk) -> APIRouter:
    """All routes of this module."""
    everything = APIRouter(prefix="/api/v1", tags=["sessions"])

    @everything.get("/export", response_class=StreamingResponse, responses=ZIP)
    def export() -> StreamingResponse:
        """Everything as one ZIP file: sessions as JSON and Markdown, recordings as WAV, pitches, own people and words.
        It is made while it is sent."""
        name = f"rostrum-{wall():%Y-%m-%d}.zip"
        headers = UNKEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(as_zip(studio.store, studio.desk), media_type="application/zip", headers=headers)

    return everything
