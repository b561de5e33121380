"""All that is kept as one ZIP file, made while it is sent: sessions, their sound, pitches, people and words.

Nothing of it is held in memory or on the disk as a whole. What cannot be read any more, because it was deleted in
between or its recording is damaged, is left out, and named in the file `left-out.txt`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine import personas
from engine.clock import wall
from engine.errors import NotFound, RostrumError
from engine.exports.markdown import as_markdown
from engine.exports.naming import file_name
from engine.exports.record import as_json
from engine.exports.sound import as_wav

if TYPE_CHECKING:
    from engine.desk import Desk, Dossier
    from engine.store import Store

SCHEMA, VERSION = "rostrum.everything", 1
PAGE = 100
"""Sessions that are looked up at a time."""


def as_zip(store: Store, desk: Desk) -> Iterator[bytes]:
    """The file in pieces. Blocks while each is made."""
    pipe = _Pipe()
    left_out: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rostrum.json", _json(_kept(store, desk)))
        yield pipe.taken()
        for id in list(_sessions(store)):
            try:
                with closing(_session(archive, store, desk, id)) as writing:
                    for _ in writing:
                        yield pipe.taken()
            except RostrumError as error:
                left_out.append(f"{id}: {error}")
        if left_out:
            archive.writestr("left-out.txt", "\n".join(left_out) + "\n")
    yield pipe.taken()


def _kept(store: Store, desk: Desk) -> dict[str, Any]:
    """What is of no session."""
    watch, ignore = desk.own_fillers()
    return {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "made": wall().isoformat(),
        "pitches": [
            {name: getattr(pitch, name) for name in ("id", "title", "text", "notes")}
            | {"created": pitch.created.isoformat(), "updated": pitch.updated.isoformat()}
            | {"questions": [asdict(each) | {"asked": each.asked.isoformat()} for each in store.questions(pitch.id)]}
            for pitch in store.pitches()
        ],
        "personas": [{"id": each.id} | personas.to_fields(each) for each in store.people.all() if each.own],
        "words": {"count_as_fillers": watch, "let_pass": ignore},
    }


def _sessions(store: Store) -> Iterator[str]:
    """Newest first."""
    at = 0
    while page := store.archive.meetings(limit=PAGE, offset=at):
        yield from (meeting.id for meeting in page)
        at += PAGE


def _session(archive: zipfile.ZipFile, store: Store, desk: Desk, id: str) -> Generator[None]:
    """Writes it, and comes up for air after each piece."""
    dossier = desk.dossier(id)
    archive.writestr(_name(dossier, "json"), _json(as_json(dossier) | {"bill": [*map(asdict, store.bills.of(id))]}))
    archive.writestr(_name(dossier, "md"), as_markdown(dossier))
    yield
    if dossier.meeting.recorded:
        try:
            pieces = recorded(store, id)[1]
        except NotFound:
            return
        entry = zipfile.ZipInfo(_name(dossier, "wav"), wall().timetuple()[:6])
        with archive.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                yield


def recorded(store: Store, id: str) -> tuple[int, Iterable[bytes]]:
    """The recording of a session as a WAV file: its bytes, and the file in pieces.

    Raises:
        NotFound: it was not recorded.
        StillGoingOn: it is being recorded.
        StorageFailed: a track is damaged.
    """
    user, partner = store.archive.recordings.tracks(id)
    if user and partner and store.sessions.heard(id).get("swapped"):
        user, partner = partner, user
    return as_wav(user, partner)


def _name(dossier: Dossier, ending: str) -> str:
    """Two sessions of a minute may have the same name but for their ids."""
    stem = file_name(dossier, ending).removesuffix(f".{ending}")
    return f"sessions/{stem}-{dossier.id[:8]}.{ending}"


def _json(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


class _Pipe:
    """What is written, until it is taken; nothing is ever gone back to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """Whoever takes the pieces has all of them."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
