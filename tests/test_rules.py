"""An intent that has no rule: we say once that we lost our way, and the talk goes on."""

from __future__ import annotations

import asyncio
from typing import Any

from pytest import MonkeyPatch
from rasa.core.agent import Agent
from rasa.core.channels import CollectingOutputChannel, UserMessage
from rasa.utils.endpoints import EndpointConfig

from launch.training import MODEL


async def say(agent: Agent, text: str) -> list[str]:
    """The replies to a message."""
    channel = CollectingOutputChannel()
    await agent.handle_message(UserMessage(text, channel, sender_id="lost"))
    return [str(message.get("text")) for message in channel.messages]


def test_an_intent_without_a_rule_is_told_once(monkeypatch: MonkeyPatch) -> None:
    nlg = EndpointConfig(type="assistant.replies.ReviewedReplies")
    agent = Agent.load(str(MODEL), generator=nlg)
    assert agent.processor
    understand = agent.processor.parse_message

    async def misunderstand(message: UserMessage, *args: Any, **more: Any) -> dict[str, Any]:
        data = dict(await understand(message, *args, **more))
        if message.text == "unheard of":
            data["intent"] = {"name": "step_that_has_no_rule", "confidence": 1.0}
        return data

    monkeypatch.setattr(agent.processor, "parse_message", misunderstand)
    first = asyncio.run(say(agent, "unheard of"))
    assert [text.startswith("I lost my way there") for text in first] == [True]
    then = asyncio.run(say(agent, "my friend wont wake up"))
    assert then[0].startswith("Call 911 now")
