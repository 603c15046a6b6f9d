"""What several tests share: one running house."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.house import House

# Rasa's log would show messages as long as nothing tells it not to; its commands do.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is up; the model must have been trained (make train)."""
    house = House.start(tmp_path_factory.mktemp("house"))
    yield house
    house.stop()
