"""What a message means after the answer before it, and that a question of its own stays."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.context import Before, before, in_full
from assistant.replies import REPLY
from assistant.understood import OFFERED

SUBOXONE = Before("what is suboxone", "suboxone", "treatment/buprenorphine")
TEST = Before("how long does heroin stay in your blood", "heroin", "heroin/drug_tests")
REHAB = Before("what is inpatient", None, "treatment/inpatient_outpatient")
DETOX = Before("what is detox like", None, "detox/what_to_expect")


@pytest.mark.parametrize(
    ("before", "text", "substance", "full"),
    [
        (SUBOXONE, "is it safe?", None, "is suboxone safe?"),
        (SUBOXONE, "how long does it last", None, "how long does suboxone last"),
        (SUBOXONE, "and if im pregnant", None, "and if im pregnant suboxone"),
        (SUBOXONE, "What about methadone?", "methadone", "what is methadone"),
        (TEST, "what about fentanyl?", "fentanyl", "how long does fentanyl stay in your blood"),
        (TEST, "and meth", "meth", "how long does meth stay in your blood"),
        (REHAB, "is that free?", None, "is inpatient rehab free?"),
        (DETOX, "does it hurt", None, "does detox hurt"),
        (DETOX, "where", None, "where detox"),
        # Questions of their own.
        (SUBOXONE, "what is naltrexone", "naltrexone", None),
        (SUBOXONE, "who won the game", None, None),
        (SUBOXONE, "can i lose my kids if i go to rehab", None, None),
        (SUBOXONE, "how do i tell my mother about my addiction", None, None),
        (TEST, "my friend is blue", None, None),
        (DETOX, "", None, None),
        (DETOX, "?", None, None),
    ],
)
def test_in_full(before: Before, text: str, substance: str | None, full: str | None) -> None:
    assert in_full(text, substance, before) == full


def told(text: str, offered: list[str], topic: str, kind: str) -> list[Event]:
    """A message, what it may be about, and the reply to it."""
    return [
        UserUttered(text, parse_data={"text": text, "entities": [], OFFERED: offered}),
        BotUttered("...", metadata={REPLY: {"topic": topic, "kind": kind}}),
    ]


@pytest.mark.parametrize(
    ("offered", "topic", "kind", "leans_on"),
    [
        ([], "treatment/cost", "answer", "treatment/cost"),
        (["detox/alone"], "chat/out_of_scope", "clarify", None),
        (["treatment/pregnancy"], "crisis/overdose_now", "clarify", "treatment/pregnancy"),
        ([], "crisis/overdose_now", "clarify", None),
        (["detox/alone"], "crisis/overdose_now", "crisis", None),
    ],
)
def test_what_a_message_can_lean_on(
    offered: list[str], topic: str, kind: str, leans_on: str | None
) -> None:
    talk = told("im pregnant and on subutex", offered, topic, kind)
    came_before = before(DialogueStateTracker.from_events("talk", talk))
    assert (came_before and came_before.topic) == leans_on
