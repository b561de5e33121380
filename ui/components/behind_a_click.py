"""HTML that comes into the document once somebody asks for it: what is not read is not laid out either."""

from __future__ import annotations

from html import escape

from nicegui import ui

OPEN = """<script>
document.addEventListener("toggle", ({ target }) => {
  const waiting = target.querySelector?.(":scope > template");
  if (waiting) waiting.replaceWith(waiting.content);
}, true);
</script>"""


def behind_a_click(summary: str, content: str, classes: str) -> str:
    """A `details` with `content`, which is HTML; `summary` is words."""
    return f"<details class={classes}><summary>{escape(summary)}</summary><template>{content}</template></details>"


def apply() -> None:
    """Open them, on the page being built."""
    ui.add_body_html(OPEN)
