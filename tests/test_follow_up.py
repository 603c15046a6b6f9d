"""Messages that only make sense after the reply before them."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.follow_up import chosen_by_words, followed_up, picked

CHOICES = [
    {"label": "What withdrawal feels like", "payload": "withdrawal/symptoms"},
    {"label": "How long it lasts", "payload": "withdrawal/timeline"},
    {"label": "What detox is", "payload": "detox/what_is"},
]


def reply(
    topic: str, kind: str = "answer", choices: list[dict[str, str]] = CHOICES
) -> dict[str, Any]:
    return {"topic": topic, "kind": kind, "choices": choices, "sources": []}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("1", "withdrawal/symptoms"),
        ("2", "withdrawal/timeline"),
        ("#3", "detox/what_is"),
        ("the second one", "withdrawal/timeline"),
        ("Third please", "detox/what_is"),
        ("number 1", "withdrawal/symptoms"),
        ("last one", "detox/what_is"),
        ("4", None),
        ("2 days", None),
        ("19104", None),
        ("one time only", None),
        ("", None),
    ],
)
def test_picking_a_choice(text: str, topic: str | None) -> None:
    assert picked(text, CHOICES) == topic


CLARIFY = reply("chat/out_of_scope", "clarify", CHOICES[:2])
ANSWER = reply("withdrawal/what_is")
ASKED = reply(
    "crisis/overdose_now", "clarify", [{"label": "Yes", "payload": "crisis/overdose_now"}]
)
NEXT = reply("withdrawal/symptoms", choices=CHOICES[1:])


@pytest.mark.parametrize(
    ("said_before", "topic", "text", "meant"),
    [
        ([CLARIFY], "chat/affirm", "yes", "withdrawal/symptoms"),
        ([ASKED], "chat/affirm", "thats right", "crisis/overdose_now"),
        ([ASKED], "chat/affirm", "is it safe", None),
        ([ASKED], "chat/affirm", "ok", None),
        ([ANSWER], "chat/affirm", "yes", None),
        ([ANSWER], "chat/more", "tell me more", "withdrawal/symptoms"),
        ([ANSWER, NEXT], "chat/more", "go on", "withdrawal/timeline"),
        ([reply("heroin/brain", choices=[])], "chat/more", "more", None),
        ([reply("heroin/brain", choices=ASKED["choices"])], "chat/more", "more", None),
        ([ANSWER], "chat/repeat", "say that again", "withdrawal/what_is"),
        ([ANSWER], "detox/alone", "can i detox at home", None),
        ([], "chat/more", "more", None),
        ([], "nlu_fallback", "2", None),
    ],
)  # fmt: skip
def test_following_up(
    said_before: list[dict[str, Any]], topic: str, text: str, meant: str | None
) -> None:
    assert followed_up(topic, text, said_before) == meant


@pytest.mark.parametrize(
    ("topic", "last", "response", "meant"),
    [
        ("nlu_fallback", "crisis/suicide", "utter_crisis_suicide", "crisis/suicide"),
        ("did_you_mean", "crisis/abuse", "utter_again_abuse", "crisis/abuse"),
        ("chat/deny", "crisis/overdose_now", "utter_crisis_overdose_now", "crisis/overdose_now"),
        ("chat/affirm", "crisis/overdose_now", "utter_step_second_dose", "step/second_dose"),
        ("chat/deny", "crisis/suicide", "utter_crisis_suicide", "crisis/suicide"),  # no farewell
        ("chat/affirm", "crisis/abuse", "utter_crisis_abuse", "crisis/abuse"),
        ("chat/more", "crisis/suicide", "utter_crisis_suicide", "crisis/suicide"),
        ("chat/feeling_low", "crisis/overdose_now", "utter_step_myself", "step/myself"),
        ("chat/feeling_low", "crisis/suicide", "utter_crisis_suicide", None),
        ("chat/thanks", "crisis/suicide", "utter_crisis_suicide", None),  # answered with care
        ("crisis/overdose_now", "crisis/overdose_now", "utter_step_naloxone", "step/naloxone"),
        ("crisis/overdose_now", "crisis/overdose_now", "utter_step_awake", None),
        ("crisis/suicide", "crisis/overdose_now", "utter_step_naloxone", None),
        ("withdrawal/timeline", "crisis/suicide", "utter_crisis_suicide", None),
    ],
)
def test_after_danger_nothing_is_met_with_a_shrug(
    topic: str, last: str, response: str, meant: str | None
) -> None:
    before = reply(last, "crisis", []) | {"said": response}
    assert followed_up(topic, "its complicated", [before]) == meant


@pytest.mark.parametrize(
    ("text", "response", "meant"),
    [
        ("hes awake", "utter_step_no_naloxone", "step/awake"),
        ("hes not awake", "utter_step_no_naloxone", None),
        ("yes im breathing", "utter_crisis_overdose_now", "step/myself"),
        ("yes hes still breathing", "utter_crisis_overdose_now", "step/breathing"),
        ("i dont think hes breathing", "utter_crisis_overdose_now", "step/not_breathing"),
        ("hes breathing but slow", "utter_crisis_overdose_now", "step/not_breathing"),
        ("no narcan", "utter_crisis_overdose_now", "step/no_naloxone"),
        ("no narcan", "utter_step_breathing", None),
        ("no chest pain", "utter_crisis_overdose_now", None),
        ("no he isnt", "utter_crisis_overdose_now", "step/not_breathing"),
        ("ok i called", "utter_crisis_overdose_now", "step/check"),
        ("we have narcan", "utter_crisis_overdose_now", "step/naloxone"),
        ("i feel ok just sleepy", "utter_crisis_overdose_now", "step/myself"),
        ("no im not gonna do anything", "utter_crisis_suicide", "step/not_in_danger"),
        ("i cant promise im not gonna do anything", "utter_crisis_suicide", None),
        ("ok im calming down", "utter_crisis_harm_others", "step/not_in_danger"),
        ("im not calm", "utter_crisis_harm_others", None),
        ("i cant breathe", "utter_crisis_overdose_now", "step/myself"),
        ("si, yo estoy respirando", "utter_crisis_overdose_now_es", "step/myself"),
        ("she still hasnt woke up", "utter_step_after_dose", "step/second_dose"),
        ("i havent given it yet", "utter_step_not_breathing", None),
        ("no despierta", "utter_step_no_naloxone_es", None),
        ("ya despertó", "utter_step_no_naloxone_es", "step/awake"),
        ("no ha despertado", "utter_step_after_dose_es", "step/second_dose"),
        ("no respira", "utter_crisis_overdose_now_es", "step/not_breathing"),
        ("ya se la di", "utter_step_not_breathing_es", "step/after_dose"),
    ],
)
def test_what_is_denied_is_not_chosen(text: str, response: str, meant: str | None) -> None:
    assert chosen_by_words(response, text) == meant
