"""What the pages need of the studio; `engine.studio` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from engine.providers.base import About
from engine.settings import Settings
from engine.store import Store

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.engines import Engines
    from engine.records import Question
    from engine.rehearsal.reviews import Reviews


class Studio(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def desk(self) -> Desk:
        """Where sessions are measured and reported on."""
        ...

    @property
    def engines(self) -> Engines:
        """Who could hear, think and speak, and what is chosen for each mode."""
        ...

    @property
    def reviews(self) -> Reviews:
        """Where takes are held against their scripts."""
        ...

    async def find_follow_ups(self, pitch: str) -> list[Question]:
        """Find anew what a pitch gives reason to ask, and keep it. Raises NotFound."""
        ...

    def about(self, mode: str = "") -> Mapping[str, About]:
        """Who `hears`, `thinks` and `speaks`, in a mode or in whatever is of none."""
        ...
