"""A CV, an advert, a deck or a page that somebody brings to a talk: read as plain text, and quoted, never made up."""

import pytest

from engine.errors import BadInput
from engine.grounding import BUDGET, MOST_BYTES, Material, labels, of_file, plain, points, questions, woven
from engine.providers.base import ChatLine, Prompt
from engine.providers.offline_partner import _reply
from engine.records import Document, Persona
from engine.talk import HAS_READ, instructions

CV = """# Jane Doe
jane@example.org, +44 20 1234 5678
## Experience
- Led a team of five engineers at Acme from 2019 to 2022
- Reduced the build time by 40 % with a new cache
- Bakery assistant, Leeds
Responsible for the weekly newsletter, which went to readers in three countries."""
PAGE = """<!doctype html><html><head><title>Job</title><style>p {}</style></head><body><nav>Home About us now here</nav>
<h1>Engineer</h1><ul><li>You have three years of experience &amp; patience</li><li>You will build our billing
service</li></ul><script>track("You must have seen this")</script></body></html>"""


def document(kind, text):
    return Document(kind=kind, text=plain(text))


def persona(*material):
    return Persona(
        id="x", name="Nadia", summary="", who="You are Nadia.", scene="", opening="Hello.", closing="Bye.",
        questions=("Why this job?", "What is hard for you?"), material=material,
    )  # fmt: skip


def test_what_is_concrete_is_asked_about_and_what_is_private_is_not():
    assert questions([document("cv", CV)]) == [
        "Your CV says: “Reduced the build time by 40 % with a new cache”. How was that measured?",
        "Your CV says: “Led a team of five engineers at Acme from 2019 to 2022”. What was your part in it?",
        "Your CV says: “Responsible for the weekly newsletter, which went to readers in three countries”. "
        "What was your part in it?",
    ]


def test_a_web_page_is_read_without_what_is_no_content():
    assert plain(PAGE).split("\n") == [
        "Engineer",
        "You have three years of experience & patience",
        "You will build our billing service",
    ]
    assert questions([document("advert", PAGE)]) == [
        "The job advert says: “You have three years of experience & patience”. Where have you done that?",
        "The job advert says: “You will build our billing service”. How would you begin?",
    ]


@pytest.mark.parametrize("kind", labels())
@pytest.mark.parametrize("text", [CV, PAGE, "", "…", "One word", "A B C D? " * 900, "word " * 5_000, "<div>" * 200])
def test_every_quote_stands_in_it(kind, text):
    read = plain(text)
    for point in points(Document(kind=kind, text=read)):
        quote = point.quote.removesuffix(" …")
        assert quote in " ".join(read.split()) or quote in read


def test_pieces_are_asked_about_in_turn_between_the_personas_own_questions():
    asked = questions([document("cv", CV), document("advert", PAGE)])
    assert [one.split(" says")[0] for one in asked] == [
        "Your CV",
        "The job advert",
        "Your CV",
        "The job advert",
        "Your CV",
    ]
    assert woven(("Why?", "And?"), asked[:1]) == ("Why?", asked[0], "And?")


def test_the_offline_partner_asks_it_in_the_talk_and_once():
    asked, history = [], [ChatLine(role="assistant", text="Hello.")]
    for _ in range(8):
        answer = "I did that with two friends because we needed it at that time in the town."
        says = " ".join(
            _reply(Prompt(instructions="", question=answer, history=history, persona=persona(document("cv", CV)))).says
        )
        asked.append(says)
        history = [*history, ChatLine(role="user", text=answer), ChatLine(role="assistant", text=says)]
    for quote in ("Reduced the build time by 40 %", "Led a team of five engineers"):
        assert sum(quote in one for one in asked) == 1
    assert any("Why this job?" in one for one in asked)


def test_a_language_model_gets_it_and_is_told_what_it_is():
    short = Material([document("cv", CV)])
    assert [passage.text for passage in short.passages("")] == [f"Your CV: {plain(CV)}"]
    assert HAS_READ in instructions(persona(document("cv", CV)))
    assert HAS_READ not in instructions(persona())
    assert Material(()).passages("anything") == ()


def test_of_long_material_it_gets_what_bears_on_it_and_no_more_than_fits():
    filler = "\n".join(f"Managed shop number {n} in a street of a small town by the sea." for n in range(400))
    long = Material([document("cv", f"{filler}\nSpoke at a conference about beekeeping on roofs.")])
    given = [passage.text for passage in long.passages("What about beekeeping on roofs?")]
    assert "beekeeping" in given[0]
    assert sum(map(len, given)) <= BUDGET


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("cv.pdf", b"%PDF-1.7", "cv.pdf: only text, Markdown and HTML files"),
        ("cv.docx", b"PK", "paste the text"),
        ("cv", b"text", "only text"),
        ("cv.txt", b"\xff\xfe\x00", "no text in UTF-8"),
        ("cv.txt", b" \n", "there is no word in it"),
        ("page.html", b"<html><script>x</script></html>", "there is no word in it"),
        ("cv.txt", b"a" * (MOST_BYTES + 1), "are too much"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name, data, says):
    with pytest.raises(BadInput, match=says.replace(".", r"\.")):
        of_file(name, data)


def test_files_of_text_markdown_and_html_are_read():
    assert of_file("cv.md", b"\xef\xbb\xbf# Jane\r\n\r\n\r\n\r\nLed a team") == "# Jane\n\nLed a team"
    assert of_file("page.HTML", PAGE.encode()).startswith("Engineer")
