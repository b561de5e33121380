"""How other programs use Rostrum: each protocol with examples to copy, and a console that connects to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from ui.components.api_console.api_console import ApiConsole
from ui.components.text import tab_title, text

if TYPE_CHECKING:
    from ui.studio import Studio

PATH = "/api-guide"
FOLDER = Path(__file__).parents[2] / "data" / "examples"
LANGUAGES = {"browser": "js", "python": "py", "shell": "sh"}
"""The ending of an example's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A way to use Rostrum from elsewhere; `examples` by language, as the files hold them."""

    id: str
    name: str
    path: str
    about: str
    examples: dict[str, str] = field(default_factory=dict)


PROTOCOLS = (
    Protocol(
        id="pitch",
        name="A pitch",
        path="/ws/pitch",
        about="Hear a pitch sentence by sentence, cut in with any recording, hear the answer, and the sentence again.",
    ),
    Protocol(
        id="realtime",
        name="Realtime",
        path="/api/v1/streaming/realtime/{user}",
        about="A free conversation by voice and text, for clients of OpenAI's realtime messages.",
    ),
    Protocol(
        id="conversation",
        name="Conversation",
        path="/api/conversation",
        about="A talk for clients that send recordings, a live microphone, or text; also as one request a turn.",
    ),
    Protocol(
        id="vocode",
        name="Vocode",
        path="/conversation",
        about="A call with somebody who speaks first, for vocode's React hook and its Python client.",
    ),
    Protocol(
        id="coach",
        name="Coach",
        path="/ws/{session_id}",
        about="Create a session, stream its sound, get cues while you talk, and two stars and a wish at the end.",
    ),
    Protocol(
        id="http",
        name="HTTP",
        path="/api/v1/sessions",
        about="Everything that is kept: pitches, people, sessions, numbers, reports, and files of them.",
    ),
)


@cache
def protocols() -> tuple[Protocol, ...]:
    """All of them, with their examples."""
    return tuple(
        Protocol(
            id=one.id,
            name=one.name,
            path=one.path,
            about=one.about,
            examples={
                language: (FOLDER / f"{one.id}.{ending}").read_text(encoding="utf-8").rstrip()
                for language, ending in LANGUAGES.items()
            },
        )
        for one in PROTOCOLS
    )


def build(studio: Studio) -> None:
    """The page's content."""
    tab_title("For other programs")
    with ui.element("div").classes("head"), ui.element("div"):
        text("h1", "For other programs")
        with text("p", "", "soft"):
            text(
                "span",
                "Five protocols by voice, and HTTP for what is kept. Try each one here; every HTTP call is in the ",
            )
            ui.link("reference", "/docs")
            text("span", ", its description at ")
            ui.link("/openapi.json", "/openapi.json")
            text("span", ".")
    ApiConsole([asdict(one) for one in protocols()], guarded=studio.settings.access_token is not None)
