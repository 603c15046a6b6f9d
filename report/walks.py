"""Whole talks of test walks: how often the reply is one that a strict reader wanted.

`tests/understanding/walks.yml` has what helpers wrote in talks with an earlier assistant, and what
they wanted said each time: an answer's key, or several that are as good. Nothing learns from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.core.channels import UserMessage
from rasa.core.channels.channel import OutputChannel
from rasa.utils.endpoints import EndpointConfig

from assistant.replies import REPLY, SAID, STEP_OF_WORDING, parse_data
from assistant.understood import decided
from launch.settings import HOUSE
from report.understand import ANSWERS

WALKS = HOUSE / "tests" / "understanding" / "walks.yml"
NLG = EndpointConfig(type="assistant.replies.ReviewedReplies")


@dataclass(frozen=True)
class Replied:
    """A message of a walk, the response that was the reply to it, and those that were wanted."""

    talk: str
    text: str
    said: str
    topic: str  # what the message was taken for
    wanted: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether one was said that was wanted, or another wording of the same answer."""
        return bool(set(self.wanted) & {*_names_of(self.said), self.topic})


def _names_of(response: str) -> Iterator[str]:
    """The keys by which a response may be wanted: its own, its step's, its topic."""
    name = response.removesuffix("_es")
    answer = ANSWERS.get(name)
    yield STEP_OF_WORDING.get(name, name).removeprefix("utter_")
    if answer:
        yield answer.key
        if not answer.key.startswith("step/"):
            yield answer.topic


class Collected(OutputChannel):
    """The last reply of a turn."""

    def __init__(self) -> None:
        self.last: dict[str, Any] = {}

    def name(self) -> str:
        """The channel whose wording is wanted."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep it."""
        if REPLY in message:
            self.last = message


def read_walks(path: Path = WALKS) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The talks by name: messages, each with the keys of the replies that were wanted, if any."""
    talks: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, lines in talks.items():
        parted = [line.rpartition(" = ") for line in lines.splitlines()]
        found[name] = [(text, tuple(keys.split())) for text, _, keys in parted]
    return found


async def _walk(model: Path) -> list[Replied]:
    agent = Agent.load(str(model), generator=NLG)
    found = []
    for talk, turns in read_walks().items():
        for text, wanted in turns:
            channel = Collected()
            await agent.handle_message(UserMessage(text, channel, sender_id=talk))
            said = str(channel.last.get(SAID, ""))
            tracker = await agent.processor.fetch_tracker_with_initial_session(talk)
            topic = decided(parse_data(tracker)).topic
            found.append(Replied(talk, text, said, topic, wanted))
    return [one for one in found if one.wanted != ("missing",)]


def walk(model: Path) -> list[Replied]:
    """Load a trained model and say all talks to it; turns for which no text exists are left out."""
    return asyncio.run(_walk(model))
