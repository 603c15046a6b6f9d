"""The examples are read as Rasa reads them; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.importers.rasa import RasaFileImporter

from assistant.content import content
from assistant.examples import ExampleImporter, examples_of_steps, read_examples
from assistant.talks import read_talks, turns
from assistant.understood import MOMENT
from launch.settings import HOUSE


def said(path: Path) -> list[str]:
    """The messages of the talks in a file that a text of ours answers."""
    return [turn.text for talk in read_talks(path) for turn in turns(talk)]


def test_reads_what_rasa_reads_and_the_talks() -> None:
    config, domain, data = (str(HOUSE / name) for name in ("config.yml", "domain.yml", "data"))
    ours, theirs = (
        kind(config, domain, [data]).get_nlu_data() for kind in (ExampleImporter, RasaFileImporter)
    )
    told = [
        sorted(
            (str(one.get("text")), one.get_full_intent())
            for one in read.training_examples
            if not one.get(MOMENT)
        )
        for read in (ours, theirs)
    ]
    folders = (HOUSE / "data" / "talks", HOUSE / "data" / "leaning")
    in_talks = [one for folder in folders for path in folder.glob("*.yml") for one in said(path)]
    steps = list(examples_of_steps())
    assert len(in_talks) > 1000
    assert len(ours.training_examples) - len(told[0]) == len(in_talks) + len(steps)
    assert told[0] == told[1]
    assert ours.responses.keys() == theirs.responses.keys()
    assert content().responses == theirs.responses


@pytest.mark.parametrize(
    "entry",
    [
        "- intent: heroin/what_is\n  examples: |\n    what is heroin",
        "- intent: heroin/what_is\n  examples: |\n    - what is it\n    and why",
        "- intent: heroin/what_is\n  example: |\n    - what is heroin",
        "- examples: |\n    - what is heroin",
        "- synonym: heroin\n  examples: |\n    - dope",
    ],
    ids=["no dash", "a line without dash", "a wrong word", "no intent", "not an intent"],
)
def test_says_which_entry_cannot_be_read(entry: str, tmp_path: Path) -> None:
    path = tmp_path / "heroin.yml"
    path.write_text(f'version: "3.1"\nnlu:\n{entry}\n', encoding="utf-8")
    with pytest.raises(InvalidConfigException, match=r"heroin\.yml: .*needs an intent and"):
        read_examples(path)


def test_a_file_without_examples_has_none(tmp_path: Path) -> None:
    path = tmp_path / "answers.yml"
    path.write_text('version: "3.1"\nresponses: {}\n', encoding="utf-8")
    assert read_examples(path) is None
