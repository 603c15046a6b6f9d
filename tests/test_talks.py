"""Talks to learn from: how they are read, and what each message is shown behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import InvalidConfigException

from assistant.content import content, intent_of_topic
from assistant.danger.situations import situations
from assistant.data_files import DATA
from assistant.talks import Line, Turn, befores, read_talks, title, turns
from tests.test_data import NLU, RULED
from tests.test_understanding import LONG, MORE, words

KEPT_TO_TUNE = sorted((Path(__file__).parent / "understanding" / "talks").glob("*.yml"))
TOLD = ("crisis", "clarify")
STEPS = {answer.key for answer in content().answers.values() if answer.kind in TOLD}
STEPS |= {"step/not_in_danger", "step/misread", "step/at_hospital", "step/died"}
LEARNED = sorted(
    path
    for folder in (DATA / "talks", DATA / "leaning", MORE / "talks")
    for path in folder.glob("*.yml")
)


def test_a_message_has_its_place_in_a_talk() -> None:
    methadone, overdose = "treatment/methadone", "crisis/overdose_now"
    talk = [
        Line("how does it work", (methadone,)),
        Line("oh ok", ("chat/affirm",)),
        Line("can i swallow it", ("missing",)),  # no text answers it, and none is learned
        Line("is it every day", (methadone, "treatment/how_long")),
        Line("he took too much of it", (overdose,)),
        Line("hurry", ("stay",)),
        Line("hes blue", ("step/not_breathing",)),
        Line("he woke up ty", ("after_overdose",)),
    ]
    once, twice = (methadone,), (methadone, methadone)
    assert list(turns(talk)) == [
        Turn("how does it work", once),
        Turn("oh ok", ("chat/affirm",), "how does it work", once, once),
        Turn(
            "is it every day",
            (methadone, "treatment/how_long"),
            "can i swallow it",
            once,
            ("chat/affirm", methadone),
        ),
        Turn("he took too much of it", (overdose,), "is it every day", twice,
             (methadone, "chat/affirm")),
        Turn("hurry", ("stay",), "he took too much of it", (overdose, *twice),
             (overdose, methadone), overdose),
        Turn("hes blue", ("step/not_breathing",), "hurry", (overdose, *twice),
             (overdose, methadone), overdose),
        Turn("he woke up ty", ("after_overdose",), "hes blue",
             ("step/not_breathing", overdose, *twice), ("step/not_breathing", overdose), overdose),
    ]  # fmt: skip


def test_how_people_put_us_right_is_learned_after_what_was_said_wrongly() -> None:
    talk = [
        Line("ill be out saturday", ("refuse/prescribe",), "crisis/suicide"),
        Line("no i mean my refill", ("refuse/prescribe",), "?"),  # "did you mean", and no answer
        Line("ty", ("chat/thanks",)),
    ]
    told = ("crisis/suicide",)
    said = list(turns(talk))
    assert said[1].topic == "refuse/prescribe"  # after a false alarm, it is about what it says
    assert said == [
        Turn("ill be out saturday", ("refuse/prescribe",)),
        Turn(
            "no i mean my refill",
            ("refuse/prescribe",),
            "ill be out saturday",
            told,
            told,
            *told,
            True,
        ),
        Turn("ty", ("chat/thanks",), "no i mean my refill", told, told, *told, True),
    ]


@pytest.mark.parametrize(
    ("turn", "topic"),
    [
        (Turn("is it free", ("treatment/cost",)), "treatment/cost"),
        (Turn("hes blue", ("step/not_breathing",)), None),
        (Turn("hurry", ("stay",)), None),
        # After danger, what is said next is learned, and not what it would be about elsewhere.
        (Turn("is it free", ("treatment/cost",), topics=("step/awake",)), None),
    ],
)
def test_what_a_message_of_a_talk_is_about(turn: Turn, topic: str | None) -> None:
    assert turn.topic == topic


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


@pytest.mark.parametrize("path", [*LEARNED, *KEPT_TO_TUNE], ids=lambda path: path.parent.name)
def test_every_topic_of_a_talk_exists(path: Path) -> None:
    talks = read_talks(path)
    assert len(talks) > 20
    keys = {key for talk in talks for line in talk for key in line.right}
    assert {key for key in keys if "/" in key} <= NLU.keys() | STEPS


def test_all_that_may_be_said_next_or_chosen_has_a_rule() -> None:
    keys = {
        key for path in LEARNED for talk in read_talks(path) for line in talk for key in line.right
    }
    keys |= {label for situation in situations() for label in situation.labels}
    keys |= {choice.key for answer in content().answers.values() for choice in answer.choices}
    intents = {intent_of_topic(key).partition("/")[0] for key in keys if "/" in key}
    assert intents - RULED == set()


@pytest.fixture(scope="module")
def learned() -> set[frozenset[str]]:
    """The messages of all talks that something learns from."""
    return {words(text) for path in LEARNED for talk in read_talks(path) for text, *_ in talk}


@pytest.mark.parametrize("path", KEPT_TO_TUNE, ids=lambda path: path.stem)
def test_no_talk_is_both_learned_from_and_kept_to_tune_with(
    path: Path, learned: set[frozenset[str]]
) -> None:
    for talk in read_talks(path):
        said = [words(text) for text, *_ in talk]
        known = [text for text in said if len(text) > LONG and text in learned]
        assert len(known) <= len(talk) / 2, known


@pytest.mark.parametrize("line", ["how long", "how long =", "= treatment/cost", "how long = cost"])
def test_says_which_line_cannot_be_read(line: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yml"
    path.write_text(f"talks:\n- |\n  is it free = treatment/cost\n  {line}\n", encoding="utf-8")
    with pytest.raises(InvalidConfigException, match=r"talks\.yml: .*needs a message"):
        read_talks(path)
