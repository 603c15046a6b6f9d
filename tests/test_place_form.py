"""What people answer when they are asked where to look."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.place_form import ANYWHERE, ValidateTreatmentForm, place_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("19104", "19104"),
        ("im in 19104", "19104"),
        ("kutztown", "Kutztown"),
        ("its Kutztown, PA", "Kutztown, PA"),
        ("i live in  new castle", "New Castle"),
        ("near the town of Erie", "Erie"),
        ("what is detox", None),
        ("how long does this take", None),
        ("shes on fent", None),
        ("asap", None),
        ("im embarrassed", None),
        ("pills", None),
        ("one and three", None),
        ("as soon as possible", None),
        ("123", None),
        ("?", None),
        ("a very long answer that is no place at all", None),
    ],
)
def test_place_in_an_answer(text: str, place: str | None) -> None:
    assert place_in(text) == place


def validated(text: str, intent: str = "nlu_fallback", entity: str | None = None) -> dict[str, Any]:
    entities = [{"entity": "place", "value": entity}] if entity else []
    message = {"text": text, "intent": {"name": intent}, "entities": entities}
    tracker = Tracker(
        "c", {}, message, [], False, None, {"name": "treatment_form"}, "action_listen"
    )
    return ValidateTreatmentForm().validate_place(
        entity or text, CollectingDispatcher(), tracker, {}
    )


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("no", {"place": ANYWHERE}),
        ("skip", {"place": ANYWHERE}),
        ("rather not say", {"place": ANYWHERE}),
        ("idk", {"place": ANYWHERE}),
        ("never mind", {"place": None, "requested_slot": None}),
        ("no forget it", {"place": None, "requested_slot": None}),
        ("i changed my mind", {"place": None, "requested_slot": None}),
        ("allentown", {"place": "Allentown"}),
    ],
)
def test_answers_to_where(text: str, slots: dict[str, Any]) -> None:
    assert validated(text) == slots


def test_a_place_that_was_recognised_is_kept_as_it_is() -> None:
    assert validated("rehab in philly", entity="Philadelphia") == {"place": "Philadelphia"}


def test_yes_is_no_place() -> None:
    assert validated("ok", intent="chat_affirm") == {"place": None}
