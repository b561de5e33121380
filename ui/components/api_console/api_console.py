"""Each protocol with examples to copy, and a console that connects to it: all in the browser, over its own sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import ui


class ApiConsole(ui.element, component="api_console.js", esm={"rostrum-api": "web"}):
    """`protocols`: each with `id`, `name`, `path`, `about`, `guide` and `examples` by language, in which
    `localhost:8000` stands for this server. `guarded`: it asks for an access token, so the examples say where to put
    it; the page never learns it.

    Its JavaScript also stands on "rostrum-voice", which comes with `VoiceLink`."""

    def __init__(self, protocols: Sequence[Mapping[str, object]], *, guarded: bool) -> None:
        super().__init__()
        self._props.update({"protocols": list(protocols), "guarded": guarded})
