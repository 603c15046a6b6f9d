"""What people go on to say after an answer to danger, and the step of ours that it leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.content import content
from assistant.danger.after_danger import Heard, heard_after_danger, names_another, who_took
from assistant.danger.situations import OTHER, STAY, heard, is_writer, read_situation, situations
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
    meant = heard_after_danger("chat/deny", text, [SUICIDE], Heard({"step/not_in_danger": 0.97}))
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
    meant = heard_after_danger("chat/out_of_scope", "what now", [CARD, died], Heard({said: 0.9}))
    assert meant is None


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


@pytest.mark.parametrize(
    ("topic", "label", "chance"),
    [("crisis/overdose_now", "step/not_breathing", 3 / 4), ("crisis/suicide", "step/safer", 6 / 7)],
)
def test_only_what_is_possible_is_heard(topic: str, label: str, chance: float) -> None:
    meant = heard({"step/safer": 0.6, "step/not_breathing": 0.3, OTHER: 0.1}, topic, False)
    assert meant is not None
    assert meant[0] == label
    assert meant[1] == pytest.approx(chance)


def test_what_sounds_like_another_emergency_is_not_heard() -> None:
    assert heard({"step/not_breathing": 0.8, "step/not_in_danger": 0.05}, "crisis/abuse") is None


def test_after_an_ordinary_answer_nothing_goes_on() -> None:
    assert heard({"step/safer": 0.6}, "withdrawal/timeline") is None


def reply(topic: str, said: str, kind: str = "crisis") -> dict[str, Any]:
    return {"topic": topic, "kind": kind, "choices": [], "said": said}


CARD = reply("crisis/overdose_now", "utter_crisis_overdose_now")
BREATHING = reply("crisis/overdose_now", "utter_step_breathing")
SUICIDE = reply("crisis/suicide", "utter_crisis_suicide")
ASKED = reply("crisis/abuse", "utter_ask_safety", "clarify")
SAFE = reply("chat/feeling_low", "utter_step_not_in_danger", "answer")
FOR_ANOTHER = reply("crisis/suicide", "utter_step_suicide_other")
ANSWER = reply("withdrawal/timeline", "utter_withdrawal/timeline", "answer")


@pytest.mark.parametrize(
    ("replies", "topic", "ranking", "meant"),
    [
        ([CARD, BREATHING], "chat/out_of_scope", {"step/not_breathing": 0.9}, "step/not_breathing"),
        ([CARD, BREATHING], "substances/fentanyl", {STAY: 0.8}, "step/breathing"),
        ([CARD], "substances/fentanyl", {STAY: 0.8}, "crisis/overdose_now"),
        ([CARD], "treatment/cost", {OTHER: 0.8}, None),
        ([CARD], "treatment/cost", {STAY: 0.4, OTHER: 0.3, "step/check": 0.3}, None),
        ([CARD], "substances/fentanyl", {OTHER: 0.9}, "crisis/overdose_now"),  # three words: a fact
        ([SUICIDE], "treatment/young_people", {STAY: 0.9}, "crisis/suicide"),
        # What the screen sees counts more than "not in danger", unless that is plain.
        ([SUICIDE], "crisis/suicide", {"step/not_in_danger": 0.8}, "crisis/suicide"),
        ([SUICIDE], "crisis/suicide", {"step/not_in_danger": 0.95}, "step/not_in_danger"),
        ([SUICIDE], "crisis/abuse", {"step/not_in_danger": 0.95}, None),
        ([SUICIDE], "chat/deny", {"step/not_in_danger": 0.4, "step/awake": 0.6}, "crisis/suicide"),
        ([SUICIDE], "chat/deny", {"step/not_in_danger": 0.95}, "step/not_in_danger"),
        # Without a sign of its own, what sounds like an overdose belongs to what was told.
        ([SUICIDE], "crisis/overdose_now", {"crisis/suicide": 0.7, STAY: 0.3}, "crisis/suicide"),
        ([SUICIDE], "crisis/overdose_now", {OTHER: 0.7, STAY: 0.3}, None),
        # A question of ours is about what they wrote; what sounds harmless is no yes to it.
        ([ASKED], "ask/safety", {STAY: 0.9}, "crisis/child_danger"),
        ([ASKED], "family/children", {"crisis/child_danger": 0.9}, "crisis/child_danger"),
        ([ASKED], "family/children", {STAY: 0.9}, None),
        ([ASKED], "family/children", {"crisis/child_danger": 0.6, STAY: 0.4}, None),
        # Once they went on to something else, only what is plain brings it back.
        ([SUICIDE, ANSWER], "chat/out_of_scope", {"crisis/suicide": 0.9}, "crisis/suicide"),
        ([SUICIDE, ANSWER], "treatment/cost", {"crisis/suicide": 0.9}, None),
        ([SUICIDE, ANSWER], "chat/out_of_scope", {STAY: 0.9}, None),
        # "I'm ok" is often taken back a breath later.
        (
            [SUICIDE, SAFE],
            "chat/feeling_low",
            {"crisis/suicide": 0.6, OTHER: 0.3},
            "crisis/suicide",
        ),
        ([SUICIDE, SAFE], "did_you_mean", {STAY: 0.9}, "crisis/suicide"),
        ([SUICIDE, SAFE, ANSWER], "did_you_mean", {"crisis/suicide": 0.8}, "crisis/suicide"),
        ([SUICIDE, SAFE], "chat/spanish", {"crisis/suicide": 0.6, OTHER: 0.4}, "crisis/suicide"),
        ([ASKED, SAFE], "fallback", {STAY: 0.9}, None),
        ([SUICIDE, SAFE], "treatment/cost", {"crisis/suicide": 0.6, OTHER: 0.4}, None),
        # Somebody else's life stays somebody else's.
        ([FOR_ANOTHER], "crisis/suicide", {"crisis/suicide": 0.9}, "step/suicide_other"),
        ([FOR_ANOTHER], "crisis/overdose_now", {OTHER: 0.5, STAY: 0.5}, None),
        ([SAFE], "crisis/overdose_now", {}, None),
    ],
)
def test_what_is_heard_after_danger(
    replies: list[dict[str, Any]], topic: str, ranking: dict[str, float], meant: str | None
) -> None:
    what = Heard(ranking, {}, "crisis/child_danger")
    text = "xanax" if topic.startswith("substances/") else "and so it goes on"
    assert followed_up(topic, text, replies, (), what) == meant


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
