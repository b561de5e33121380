"""Sessions over HTTP: the list, one of them with its numbers, its report, its files, corrections, and forgetting.

Whatever was talked about is a session: one that was coached, a talk, a pitch. Handlers run in threads, like `rest`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import orjson
from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.bills import total
from engine.errors import BadInput, StillGoingOn
from engine.exports.cost import told
from engine.exports.everything import recorded
from engine.exports.figures import missing
from engine.exports.markdown import as_markdown
from engine.exports.naming import file_name, speakers
from engine.exports.record import about, as_json, line_of, metrics, report_of
from engine.exports.spreadsheet import as_csv
from engine.exports.subtitles import as_srt, as_vtt, subtitles
from engine.wire.rest import LARGE, MISSING, Bounded, HasStore, Problem
from engine.wire.rest_history import UNKEPT
from engine.wire.rest_models import ReportOut, SessionOut

if TYPE_CHECKING:
    from engine.desk import Desk, Dossier

SessionId = Annotated[str, Path(description="A session's id, from the list of sessions.")]
LINE_LENGTH = 10_000
"""Characters of a corrected line at most: ten minutes of quick speech."""
UNWRITTEN: dict[int | str, dict[str, Any]] = {409: {"model": Problem, "description": "There is no report yet."}}


class HasDesk(HasStore, Protocol):
    """What these routes need of the studio."""

    @property
    def desk(self) -> Desk: ...


class PastSessionOut(BaseModel):
    """A session, as the list has it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    scenario: str = Field(description="coach, talk, pitch or rehearsal.")
    mode: str = Field(description="What kind of speaking it is: its bands are chosen by it.")
    title: str
    begun: datetime
    seconds: float = Field(description="From its beginning to the end of its last line.")
    turns: int = Field(description="How often the user spoke.")
    finished: bool
    recorded: bool = Field(description="Whether it can be heard.")


class LineChange(BaseModel):
    """What was really said, or who said it; at least one of the two."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, min_length=1, max_length=LINE_LENGTH, examples=["It costs thirty euros."])
    speaker: Literal["user", "partner"] | None = None

    @model_validator(mode="after")
    def _something(self) -> LineChange:
        if self.text is None and self.speaker is None:
            raise ValueError("expected text or speaker")
        if self.text is not None and not self.text.strip():
            raise ValueError("text: expected at least one word")
        return self


def router(studio: HasDesk) -> APIRouter:
    """All routes of this module."""
    sessions = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], route_class=Bounded)
    _read(sessions, studio)
    _correct(sessions, studio)
    _forget(sessions, studio)
    _export(sessions, studio)
    return sessions


def _read(sessions: APIRouter, studio: HasDesk) -> None:
    @sessions.get("", response_model=list[PastSessionOut])
    def every(
        scenario: Literal["coach", "talk", "pitch", "rehearsal"] | None = None,
        mode: Annotated[str | None, Query(max_length=40)] = None,
        text: Annotated[str, Query(max_length=200, description="Words of the title, the goal or the transcript.")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 20,
        offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> object:
        """Sessions in which something was said, newest first."""
        return studio.store.archive.meetings(scenario, limit, offset, mode=mode, text=text)

    @sessions.get("/{session_id}", response_model=SessionOut, responses=MISSING)
    def one(session_id: SessionId) -> Response:
        """One session: what it was, its transcript, and everything that was measured of it."""
        return _session(studio, session_id)

    @sessions.get("/{session_id}/report", response_model=ReportOut, responses=MISSING | UNWRITTEN)
    def report(session_id: SessionId) -> Response:
        """The report that was written last, as `POST /session/{id}/finish` answers it for a coached session."""
        return _json(report_of(_finished(studio.desk.dossier(session_id))))

    @sessions.post("/{session_id}/report", response_model=ReportOut, responses=MISSING)
    async def write(session_id: SessionId) -> Response:
        """Write the report of any session, or write it anew, after a correction say; answers it."""
        dossier = await studio.desk.finish(session_id)
        return await asyncio.to_thread(lambda: _json(report_of(dossier)))


def _correct(sessions: APIRouter, studio: HasDesk) -> None:
    @sessions.patch("/{session_id}/lines/{line}", response_model=SessionOut, responses=MISSING | LARGE)
    def change(session_id: SessionId, line: Annotated[int, Path(ge=1, lt=2**63)], body: LineChange) -> Response:
        """Correct what was heard, or who said it; answers the session with the numbers that follow."""
        studio.desk.change_line(session_id, line, text=body.text, speaker=body.speaker)
        return _session(studio, session_id)

    @sessions.post("/{session_id}/swap", response_model=SessionOut, responses=MISSING)
    def swap(session_id: SessionId) -> Response:
        """The user is the partner, and the other way round; answers the session with the numbers that follow."""
        if studio.store.archive.meeting(session_id).scenario != "coach":
            raise BadInput("Who speaks in a talk or a pitch is known: there is nothing to swap.")
        studio.desk.swap_speakers(session_id)
        return _session(studio, session_id)


def _forget(sessions: APIRouter, studio: HasDesk) -> None:
    @sessions.delete("", status_code=204)
    def remove_all() -> None:
        """Forget every session: all transcripts, all that was measured, all reports and all recordings."""
        studio.store.archive.remove_all()

    @sessions.delete("/{session_id}", status_code=204, responses=MISSING)
    def remove(session_id: SessionId) -> None:
        """Forget a session: its transcript, what was measured, its report and its recording."""
        studio.store.archive.remove(session_id)

    @sessions.delete("/{session_id}/audio", status_code=204, responses=MISSING)
    def remove_audio(session_id: SessionId) -> None:
        """Forget its sound; everything else stays. A session that is going on is recorded no more."""
        studio.store.archive.remove_recording(session_id)


def _export(sessions: APIRouter, studio: HasDesk) -> None:
    def document(ending: str, media_type: str, make: Callable[[Dossier], str | bytes], about: str) -> None:
        def export(session_id: SessionId) -> Response:
            dossier = studio.desk.dossier(session_id)
            return Response(make(dossier), media_type=media_type, headers=_attached(dossier, ending))

        _add(sessions, ending, media_type, export, about)

    document("json", "application/json", _as_json_text, "Everything: the report, lines with words, numbers, marks.")
    document("md", "text/markdown", as_markdown, "To be read: the report, the numbers, the transcript; Markdown.")
    document("pdf", "application/pdf", _as_pdf, "To be printed: the same, with the plots.")
    document("csv", "text/csv", _as_csv, "Every word with its times, for a spreadsheet.")

    def spoken(ending: str, media_type: str, write: Callable[..., str]) -> None:
        def export(
            session_id: SessionId, clean: Annotated[bool, Query(description="Leave out fillers.")] = False
        ) -> Response:
            dossier = studio.desk.dossier(session_id)
            shown = subtitles(dossier.lines, dossier.analysis.marks, cleaned=clean)
            headers = _attached(dossier, ending)
            return Response(write(shown, speakers(dossier)), media_type=media_type, headers=headers)

        _add(sessions, ending, media_type, export, "What was said, as subtitles; word for word, or clean.")

    spoken("srt", "application/x-subrip", as_srt)
    spoken("vtt", "text/vtt", as_vtt)

    def wav(session_id: SessionId) -> StreamingResponse:
        dossier = studio.desk.dossier(session_id)
        size, pieces = recorded(studio.store, session_id)
        headers = _attached(dossier, "wav") | {"Content-Length": str(size)}
        return StreamingResponse(pieces, media_type="audio/wav", headers=headers)

    _add(sessions, "wav", "audio/wav", wav, "Both sides in stereo, the user on the left; made while it is sent.")


def _add(sessions: APIRouter, ending: str, media_type: str, export: Callable[..., Response], about: str) -> None:
    content: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {}}, "description": "A file to keep."}}
    sessions.add_api_route(
        f"/{{session_id}}/export.{ending}",
        export,
        response_class=Response,
        responses=MISSING | content,
        description=about,
        name=f"export_{ending}",
    )


def _session(studio: HasDesk, id: str) -> Response:
    dossier, bill = studio.desk.dossier(id), studio.store.bills.of(id)
    lines = [line_of(line) for line in dossier.lines]
    known = {"session": about(dossier), "lines": lines, "metrics": metrics(dossier), "missing": missing(dossier)}
    cost = {"items": [asdict(item) for item in bill], "usd": total(bill), "told": told(bill)}
    return _json(known | {"reported": dossier.report is not None, "cost": cost})


def _finished(dossier: Dossier) -> Dossier:
    if dossier.report is None:
        raise StillGoingOn("There is no report of this session yet: a POST to this address writes it.")
    return dossier


def _json(content: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(content), media_type="application/json", headers=UNKEPT)


def _attached(dossier: Dossier, ending: str) -> dict[str, str]:
    return UNKEPT | {"Content-Disposition": f'attachment; filename="{file_name(dossier, ending)}"'}


def _as_json_text(dossier: Dossier) -> bytes:
    return orjson.dumps(as_json(dossier), option=orjson.OPT_INDENT_2)


def _as_csv(dossier: Dossier) -> str:
    return as_csv(dossier.lines, dossier.analysis.marks, speakers(dossier))


def _as_pdf(dossier: Dossier) -> bytes:
    from engine.exports.pdf import as_pdf

    return as_pdf(dossier)
