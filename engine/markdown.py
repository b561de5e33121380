"""Plain text or Markdown as a row of blocks of what would be spoken: markup, code, comments and pictures are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Indented code is off: in a pasted talk, indented lines are words to say.
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:[\w-]+:.*\n|[ \t-].*\n|\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TASK = re.compile(r"\A\[[ xX]\]\s+")
_PLAIN = re.compile(r"[^\W\d_][^*_`~#<>\[\]|\\&\n\r]*")
"""One line without any sign that could be markup: most of what a language model writes to be spoken."""
_YEAR = 100
"""A list numbered from here on is no list but a paragraph that begins with a number: "1986. The year …"."""


class Kind(StrEnum):
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    TEXT = "text"


_OPENS = {"heading_open": Kind.HEADING, "list_item_open": Kind.ITEM}
_CLOSES = {"heading_close", "list_item_close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a paragraph, a paragraph of a list item, or a row of a table. `text` keeps the source's line ends
    as "\\n"; `line` is the line of the source (from 0) at which the outermost block around it begins."""

    kind: Kind
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    """What would be spoken of `text`, in order. No block is empty."""
    if _PLAIN.fullmatch(text):  # parsing it would take 30 us a word as it is being written
        return [Block(kind=Kind.TEXT, text=text.strip(), line=0)]
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    for unspoken in (_FRONT_MATTER, _COMMENT):
        source = unspoken.sub(lambda match: "\n" * match[0].count("\n"), source)
    return [block for block in _walk(_PARSER.parse(source)) if block.text]


def _walk(tokens: Sequence[Token]) -> Iterator[Block]:
    kinds: list[Kind] = []
    number = ""
    line = 0
    cells: list[str] | None = None
    for token in tokens:
        if token.level == 0 and token.map and token.nesting >= 0:
            line = token.map[0]
        if token.type in _OPENS:
            kinds.append(_OPENS[token.type])
            number = _year(token) or number
        elif token.type in _CLOSES:
            kinds.pop()
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Block(kind=Kind.ROW, text=", ".join(filter(None, cells or ())), line=line)
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(_spoken(token.children or ()))
        elif token.type == "inline":
            spoken = number + _TASK.sub("", _spoken(token.children or ()))
            yield Block(kind=kinds[-1] if kinds else Kind.TEXT, text=spoken, line=line)
            number = ""
        elif token.type == "html_block":
            yield Block(kind=Kind.TEXT, text=_without_tags(token.content), line=line)


def _year(token: Token) -> str:
    """The number with which a paragraph begins that Markdown takes for a list; empty for a real list."""
    return f"{token.info}{token.markup} " if token.info.isdigit() and int(token.info) >= _YEAR else ""


def _spoken(tokens: Iterable[Token]) -> str:
    parts: list[str] = []
    deleted = 0
    for token in tokens:
        match token.type:
            case "s_open" | "s_close":
                deleted += token.nesting
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "text" | "text_special" | "code_inline" if not deleted:
                parts.append(token.content)
    return _FOOTNOTE.sub("", "".join(parts)).strip()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"} and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


class _Page(_Tags):
    """… of a whole page: what stands apart there stands on a line of its own, and what is no content is left out."""

    UNREAD = frozenset({"script", "style", "nav", "noscript", "template", "svg", "button", "form", "head"})
    APART = frozenset(
        {"p", "div", "li", "ul", "ol", "br", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
        | {"header", "footer", "main", "aside", "table", "dt", "dd", "blockquote", "pre", "figcaption", "hr", "title"}
    )

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.UNREAD
        self.parts += ["\n"] * (tag in self.APART)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.UNREAD and self.silent > 0
        self.parts += ["\n"] * (tag in self.APART)

    def handle_data(self, data: str) -> None:
        super().handle_data(re.sub(r"\s+", " ", data))


def of_html(source: str) -> str:
    """What would be read of the source of a web page, a paragraph or list item a line."""
    parser = _Page()
    parser.feed(source)
    parser.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(parser.parts)).strip()


def _without_tags(html: str) -> str:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).strip()
