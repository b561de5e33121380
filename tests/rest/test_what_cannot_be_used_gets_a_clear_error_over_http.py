import json
from collections.abc import AsyncIterator

import httpx
import pytest

from engine.errors import StorageFailed
from engine.store import Store

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", ["body"]),
        (b"not json", ["body", 0]),
        (b"[]", ["body"]),
        (b'"a pitch"', ["body"]),
        (b"null", ["body"]),
        (b"{}", ["body", "title"]),
        (b'{"title":"t"}', ["body", "text"]),
        (b'{"title":1,"text":"Buy."}', ["body", "title"]),
        (b'{"title":"","text":"Buy."}', ["body", "title"]),
        (b'{"title":"   ","text":"Buy."}', ["body"]),
        (b'{"title":"t","text":""}', ["body", "text"]),
        (b'{"title":"t","text":" -- ... "}', ["body"]),
        (b'{"title":"t","text":{"a":1}}', ["body", "text"]),
        (b'{"title":"t","text":"Buy.","notes":null}', ["body", "notes"]),
        (b'{"title":"\\ud800","text":"Buy."}', ["body", "title"]),
        (b'{"title":"a\\u0000b","text":"Buy."}', ["body"]),
        (json.dumps({"title": "t" * 201, "text": "Buy."}).encode(), ["body", "title"]),
        (json.dumps({"title": "t", "text": "x" * 100_001}).encode(), ["body", "text"]),
        (json.dumps({"title": "t", "text": "Buy.", "notes": "n" * 200_001}).encode(), ["body", "notes"]),
    ],
)
async def test_a_bad_pitch_is_a_422_that_says_where(
    api: httpx.AsyncClient, store: Store, body: bytes, where: list[object]
) -> None:
    answer = await api.post("/api/v1/pitches", content=body, headers=JSON)
    assert answer.status_code == 422, answer.text
    problem = answer.json()["detail"][0]
    assert problem["loc"] == where
    assert problem["msg"]
    assert problem["type"]
    assert len(answer.content) < 1000
    assert store.pitches() == []


@pytest.mark.parametrize("body", [b"\xff\xfe\xfd", b"[" * 100_000, b'{"title":"t","text":"\xff"}'])
async def test_a_body_that_is_no_text_at_all_is_a_400_or_422(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await api.post("/api/v1/pitches", content=body, headers=JSON)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


async def test_a_body_over_2_mib_is_a_413_in_json(api: httpx.AsyncClient) -> None:
    large = json.dumps({"title": "t", "text": "Buy.", "notes": "n" * 2 * 1024 * 1024}).encode()

    async def pieces() -> AsyncIterator[bytes]:  # sent without saying how long it is
        for start in range(0, len(large), 100_000):
            yield large[start : start + 100_000]

    for content in (large, pieces()):
        answer = await api.post("/api/v1/pitches", content=content, headers=JSON)
        assert (answer.status_code, answer.json()) == (413, {"detail": "The body is larger than 2 MiB."})


async def test_the_largest_pitch_fits_in_any_script(api: httpx.AsyncClient) -> None:
    pitch = {"title": "訪" * 200, "text": "訪 one. " * 12_500, "notes": "訪" * 200_000}
    answer = await api.post("/api/v1/pitches", content=json.dumps(pitch, ensure_ascii=False).encode(), headers=JSON)
    assert answer.status_code == 201


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nope", "/api/v1/nope/at/all"])
async def test_an_unknown_path_below_api_is_a_404_in_json(api: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await api.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


async def test_a_known_path_with_another_method_is_a_405(api: httpx.AsyncClient) -> None:
    for method, path in (("PATCH", "/api/v1/pitches"), ("POST", "/api/v1/streaming/realtime/health")):
        answer = await api.request(method, path)
        assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})


async def test_numbers_beyond_any_row_are_refused(api: httpx.AsyncClient, store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.").id
    assert (await api.delete(f"/api/v1/pitches/{pitch}/questions/{2**64}")).status_code == 422
    assert (await api.get(f"/api/v1/pitches/{pitch}/meetings?limit=0")).status_code == 422


async def test_a_refusing_disk_and_a_bug_say_nothing_of_the_inside(
    api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise StorageFailed("the disk is full")

    def stumble() -> None:
        raise KeyError("/home/somebody/secret")

    monkeypatch.setattr(store, "pitches", refuse)
    answer = await api.get("/api/v1/pitches")
    assert (answer.status_code, answer.json()) == (503, {"detail": "the disk is full"})
    monkeypatch.setattr(store, "pitches", stumble)
    answer = await api.get("/api/v1/pitches")
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
