"""The sheet that a PDF is drawn on: A4, its letters, its colours, its headings and its page numbers."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from engine.exports.pdf_letters import REGULAR, SEMIBOLD, fonts_for, missing_letters, needs_shaping, replaced
from engine.exports.readable import plain

Colour = tuple[int, int, int]
INK, SOFT, FAINT = (33, 27, 21), (84, 74, 62), (120, 108, 92)
LINE, TINT, ACCENT = (224, 214, 198), (250, 244, 234), (166, 60, 28)
YOU, PARTNER, WELL = (166, 60, 28), (92, 122, 140), (206, 224, 208)
"""Told apart by their lightness too, on paper without colour."""
MARGIN, TOP, BOTTOM = 18.0, 18.0, 20.0
WIDTH = 210 - 2 * MARGIN
"""Millimetres."""

logging.getLogger("fontTools").setLevel(logging.ERROR)
"""It warns of tables that it leaves out of a font, which nobody needs to know."""


class Sheet(FPDF):
    """Lengths are millimetres, sizes of letters points. `text`: everything that will be written, so that it is known
    which fonts it takes."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(format="A4")
        self.add_font("inter", "", REGULAR)
        self.add_font("inter", "B", SEMIBOLD)
        text = unicodedata.normalize("NFC", text)
        others, self.unknown = fonts_for(missing_letters(text))
        for number, path in enumerate(others):
            self.add_font(f"other{number}", "", path)
        self.set_fallback_fonts([f"other{number}" for number in range(len(others))], exact_match=False)
        if needs_shaping(text):
            self.set_text_shaping(True)
        self._running = title
        self.set_title(title)
        self.set_creator("Rostrum")
        self.set_margins(MARGIN, TOP, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.c_margin = 0  # text begins where a line or a box does
        self.add_page()

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-BOTTOM + 7)
        self.style(8, FAINT)
        self.cell(30, 4, f"Page {self.page_no()} of {{nb}}")
        self.cell(WIDTH - 30, 4, self.fitting(self._running, WIDTH - 30), align="R")

    def style(self, size: float, colour: Colour = INK, *, bold: bool = False) -> None:
        self.set_font("inter", "B" if bold else "", size)
        self.set_text_color(*colour)

    def shown(self, text: str) -> str:
        """`text` as it can be drawn."""
        return replaced(unicodedata.normalize("NFC", plain(text)), self.unknown)

    def fitting(self, text: str, width: float) -> str:
        """As much of `text` as fits into `width` on one line."""
        text = self.shown(text)
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def paragraph(self, text: str, height: float, *, x: float = MARGIN, width: float = 0.0, gap: float = 0.0) -> None:
        """In the style that is set, `height` a line; the next begins `gap` below."""
        self.set_x(x)
        self.multi_cell(
            width or MARGIN + WIDTH - x, height, self.shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(gap)

    def height_of(self, text: str, height: float, width: float) -> float:
        """Of the paragraph that `text` would be, in the style that is set."""
        lines: Sequence[str] = self.multi_cell(
            width, height, self.shown(text), align="L", dry_run=True, output=MethodReturnValue.LINES
        )  # type: ignore[assignment]
        return len(lines) * height

    def room_for(self, height: float) -> None:
        """On this page, else a new one."""
        if self.will_page_break(height):
            self.add_page()

    def heading(self, text: str, *, with_next: float = 20.0) -> None:
        """Never alone at the foot of a page: `with_next` millimetres of what follows go with it."""
        self.ln(5)
        self.room_for(9 + with_next)
        self.style(13, bold=True)
        self.paragraph(text, 7, gap=1.5)

    def ink(self, colour: Colour, *, line: float = 0.2) -> None:
        """What is drawn from now on is of this colour, filled or as a line."""
        self.set_fill_color(*colour)
        self.set_draw_color(*colour)
        self.set_line_width(line)
