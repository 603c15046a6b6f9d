"""`python -m tuning.screen`: learn how much each sign of danger weighs.

Reads the messages of `tests/understanding/fresh/`, that no model was trained on: dangers, what
sounds like danger, both also beside an ordinary message, and ordinary ones. Prints what belongs in
`assistant/danger/screen.py`, and what several thresholds would do (each message judged by weights
that were learned without it). Run it after the classifiers learned from hundreds of new examples.
"""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.danger.screen import DangerScreen, Signs
from launch.settings import HOUSE
from launch.training import MODEL
from report import messages
from report.understand import understand

FRESH = HOUSE / "tests" / "understanding" / "fresh"
SEED = 20261123
PARTS = 10  # of the messages; each is judged by weights learned from the others
ALARMS = (0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2)  # shares of harmless messages
JOINTS = (" ", ". ", ", ", " and ", "? ", " also ")
NAMES = list(Signs.__dataclass_fields__)


def fresh(name: str) -> list[str]:
    """The messages of one file."""
    return [one.text for one in messages.topics(FRESH, f"{name}.yml")]


def beside(some: list[str], others: list[str], chance: random.Random) -> list[str]:
    """The messages as they are, and each behind or in front of one of the others."""
    pairs = [[one, chance.choice(others)] for one in some]
    return some + [chance.choice(JOINTS).join(chance.sample(pair, 2)) for pair in pairs]


def signs_of(model: Path, texts: list[str]) -> NDArray[Any]:
    """The signs in each text, a row each."""
    seen: list[list[float]] = []
    look_at = DangerScreen.signs

    def noted(self: DangerScreen, *args: Any) -> Any:
        signs, readings = look_at(self, *args)
        seen.append([float(value) for value in asdict(signs).values()])
        return signs, readings

    with patch.object(DangerScreen, "signs", noted):
        understand(model, texts)
    return np.array(seen)


def main() -> None:
    """Learn and print."""
    chance = random.Random(SEED)
    ordinary = fresh("ordinary")
    dangers = beside(fresh("danger"), ordinary, chance)
    others = beside(fresh("near_danger"), ordinary, chance) + ordinary
    signs = signs_of(MODEL, dangers + others)
    is_danger = np.arange(len(signs)) < len(dangers)
    machine = LogisticRegression(max_iter=1000)
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=SEED)
    judged = cross_val_predict(machine, signs, is_danger, cv=parts, method="predict_proba")[:, 1]
    print(f"{len(dangers)} dangers, half of them beside another message; {len(others)} others")
    for share in ALARMS:
        least = np.quantile(judged[~is_danger], 1 - share)
        seen = (judged[is_danger] >= least).mean()
        print(f"  from {least:.2f}: {seen:.1%} of the dangers, {share:.1%} of the others")
    machine.fit(signs, is_danger)
    print("WEIGHTS = {")
    for name, weight in zip(NAMES, machine.coef_[0], strict=True):
        print(f'    "{name}": {weight:.2f},')
    print(f"}}\nOFFSET = {machine.intercept_[0]:.2f}")


if __name__ == "__main__":
    main()
