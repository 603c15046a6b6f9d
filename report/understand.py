"""What the assistant makes of messages, each by itself: the whole pipeline as Rasa runs it."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.content import Content, intent_of_topic, topic_answered
from assistant.replies import choices_of
from assistant.talk_so_far import REPLY, SAID
from assistant.talks import Turn
from assistant.understood import RANKING, Decided, decided

# Rasa's own log would print the messages.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

PROGRESS = 500  # messages between two signs of life


@dataclass(frozen=True)
class Read:
    """What became of a message. best: the likeliest topic, and how sure (0 to 1).

    kind and topic: the decision (see assistant/understood.py); key: of the answer, which may be one
    of several of a topic; offered: topics within reach; ms: the time it took.
    """

    best: str
    sure: float
    kind: str
    topic: str
    key: str
    offered: tuple[str, ...]
    ms: float

    @property
    def is_crisis(self) -> bool:
        """Whether it is answered as danger."""
        return self.kind == "answer" and self.topic.startswith("crisis/")

    @property
    def is_asked(self) -> bool:
        """Whether it is answered as danger, or gently asked about."""
        return self.is_crisis or self.kind == "ask"


ANSWERS = Content().answers


def _within_reach(decision: Decided, data: dict[str, Any]) -> tuple[str, ...]:
    """The topic that is answered, and those of the choices that the reply shows."""
    if decision.kind == "clarify":
        return decision.offered
    asks = decision.kind == "ask"
    intent = data["intent"]["name"] if asks else intent_of_topic(decision.topic)
    answer = ANSWERS.get(f"utter_{intent}")
    shown = tuple(choice.key for choice in choices_of(answer, data)) if answer else ()
    return (*decision.offered[:1], *shown)


def _topic(key: str) -> str:
    """The topic of an answer; steps of an emergency are told apart."""
    return key if key.startswith("step/") else topic_answered(key)


def after(turn: Turn) -> DialogueStateTracker:
    """A talk in which all was understood, up to the reply before a turn."""
    answers = [ANSWERS[f"utter_{intent_of_topic(topic)}"] for topic in reversed(turn.topics)]
    replies = [
        BotUttered(
            metadata={
                SAID: one.name,
                REPLY: {"topic": one.topic, "kind": one.kind, "choices": []},
            }
        )
        for one in answers
    ]
    said = UserUttered(turn.said, parse_data={"text": turn.said})
    return DialogueStateTracker.from_events("a talk", [*replies[:-1], said, *replies[-1:]])


async def _read_all(
    agent: Agent, texts: list[str], trackers: list[DialogueStateTracker]
) -> list[Read]:
    reads = []
    for number, text in enumerate(texts):
        began = time.perf_counter()
        message, tracker = UserMessage(text), trackers[number] if trackers else None
        data = await agent.processor.parse_message(message, tracker)
        ms = 1000 * (time.perf_counter() - began)
        ranking = data.get(RANKING) or [{"topic": "chat/out_of_scope", "confidence": 0.0}]
        decision = decided(data)
        reads.append(
            Read(
                _topic(ranking[0]["topic"]),
                ranking[0]["confidence"],
                decision.kind,
                _topic(decision.topic),
                decision.topic,
                tuple(_topic(key) for key in _within_reach(decision, data)),
                ms,
            )
        )
        if number and number % PROGRESS == 0:
            print(f"  {number} of {len(texts)} messages", flush=True)
    return reads


def understand(model: Path, texts: list[str]) -> list[Read]:
    """Load a trained model and read the texts with it."""
    return asyncio.run(_read_all(Agent.load(str(model)), texts, []))


def understand_turns(model: Path, turns: list[Turn]) -> list[Read]:
    """Load a trained model and read messages of talks with it, each after what came before."""
    texts, trackers = [turn.text for turn in turns], [after(turn) for turn in turns]
    return asyncio.run(_read_all(Agent.load(str(model)), texts, trackers))
