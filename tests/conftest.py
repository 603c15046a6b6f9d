"""What several tests share: one running house."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from launch.training import MODEL
from report import measure
from tests.house import House

# Rasa's log would show messages as long as nothing tells it not to; its commands do.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is up; the model must have been trained (make train)."""
    house = House.start(tmp_path_factory.mktemp("house"))
    yield house
    house.stop()


@pytest.fixture(scope="session")
def understood() -> measure.Understanding:
    """How well the trained model understands the messages kept aside."""
    return measure.understanding(measure.ours(MODEL))


@pytest.fixture(scope="session")
def safe() -> measure.Safety:
    """How the trained model sees danger in the messages kept aside."""
    return measure.safety(measure.ours(MODEL))
