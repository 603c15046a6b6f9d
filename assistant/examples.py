"""Rasa importer: reads the project's files as Rasa does, but the examples at once.

Rasa reads, copies and compares all examples a dozen times while it gathers them, which with tens
of thousands of them takes longer than to learn from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rasa.shared.data import get_data_files
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.content import intent_of_topic
from assistant.danger.situations import OTHER, Situation, situations
from assistant.data_files import read_yaml
from assistant.talks import befores, read_talks, turns
from assistant.understood import MOMENT, TOGETHER, Moment, topic_in

DASH = "- "
WHOLE, LEANING = "talks", "leaning"  # folders
# How much an example counts where what is said next is learned; chosen on talks not trained on.
IN_WHOLE_TALKS, AFTER_DANGER = 4.0, 3.0
RIGHT_AFTER = 0.6  # share of what is said after danger that is taken to follow its first answer
SOME_QUESTIONS = 0.33  # share of the ordinary examples that what is said next is learned from
ASKED_IN_A_TALK = 0.3  # share of those that are shown in the middle of a talk


def are_talks(path: str) -> bool:
    """Whether a file is one of talks: whole ones, or such that tell topics only."""
    return Path(path).parent.name in (WHOLE, LEANING) and path.endswith(".yml")


class Example(Message):
    """A training example: it stays as it was read, so a copy of it can be itself."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        return self

    def __hash__(self) -> int:
        """Of what is cheap to read; equal examples have equal texts and intents."""
        return hash((self.get(TEXT), self.get(INTENT)))


def read_examples(path: Path) -> list[Example] | None:
    """The examples of a file: an `intent`, and `examples`, a line with a dash each.

    None if the file has no `nlu`.

    Raises:
        InvalidConfigException: naming the file and the entry that is not like that.
    """
    entries = (read_yaml(path) or {}).get("nlu")
    if entries is None:
        return None
    found = []
    for entry in entries:
        lines = str(entry.get("examples", "")).splitlines()
        if set(entry) != {"intent", "examples"} or not all(x.startswith(DASH) for x in lines):
            raise InvalidConfigException(
                f"{path}: {entry.get('intent', entry)} needs an intent and examples, each a line "
                f'that begins with "{DASH}", and nothing else'
            )
        found += [Example.build(line[len(DASH) :].strip(), entry["intent"]) for line in lines]
    return found


def examples_of_talks(path: Path) -> Iterator[Example]:
    """The messages of the talks in a file, each with the texts that it is read behind.

    In the middle of a whole talk a message tells only what is said next: as examples of topics,
    such messages made ordinary questions be understood worse, and training twice as long.
    """
    is_whole = path.parent.name == WHOLE
    for talk in read_talks(path):
        for turn in turns(talk):
            example = Example(data={TEXT: turn.text})
            if turn.topic and not (is_whole and turn.said):
                example = Example.build(turn.text, intent_of_topic(turn.topic))
            if turn.said:
                example.set(TOGETHER, befores(turn.said, turn.topics))
            counts = IN_WHOLE_TALKS if is_whole else 1.0
            example.set(MOMENT, Moment(turn.right[0], turn.before, turn.told, counts))
            yield example


def examples_of_steps() -> Iterator[Example]:
    """What people say after an answer to danger, each with the step that it leads to."""
    for situation in situations():
        for text, label in situation.examples:
            if label != OTHER:
                yield Example(data={TEXT: text, MOMENT: moment_in(situation, text, label)})


def moment_in(situation: Situation, text: str, label: str) -> Moment:
    """A place in a talk where an example of a situation may stand: after the danger, or a step."""
    chance = Random(text)
    told = chance.choice(sorted(situation.after))
    steps = sorted(label for label in situation.labels if label.startswith("step/"))
    before = told if chance.random() < RIGHT_AFTER or not steps else chance.choice(steps)
    return Moment(label, (before,), told, AFTER_DANGER)


class ExampleImporter(RasaFileImporter):
    """Rasa's importer of files, for many examples; also of `data/talks/` and `data/next_steps/`."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._talks = get_data_files(training_data_paths, are_talks)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all files, and the names of the responses."""
        return self._read_once(language)

    @cache  # noqa: B019  # there is one importer, for as long as a training takes
    def _read_once(self, language: str | None) -> TrainingData:
        examples = {path: read_examples(Path(path)) for path in self._nlu_files}
        others = [path for path, found in examples.items() if found is None]
        read = training_data_from_paths(others, language or "en")
        read.training_examples = [one for found in examples.values() for one in found or ()]
        read.training_examples = list(dict.fromkeys(read.training_examples))
        for path in self._talks:
            read.training_examples += examples_of_talks(Path(path))
        read.training_examples += examples_of_steps()
        # Rasa reads its domain slowly, and checks it; the texts are not needed there.
        read.responses = {name: [{"text": name}] for name in read.responses}
        return read


def in_a_talk(
    questions: Sequence[Message], talks: Sequence[Message]
) -> list[tuple[Message, Moment]]:
    """Some ordinary questions, some of these in the middle of a talk: what they ask is the same.

    None about a danger: to some, a step is the better first answer.
    """
    places = [message.get(MOMENT) for message in talks]
    found = []
    for question in questions:
        chance, topic = Random(str(question.get(TEXT))), topic_in(question)
        if chance.random() < SOME_QUESTIONS and not topic.startswith("crisis/"):
            moment = Moment(topic)
            if places and chance.random() < ASKED_IN_A_TALK:
                place = chance.choice(places)
                moment = Moment(topic, place.before, place.told)
            found.append((question, moment))
    return found
