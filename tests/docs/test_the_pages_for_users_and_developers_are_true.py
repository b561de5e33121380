"""What docs/keys.md, self-hosting.md, privacy.md, developing.md and the index say is so."""

from __future__ import annotations

import re

import httpx
import pytest

from engine.check import report
from engine.providers.base import Voice
from engine.providers.registry import EARS, MINDS, VOICES
from engine.settings import CHAINS, Settings, load
from tests.docs.documents import ROOT, blocks
from tests.exports.sessions import write
from tests.providers.text_to_speech_conformance import SENTENCE, assert_words_fit, hear
from tests.wire.serving import serving
from ui.pages import report as report_page

PAGES = ("README", "first-session", "reading-the-report", "privacy", "keys", "self-hosting", "developing")
VARIABLES = {name.upper() for name in Settings.model_fields}
ELSEWHERE = {"PITCH", "QUESTION", "MEETING", "SESSION", "LINE", "DIRECTORY", "ARGS", "TLS", "MD", "JSON", "CSV", "PDF"}
"""Not settings: what stands for an id, a file's kind."""


def text(page: str) -> str:
    return (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")


def test_the_index_leads_to_every_document():
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", text("README")))
    assert linked == {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_is_named_is_one(page):
    named = {name for name in re.findall(r"`([A-Z][A-Z_]{3,})(?:=[^`]*)?`", text(page)) if "_" in name}
    assert named <= VARIABLES | ELSEWHERE


@pytest.mark.parametrize(
    "block",
    [block for page in ("keys", "self-hosting") for block in blocks(f"docs/{page}.md") if block.info == "sh env"],
)
def test_every_example_of_settings_is_accepted(block, monkeypatch, tmp_path):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(block.text, encoding="utf-8")
    settings = load()
    given = dict(line.split("=", 1) for line in block.text.splitlines())
    assert {name.lower() for name in given} <= settings.model_fields_set
    assert "Traceback" not in report(settings)


def test_the_choices_are_those_of_the_code():
    rows = dict(re.findall(r"^\| `(\w+)` \| \w[\w ,]*: (.+?) \|", text("keys"), re.MULTILINE))
    choices = {name: re.findall(r"`(\w+)`", told) for name, told in rows.items()}
    choices["SPEECH_TO_SPEECH"] = re.findall(r"`(\w+)`", re.search(r"`SPEECH_TO_SPEECH` \| (.+?) \|", text("keys"))[1])
    assert {name.lower(): set(told) for name, told in choices.items()} == {
        name: set(told) for name, told in CHAINS.items()
    }
    for name, told in re.findall(r"^\| `(\w+)` \| .+ \| `(\w+)` \|$", text("keys"), re.MULTILINE):
        assert getattr(Settings(_env_file=None), name.lower()) == (told,)


def test_the_vendors_can_what_is_said():
    table = text("keys").split("## Vendors")[1].split("\n## ")[0]
    for vendor, can in re.findall(r"^\| (\w+) \| `\w+` \| ([\w, ]+) \|", table, re.MULTILINE):
        name = vendor.lower()
        assert ("hear" in can) == (name in EARS), vendor
        assert ("think" in can) == (name in MINDS), vendor
        assert ("speak" in can) == (name in VOICES), vendor


def test_the_tabs_of_a_report_are_those_that_it_has():
    table = text("reading-the-report").split("## The tabs")[1].split("\n## ")[0]
    told = re.findall(r"^\| (\w+) \| (?!what)", table, re.MULTILINE)
    assert told == [name for name, _ in report_page.TABS.values()]


async def test_what_privacy_says_to_delete_can_be_deleted(tmp_path):
    calls = re.findall(r"curl -X DELETE http://localhost:8000(\S+)", text("privacy"))
    assert len(calls) == 3
    async with serving(tmp_path) as server, httpx.AsyncClient(base_url=server.http("")) as client:
        id = write(server.studio.store, sound=True)
        for call in calls:
            assert (await client.delete(call.replace("$SESSION", id))).status_code == 204, call
        assert (await client.get("/api/v1/sessions")).json() == []


async def test_the_provider_of_the_example_speaks_with_its_words_in_place():
    [program] = [block.text for block in blocks("docs/developing.md") if block.info == "python provider"]
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102
    beeps = names["Beeps"]()
    heard = await hear(beeps, SENTENCE)
    assert_words_fit(heard, SENTENCE)
    assert heard.loudest() > 1000
    assert [chunk async for chunk in beeps.speak("...", Voice())] == []


def test_what_is_named_in_deploy_is_what_is_told():
    told = text("self-hosting")
    unit = (ROOT / "deploy" / "rostrum.service").read_text(encoding="utf-8")
    assert "/etc/rostrum.env" in told and "EnvironmentFile=/etc/rostrum.env" in unit
    assert "`/var/lib/rostrum`" in told and "StateDirectory=rostrum" in unit
    assert "/opt/rostrum/bin/rostrum" in told and "ExecStart=/opt/rostrum/bin/rostrum" in unit
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "VOLUME /data" in docker and ":/data" in told
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([\w-]+)`", told + text("developing") + text("first-session")):
        assert re.search(rf"^{target}:", make, re.MULTILINE), target
