"""Rasa's tracker store: a conversation's last few turns, in memory, for a limited time.

The front desk's database is the record. What is kept here only has to be enough to understand
the next message, so that turn 150 costs what turn 1 does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cachetools import TTLCache
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def last_turns(tracker: DialogueStateTracker, turns: int) -> list[Event]:
    """The events of the last turns, led by what earlier ones left: slots and an open form."""
    events = list(tracker.events)
    said = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(said) <= turns:
        return events
    start = said[-turns]
    listened = isinstance(events[start - 1], ActionExecuted)
    kept = events[start - 1 if listened else start :]
    before = DialogueStateTracker.from_events(
        tracker.sender_id, events[: len(events) - len(kept)], tracker.slots.values()
    )
    slots: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in before.slots.items()
        if slot.value != slot.initial_value
    ]
    loop: list[Event] = [ActiveLoop(before.active_loop_name)] if before.active_loop_name else []
    return slots + loop + kept


class ShortLivedTrackerStore(TrackerStore):
    """Keeps at most `turns` turns of at most `conversations` conversations for `hours` hours."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        turns: int = 8,
        conversations: int = 20_000,
        hours: float = 24,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._turns = turns
        self._kept: TTLCache[str, list[Event]] = TTLCache(conversations, hours * 3600)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the last turns."""
        self._kept[tracker.sender_id] = last_turns(tracker, self._turns)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, or None if it is new or was forgotten."""
        events = self._kept.get(sender_id)
        if events is None:
            return None
        tracker = self.init_tracker(sender_id)
        for event in events:
            tracker.update(event, self.domain)
        return tracker

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        """The same: nothing older is kept."""
        return await self.retrieve(sender_id)

    async def keys(self) -> Iterable[str]:
        """The conversations that are kept now."""
        return list(self._kept)
