"""What a message means after the answer before it, and that a question of its own stays."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.context import InContext, before
from assistant.decision import Decision, in_this_talk
from assistant.talk_so_far import REPLY
from assistant.talks import title
from assistant.understood import BEFORE, OFFERED, TOGETHER

LIKELIER = Decision.get_default_config()["likelier"]


@pytest.mark.parametrize(
    ("said_before", "alone", "together", "means"),
    [
        # "is it every day": open alone, clear together.
        (
            ["treatment/methadone"],
            [("recovery/groups", 0.3), ("treatment/methadone", 0.2), ("family/grief", 0.1)],
            [("treatment/methadone", 0.9), ("recovery/groups", 0.0), ("family/grief", 0.0)],
            "treatment/methadone",
        ),
        # What an answer leads on to is likelier than what has nothing to do with it.
        (
            ["overdose/naloxone"],
            [("refuse/dosing", 0.4), ("overdose/naloxone_use", 0.2)],
            [("refuse/dosing", 0.4), ("overdose/naloxone_use", 0.2)],
            "overdose/naloxone_use",
        ),
        # Who asks for something else, asks for it.
        (
            ["treatment/methadone"],
            [("substances/kratom", 0.98), ("treatment/methadone", 0.001)],
            [("substances/kratom", 0.4), ("treatment/methadone", 0.5)],
            "substances/kratom",
        ),
    ],
)
def test_in_this_talk(
    said_before: list[str],
    alone: list[tuple[str, float]],
    together: list[tuple[str, float]],
    means: str,
) -> None:
    ranking = in_this_talk([alone, together, together], said_before, LIKELIER)
    assert ranking[0][0] == means
    assert sum(chance for _, chance in ranking) == pytest.approx(1)


def told(text: str, offered: list[str], topic: str, kind: str) -> list[Event]:
    """A message, what it may be about, and the reply to it."""
    return [
        UserUttered(text, parse_data={"text": text, "entities": [], OFFERED: offered}),
        BotUttered("...", metadata={REPLY: {"topic": topic, "kind": kind}}),
    ]


@pytest.mark.parametrize(
    ("offered", "topic", "kind", "goes_on_from"),
    [
        ([], "treatment/cost", "answer", ["treatment/cost"]),
        # Asked what they mean, people mostly say it in other words.
        (["detox/alone"], "chat/out_of_scope", "clarify", []),
        (["treatment/pregnancy"], "crisis/overdose_now", "clarify", ["treatment/pregnancy"]),
        ([], "crisis/overdose_now", "clarify", []),
    ],
)
def test_what_a_message_can_go_on_from(
    offered: list[str], topic: str, kind: str, goes_on_from: list[str]
) -> None:
    talk = told("im pregnant and on subutex", offered, topic, kind)
    came_before = before(DialogueStateTracker.from_events("talk", talk))
    assert came_before == ("im pregnant and on subutex", goes_on_from)


def test_what_follows_an_answer_to_danger_is_no_question_that_leans_on_it() -> None:
    talk = told("shes not waking up", ["detox/alone"], "crisis/overdose_now", "crisis")
    tracker = DialogueStateTracker.from_events("talk", talk)
    message = Message({TEXT: "four a minute"})
    InContext().process([message], tracker)
    assert message.get(TOGETHER) == ["shes not waking up", title("crisis/overdose_now")]
    assert message.get(BEFORE) is None
