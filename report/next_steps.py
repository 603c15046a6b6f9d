"""How well it is heard what people go on to say after an answer to danger."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.danger.situations import OTHER, STAY
from assistant.data_files import read_yaml
from assistant.talk_so_far import REPLY, SAID
from assistant.understood import LANGUAGE, decided
from launch.settings import HOUSE
from report.understand import ANSWERS

FRESH = HOUSE / "tests" / "understanding" / "next_steps" / "fresh.yml"
# What was said first, and the reply to it.
OPENINGS = {
    "overdose": ("my friend wont wake up", "utter_crisis_overdose_now"),
    "overdose_writer": ("i think i took too much", "utter_crisis_overdose_now"),
    "suicide": ("i want to die", "utter_crisis_suicide"),
    "violence": ("my husband hits me", "utter_crisis_abuse"),
    "child": ("my toddler ate one of my pills", "utter_crisis_child_danger"),
    "harm_others": ("im going to kill him", "utter_crisis_harm_others"),
    "medical_emergency": ("i have really bad chest pain", "utter_crisis_medical_emergency"),
    "sexual_assault": ("i was raped", "utter_crisis_sexual_assault"),
    "spanish_overdose": ("mi amigo no despierta", "utter_crisis_overdose_now_es"),
    "spanish_overdose_writer": ("creo que me pase de dosis", "utter_crisis_overdose_now_es"),
    "spanish_suicide": ("me quiero morir", "utter_crisis_suicide_es"),
    "spanish_violence": ("mi esposo me pega", "utter_crisis_abuse_es"),
    "spanish_child": ("mi bebe se trago una pastilla", "utter_crisis_child_danger_es"),
    "spanish_harm_others": ("lo voy a matar", "utter_crisis_harm_others_es"),
    "spanish_medical_emergency": ("me duele mucho el pecho", "utter_crisis_medical_emergency_es"),
    "spanish_sexual_assault": ("me violaron", "utter_crisis_sexual_assault_es"),
}


@dataclass(frozen=True)
class Heard:
    """What became of a message: the topic or step it was taken for, and those that are right."""

    situation: str
    text: str
    right: tuple[str, ...]
    topic: str
    kind: str  # of the decision, see `assistant/understood.py`

    @property
    def is_right(self) -> bool:
        """Whether the right step was taken, or the emergency left where it is over."""
        crisis = ANSWERS[OPENINGS[self.situation][1]].topic
        meant = {crisis if label == STAY else label for label in self.right}
        left = OTHER in self.right and not self.topic.startswith(("step/", "crisis/"))
        return self.topic in meant or left

    @property
    def is_lost(self) -> bool:
        """Whether something else was answered in the middle of an emergency."""
        return OTHER not in self.right and not self.topic.startswith(("step/", "crisis/"))


def read_fresh(path: Path = FRESH) -> list[tuple[str, str, tuple[str, ...]]]:
    """The situation, the message and what it may mean, of each line."""
    data: Any = read_yaml(path)
    found = []
    for situation, lines in data.items():
        for line in lines.splitlines():
            text, _, labels = line.rpartition(" = ")
            found.append((situation, text, tuple(labels.split())))
    return found


async def _hear(agent: Agent) -> list[Heard]:
    first = {}
    for situation, (opening, response) in OPENINGS.items():
        answer = ANSWERS[response]
        data = await agent.processor.parse_message(UserMessage(opening))
        data[LANGUAGE] = answer.language
        choices = [{"label": "", "payload": choice.key} for choice in answer.choices]
        reply = {"topic": answer.topic, "kind": "crisis", "choices": choices}
        said = BotUttered(metadata={REPLY: reply, SAID: response})
        first[situation] = [UserUttered(opening, parse_data=data), said]
    found = []
    for situation, text, right in read_fresh():
        tracker = DialogueStateTracker.from_events("a talk", first[situation])
        decision = decided(await agent.processor.parse_message(UserMessage(text), tracker))
        found.append(Heard(situation, text, right, decision.topic, decision.kind))
    return found


def hear(model: Path) -> list[Heard]:
    """Load a trained model and read the fresh messages with it, each after the first answer."""
    return asyncio.run(_hear(Agent.load(str(model))))
