"""The examples are read as Rasa reads them; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.importers.rasa import RasaFileImporter

from assistant.examples import ExampleImporter, read_examples
from launch.settings import HOUSE


def test_reads_what_rasa_reads() -> None:
    files = [str(HOUSE / name) for name in ("config.yml", "domain.yml")]
    ours, theirs = (
        kind(*files, [str(HOUSE / "data")]).get_nlu_data()
        for kind in (ExampleImporter, RasaFileImporter)
    )
    told = [
        sorted((str(one.get("text")), one.get_full_intent()) for one in read.training_examples)
        for read in (ours, theirs)
    ]
    assert told[0] == told[1]
    assert ours.responses == theirs.responses


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
