"""Export and import of a persona: one file, whole or not at all."""

import json

import httpx
import pytest

ADA = {
    "name": "Ada Ö.",
    "who": "You are Ada.",
    "questions": ["What are you working on?"],
    "interrupts": "gentle",
    "material": [{"kind": "cv", "text": "- Led a team of five engineers\n- Sold bread"}],
}
TOML = """
name = "Ada"
who = "You are Ada."
questions = ["Why?"]
[[material]]
kind = "page"
text = "<p>We have 1,500 customers in Leeds.</p><p>You will bake.</p>"
"""


async def test_what_is_given_is_what_is_taken(api: httpx.AsyncClient) -> None:
    ada = (await api.post("/api/v1/personas", json=ADA)).json()
    file = await api.get(f"/api/v1/personas/{ada['id']}/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="ada.persona.json"'
    assert json.loads(file.text)["format"] == "rostrum.persona"
    taken = await api.post("/api/v1/personas/file", content=file.content)
    assert taken.status_code == 201
    assert taken.json() | {"id": ""} == ada | {"id": ""}
    assert taken.headers["Location"].endswith(taken.json()["id"])


async def test_one_that_ships_can_be_given_too_and_toml_is_read(api: httpx.AsyncClient) -> None:
    file = await api.get("/api/v1/personas/investor/file")
    taken = (await api.post("/api/v1/personas/file", content=file.content)).json()
    assert (taken["own"], taken["name"]) == (True, json.loads(file.text)["name"])
    toml = (await api.post("/api/v1/personas/file", content=TOML.encode())).json()
    assert toml["material"][0]["text"] == "We have 1,500 customers in Leeds.\nYou will bake."


def changed(**parts: object) -> bytes:
    return json.dumps(ADA | parts).encode()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", "name: this is missing"),
        (b'{"name": ', "this is not JSON: line 1"),
        (b"name = Ada", "neither JSON nor TOML"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"[]", "neither JSON nor TOML"),
        (changed(format="something.else"), "format: expected rostrum.persona"),
        (changed(version=2), "version: expected 1, found 2"),
        (changed(questions=[]), "questions: expected 1 to 60"),
        (changed(interrupts="rude"), "interrupts: expected one of off, gentle, firm, relentless"),
        (changed(material=[{"kind": "novel", "text": "x"}]), "material[1].kind: expected one of cv"),
        (changed(material=[{"kind": "cv"}]), "material[1]: expected"),
        (changed(material="text"), "material: expected a list"),
        (
            changed(material=[{"kind": "cv", "text": "a b " * 9_000}]),
            "material[1].text: 35,999 characters are too many",
        ),
        (changed(material=[{"kind": "cv", "text": "a b"}] * 5), "material: 5 are too many"),
        (changed(colour="red"), "colour: a persona has no such part"),
        (b"{" * 3_000, "not"),
        (b'{"name": "' + b"a" * 400_000, "too much"),
    ],
)
async def test_a_file_with_a_mistake_in_it_changes_nothing(api: httpx.AsyncClient, file: bytes, says: str) -> None:
    before = (await api.get("/api/v1/personas")).json()
    refused = await api.post("/api/v1/personas/file", content=file)
    assert refused.status_code in (413, 422)
    assert says in refused.text.replace('\\"', '"')
    assert (await api.get("/api/v1/personas")).json() == before
