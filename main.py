"""Rostrum in one process. A table of contents: settings, ports, studio, wires, pages, run."""

from __future__ import annotations

import multiprocessing
import sys

from engine import start
from engine.errors import SettingsError
from engine.settings import Settings
from ui import window


def main() -> int:
    """The exit code: 0 ended as asked, 1 could not start, 2 a wrong setting."""
    multiprocessing.freeze_support()
    start.leave_on_signals()
    options = start.options(sys.argv[1:])
    if options.command == "models":
        return start.models(options.directory)
    try:
        settings = start.settings(options)
        if options.command == "token":
            return start.token(options.user, options.days, settings)
        if options.check:
            from engine import check

            print(check.report(settings))
            return 0
        return serve(settings)
    except (start.CannotListen, window.NoWindow) as error:
        print(error, file=sys.stderr)
        return start.NOT_STARTED
    except SettingsError as error:
        print(error, file=sys.stderr)
        return start.BAD_SETTING


def serve(settings: Settings) -> int:
    """Until it is told to end. The imports take most of a second, so all that can be refused is refused before."""
    sockets = start.listen(settings)
    # It takes as long to open as the server to start, and waits for that by itself.
    with window.beside(settings, start.address(settings)) as opened:
        from engine.studio import Studio
        from engine.wire.app import build
        from ui.app import mount

        studio = Studio(settings)
        api = build(studio)
        mount(api, studio)
        return start.run(api, settings, sockets, studio.about, opened.on_closed if opened else None)


if __name__ == "__main__":
    sys.exit(main())
