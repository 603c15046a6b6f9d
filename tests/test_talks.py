"""Talks to learn from: how they are read, and what each message is shown behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import InvalidConfigException

from assistant.content import DATA
from assistant.talks import Turn, befores, read_talks, title, turns
from tests.test_data import NLU
from tests.test_understanding import MORE, words

FRESH = Path(__file__).parent / "understanding" / "talks" / "fresh.yml"
LEARNED = sorted([*(DATA / "talks").glob("*.yml"), *(MORE / "talks").glob("*.yml")])


def test_a_message_goes_on_from_all_before_it() -> None:
    talk = [
        ("how does methadone work", ("treatment/methadone",)),
        ("oh ok", ("chat/affirm",)),
        ("is it every day", ("treatment/methadone", "treatment/how_long")),
        ("he took too much of it", ("crisis/overdose_now",)),
        ("hes blue", ("crisis/overdose_now",)),  # read by itself: danger was answered
    ]
    methadone = "treatment/methadone"
    assert list(turns(talk)) == [
        Turn("oh ok", ("chat/affirm",), "how does methadone work", (methadone,)),
        Turn("is it every day", (methadone, "treatment/how_long"), "oh ok", (methadone,)),
        Turn(
            "he took too much of it",
            ("crisis/overdose_now",),
            "is it every day",
            (methadone, methadone),
        ),
    ]


@pytest.mark.parametrize(
    ("said", "topics", "behind"),
    [
        ("is it free", ["treatment/cost"], ["is it free", title("treatment/cost")]),
        ("", ["treatment/cost"], [title("treatment/cost")] * 2),  # a choice was pressed
        ("asdf", [], ["asdf", "asdf"]),  # nothing was answered
    ],
)
def test_what_a_message_is_read_behind(said: str, topics: list[str], behind: list[str]) -> None:
    assert befores(said, topics) == behind


@pytest.mark.parametrize("path", [*LEARNED, FRESH], ids=lambda path: path.parent.name)
def test_every_topic_of_a_talk_exists(path: Path) -> None:
    talks = read_talks(path)
    assert len(talks) > 20
    assert {topic for talk in talks for _, right in talk for topic in right} <= NLU.keys()


def test_no_talk_is_both_learned_from_and_kept_to_tune_with() -> None:
    learned = {
        frozenset(words(text)) for path in LEARNED for talk in read_talks(path) for text, _ in talk
    }
    for talk in read_talks(FRESH):
        known = [text for text, _ in talk if frozenset(words(text)) in learned]
        assert len(known) <= len(talk) / 2, known


@pytest.mark.parametrize("line", ["how long", "how long =", "= treatment/cost", "how long = cost"])
def test_says_which_line_cannot_be_read(line: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yml"
    path.write_text(f"talks:\n- |\n  is it free = treatment/cost\n  {line}\n", encoding="utf-8")
    with pytest.raises(InvalidConfigException, match=r"talks\.yml: .*needs a message"):
        read_talks(path)
