import httpx

ADA = {"name": "Ada", "who": "You are Ada.", "questions": ["What are you working on?"], "opening": "Hello."}


async def test_an_own_persona_is_added_changed_and_deleted(api: httpx.AsyncClient) -> None:
    added = await api.post("/api/v1/personas", json=ADA)
    assert added.status_code == 201
    ada = added.json()
    assert ada.items() >= ADA.items()
    where = added.headers["Location"]
    assert (await api.get(where)).json() == ada
    changed = await api.put(where, json={"patience": 2.5, "probes": {"topic": ["What of {phrase}?"]}})
    assert changed.json() == ada | {"patience": 2.5, "probes": {"topic": ["What of {phrase}?"]}}
    assert (await api.delete(where)).status_code == 204
    assert (await api.get(where)).status_code == 404


async def test_everybody_is_listed_own_ones_first(api: httpx.AsyncClient) -> None:
    await api.post("/api/v1/personas", json=ADA)
    everybody = (await api.get("/api/v1/personas")).json()
    assert [persona["own"] for persona in everybody] == [True] + [False] * (len(everybody) - 1)
    assert everybody[1]["id"] == "partner"


async def test_one_that_ships_is_copied_and_the_copy_changed(api: httpx.AsyncClient) -> None:
    refused = await api.put("/api/v1/personas/partner", json={"name": "Eve"})
    assert refused.status_code == 422
    assert "copy it" in refused.json()["detail"][0]["msg"]
    assert (await api.delete("/api/v1/personas/partner")).status_code == 422
    copied = await api.post("/api/v1/personas/partner/copy")
    assert copied.status_code == 201
    changed = await api.put(copied.headers["Location"], json={"name": "Eve"})
    assert changed.json()["name"] == "Eve"


async def test_what_cannot_be_used_is_named(api: httpx.AsyncClient) -> None:
    for body, part in (
        (ADA | {"questions": ["Why?", "why"]}, "questions[2]"),
        (ADA | {"pace": 9}, "pace"),
    ):
        refused = await api.post("/api/v1/personas", json=body)
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["msg"].startswith(part)
    for body in ({"name": "Ada"}, ADA | {"questions": "Why?"}, ADA | {"colour": "red"}, [], None):
        assert (await api.post("/api/v1/personas", json=body)).status_code == 422
    assert (await api.post("/api/v1/personas", json=ADA | {"who": "w" * 2001})).status_code == 413
    assert (await api.get("/api/v1/personas/nobody")).status_code == 404
    assert (await api.post("/api/v1/personas/nobody/copy")).status_code == 404
