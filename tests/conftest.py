"""What several tests share: one running house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is up; the model must have been trained (make train)."""
    house = House.start(tmp_path_factory.mktemp("house"))
    yield house
    house.stop()
