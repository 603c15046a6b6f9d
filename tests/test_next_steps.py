"""What people go on to say after an answer to danger, and the step of ours that it leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.content import content
from assistant.danger.after_danger import Heard, names_another, next_in_danger, who_took
from assistant.danger.situations import OTHER, STAY, is_writer, read_situation, situations
from assistant.follow_up import followed_up

KEYS = {answer.key for answer in content().answers.values()}
FEWEST = 10  # examples of a step


@pytest.mark.parametrize("situation", situations(), ids=lambda one: str(one.name))
def test_every_step_is_a_reply_and_has_examples(situation: Any) -> None:
    assert situation.labels - {STAY, OTHER} <= KEYS
    assert all(topic.startswith("crisis/") for topic in situation.after)
    for label in {label for _, label in situation.examples} - {OTHER}:
        assert sum(other == label for _, other in situation.examples) >= FEWEST, label


@pytest.mark.parametrize("situation", situations(), ids=lambda one: str(one.name))
def test_no_example_means_two_things_in_one_situation(situation: Any) -> None:
    texts = [text.casefold() for text, _ in situation.examples]
    assert len(texts) == len(set(texts))


def test_a_danger_of_every_kind_can_go_on() -> None:
    crises = {key.removesuffix("_es") for key in KEYS if key.startswith("crisis/")}
    assert crises == frozenset().union(*(one.after for one in situations()))


@pytest.mark.parametrize(
    "text",
    ["next_steps:\n- step: stay\n  examples: text", "next_steps:\n- step: stay\n  say: no"],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"broken\.yml: stay needs a step and examples"):
        read_situation(path)


@pytest.mark.parametrize(
    ("said", "alarm", "writer"),
    [
        (["utter_x", "step/myself"], {}, True),
        (["step/check"], {"step/myself": 0.9}, False),
        (["step/myself", "step/check"], {}, False),
        ([], {"step/myself": 0.7, "step/not_breathing": 0.1}, True),
        ([], {"step/not_breathing": 0.6, "step/myself": 0.1}, False),
        ([], {"step/not_breathing": 0.3, "step/myself": 0.3}, None),
        ([], {}, None),
    ],
)
def test_who_took_too_much(said: list[str], alarm: dict[str, float], writer: bool | None) -> None:
    assert is_writer(said, alarm) is writer


@pytest.mark.parametrize(
    ("text", "all_clear"),
    [
        ("jk im fine", True),
        ("false alarm he was asleep", True),
        ("im ok now", True),
        ("not joking", False),
        ("aint a joke", False),
        ("no im not ok", False),
        ("he was dead serious", False),
        ("and she means it", False),
        ("i dont feel safe", False),
    ],
)
def test_what_is_meant_in_earnest_is_no_all_clear(text: str, all_clear: bool) -> None:
    what = Heard({"step/not_in_danger": 0.8}, told="crisis/overdose_now")
    meant = next_in_danger(text, [CARD], what)
    assert meant is not None
    assert (meant[0] == "step/not_in_danger") is all_clear


def test_one_step_that_was_misheard_does_not_hold() -> None:
    replies = [CARD, reply("crisis/overdose_now", "utter_step_myself_awake")]
    of_her = {"step/not_breathing": 0.9}
    assert who_took(replies, Heard(of_her, of_them=True)) is False
    assert who_took(replies, Heard(of_her, of_them=False)) is True
    assert who_took(replies, Heard({"step/myself": 0.9}, of_them=True)) is True


@pytest.mark.parametrize("said", ["crisis/overdose_now", "step/not_breathing"])
def test_after_a_death_nothing_leads_back_to_rescue(said: str) -> None:
    died = reply("family/grief", "utter_step_died", "answer")
    what = Heard({said: 0.9}, told="crisis/overdose_now")
    assert next_in_danger("what now", [CARD, died], what) is None


@pytest.mark.parametrize(
    ("text", "is_another"),
    [
        ("my husband took a lot of pills and i cant wake him", True),
        ("she ate the whole bottle", True),
        ("i took too many", False),
        ("me and my friend did a bag and hes out", False),
        ("we both took it, my bf wont wake", False),
        ("someone help", False),
        ("help me my mom took too many pills", True),
        ("he tomado muchas pastillas", False),
        ("im oding dont tell my mom", False),
    ],
)
def test_who_is_named(text: str, is_another: bool) -> None:
    assert names_another(text) is is_another


def reply(topic: str, said: str, kind: str = "crisis") -> dict[str, Any]:
    return {"topic": topic, "kind": kind, "choices": [], "said": said}


OD, DIE = "crisis/overdose_now", "crisis/suicide"
CARD = reply("crisis/overdose_now", "utter_crisis_overdose_now")
BREATHING = reply("crisis/overdose_now", "utter_step_breathing")
SUICIDE = reply("crisis/suicide", "utter_crisis_suicide")
ANSWER = reply("withdrawal/timeline", "utter_withdrawal/timeline", "answer")


SURE = {"level": "sure", "signs": []}
MAYBE = {"level": "maybe", "topic": "crisis/overdose_now", "signs": []}
TO_DIE = {"level": "sure", "topic": "crisis/suicide", "signs": ["want to die"]}


@pytest.mark.parametrize(
    ("replies", "told", "danger", "ranking", "meant"),
    [
        ([CARD, BREATHING], OD, None, {"step/not_breathing": 0.9}, "step/not_breathing"),
        # `stay` is the step that was last, or else the answer to the danger.
        ([CARD, BREATHING], OD, None, {STAY: 0.8}, "step/breathing"),
        ([CARD], OD, None, {STAY: 0.8}, OD),
        # A question of its own gets its answer, unless that is not clear in an emergency.
        ([CARD], OD, None, {"treatment/cost": 0.8}, "treatment/cost"),
        ([CARD], OD, None, {"treatment/cost": 0.35, STAY: 0.3}, OD),
        ([CARD], OD, None, {"treatment/cost": 0.15, STAY: 0.12, "step/check": 0.1}, OD),
        ([CARD], OD, None, {"treatment/cost": 0.15, STAY: 0.1}, None),
        # What the screen sees comes before: nothing leaves the danger then.
        ([SUICIDE], DIE, TO_DIE, {"step/not_in_danger": 0.7, "step/safer": 0.1, DIE: 0.2}, DIE),
        ([SUICIDE], DIE, TO_DIE, {"chat/thanks": 0.9, STAY: 0.1}, DIE),
        # ... unless it only sounds like it, and plainly is none; what may be one is asked about.
        ([SUICIDE], DIE, SURE | {"topic": DIE}, {"step/not_in_danger": 0.8, DIE: 0.1}, DIE),
        ([SUICIDE], DIE, SURE | {"topic": DIE}, {"step/not_in_danger": 0.9}, "step/not_in_danger"),
        ([SUICIDE], DIE, SURE | {"topic": "crisis/abuse"}, {"chat/thanks": 0.8, STAY: 0.1}, None),
        ([SUICIDE], DIE, {"level": "maybe", "topic": OD}, {"treatment/cost": 0.5}, None),
        (
            [SUICIDE],
            DIE,
            {"level": "maybe", "topic": OD},
            {"treatment/cost": 0.7},
            "treatment/cost",
        ),
        # Without a sign of its own, what sounds like an overdose belongs to what was told.
        ([SUICIDE], DIE, SURE | {"topic": OD}, {DIE: 0.7, STAY: 0.3}, DIE),
        # Another danger than the one told is answered as such.
        ([CARD], OD, TO_DIE, {STAY: 0.8}, None),
        ([CARD], OD, TO_DIE, {DIE: 0.5, STAY: 0.4}, DIE),
        ([CARD], OD, SURE | {"topic": "crisis/medical_emergency"}, {STAY: 0.9}, OD),
        # Once they went on to something else, a weak guess brings nothing back.
        ([SUICIDE, ANSWER, ANSWER], DIE, None, {STAY: 0.15, "step/safer": 0.15}, None),
        # Without danger there is nothing to go on from.
        ([ANSWER], None, None, {"step/safer": 0.9}, None),
    ],
)
def test_what_is_said_next_after_danger(
    replies: list[dict[str, Any]],
    told: str | None,
    danger: dict[str, Any] | None,
    ranking: dict[str, float],
    meant: str | None,
) -> None:
    found = next_in_danger("and so it goes on", replies, Heard(ranking, danger, told))
    assert (found[0] if found else None) == meant


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("treatment/cost", "treatment/cost"),
        (STAY, "withdrawal/timeline"),  # what was said last, again
        ("step/safer", None),  # nobody told of danger, and the screen sees none
    ],
)
def test_what_is_said_next_in_an_ordinary_talk(key: str, meant: str | None) -> None:
    what = Heard({key: 0.8})
    assert followed_up("did_you_mean", "and so it goes on", [ANSWER], what) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("hes dead", "step/may_have_died"), ("hes not dead but hes purple", "step/not_breathing")],
)
def test_who_is_alive_is_not_mourned(text: str, meant: str) -> None:
    what = Heard({"step/may_have_died": 0.5, "step/not_breathing": 0.3}, told=OD)
    found = next_in_danger(text, [CARD], what)
    assert found is not None
    assert found[0] == meant


def test_few_words_in_an_emergency_are_no_question() -> None:
    for text, meant in (("fentanyl", OD), ("what is fentanyl", "substances/fentanyl")):
        found = next_in_danger(text, [CARD], Heard({"substances/fentanyl": 0.8}, told=OD))
        assert found is not None
        assert found[0] == meant


def test_what_may_be_a_danger_is_no_ordinary_message() -> None:
    ranking = {"treatment/cost": 0.8, "step/safer": 0.1}
    what = Heard(ranking, {"level": "maybe", "topic": DIE, "signs": []})
    assert followed_up("ask/suicide", "and so it goes on", [ANSWER], what) is None


def test_after_danger_thanks_are_answered_with_care() -> None:
    what = Heard({"afterwards": 0.8}, told=DIE)
    assert followed_up("did_you_mean", "ok ty", [SUICIDE], what) == "chat/thanks"


LEAST_RIGHT, MOST_LOST = 0.8, 0.05


def test_what_nobody_trained_on_is_heard() -> None:
    from launch.training import MODEL
    from report.figures import Share
    from report.next_steps import hear

    all_heard = hear(MODEL)
    right, lost = (
        Share.of([getattr(one, what) for one in all_heard]) for what in ("is_right", "is_lost")
    )
    print(f"after an answer to danger: right step {right}, lost {lost}")
    assert right.value >= LEAST_RIGHT, [(h.text, h.topic) for h in all_heard if not h.is_right]
    assert lost.value <= MOST_LOST, [(h.text, h.topic) for h in all_heard if h.is_lost]


def test_no_example_is_a_message_of_the_test() -> None:
    from report.next_steps import read_fresh

    learned = {text.casefold() for one in situations() for text, _ in one.examples}
    assert [text for _, text, _ in read_fresh() if text.casefold() in learned] == []
