"""Where help is: the one place that knows of real places.

Today that is the clinic that runs this copy. A directory of treatment places goes in here.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.content import Content


@dataclass(frozen=True)
class Place:
    """A place that helps people, with the number to call."""

    name: str
    phone: str
    hours: str | None = None


def places_near(place: str | None) -> list[Place]:
    """Places to point to for a ZIP code, a town or `None` (anywhere), nearest first."""
    clinic = Content().organisation
    if not (clinic.get("name") and clinic.get("phone")):
        return []
    return [Place(clinic["name"], clinic["phone"], clinic.get("hours"))]
