"""Every address of the pages, with something real on each: one list for all that is asked of every page.

Addresses are read from `ui/app.py`, so that a page is looked at once it is there; a new part of an address needs a
sample in `SAMPLES`.
"""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

import ui.app
from engine.clock import wall
from engine.desk import Desk
from engine.messages import QuestionAsked, Said
from engine.providers.base import Word
from engine.records import Aim
from engine.store import Store
from tests.e2e.browser import Running, server
from tests.ui import a_session
from tests.ui.kept_sessions import kept
from ui.pages.report import TABS

SAMPLES = {"pitch": "rostrum", "persona": "investor"}
"""What stands for a part of an address; the rest of them are ids of `furnish`."""
TITLES = ("A coffee with Maya", "Meetup at the library", "Call with the lab", "Lunch with Ben")
_PART = re.compile(r"\{(\w+)\}")


MOST = 300
"""Elements of a page, of the document and of NiceGUI."""
EXEMPT = {"style"}
"""For developers only: everything there is, twice."""
SIZES = """() => [document.querySelectorAll("*").length,
    Object.keys(document.querySelector("#app")._vnode.component.proxy.elements).length]"""
SETTLED = """() => {
  const count = document.querySelectorAll(".nicegui-content *").length;
  if (window.counted?.count !== count) window.counted = { count, at: performance.now() };
  const begun = document.querySelector(".nicegui-sub-pages :is(h1, section)");
  const waits = document.querySelector("[data-busy=true], .nicegui-sub-pages [role=status].empty, .measuring");
  return window.socket?.connected && begun && !waits && performance.now() - window.counted.at > 500;
}"""
"""Whether a page has all its content: parts of some are built after the page is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`name` is for files and tests: letters, digits and hyphens."""

    name: str
    path: str


def patterns() -> list[str]:
    """As `ui/app.py` has them, in its order: "/pitch/{pitch}"."""
    tree = ast.parse(Path(ui.app.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "ui.page"]
    return [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]


async def furnish(store: Store) -> Mapping[str, str]:
    """Fill a store with what a few weeks leave behind: a report, twelve sessions, one going on, questions, people of
    one's own. The ids of what was made."""
    reported = a_session.write(store, recorded=True)
    await Desk(store).finish(reported)
    sessions = [
        kept(
            store,
            41 - 3.5 * number,
            title=TITLES[number % len(TITLES)],
            filler_percentage=6.2 - 0.3 * number + 0.4 * (number % 3),
            wpm=172 - 1.5 * number + 6 * (number % 2),
            talk_share=66 - number + 4 * (number % 2),
            questions=3 + number // 2,
        )
        for number in range(12)
    ]
    going_on = str(uuid.uuid4())
    store.sessions.begin(going_on, Aim(goal="Ask two good questions", user_name="Asha"), wall(), "A first call")
    copied = store.people.copy("investor").id
    takes = [rehearsed(store, f"take{number}") for number in (1, 2)]
    for text, answer in (("What does it cost?", "Nothing: it runs on this machine."), ("Who else does this?", "")):
        store.add_question("rostrum", QuestionAsked(text=text, answer=answer, answered=bool(answer)))
    return {
        "meeting": reported,
        "session": reported,
        "one": sessions[0],
        "other": sessions[-1],
        "live": going_on,
        "own": copied,
        "take": takes[0],
        "takes": takes[1],
    }


def rehearsed(store: Store, id: str) -> str:
    """A take of the sample pitch of which the first two sentences were said."""
    pitch = store.pitch("rostrum")
    store.takes.begin(id, pitch, budget=75, record=False)
    for number, sentence in enumerate(pitch.sentences[:2]):
        words = tuple(
            Word(text=word, start=4.0 * number + 0.4 * at, end=4.0 * number + 0.4 * at + 0.3)
            for at, word in enumerate(sentence.text.split())
        )
        said = Said(speaker="user", text=sentence.text, start=words[0].start, end=words[-1].end, words=words)
        store.add_line(id, said, wall())
    return id


async def opened(page: Page, url: str) -> None:
    """Go there, and wait for all of its content."""
    await page.goto(url)
    await page.wait_for_function(SETTLED, polling=100)


async def sizes(page: Page) -> tuple[int, int]:
    """Elements of the document, and those that NiceGUI keeps on both sides, which are what the event loop pays for."""
    document, nicegui = await page.evaluate(SIZES)
    return int(document), int(nicegui)


@asynccontextmanager
async def furnished(folder: Path) -> AsyncIterator[tuple[Running, list[Address]]]:
    """The program with its store in `folder`, and the addresses of its pages."""
    with server(folder, OFFLINE_VOICE="espeak", DEVELOPMENT="1") as running:
        store = Store(folder / "rostrum.db")
        try:
            ids = await furnish(store)
        finally:
            store.close()
        yield running, addresses(ids)


def addresses(ids: Mapping[str, str]) -> list[Address]:
    """All of them, a report once for each of its tabs, progress also where there is most of it, and one that leads
    nowhere.

    Raises:
        KeyError: a part of an address that has no sample.
    """
    found = []
    for pattern in patterns():
        samples = {**SAMPLES, **ids}
        if pattern.startswith("/coach/"):
            samples["session"] = ids["live"]
        if pattern.startswith("/takes/"):
            samples["one"], samples["other"] = ids["take"], ids["takes"]
        if pattern.startswith("/talk/people/"):
            samples["persona"] = ids["own"]
        path = _PART.sub(lambda part, given=samples: given[part[1]], pattern)
        name = _PART.sub(lambda part: part[1], pattern).strip("/").replace("/", "-") or "home"
        if pattern == "/progress":
            found.append(Address(name="progress-conversation", path=f"{path}?mode=conversation&heard=verbatim"))
        if pattern == "/report/{session}":
            found += [Address(name=f"report-{tab}", path=f"{path}?tab={tab}") for tab in TABS]
        else:
            found.append(Address(name=name, path=path))
    return [*found, Address(name="nowhere", path="/no/such/page")]
