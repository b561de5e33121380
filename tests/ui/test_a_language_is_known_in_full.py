"""Message files: what the translated pages say is in them, and nothing else; a page in German is German."""

import re
import tomllib
from collections.abc import Mapping

import pytest
from nicegui import Client
from nicegui.testing import User

from engine.store import Store
from tests.ui import messages
from tests.ui.every_page import furnish
from ui import i18n

CODES = [code for code in i18n.LANGUAGES if code != i18n.ENGLISH]
PLACEHOLDER = re.compile(r"\{\w+\}")
PAGES = ("/", "/pitches", "/pitch/rostrum", "/pitch/none", "/talk", "/talk/investor", "/talk/nobody")


def tables(code: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((i18n.FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def test_every_language_that_can_be_chosen_has_a_file_and_every_file_can_be_chosen() -> None:
    assert sorted(CODES) == sorted(file.stem for file in i18n.FOLDER.glob("*.toml"))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("module", messages.TRANSLATED)
def test_no_sentence_of_a_translated_page_is_missing(code: str, module: str) -> None:
    said = {sentence for sentence in messages.said_by(module) if len(sentence) > 1}
    assert not said - i18n.messages(code).keys()


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_of_a_stage_is_missing(code: str) -> None:
    stage, talk = (tables(code)[name] for name in i18n.COMPONENTS)
    assert not messages.said_by_component("voice_link") - stage.keys()
    assert not messages.said_by_component("talk_link") - talk.keys() - stage.keys()


@pytest.mark.parametrize("code", CODES)
def test_no_message_is_of_no_use(code: str) -> None:
    said = messages.all_constants()
    said |= {sentence for module in messages.TRANSLATED for sentence in messages.said_by(module)}
    for table, words in tables(code).items():
        used = messages.said_by_component(table) if table in i18n.COMPONENTS else said
        assert not words.keys() - used, table


@pytest.mark.parametrize("code", CODES)
def test_a_translation_has_the_values_of_its_sentence(code: str) -> None:
    for words in tables(code).values():
        for sentence, said in words.items():
            assert sorted(PLACEHOLDER.findall(sentence)) == sorted(PLACEHOLDER.findall(said)), sentence


async def test_what_somebody_wrote_is_never_translated(user: User, store: Store) -> None:
    """A pitch whose name is a word of the pages keeps it."""
    pitch = store.add_pitch("Talk", "Coach. Pitches are fun.")
    user.http_client.cookies.set(i18n.COOKIE, "de")
    client = await user.open(f"/pitch/{pitch.id}")
    assert client.title == "Talk · Rostrum"
    assert [element.text for element in client.elements.values() if element.tag == "h1"] == ["Talk"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_in_german_says_nothing_in_english(
    user: User, store: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await furnish(store)
    missed: set[str] = set()

    class Known(dict[str, str]):
        def get(self, sentence: str, default: str) -> str:  # type: ignore[override]
            if sentence not in self:
                missed.add(sentence)
            return super().get(sentence, default)

    known = Known(i18n.messages("de"))
    monkeypatch.setattr(i18n, "messages", lambda _: known)
    user.http_client.cookies.set(i18n.COOKIE, "de")
    client = await user.open(path)
    assert client.page.language == "de"
    assert "Fortschritt" in {getattr(element, "text", "") for element in client.elements.values()}
    assert not {sentence for sentence in missed if len(sentence) > 1}


async def test_without_a_choice_a_page_is_english_and_says_so(user: User) -> None:
    answer = await user.http_client.get("/")
    assert '<html lang="en-US"' in answer.text
    user.http_client.cookies.set(i18n.COOKIE, "xx")
    assert '<html lang="en-US"' in (await user.http_client.get("/")).text
    user.http_client.cookies.set(i18n.COOKIE, "de")
    assert '<html lang="de"' in (await user.http_client.get("/")).text
    assert Client.instances, "pages were made"
