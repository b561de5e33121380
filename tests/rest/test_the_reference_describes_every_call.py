"""`/openapi.json` describes every call with its shapes, and `/docs` shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
from starlette.routing import Route

from engine.store import Store
from engine.wire.app import build
from engine.wire.rest_models import ReportOut, SessionOut
from tests.docs.documents import differences
from tests.exports.sessions import write as finished
from tests.wire.serving import serving

ELSEWHERE = {"message", "status", "ephemeral-key"}
"""The calls that are no routes of the framework's, under each of their three names."""


def described(schema: dict) -> dict[tuple[str, str], dict]:
    return {(method, path): call for path, calls in schema["paths"].items() for method, call in calls.items()}


async def test_every_call_has_a_sentence_a_tag_its_shapes_and_its_errors(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as client:
        schema = (await client.get("/openapi.json")).json()
    tags = {tag["name"] for tag in schema["tags"]}
    calls = described(schema)
    for where, call in calls.items():
        assert " " in call["summary"], f"{where} has no sentence"
        assert call["tags"], where
        assert set(call["tags"]) <= tags, where
        assert "403" in call["responses"], where
        for status, answer in call["responses"].items():
            shapes = answer.get("content", {})
            assert status == "204" or shapes, (where, status)
            assert shapes.get("application/json", {"schema": 1}) != {"schema": {}}, (where, status)
    assert {("post", "/session"), ("post", "/api/audio/message"), ("post", "/save_pitch")} <= calls.keys()
    assert len(calls) > 35


async def test_no_call_is_left_out(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        api = build(server.studio)
    paths = api.openapi()["paths"].keys()
    plain = [route.path for route in api.routes if type(route) is Route]
    assert {path.rpartition("/")[2] for path in plain} - {"openapi.json"} == ELSEWHERE
    assert {"/api/audio/message", "/api/audio/status"} <= paths


async def test_each_shape_that_is_named_is_there(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        text = json.dumps(build(server.studio).openapi())
    there = json.loads(text)["components"]["schemas"].keys()
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= there


async def test_a_session_and_its_report_are_of_the_shape_that_is_described(
    api: httpx.AsyncClient, store: Store
) -> None:
    id = finished(store)
    session = (await api.get(f"/api/v1/sessions/{id}")).json()
    assert not differences(session, SessionOut.model_validate(session).model_dump(mode="json"))
    assert session["lines"]
    assert session["metrics"]
    report = (await api.post(f"/api/v1/sessions/{id}/report")).json()
    assert not differences(report, ReportOut.model_validate(report).model_dump(mode="json"))


async def test_the_page_of_it_names_nothing_elsewhere(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert "/openapi.json" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"/docs/files/{name}" in page.text
        assert (await api.get(f"/docs/files/{name}")).status_code == 200
