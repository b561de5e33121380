"""What a Realtime session remembers is made to agree with what was really said, whatever has happened to either."""

import random

import pytest

from engine.providers.base import ChatLine
from engine.providers.openai_dialogue_items import Items
from tests.vendors.openai_frames import checked


def lines(*texts):
    """The listener first, then in turn."""
    return [ChatLine(role=("user", "assistant")[number % 2], text=text) for number, text in enumerate(texts)]


class Session:
    """Does what it is told, as the vendor does."""

    def __init__(self):
        self.items = []
        self.made = 0

    def said(self, items, role, text):
        self.made += 1
        self.items.append((f"item_{self.made}", role))
        items.add(f"item_{self.made}", role)
        items.find(f"item_{self.made}").text = text

    def obey(self, events):
        for event in events:
            checked("realtime client", event)
            names = [id for id, *_ in self.items]
            if event["type"] == "conversation.item.delete":
                del self.items[names.index(event["item_id"])]
            else:
                after = event["previous_item_id"]
                item = event["item"]
                place = 0 if after == "root" else names.index(after) + 1
                self.items.insert(place, (item["id"], item["role"]))


def held(items):
    return list(items._items)


def test_a_new_session_is_told_all():
    items, session = Items(), Session()
    session.obey(items.match(lines("Hello.", "Good day.", "How are you?")))
    assert [(item.role, item.text) for item in held(items)] == [
        ("user", "Hello."),
        ("assistant", "Good day."),
        ("user", "How are you?"),
    ]
    assert items.match(lines("Hello.", "Good day.", "How are you?")) == []


def test_what_agrees_is_kept_with_its_sound():
    items, session = Items(), Session()
    session.said(items, "user", "Hello.")
    session.said(items, "assistant", "Good day —")
    assert items.match(lines("Hello.", "Good day —", "Wait.")) == [
        {
            "type": "conversation.item.create",
            "event_id": "create:said_1",
            "previous_item_id": "item_2",
            "item": {
                "id": "said_1",
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Wait."}],
            },
        }
    ]


def test_parts_of_one_turn_are_one_line():
    items, session = Items(), Session()
    session.said(items, "user", "I grow beans")
    session.said(items, "assistant", "")
    session.said(items, "user", "and peas")
    (deleted,) = items.match(lines("I grow beans and peas"))
    assert deleted["item_id"] == "item_2"


def test_what_was_typed_after_it_is_added_to_what_was_spoken():
    items, session = Items(), Session()
    session.said(items, "user", "I grow beans")
    (created,) = items.match(lines("I grow beans and peas"))
    assert created["previous_item_id"] == "item_1"
    assert created["item"]["content"] == [{"type": "input_text", "text": "and peas"}]
    assert items.match(lines("I grow beans and peas")) == []


@pytest.mark.parametrize("what", ["changed", "spoilt", "unheard", "forgotten"])
def test_what_does_not_agree_is_replaced_in_its_place(what):
    items, session = Items(), Session()
    for role, text in [("user", "One."), ("assistant", "Two."), ("user", "Three.")]:
        session.said(items, role, text)
    wanted = lines("One.", "Two.", "Three.")
    if what == "changed":
        wanted[1] = ChatLine(role="assistant", text="Zwei.")
    elif what == "spoilt":
        items.find("item_2").spoilt = True
    elif what == "unheard":
        items.find("item_2").text = ""
    else:
        items.remove("item_2")
        del session.items[1]
    session.obey(items.match(wanted))
    assert session.items == [("item_1", "user"), ("said_1", "assistant"), ("item_3", "user")]


def test_whatever_happens_they_agree_and_the_session_never_hears_of_what_it_has_not():
    for seed in range(300):
        chance = random.Random(seed)
        items, session, wanted = Items(), Session(), []
        for _ in range(12):
            text = chance.choice(["a", "b", "c", ""])
            role = chance.choice(["user", "assistant"])
            match chance.randrange(4):
                case 0:
                    session.said(items, role, text)
                    if text:
                        wanted.append(ChatLine(role=role, text=text))
                case 1:
                    wanted.insert(chance.randrange(len(wanted) + 1), ChatLine(role=role, text=text))
                case 2 if wanted:
                    wanted.pop(chance.randrange(len(wanted)))
                case 3 if session.items:
                    items.find(session.items[-1][0]) and setattr(items.find(session.items[-1][0]), "spoilt", True)
            session.obey(items.match(wanted))
            assert [id for id, _ in session.items] == [item.id for item in held(items)]
            assert items.match(wanted) == [], seed
            texts = {role: " ".join(item.text for item in held(items) if item.role == role) for role in ("user",)}
            assert texts["user"] == " ".join(line.text for line in wanted if line.text and line.role == "user")
