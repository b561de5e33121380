"""The personas that a user made, kept in the same file as everything else."""

from __future__ import annotations

import json
import secrets
from typing import Any

from engine import personas
from engine.clock import wall
from engine.database import Row, SqliteFile
from engine.errors import BadInput, NotFound
from engine.personas import Fields
from engine.records import Persona

MOST = 200
"""Own personas that are kept: more is a program gone wrong."""
MISSING = "Persona not found"


class People:
    """Everybody there is to talk with: those that ship, which never change, and own ones. May be called from any
    thread, and blocks for as long as the disk takes."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def all(self) -> list[Persona]:
        """Own ones first, newest first, then those that ship."""
        own = [_persona(row) for row in self._file.rows("personas", order_by="created DESC, rowid DESC")]
        return [*own, *personas.shipped()]

    def persona(self, id: str) -> Persona:
        """Raises NotFound."""
        for persona in personas.shipped():
            if persona.id == id:
                return persona
        for row in self._file.rows("personas", "id = ?", (id,)):
            return _persona(row)
        raise NotFound(MISSING)

    def add(self, fields: Fields) -> Persona:
        """Raises BadInput or TooLarge, saying which part and what was expected; see `personas.from_fields`."""
        persona = personas.from_fields(fields, id=secrets.token_hex(8), own=True)
        now = wall().isoformat()
        with self._file.write() as db:
            if db.table("personas").count >= MOST:
                raise BadInput(f"there are {MOST} own personas already: delete one first")
            db.table("personas").insert({"id": persona.id, "fields": _json(persona), "created": now, "updated": now})
        return persona

    def copy(self, id: str) -> Persona:
        """An own one like `id`, to be changed. Raises NotFound."""
        original = self.persona(id)
        name = f"{original.name[: 60 - len(' (copy)')]} (copy)"
        return self.add(personas.to_fields(original) | {"name": name})

    def change(self, id: str, fields: Fields) -> Persona:
        """Replace the parts that are given. Raises NotFound, BadInput or TooLarge, having changed nothing."""
        with self._file.write() as db:
            old = personas.to_fields(self._own(id, "changed"))
            new = personas.from_fields(old | dict(fields), id=id, own=True)
            db.table("personas").update(id, {"fields": _json(new), "updated": wall().isoformat()})
        return new

    def remove(self, id: str) -> None:
        """Raises NotFound; BadInput for one that ships."""
        with self._file.write() as db:
            self._own(id, "deleted")
            db.table("personas").delete(id)

    def _own(self, id: str, what: str) -> Persona:
        persona = self.persona(id)
        if not persona.own:
            raise BadInput(f"{persona.name} ships with Rostrum and cannot be {what}: copy it, and change the copy")
        return persona


def _json(persona: Persona) -> str:
    return json.dumps(personas.to_fields(persona))


def _persona(row: Row) -> Persona:
    fields: dict[str, Any] = json.loads(row["fields"])
    return personas.from_fields(fields, id=row["id"], own=True)
