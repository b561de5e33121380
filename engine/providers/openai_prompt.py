"""What a language model of OpenAI's kind is asked, and what of its reply is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.errors import ProviderFailed
from engine.providers.base import ChatLine, Prompt
from engine.providers.openai_server import OpenAiServer
from engine.providers.thoughts import WithoutThoughts

BUDGET = 12_000
"""Characters of history that are sent at most, the newest: some 3,000 tokens, a quarter of an hour of talk."""
GO_ON = "(You were cut off there. Go on with the next sentence of the same answer; repeat nothing.)"

_EFFORTS = (
    (re.compile(r"gpt-(?:[6-9]|5\.\d)"), "none"),
    (re.compile(r"gpt-5"), "minimal"),
    (re.compile(r"o\d"), "low"),
)


def effort_of(model: str) -> str | None:
    """The least that OpenAI's `model` can be asked to think: whoever listens would wait for the thinking. None for
    models that do not think."""
    return next((effort for name, effort in _EFFORTS if name.match(model)), None)


def instructions(prompt: Prompt) -> str:
    """Who it is, the language it speaks, and what may be relied on."""
    system = prompt.instructions
    if prompt.language != "en":
        system = f"{system}\n\nSpeak the language whose code is {prompt.language!r}.".strip()
    if prompt.passages or prompt.persona is None:
        found = "\n".join(f"- {passage.text}" for passage in prompt.passages) or "- nothing that bears on it"
        system = f"{system}\n\nThe material says about this question:\n{found}".strip()
    return system


def conversation(prompt: Prompt) -> list[dict[str, str]]:
    """The newest of what was said, and the question. It goes into a request's `extra_body`: anywhere else the SDK looks
    through it message by message for something to convert, on the event loop, for 0.4 ms each."""
    chat = [{"role": line.role, "content": line.text} for line in newest(prompt.history)]
    if prompt.question:
        chat.append({"role": "user", "content": prompt.question})
    if prompt.begun:
        chat += [{"role": "assistant", "content": prompt.begun}, {"role": "user", "content": GO_ON}]
    return chat


def messages(prompt: Prompt) -> list[dict[str, str]]:
    """`prompt` as a chat: instructions first, the question last."""
    system = instructions(prompt)
    return ([{"role": "system", "content": system}] if system else []) + conversation(prompt)


def newest(history: Sequence[ChatLine]) -> list[ChatLine]:
    """The last lines that fit into `BUDGET`, whole; the very last one in any case, by its end."""
    kept: list[ChatLine] = []
    left = BUDGET
    for line in reversed(history):
        if len(line.text) > left:
            if not kept:
                kept.append(ChatLine(role=line.role, text=line.text[-BUDGET:]))
            break
        left -= len(line.text)
        kept.append(line)
    return kept[::-1]


class Reply:
    """A reply as it is written: what of it is said, and whether it came to its end."""

    def __init__(self, server: OpenAiServer) -> None:
        self._server = server
        self._thoughts = WithoutThoughts()
        self._spoken = False

    def push(self, text: str) -> str:
        """The next piece; what can be said now, often nothing."""
        return self._said(self._thoughts.push(text))

    def flush(self) -> str:
        """No more follows: what was held back."""
        return self._said(self._thoughts.flush())

    def fault(self, *, ended: bool, cut: bool) -> ProviderFailed | None:
        """What is wrong with it, now that nothing more comes: it never `ended`, or said nothing, maybe because it was
        `cut` at the most tokens."""
        if not ended:
            return self._server.broke_off()
        if self._spoken:
            return None
        return self._server.failed("ran out of tokens before it said anything" if cut else "answered without a word")

    def _said(self, text: str) -> str:
        self._spoken = self._spoken or not (not text or text.isspace())
        return text
