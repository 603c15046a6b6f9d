"""What is kept of a conversation: its last turns, and what earlier ones left behind."""

from __future__ import annotations

import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue_state import ShortLivedTrackerStore
from launch.settings import HOUSE

DOMAIN = Domain.load(str(HOUSE / "domain.yml"))


def turn(tracker: DialogueStateTracker, text: str) -> None:
    for event in (
        UserUttered(text),
        ActionExecuted("x"),
        BotUttered(text),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)


def talked(store: ShortLivedTrackerStore, turns: int) -> DialogueStateTracker:
    """A conversation that is saved and read back each turn, as Rasa does."""

    async def talk() -> DialogueStateTracker:
        for number in range(turns):
            tracker = await store.get_or_create_tracker("c")
            if number == 1:
                tracker.update(SlotSet("place", "19104"))
                tracker.update(ActiveLoop("treatment_form"))
            turn(tracker, str(number))
            await store.save(tracker)
        return await store.get_or_create_tracker("c")

    return asyncio.run(talk())


def test_only_the_last_turns_are_kept() -> None:
    tracker = talked(ShortLivedTrackerStore(DOMAIN, turns=5), 150)
    said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert said == ["145", "146", "147", "148", "149"]
    assert len(tracker.events) < 30


def test_slots_and_an_open_form_outlive_the_turns_that_set_them() -> None:
    tracker = talked(ShortLivedTrackerStore(DOMAIN, turns=5), 40)
    assert tracker.get_slot("place") == "19104"
    assert tracker.active_loop_name == "treatment_form"


def test_conversations_are_forgotten() -> None:
    store = ShortLivedTrackerStore(DOMAIN, hours=0)
    assert len(talked(store, 3).events) == 1  # a new one that listens
    assert list(asyncio.run(store.keys())) in ([], ["c"])
