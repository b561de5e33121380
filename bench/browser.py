"""The real Chromium that benchmarks and tests drive, with a fake microphone device."""

from __future__ import annotations

import shutil

FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium() -> str | None:
    """The path of a Chromium or Chrome on this machine; None: Playwright's own, where that was installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
