"""Who says no to our question whether there is danger is not asked it again."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.decision import Decision
from assistant.talk_so_far import REPLY, SAID
from assistant.understood import DANGER

ASKED = {"topic": "crisis/abuse", "kind": "clarify", "choices": []}
ANSWERED = {"topic": "family/boundaries", "kind": "answer", "choices": []}


@pytest.mark.parametrize(
    ("text", "signs", "before", "level"),
    [
        ("no shes not hurting me lol. how do i bring it up", [], ASKED, "near"),
        ("nobody hits me. where do i get narcan", [], ASKED, "near"),
        ("i said no", [], ASKED, "near"),
        ("shes fine she is at work", [], ASKED, "near"),
        ("he has a key", [], ASKED, "maybe"),
        ("well sometimes", [], ASKED, "maybe"),
        ("im not ok", [], ASKED, "maybe"),
        ("nobody would care", [], ASKED, "maybe"),
        ("nothing matters", [], ASKED, "maybe"),
        ("no point in any of it", [], ASKED, "maybe"),
        ("what if i did", [], ASKED, "maybe"),
        ("no but he scares me", [], ASKED, "maybe"),
        ("wtf no i mean my refill", [], ASKED, "near"),
        ("no one hits me but he follows me", [], ASKED, "maybe"),
        ("no but he chokes me", ["is choked"], ASKED, "maybe"),  # a phrase speaks for danger
        ("no shes not hurting me lol", [], ANSWERED, "maybe"),  # nothing was asked
    ],
)
def test_who_says_no_is_not_asked_again(
    text: str, signs: list[str], before: dict[str, Any], level: str
) -> None:
    message = Message(data={TEXT: text})
    danger = {"level": "maybe", "topic": "crisis/abuse", "chance": 0.2, "signs": signs}
    message.set(DANGER, danger)
    said = BotUttered(metadata={SAID: "utter_ask_safety", REPLY: before})
    Decision._hear_a_no(message, DialogueStateTracker.from_events("a talk", [said]))
    assert message.get(DANGER)["level"] == level
