"""What a tab, the browser's history and a screen reader call a page, and where an address leads that leads nowhere."""

import pytest
from nicegui import Client
from nicegui.testing import User

from tests.ui.conftest import built


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "Rostrum"),
        ("/pitches", "Pitches · Rostrum"),
        ("/pitches/new", "Write a pitch · Rostrum"),
        ("/talk", "Talk · Rostrum"),
        ("/talk/investor", "Talk with Victor Hale · Rostrum"),
        ("/talk/nobody", "Not here · Rostrum"),
        ("/talk/people/new", "Make up somebody · Rostrum"),
        ("/coach", "Coach · Rostrum"),
        ("/coach/check", "Check the sound · Rostrum"),
        ("/coach/nothing", "Not here · Rostrum"),
        ("/progress", "Progress · Rostrum"),
        ("/compare/one/nobody", "Not here · Rostrum"),
        ("/words", "My words · Rostrum"),
        ("/history", "History · Rostrum"),
        ("/api-guide", "For other programs · Rostrum"),
        ("/history/nothing", "Not here · Rostrum"),
    ],
)
async def test_a_page_is_called_what_it_shows(user: User, address: str, name: str) -> None:
    client = await user.open(address)
    assert client.title == name


async def test_a_wrong_address_is_not_found_and_leads_home(user: User) -> None:
    answer = await user.http_client.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "Pitches" in answer.text, "the header is there too"


async def test_the_page_whose_address_a_wrong_one_begins_with_does_not_appear_below(user: User) -> None:
    await user.http_client.get("/progress/no/such/page")
    await built()
    [client] = Client.instances.values()
    headings = [element.text for element in client.elements.values() if element.tag in {"h1", "h2"}]
    assert headings == ["There is no such page"]
