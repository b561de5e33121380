"""The pages on an application of their own, for NiceGUI's simulated user: run once a test, never served.

`engine.studio` is left out: these tests are about what the pages show of a store.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from engine.desk import Desk
from engine.engines import Engines
from engine.providers.base import About
from engine.settings import Settings
from engine.store import Store
from ui.app import mount


@dataclass
class Studio:
    settings: Settings
    store: Store
    desk: Desk
    engines: Engines

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
mount(FastAPI(), Studio(settings, store, Desk(store), Cold(settings, store)))
