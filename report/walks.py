"""Whole talks: how often the reply is one that a strict reader wanted.

`tests/understanding/walks.yml` has what helpers wrote in talks with an earlier assistant that had
gone wrong, and what they wanted said each time: an answer's key, or several that are as good;
`tests/kept_aside/talks.yml` has talks that helpers made up. Nothing learns from them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels import UserMessage
from rasa.core.channels.channel import OutputChannel
from rasa.utils.endpoints import EndpointConfig

from assistant.danger.situations import STAY
from assistant.data_files import read_yaml
from assistant.decision import PLACE
from assistant.replies import NEAR_A_PLACE
from assistant.talk_so_far import REPLY, SAID, STEP_OF_WORDING, parse_data, reply_key
from assistant.talks import MISSING, Line, Talk, danger_of, read_talks
from assistant.understood import decided
from launch.settings import HOUSE
from report.messages import KEPT_ASIDE
from report.understand import ANSWERS

KEPT = KEPT_ASIDE / "talks.yml"
WALKS = HOUSE / "tests" / "understanding" / "walks.yml"
# What the action server says, which is not part of this: it asks for a place, or points to help.
OF_ACTIONS = (PLACE, *NEAR_A_PLACE)
LISTENS = ("still_listening", "still_here")
NLG = EndpointConfig(type="assistant.replies.ReviewedReplies")


@dataclass(frozen=True)
class Replied:
    """A message of a talk, the response that was the reply to it, and those that were wanted.

    before and told: the key of the reply before it, and the danger that was told by then; offered:
    the keys of the choices below the reply.
    """

    talk: str
    text: str
    said: str
    topic: str  # what the message was taken for
    wanted: tuple[str, ...]
    before: str
    told: str | None
    offered: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether one was said that was wanted, or another wording of the same answer.

        `stay` wants what was said before, or that we are still there.
        """
        names = {*_names_of(self.said), self.topic}
        stays = {self.before, self.told, *LISTENS} if STAY in self.wanted else set()
        return bool({*self.wanted, *stays} & names)

    @property
    def is_within_reach(self) -> bool:
        """Whether it was said, or is among the choices."""
        return self.is_right or bool({*self.wanted} & {*self.offered})


def _names_of(response: str) -> Iterator[str]:
    """The keys by which a response may be wanted: its own, its step's, its topic."""
    if not response:
        yield from OF_ACTIONS
        return
    name = response.removesuffix("_es")
    answer = ANSWERS.get(name)
    yield STEP_OF_WORDING.get(name, name).removeprefix("utter_")
    yield reply_key(name)
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


def read_walks(path: Path = WALKS) -> dict[str, Talk]:
    """The talks by name: messages, each with the keys of the replies that were wanted, if any."""
    if path != WALKS:
        return {f"talk {number}": talk for number, talk in enumerate(read_talks(path))}
    talks: dict[str, str] = read_yaml(path)
    found: dict[str, Talk] = {}
    for name, lines in talks.items():
        parted = [line.rpartition(" = ") for line in lines.splitlines()]
        found[name] = [Line(text, tuple(keys.split())) for text, _, keys in parted]
    return found


async def _walk(model: Path, talks: dict[str, Talk]) -> list[Replied]:
    agent = Agent.load(str(model), generator=NLG)
    found = []
    for talk, turns in talks.items():
        before, told = "", None
        for text, wanted, _ in turns:
            channel = Collected()
            await agent.handle_message(UserMessage(text, channel, sender_id=talk))
            said = str(channel.last.get(SAID, ""))
            tracker = await agent.processor.fetch_tracker_with_initial_session(talk)
            topic = decided(parse_data(tracker)).topic
            choices = channel.last.get(REPLY, {}).get("choices", ())
            offered = tuple(choice["payload"] for choice in choices)
            found.append(Replied(talk, text, said, topic, wanted, before, told, offered))
            before = reply_key(said)
            told = danger_of(before) or told
    return [one for one in found if one.wanted[0] != MISSING]


def walk(model: Path, path: Path = WALKS) -> list[Replied]:
    """Load a trained model and say all talks to it; turns for which no text exists are left out."""
    return asyncio.run(_walk(model, read_walks(path)))
