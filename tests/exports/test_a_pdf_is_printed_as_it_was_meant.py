"""The PDF: read back as text and as a picture."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from engine.analysis.values import Line
from engine.exports import pdf_letters
from engine.exports.pdf import as_pdf
from engine.exports.pdf_page import YOU
from engine.providers.base import Word
from tests.exports.sessions import REPORT, coached, dossier, line


def read(session) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(as_pdf(session))
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def picture(page: pypdfium2.PdfPage) -> np.ndarray:
    return page.render(scale=1).to_numpy()[..., ::-1]  # as RGB


def test_it_has_the_report_first_then_the_plots_the_numbers_and_what_was_said() -> None:
    document = pypdfium2.PdfDocument(as_pdf(coached()))
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    whole = " ".join(pages)
    order = [
        "Sam Okafor at the bike meetup",
        "21 November 2026",
        REPORT.stars[0].text,
        REPORT.wish.text,
        "What to do next",
        "How it went",
        "Words a minute",
        "Whose time it was",
        "Numbers",
        "What could not be measured",
        "Transcript",
        "I will um I will ask her.",
    ]
    places = [whole.index(text) for text in order]
    assert places == sorted(places)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    width, height = document[0].get_size()
    assert (width, height) == (pytest.approx(595.3, abs=0.5), pytest.approx(841.9, abs=0.5))  # A4


def test_the_timeline_shows_who_spoke_when() -> None:
    """Ink of the user's colour lies where the user spoke, on the page with the plots."""
    session = coached()
    document = pypdfium2.PdfDocument(as_pdf(session))
    page = next(page for page in document if "How it went" in page.get_textpage().get_text_bounded())
    image = picture(page).astype(int)
    reddish = np.abs(image - np.array(YOU)).sum(axis=2) < 60
    rows = np.flatnonzero(reddish.sum(axis=1) > 60)
    lane = reddish[rows[2]]  # the first lane is the user's
    across = np.flatnonzero(lane)
    left, right = across.min(), across.max()
    scale = session.material.seconds / (595.3 * (1 - (18 + 24 + 18) / 210))
    at = (np.arange(len(lane)) - 595.3 * (18 + 24) / 210 + 0.5) * scale
    spoken = np.zeros(len(lane), bool)
    for span in session.material.speech["user"]:
        spoken |= (at >= span.start) & (at <= span.end)
    assert right - left > 250
    assert (lane == spoken)[left : right + 1].mean() > 0.9


@pytest.mark.parametrize(
    "text", ["Łukasz Čapek and Đorđe", "Ольга сказала", "Γιώργος είπε", "Nguyễn Thị Ánh", "“Grüße” – naïve …"]
)
def test_names_in_latin_greek_and_cyrillic_letters_come_out_right(text: str, monkeypatch) -> None:
    monkeypatch.setattr(pdf_letters, "_installed", tuple)
    [page] = read(dossier(line(text), title=text))
    assert page.count(text) >= 2
    assert "no font" not in page


def test_what_no_font_has_is_replaced_and_said_so(monkeypatch) -> None:
    monkeypatch.setattr(pdf_letters, "_installed", tuple)
    [page] = read(dossier(line("李雷 said 👍🏽 to everybody")))
    assert "?? said [thumbs up sign]" in page
    assert "This computer has no font for some of the characters" in page


def test_other_scripts_are_drawn_with_a_font_of_this_computer() -> None:
    fonts, missing = pdf_letters.fonts_for(set("אב"))
    if missing:
        pytest.skip("this computer has no font with Hebrew letters")
    [page] = read(dossier(line("He said שלום to me")))
    assert "no font" not in page
    assert set("שלום") <= set(page)
    assert all(isinstance(path, Path) for path in fonts)


def test_a_font_that_cannot_be_read_is_passed_over(tmp_path, monkeypatch) -> None:
    broken = tmp_path / "DejaVuSans.ttf"
    broken.write_bytes(b"\0\1\0\0 this is no font")
    monkeypatch.setattr(pdf_letters, "_installed", lambda: (broken,))
    assert pdf_letters.fonts_for({"李"}) == ([], {"李"})


def test_a_long_session_has_its_timeline_in_rows_and_no_line_is_lost() -> None:
    words = tuple(Word(text=f"w{at}", start=at * 10.0, end=at * 10.0 + 8) for at in range(360))
    lines = tuple(
        Line(
            id=at,
            speaker="user" if at % 2 else "partner",
            text=" ".join(word.text for word in words[at * 6 :][:6]),
            start=at * 60.0,
            end=at * 60.0 + 58,
            words=words[at * 6 :][:6],
        )
        for at in range(60)
    )
    whole = " ".join(read(dossier(*lines)))
    assert set(re.findall(r"\bw\d+\b", whole)) == {word.text for word in words}
    assert {"0:00", "15:00", "30:00", "55:00"} <= set(re.findall(r"\b\d?\d:\d\d\b", whole))


@pytest.mark.parametrize("lines", [(), (Line(id=1, speaker="user", text="Hm.", start=0.0, end=0.0),)])
def test_a_session_with_next_to_nothing_is_a_page(lines) -> None:
    [page] = read(dossier(*lines))
    assert "A meeting" in page


def test_a_long_word_and_a_long_title_stay_on_the_page() -> None:
    document = pypdfium2.PdfDocument(as_pdf(dossier(line("w" * 400), title="A title of many words " * 20)))
    for page in document:
        image = picture(page)
        assert (image[:, -int(len(image[0]) * 17 / 210) :] == 255).all()  # the right margin is empty
