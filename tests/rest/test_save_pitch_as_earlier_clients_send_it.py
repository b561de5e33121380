import json

import httpx
import pytest

from engine.errors import StorageFailed
from engine.store import Store

SEGMENT = {
    "slide_no": 1,
    "audio_seq_no": 2,
    "audio_url": "/audio/2.mp3",
    "start_time": 0,
    "end_time": 4.5,
    "text_content": "Good morning.",
}


async def test_segments_are_saved_and_numbered(api: httpx.AsyncClient) -> None:
    for number in (1, 2):
        answer = await api.post("/save_pitch", json=SEGMENT)
        assert answer.status_code == 200
        assert answer.json() == {"message": "Pitch saved successfully", "pitch_id": number}


@pytest.mark.parametrize("missing", SEGMENT)
async def test_each_field_is_needed(api: httpx.AsyncClient, missing: str) -> None:
    body = {name: value for name, value in SEGMENT.items() if name != missing}
    answer = await api.post("/save_pitch", json=body)
    assert answer.status_code == 422
    assert answer.json() == {"detail": [{"type": "missing", "loc": ["body", missing], "msg": "Field required"}]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"slide_no": "one"},
        {"slide_no": 2**70},
        {"slide_no": 1.5},
        {"audio_url": None},
        {"end_time": "later"},
        {"text_content": ["x"]},
        {"text_content": "half a pair \ud83d"},
    ],
)
async def test_a_wrong_type_is_named(api: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    body = json.dumps(SEGMENT | wrong)
    answer = await api.post("/save_pitch", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", *wrong]


async def test_no_number_is_not_a_time(api: httpx.AsyncClient) -> None:
    body = '{"slide_no":1,"audio_seq_no":1,"audio_url":"","start_time":NaN,"end_time":Infinity,"text_content":""}'
    answer = await api.post("/save_pitch", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [problem["loc"][1] for problem in answer.json()["detail"]] == ["start_time", "end_time"]


async def test_a_refusing_disk_is_a_500_as_documented(
    api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**row: object) -> int:
        raise StorageFailed("the disk is full")

    monkeypatch.setattr(store, "save_segment", refuse)
    answer = await api.post("/save_pitch", json=SEGMENT)
    assert (answer.status_code, answer.json()) == (500, {"detail": "Error while saving pitch: the disk is full"})
