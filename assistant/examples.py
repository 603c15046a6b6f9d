"""Rasa importer: reads the project's files as Rasa does, but the examples only once.

Rasa copies and compares all examples a dozen times while it gathers them, which with tens of
thousands of them takes longer than to learn from them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class Example(Message):
    """A training example: it stays as it was read, so a copy of it can be itself."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        return self

    def __hash__(self) -> int:
        """Of what is cheap to read; equal examples have equal texts and intents."""
        return hash((self.get(TEXT), self.get(INTENT)))


class ExampleImporter(RasaFileImporter):
    """Rasa's importer of files, for many examples."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all files."""
        return self._read_once(language)

    @cache  # noqa: B019  # there is one importer, for as long as a training takes
    def _read_once(self, language: str | None) -> TrainingData:
        read = super().get_nlu_data(language)
        read.training_examples = [
            Example(message.data, message.output_properties) for message in read.training_examples
        ]
        return read
