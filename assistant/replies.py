"""Rasa's language generator: the reviewed texts, with the lines they name and what goes along."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from assistant.content import Answer, Content
from assistant.decision import DID_YOU_MEAN, FALLBACK
from assistant.understood import OFFERED, RANKING, topic_of

REPLY, UNDERSTOOD = "reply", "understood"


def understood(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the last message was taken for, for staff and reports."""
    parse_data: Any = tracker.latest_message.parse_data if tracker.latest_message else {}
    intent = parse_data.get("intent") or {}
    decided = {DID_YOU_MEAN: "clarify", FALLBACK: "fallback"}
    return {
        "topic": topic_of(parse_data),
        "decision": decided.get(str(intent.get("name")), "answer"),
        "confidence": intent.get("confidence"),
        "ranking": parse_data.get(RANKING, []),
        "entities": [
            {"entity": entity["entity"], "value": entity["value"]}
            for entity in parse_data.get("entities") or []
        ],
    }


class ReviewedReplies(TemplatedNaturalLanguageGenerator):
    """Fills in numbers and links, and adds the topic, kind, choices and sources of a reply."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self._content = Content()
        self._titles = {
            answer.topic: answer.title for answer in reversed(self._content.answers.values())
        }

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The reply of a response for a channel, as the front desk's contract describes it."""
        message = await super().generate(
            utter_action, tracker, output_channel, **(self._content.placeholders | kwargs)
        )
        answer = self._content.answers.get(utter_action)
        if message is None or answer is None:
            return message
        return {
            "text": message["text"],
            "utter_action": utter_action,
            REPLY: {
                "topic": kwargs.get("topic", answer.topic),
                "kind": answer.kind,
                "choices": self._choices(answer, tracker),
                "sources": self._content.sources_of(answer),
            },
            UNDERSTOOD: understood(tracker),
        }

    def _choices(self, answer: Answer, tracker: DialogueStateTracker) -> list[dict[str, str]]:
        topics = answer.related
        if answer.kind == "clarify" and tracker.latest_message:
            parse_data: Any = tracker.latest_message.parse_data or {}
            topics = tuple(parse_data.get(OFFERED, ()))
        return [
            {"label": self._titles[topic], "payload": topic}
            for topic in topics
            if topic in self._titles  # a missing one must not cost the reply
        ]
