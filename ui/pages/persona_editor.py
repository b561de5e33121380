"""Somebody of one's own to talk with: new, like somebody there is, or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from engine import personas
from engine.errors import BadInput, NotFound
from ui.components.choice import Choice
from ui.components.text import button, tab_title, text
from ui.pages.persona_material import MaterialFields
from ui.pages.talk_setup import CHOICES

if TYPE_CHECKING:
    from engine.records import Persona
    from ui.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field of the form. `rows`: a line, or an area."""

    name: str
    title: str
    hint: str
    rows: bool = True


PARTS = (
    Part(name="name", title="Name", hint="Nora Lind", rows=False),
    Part(name="summary", title="In one line", hint="An editor who has no time", rows=False),
    Part(name="who", title="Who they are", hint="You are Nora, an editor. You are brisk and fair, and hate jargon."),
    Part(name="scene", title="The scene", hint="Where you meet and why: her desk, ten minutes before the deadline."),
    Part(name="opening", title="Their first words", hint="Leave it empty to speak first yourself.", rows=False),
    Part(
        name="questions",
        title="Questions they ask, one a line",
        hint="What is the story in one sentence?\nWho told you?\nWhy should my readers care?",
    ),
    Part(name="closing", title="Their goodbye", hint=personas.CLOSING, rows=False),
)
HARDNESSES = {one: word for one, word in CHOICES.items() if one}
PATIENCE = (0.3, 3.0)
"""Seconds that the slider offers."""


class PersonaEditor:
    """The form: for `persona`, changed in place where it is one's own and `copied` is False."""

    def __init__(self, studio: Studio, persona: Persona | None, *, copied: bool) -> None:
        self.people = studio.store.people
        self.changed = persona if persona and not copied else None
        self.given: dict[str, Any] = personas.to_fields(persona) if persona else {"patience": 0.9}
        self.fields: dict[str, ui.input] = {}
        heading = f"Change {persona.name}" if self.changed and persona else "Make up somebody"
        tab_title(heading)
        with ui.element("div").classes("head"):
            text("h1", heading)
        with ui.element("div").classes("editor person-editor"), ui.element("div").classes("fields"):
            for part in PARTS:
                self._field(part)
            self._patience()
            self._interrupts()
            self.material = MaterialFields(self.given.get("material", []))
        with ui.element("div").classes("savebar"), ui.element("div"):
            button("Save and talk", "button main", self.save)
            ui.link("Back", "/talk").classes("quiet")
            self.status = text("p", "", "faint grow").props("role=status")

    def _field(self, part: Part) -> None:
        value = self.given.get(part.name, "")
        with ui.element("div").classes(f"writing {part.name}"):
            label = text("label", part.title)
            make = ui.textarea if part.rows else ui.input
            field = make(value=value if isinstance(value, str) else "\n".join(value), placeholder=part.hint)
            field.props(f"borderless {'autogrow' if part.rows else ''}")
            field.on_value_change(lambda: setattr(field, "error", None))
            label.props["for"] = field.html_id
            self.fields[part.name] = field

    def _patience(self) -> None:
        least, most = PATIENCE
        with ui.element("div").classes("writing"):
            label = text("label", "")
            self.patience = ui.slider(min=least, max=most, step=0.1, value=float(self.given.get("patience", 0.9)))
            label.bind_text_from(
                self.patience, "value", lambda seconds: f"How long you may pause: {seconds:.1f} seconds"
            )
            self.patience.props["aria-label"] = "How long you may pause, in seconds"

    def _interrupts(self) -> None:
        with ui.element("div").classes("writing"):
            label = text("span", "Do they cut in while you speak?", "title")
            self.interrupts = Choice(HARDNESSES, value=str(self.given.get("interrupts", "off")), title=label)

    def values(self) -> dict[str, Any]:
        """What the form holds, with the parts of a persona that it does not show."""
        shown = {name: str(field.value or "") for name, field in self.fields.items()}
        questions = [line.strip() for line in shown["questions"].splitlines() if line.strip()]
        closing = shown["closing"].strip() or personas.CLOSING
        more = {"questions": questions, "closing": closing, "patience": float(self.patience.value)}
        more |= {"interrupts": self.interrupts.value, "material": self.material.values()}
        return self.given | shown | more

    def save(self) -> None:
        """Keep them and begin to talk; a part that cannot be kept is marked, and nothing is lost."""
        try:
            values = self.values()
            kept = self.people.change(self.changed.id, values) if self.changed else self.people.add(values)
        except NotFound:
            self.status.text = "They were deleted elsewhere. Copy what you need, then make up somebody new."
        except BadInput as error:
            self._complain(str(error))
        else:
            ui.navigate.to(f"/talk/{kept.id}")

    def _complain(self, message: str) -> None:
        name, _, reason = message.partition(": ")
        field = self.fields.get(name.partition("[")[0])
        if name.startswith("material"):
            self.material.complain(kindly(reason))
        if field and reason:
            field.error = kindly(reason)
            field.run_method("focus")
        self.status.text = "Not saved: see above." if field else f"Not saved. {message}"


def kindly(reason: str) -> str:
    """What is wrong with a field, as a sentence below it."""
    for told, kind in (("expected ", "This needs "), ("the same as ", "This is the same as ")):
        if reason.startswith(told):
            reason = kind + reason.removeprefix(told)
    return f"{reason[0].upper()}{reason[1:]}."


def build(studio: Studio, persona_id: str | None, like: str) -> None:
    """The page's content: for an own persona, or a new one, `like` another where that is not empty."""
    try:
        persona = studio.store.people.persona(persona_id or like) if persona_id or like else None
    except NotFound:
        persona = None
    if persona_id and not (persona and persona.own):
        with ui.element("div").classes("empty head"):
            tab_title("Not here")
            text("h1", "There is nobody here to change")
            text("p", "They may have been deleted, or came with Rostrum: change a copy of them.", "soft")
            ui.link("Everybody to talk with", "/talk").classes("button")
        return
    PersonaEditor(studio, persona, copied=not persona_id)
