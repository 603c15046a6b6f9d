"""`python -m tuning.screen`: learn how much each sign of danger weighs.

Reads messages of `tests/understanding/` that no model was trained on: dangers, what sounds like
danger, both also beside an ordinary message, ordinary ones, long stories, what visitors would
write, and talks. Prints what belongs in `assistant/danger/screen.py`, and what several thresholds
would do (each message judged by weights that were learned without it). Run it after the classifiers
learned from hundreds of new examples.
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

from assistant.danger.screen import DangerScreen, Signs, SignsInTalk
from assistant.danger.situations import STAY
from assistant.next_reply import is_for_danger
from assistant.talks import Turn, read_talks
from assistant.talks import turns as turns_of
from launch.settings import HOUSE
from launch.training import MODEL
from report import messages
from report.understand import understand, understand_turns

FRESH = HOUSE / "tests" / "understanding" / "fresh"
TALKS = sorted((HOUSE / "tests" / "understanding" / "talks").glob("*.yml"))
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


def signs_in_talk(model: Path, turns: list[Turn]) -> NDArray[Any]:
    """The signs in each turn, after what came before it, a row each."""
    seen: list[list[float]] = []
    weigh = DangerScreen.weigh_in_talk

    def noted(self: DangerScreen, signs: SignsInTalk) -> float:
        seen.append([float(value) for value in asdict(signs).values()])
        return weigh(self, signs)

    with patch.object(DangerScreen, "weigh_in_talk", noted):
        understand_turns(model, turns)
    return np.array(seen)


def is_in_danger(turn: Turn) -> bool:
    """Whether the best answer is one to danger, or a question about it."""
    return is_for_danger(turn.right[0])


def could_be_danger(turn: Turn) -> bool:
    """Whether danger is one of the right answers."""
    return any(map(is_for_danger, turn.right))


def learn_in_talks() -> None:
    """The same for turns of talks, where what came before counts."""
    turns = [turn for path in TALKS for talk in read_talks(path) for turn in turns_of(talk)]
    turns = [
        turn
        for turn in turns
        if is_in_danger(turn) or not could_be_danger(turn)
        if turn.said and turn.topics and not turn.told and STAY not in turn.right
    ]
    print(f"In talks: {sum(map(is_in_danger, turns))} dangers, of {len(turns)} turns")
    learn(
        signs_in_talk(MODEL, turns),
        np.array([is_in_danger(turn) for turn in turns]),
        list(SignsInTalk.__dataclass_fields__),
        "_IN_TALK",
    )


def main() -> None:
    """Learn and print."""
    chance = random.Random(SEED)
    ordinary = fresh("ordinary")
    stories = messages.topics(FRESH, "stories.yml") + messages.topics(FRESH, "natural.yml")
    dangers = beside(fresh("danger"), ordinary, chance)
    dangers += [one.text for one in stories if one.group == "crisis"]
    others = beside(fresh("near_danger"), ordinary, chance) + ordinary
    others += [one.text for one in stories if one.group != "crisis"]
    signs = signs_of(MODEL, dangers + others)
    is_danger = np.arange(len(signs)) < len(dangers)
    print(f"{len(dangers)} dangers, half of them beside another message; {len(others)} others")
    learn(signs, is_danger, NAMES)
    learn_in_talks()


def learn(signs: NDArray[Any], is_danger: NDArray[Any], names: list[str], where: str = "") -> None:
    """Print what several thresholds would do, and the weights."""
    machine = LogisticRegression(max_iter=1000)
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=SEED)
    judged = cross_val_predict(machine, signs, is_danger, cv=parts, method="predict_proba")[:, 1]
    for share in ALARMS:
        least = np.quantile(judged[~is_danger], 1 - share)
        seen = (judged[is_danger] >= least).mean()
        print(f"  from {least:.2f}: {seen:.1%} of the dangers, {share:.1%} of the others")
    machine.fit(signs, is_danger)
    print(f"WEIGHTS{where} = {{")
    for name, weight in zip(names, machine.coef_[0], strict=True):
        print(f'    "{name}": {weight:.2f},')
    print(f"}}\nOFFSET{where} = {machine.intercept_[0]:.2f}")


if __name__ == "__main__":
    main()
