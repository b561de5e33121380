"""Plots and calendars of many points, light in the document: the points are shapes, and one element goes to the one
that is pointed at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape

from nicegui import ui

REACH = 24
"""Pixels from a point within which it is pointed at."""
SCRIPT = """<script>
(() => {
  const dots = (link) => (link.dots ??= JSON.parse(link.dataset.dots));
  const go = (link, index) => {
    const { href, classes, x, y, label, tip, side } = dots(link)[index];
    Object.assign(link, { at: index, href, className: `dot ${classes}` });
    Object.assign(link.style, { left: `${x}%`, top: `${y}%` });
    Object.assign(link.dataset, { tip, side });
    link.setAttribute("aria-label", label);
  };
  const withKey = ({ altKey, ctrlKey, metaKey, shiftKey }) => altKey || ctrlKey || metaKey || shiftKey;
  const near = (field, link, event) => {
    const { left, top, width, height } = field.getBoundingClientRect();
    const [across, down] = [(100 * (event.clientX - left)) / width, (100 * (event.clientY - top)) / height];
    const away = ({ x, y }) => Math.hypot(((x - across) * width) / 100, ((y - down) * height) / 100);
    const nearest = dots(link).reduce((best, dot, index, all) => (away(dot) < away(all[best]) ? index : best), 0);
    return away(dots(link)[nearest]) <= REACH ? nearest : -1;
  };
  const pointed = (event) => {
    const field = event.target.closest?.(".plot .field");
    for (const other of document.querySelectorAll(".plot .field.pointed"))
      if (other !== field) other.classList.remove("pointed");
    const link = field?.querySelector("[data-dots]");
    if (!link) return;
    const index = near(field, link, event);
    field.classList.toggle("pointed", index >= 0);
    if (index >= 0) go(link, index);
    if (index >= 0 && event.type === "click" && !event.target.closest("a") && !withKey(event)) link.click();
  };
  for (const type of ["pointermove", "click"]) document.addEventListener(type, pointed);
  document.addEventListener("keydown", (event) => {
    if (withKey(event) || !event.target.matches?.("[data-dots]")) return;
    const last = dots(event.target).length - 1;
    const at = event.target.at ?? last;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(event.target, Math.min(last, Math.max(0, to)));
  });
  document.addEventListener("pointermove", ({ target, clientX, clientY }) => {
    const calendar = target.closest?.("svg[data-days]");
    if (!calendar) return;
    const days = (calendar.days ??= JSON.parse(calendar.dataset.days));
    const place = new DOMPoint(clientX, clientY).matrixTransform(calendar.getScreenCTM().inverse());
    const said = days[Math.floor(place.x)]?.[Math.floor(place.y)];
    calendar.querySelector("title").textContent = place.x < 0 || place.y < 0 || !said ? "" : said;
  });
})();
</script>""".replace("REACH", str(REACH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point at `x`, `y` (per cent of the field, from its upper left) that leads to `href`. `tip` is shown at it,
    opening to `side`; `label` is its name."""

    x: float
    y: float
    href: str
    classes: str
    label: str
    tip: str
    side: str


def dots(points: Sequence[Dot]) -> str:
    """The link that goes to the point that is pointed at, or chosen by the arrow keys; at first to the last one."""
    last = points[-1]
    return (
        f'<a class="dot {last.classes}" href="{escape(last.href)}" style="left:{last.x}%;top:{last.y}%"'
        f' aria-label="{escape(last.label)}" aria-keyshortcuts="ArrowLeft ArrowRight" data-side="{last.side}"'
        f' data-tip="{escape(last.tip)}" data-dots="{escape(json.dumps([asdict(point) for point in points]))}"></a>'
    )


def apply() -> None:
    """Let them be pointed at, on the page being built."""
    ui.add_body_html(SCRIPT)
