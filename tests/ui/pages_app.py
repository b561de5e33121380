"""The pages on an application of their own, for NiceGUI's simulated user: run once a test, never served.

`engine.studio` is left out: these tests are about what the pages show of a store.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from engine.desk import Desk
from engine.engines import Engines
from engine.followups.rules import follow_ups
from engine.providers.base import About
from engine.records import Question
from engine.rehearsal.reviews import Reviews
from engine.settings import Settings
from engine.store import Store
from ui.app import mount


@dataclass
class Studio:
    settings: Settings
    store: Store
    desk: Desk
    engines: Engines
    reviews: Reviews

    async def find_follow_ups(self, pitch: str) -> list[Question]:
        found = self.store.pitch(pitch)
        written = follow_ups([each.text for each in found.sentences], found.notes)
        return self.store.asked.add_follow_ups(pitch, written)

    def about(self, mode: str = "") -> dict[str, About]:
        return {
            "hears": About(name="ears", label="Some recogniser", local=True, caveat="rough hearing"),
            "thinks": About(name="mind", label="Some model", local=True),
            "speaks": About(name="mouth", label="Some voice", local=True),
        }


class Cold(Engines):
    """Loads nothing ahead: that takes processes, and seconds."""

    async def warm(self, providers: object = None) -> None:
        return


settings = Settings(_env_file=None)
store = Store(settings.database_path)
desk = Desk(store)
mount(FastAPI(), Studio(settings, store, desk, Cold(settings, store), Reviews(store, desk)))
