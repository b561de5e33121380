from pathlib import Path

import pytest

from engine import personas
from engine.errors import BadInput, NotFound, TooLarge
from engine.store import Store

ADA = {
    "name": "Ada",
    "who": "You are Ada, a curious neighbour.",
    "questions": ["What are you working on?", "What is hard about it?"],
}


def test_everybody_who_ships_is_there_and_whole(store: Store) -> None:
    everybody = store.people.all()
    assert everybody[0].id == "partner"
    assert {persona.id for persona in everybody} == {path.stem for path in personas.FOLDER.glob("*.toml")}
    assert all(persona.opening and not persona.own for persona in everybody)


def test_an_own_one_has_defaults_for_what_was_left_out_and_is_first(store: Store) -> None:
    ada = store.people.add(ADA)
    assert store.people.all()[0] == ada == store.people.persona(ada.id)
    assert ada.own
    assert ada.closing
    assert ada.questions == tuple(ADA["questions"])


def test_a_copy_of_any_that_ships_has_all_its_parts(store: Store) -> None:
    for original in personas.shipped():
        copy = store.people.copy(original.id)
        assert copy.own
        assert copy.name == f"{original.name} (copy)"
        assert personas.to_fields(copy) | {"name": original.name} == personas.to_fields(original)


def test_a_change_replaces_what_is_given_and_outlives_the_process(path: Path, store: Store) -> None:
    ada = store.people.add(ADA)
    store.people.change(ada.id, {"patience": 2, "questions": ["Why?"], "answers": [{"asked": ["who"], "says": "Me."}]})
    store.close()
    again = Store(path, samples=path.parent)
    kept = again.people.persona(ada.id)
    assert (kept.patience, kept.questions, kept.answers[0].says, kept.who) == (2, ("Why?",), "Me.", ADA["who"])
    again.close()


def test_a_change_that_cannot_be_changes_nothing(store: Store) -> None:
    ada = store.people.add(ADA)
    with pytest.raises(BadInput):
        store.people.change(ada.id, {"name": "Eve", "questions": []})
    assert store.people.persona(ada.id) == ada


def test_what_is_removed_is_gone(store: Store) -> None:
    ada = store.people.add(ADA)
    store.people.remove(ada.id)
    with pytest.raises(NotFound):
        store.people.persona(ada.id)
    with pytest.raises(NotFound):
        store.people.remove(ada.id)


def test_those_that_ship_are_copied_not_changed(store: Store) -> None:
    with pytest.raises(BadInput, match="ships with Rostrum and cannot be changed: copy it"):
        store.people.change("partner", {"name": "Eve"})
    with pytest.raises(BadInput, match="cannot be deleted: copy it"):
        store.people.remove("partner")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "name: expected 1 to 60 characters"),
        ({"name": 7}, "name: expected text"),
        ({"who": "w" * 2001}, "who: 2,001 characters are too many, at most 2,000 are kept"),
        ({"scene": "a\x00b"}, "scene: expected text, found a character that is none"),
        ({"questions": []}, "questions: expected 1 to 60, found none"),
        ({"questions": "What?"}, "questions: expected a list of texts"),
        ({"questions": ["What?", "..."]}, "questions[2]: expected 1 to 300 characters with a word in them"),
        ({"questions": ["What now?", "Why?", "what  NOW"]}, "questions[3]: the same as questions[1]"),
        ({"patience": "slow"}, "patience: expected a number from 0.2 to 5.0"),
        ({"pace": 3}, "pace: expected a number from 0.5 to 2.0"),
        ({"follow_ups": 1.5}, "follow_ups: expected a whole number from 0 to 2"),
        ({"brevity": True}, "brevity: expected a whole number from 20 to 500"),
        ({"probing": ["rumour"]}, "probing[1]: expected one of long, number, amount"),
        ({"probes": {"rumour": []}}, "probes: expected one of long, number, amount"),
        ({"probes": {"topic": ["Why {quote}?"]}}, "probes.topic[1]: expected nothing in braces but {phrase}, once"),
        ({"probes": {"number": ["{number} or {number}?"]}}, "probes.number[1]: expected nothing in braces but"),
        ({"probes": {"short": ["Why {"]}}, "probes.short[1]: expected nothing in braces"),
        ({"answers": ["I am Ada."]}, 'answers[1]: expected {"asked": [...], "says": "..."}'),
        ({"answers": [{"asked": [], "says": "Yes."}]}, "answers[1].asked: expected 1 to 20, found none"),
        ({"colour": "red"}, "colour: a persona has no such part"),
        ({"id": "mine"}, "id: a persona has no such part"),
    ],
)
def test_what_a_persona_cannot_be_is_said_exactly(store: Store, change: dict[str, object], says: str) -> None:
    with pytest.raises((BadInput, TooLarge)) as refused:
        store.people.add(ADA | change)
    assert str(refused.value).startswith(says)
    assert not any(persona.own for persona in store.people.all())
