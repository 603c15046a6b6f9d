"""What a tracker tells of the talk so far: replies, danger that was told, who breathes."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.content import content, language_of_response
from assistant.talks import AFTERWARDS, LATEST, danger_of
from assistant.understood import Moment

REPLY, UNDERSTOOD = "reply", "understood"
SAID = "said"  # the response itself: Rasa's own `utter_action` does not know of Spanish
DANGER_SLOT = "danger"  # the last danger that was told in a conversation: "suicide", "abuse"...
RECENT = 2  # replies
MISREAD_DANGER = "misread"  # in the slot: what was told was no danger
OVERDOSE = "crisis/overdose_now"  # after one of its steps, it is told of another
MEDICAL = "crisis/medical_emergency"
AT_ONCE = {OVERDOSE, MEDICAL}
# Of steps that any emergency has, what is said in all but an overdose: nothing of naloxone.
NO_OVERDOSE = {
    "utter_step_help_coming": "utter_step_ambulance_coming",
    "utter_step_medics_here": "utter_step_in_their_hands",
}
# Of a step that speaks of dying, what is said where the writer has not: nothing of it.
NO_SUICIDE = {"utter_step_with_someone": "utter_step_not_alone"}
# Of steps in an overdose, what is said while the person breathes: not to breathe for them.
WHILE_BREATHING = {
    f"utter_step_{step}": f"utter_step_{step}_breathing"
    for step in ("naloxone", "no_naloxone", "after_dose", "second_dose")
}
BREATHES = {"utter_step_breathing", "utter_step_awake", *WHILE_BREATHING.values()}
NOT_BREATHING = {
    "utter_step_not_breathing", "utter_step_no_heartbeat", "utter_step_keep_breathing",
    "utter_crisis_overdose_now", *WHILE_BREATHING,
}  # fmt: skip
# Other wordings of a step: it is heard, and goes on, as that step.
ALL_WORDINGS = NO_OVERDOSE | NO_SUICIDE | WHILE_BREATHING
STEP_OF_WORDING = {worded: step for step, worded in ALL_WORDINGS.items()}


def parse_data(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What was made of the last message."""
    message = tracker.latest_message
    return dict(message.parse_data or {}) if message else {}


def danger_told(tracker: DialogueStateTracker) -> str | None:
    """The danger that was told earlier in this conversation, if any."""
    told = tracker.get_slot(DANGER_SLOT)
    return str(told) if told and told != MISREAD_DANGER else None


def told_topic(tracker: DialogueStateTracker) -> str | None:
    """The topic of the last answer to danger among the turns that are remembered."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get(REPLY, {}).get("kind") == "crisis":
            return str(event.metadata[REPLY]["topic"])
    return None


def said_so_far(tracker: DialogueStateTracker) -> list[str]:
    """The responses that were the replies, oldest first."""
    said = (e.metadata for e in tracker.events if isinstance(e, BotUttered))
    return [str(metadata[SAID]) for metadata in said if SAID in metadata]


def last_said(tracker: DialogueStateTracker) -> str:
    """The response that was the last reply."""
    return next(reversed(said_so_far(tracker)), "")


def reply_key(name: str) -> str:
    """The key of a response, the same in every language, wording and emergency."""
    name = name.removesuffix("_es")
    answer = content().answers.get(STEP_OF_WORDING.get(name, name))
    if answer is None:
        return name
    if answer.key.startswith("after_"):
        return AFTERWARDS
    return answer.topic if answer.key.startswith("again_") else answer.key


def moment_of(tracker: DialogueStateTracker) -> Moment:
    """Where in a talk the next message stands: after which replies, and which danger."""
    keys = [reply_key(name) for name in reversed(said_so_far(tracker))]
    told = (danger_of(key) for key in keys)
    before = [key for key in keys if "/" in key or key == AFTERWARDS]
    return Moment("", tuple(before[:LATEST]), next((one for one in told if one), None))


def breathes(tracker: DialogueStateTracker) -> bool:
    """Whether whoever took too much breathes, by the last of our steps that tells."""
    said = (name.removesuffix("_es") for name in reversed(said_so_far(tracker)))
    return next((name in BREATHES for name in said if name in BREATHES | NOT_BREATHING), False)


def last_reply(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The last reply; empty before the first."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and REPLY in event.metadata:
            return dict(event.metadata[REPLY])
    return {}


def last_crisis(tracker: DialogueStateTracker) -> str | None:
    """The topic of the last reply, if that was an answer to danger."""
    last = last_reply(tracker)
    return str(last["topic"]) if last.get("kind") == "crisis" else None


def recent_crisis(tracker: DialogueStateTracker) -> str | None:
    """The topic of the last answer to danger, if at most one other reply came after it."""
    said = [
        e.metadata[REPLY]
        for e in tracker.events
        if isinstance(e, BotUttered) and REPLY in e.metadata
    ]
    recent = [str(reply["topic"]) for reply in said[-RECENT:] if reply["kind"] == "crisis"]
    return recent[-1] if recent else None


def last_question(tracker: DialogueStateTracker) -> str | None:
    """The topic of the last reply, if that was a question of ours."""
    last = last_reply(tracker)
    return str(last["topic"]) if last.get("kind") == "clarify" else None


def last_language(tracker: DialogueStateTracker) -> str | None:
    """The language of the last reply, if there was one: `en` or `es`."""
    said = last_said(tracker)
    return language_of_response(said) if said else None


def replies_so_far(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The replies of the turns that are remembered, oldest first."""
    return [
        {**event.metadata[REPLY], SAID: event.metadata.get(SAID)}
        for event in tracker.events
        if isinstance(event, BotUttered) and REPLY in event.metadata
    ]


def key_of(reply: dict[str, Any]) -> str:
    """The key of a reply, the same in every language and in every emergency."""
    return reply_key(str(reply[SAID])) if reply.get(SAID) else str(reply["topic"])
