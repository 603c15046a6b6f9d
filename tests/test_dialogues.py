"""Whole conversations that nobody trained on: each turn leans on the one before it."""

from __future__ import annotations

from typing import Any

import yaml

from report.figures import Share
from report.messages import KEPT_ASIDE
from tests.house import House

LEAST = 0.85  # of the turns that lean on another; below what was measured, as they are only 82
LEAST_FIRST = 0.92
UNDERSTOOD = ("answer", "refusal", "flow", "smalltalk")

DIALOGUES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (KEPT_ASIDE / "conversations.yml").read_text(encoding="utf-8")
)


def is_right(reply: dict[str, Any], means: list[str], before: str) -> bool:
    """Whether a reply is one that the turn means, or offers it among its choices."""
    if "chat/repeat" in means and reply["topic"] == before:
        return True
    if "chat/more" in means and reply["kind"] in UNDERSTOOD:
        return True
    within_reach = {reply["topic"], *(choice["payload"] for choice in reply["choices"])}
    return bool(within_reach & set(means))


def test_dialogues_are_followed(house: House) -> None:
    first: list[bool] = []
    leaning: list[bool] = []
    for title, turns in DIALOGUES.items():
        before = ""
        for number, turn in enumerate(turns):
            reply = house.say(turn["says"], talk=title)[0]
            (leaning if number else first).append(is_right(reply, turn["means"], before))
            before = reply["topic"]
    print(f"first turns {Share.of(first)}, turns that lean on another {Share.of(leaning)}")
    assert Share.of(first).value >= LEAST_FIRST
    assert Share.of(leaning).value >= LEAST
