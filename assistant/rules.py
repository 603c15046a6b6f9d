"""Rasa policy: the rules of `data/rules.yml`, and what may interrupt a question we asked."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def answered_the_form(tracker: DialogueStateTracker) -> bool:
    """Whether the last message filled the slot that an open form had asked for."""
    asked = tracker.get_slot("requested_slot")
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and event.key == asked:
            return True
    return False


@lru_cache(maxsize=1000)
def intent_of(rule: str) -> str | None:
    """The intent that a rule is for, if it is for one; `rule` is Rasa's key of it."""
    last_state = json.loads(rule)[-1]
    return last_state.get("user", {}).get("intent")


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class InterruptibleRules(RulePolicy):
    """Rules in which any real question, and danger above all, wins over an open form.

    Rasa's own policy runs an open form first, and that needs the action server. Here a form goes
    on only with a message that answers it; its question stays open while others are answered.
    """

    def _find_action_from_default_actions(self, tracker: DialogueStateTracker) -> tuple[Any, Any]:
        # Rasa would say it ten times over where an intent has no rule, and the talk would be dead.
        if tracker.latest_action_name == self._fallback_action_name:
            return ACTION_LISTEN_NAME, None
        return super()._find_action_from_default_actions(tracker)

    def _find_action_from_loop_happy_path(self, tracker: DialogueStateTracker) -> tuple[Any, Any]:
        in_form = tracker.active_loop_name
        if in_form and tracker.latest_action_name != in_form and not answered_the_form(tracker):
            return None, None
        return super()._find_action_from_loop_happy_path(tracker)

    def _get_possible_keys(self, lookup: dict[str, str], states: list[Any]) -> set[str]:
        # Rules of other intents never fit; leaving them out first saves comparing each.
        intent = states[-1].get("user", {}).get("intent") if states else None
        if intent:
            lookup = {
                rule: action for rule, action in lookup.items() if intent_of(rule) in (None, intent)
            }
        return super()._get_possible_keys(lookup, states)
