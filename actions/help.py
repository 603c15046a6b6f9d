"""The answers of the group `help`: real places and people first, then the national lines."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.directory import places_near
from actions.place_form import ANYWHERE


def name_the_clinic(dispatcher: CollectingDispatcher, place: str | None = None) -> None:
    """Say who runs this service and how to reach them, if that is known."""
    for near in places_near(place):
        dispatcher.utter_message(
            response="utter_help_clinic_hours" if near.hours else "utter_help_clinic"
        )


class PointsToHelp:
    """Says one reviewed answer, then names the clinic."""

    topic: str

    def name(self) -> str:
        """Rasa's name for it."""
        return f"action_{self.topic}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        dispatcher.utter_message(response=f"utter_help_{self.topic}")
        name_the_clinic(dispatcher)
        return []


class PointsToPlace(PointsToHelp):
    """Says it for the place that was given, or for anywhere; or lets it be."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        place = tracker.get_slot("place")
        if place is None:  # they changed their mind
            dispatcher.utter_message(response="utter_help_stopped")
            return []
        if place == ANYWHERE:
            dispatcher.utter_message(response=f"utter_help_{self.topic}_anywhere")
        else:
            dispatcher.utter_message(response=f"utter_help_{self.topic}", place=place)
        name_the_clinic(dispatcher, place)
        return []


class FindTreatment(PointsToPlace, Action):
    """Treatment near a place."""

    topic = "find_treatment"


class FindDetox(PointsToPlace, Action):
    """Detox near a place."""

    topic = "find_detox"


class FindNaloxone(PointsToHelp, Action):
    """Where to get naloxone."""

    topic = "find_naloxone"


class TalkToPerson(PointsToHelp, Action):
    """People to talk to."""

    topic = "talk_to_person"


class Helplines(PointsToHelp, Action):
    """Which line is for what."""

    topic = "helplines"


class SupportGroups(PointsToHelp, Action):
    """Groups, near and online."""

    topic = "support_groups"
