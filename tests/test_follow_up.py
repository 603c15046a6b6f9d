"""Messages that only make sense after the reply before them."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.danger.after_danger import Heard
from assistant.follow_up import chosen_by_words, followed_up, named, picked
from assistant.parts import asks

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
        ("the 2nd one plz", "withdrawal/timeline"),
        ("ill take 3", "detox/what_is"),
        ("1 and 3", "withdrawal/symptoms"),
        ("2,3", "withdrawal/timeline"),
        ("yeah the first one", "withdrawal/symptoms"),
        ("the first one then", "withdrawal/symptoms"),
        ("the top one", "withdrawal/symptoms"),
        ("number 2 lol", "withdrawal/timeline"),
        ("button 3 then", "detox/what_is"),
        ("number 2 i guess", "withdrawal/timeline"),
        ("dos", "withdrawal/timeline"),
        ("4", None),
        ("2 days", None),
        ("19104", None),
        ("one time only", None),
        ("", None),
    ],
)
def test_picking_a_choice(text: str, topic: str | None) -> None:
    assert picked(text, CHOICES) == topic


LABELLED = [
    {"label": "Boundaries and enabling", "payload": "family/boundaries"},
    {"label": "Getting help when you have a license", "payload": "treatment/privacy_work"},
    {"label": "Can people really get better", "payload": "heroin/can_people_recover"},
    {"label": "Can withdrawal kill you", "payload": "withdrawal/danger"},
]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("the boundaries one please", "family/boundaries"),
        ("Yes, the license one.", "treatment/privacy_work"),
        ("the boundary one", "family/boundaries"),
        ("the can one", None),  # which?
        ("the one with the license", None),
        ("he is the one who kills me", None),
        ("i miss the people one on one", None),
    ],
)
def test_naming_a_choice(text: str, topic: str | None) -> None:
    assert named(text, LABELLED) == topic


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
        ([CLARIFY], "chat/affirm", "ok", None),
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
        ("chat/more", "crisis/suicide", "utter_crisis_suicide", "crisis/suicide"),
        ("chat/thanks", "crisis/suicide", "utter_crisis_suicide", None),  # answered with care
        ("crisis/suicide", "crisis/overdose_now", "utter_step_naloxone", None),
        ("withdrawal/timeline", "crisis/suicide", "utter_crisis_suicide", None),
    ],
)
def test_after_danger_nothing_is_met_with_a_shrug(
    topic: str, last: str, response: str, meant: str | None
) -> None:
    before = reply(last, "crisis", []) | {"said": response}
    assert followed_up(topic, "its complicated", [before]) == meant


OVERDOSE, SUICIDE = "utter_crisis_overdose_now", "utter_crisis_suicide"
STATUS: dict[str, list[tuple[str, str | None]]] = {
    "utter_step_not_breathing": [
        ("no pulse", "step/no_heartbeat"),
        ("they told me to do cpr", "step/no_heartbeat"),
        ("hes puking", "step/vomiting"),
        ("he threw up and isnt breathing", "step/not_breathing"),
        ("im doing the breaths", "step/keep_breathing"),
        ("how long do i do it", "step/keep_breathing"),
        ("its in his nose", "step/after_dose"),
        ("hes talking nonsense", "step/awake"),
        ("hes breathing on his own now", "step/breathing"),
        ("ambulance 20 min", "step/help_coming"),
        ("im on the phone with 911", "step/help_coming"),
        ("yes the ambulance is here", "step/medics_here"),
        ("they are not here yet", None),
        ("i think hes dead", "step/may_have_died"),
        ("hes not dead", None),
    ],
    OVERDOSE: [
        ("im not with him hes in ohio", "step/not_there"),
        ("she wont pick up her phone", "step/not_there"),
        ("she wont answer me", None),  # may be lying there
        ("it is me", "step/myself"),
        ("i did it on purpose", "step/on_purpose"),
        ("i feel fine", "step/myself_awake"),
    ],
    "utter_step_myself": [  # is not told how to help another
        ("i called", "step/myself_waiting"),
        ("unlocked the door", "step/myself_waiting"),
        ("i have narcan", None),
        ("i changed my mind", "step/on_purpose"),
        ("should i sleep it off", "step/myself_awake"),
    ],
    SUICIDE: [
        ("he hung up", "step/suicide_other"),
        ("i dont know where he is", "step/suicide_other"),
        ("its my friend", "step/suicide_other"),
        ("she left me", None),
        ("i put the gun away", "step/safer"),
        ("gave the pills to my mom", "step/safer"),
        ("988 is busy", "step/hard_to_call"),
        ("dont call the cops", "step/hard_to_call"),
        ("my wife is here", "step/with_someone"),
        ("im with my wife", "step/with_someone"),
        ("my mom is not here", None),
        ("ok i called", "step/on_the_line"),
        ("im on with 988", "step/on_the_line"),
        ("jk", "step/not_in_danger"),
    ],
    "utter_ask_suicide": [("no its my friend", "step/suicide_other"), ("my mom hates me", None)],
    "utter_crisis_abuse": [
        ("hes at the door", "step/danger_close"),
        ("im in the bathroom locked", "step/danger_close"),
        ("i have nowhere to go", "step/safe_place"),
        ("where would i even go", "step/safe_place"),
    ],
    "utter_crisis_overdose_now_es": [
        ("ya llame", "step/help_coming"),
        ("no tiene pulso", "step/no_heartbeat"),
        ("murio", "step/may_have_died"),
    ],
    "utter_crisis_suicide_es": [
        ("no soy yo es mi hijo", "step/suicide_other"),
        ("tire las pastillas", "step/safer"),
    ],
}


@pytest.mark.parametrize(
    ("response", "text", "meant"),
    [(response, *row) for response, rows in STATUS.items() for row in rows],
)
def test_what_happens_meanwhile_leads_to_its_own_step(
    response: str, text: str, meant: str | None
) -> None:
    assert chosen_by_words(response, text) == meant


@pytest.mark.parametrize(
    ("ranking", "danger", "meant"),
    [
        ({"step/with_someone": 0.64}, None, "step/with_someone"),
        ({"step/with_someone": 0.4}, None, None),  # not clear
        ({"step/not_in_danger": 0.7}, {"level": "sure", "topic": "crisis/abuse"}, None),
        ({"step/help_coming": 0.9}, {"level": "sure", "topic": "crisis/suicide"}, None),
        ({"step/safer": 0.9}, {"level": "sure", "topic": "crisis/suicide"}, "step/safer"),
    ],
)
def test_what_answers_our_question_about_danger_leads_to_a_step(
    ranking: dict[str, float], danger: dict[str, Any] | None, meant: str | None
) -> None:
    asked = reply("crisis/suicide", "clarify", [])
    what = Heard(ranking, danger)
    assert followed_up("did_you_mean", "well she is sitting right here", [asked], what) == meant


@pytest.mark.parametrize(
    ("times", "same", "new", "meant"),
    [
        (1, 0.5, 0.3, "withdrawal/what_is"),
        (2, 0.5, 0.3, "withdrawal/timeline"),
        (2, 0.9, 0.1, "withdrawal/what_is"),
    ],
)
def test_who_was_told_the_same_twice_is_taken_to_ask_something_new(
    times: int, same: float, new: float, meant: str
) -> None:
    what = Heard({"withdrawal/what_is": same, "withdrawal/timeline": new})
    assert followed_up("chat/out_of_scope", "hm so", [ANSWER] * times, what) == meant


@pytest.mark.parametrize(
    ("text", "chance", "meant"),
    [("is it free", 0.5, "treatment/cost"), ("by the lake", 0.5, None)],
)
def test_a_question_is_answered_though_we_asked_for_a_place(
    text: str, chance: float, meant: str | None
) -> None:
    what = Heard({"treatment/cost": chance}, asks=asks(text))
    place = reply("help/find_treatment", "flow", [])
    assert followed_up("chat/out_of_scope", text, [place], what) == meant


def test_a_step_does_not_hide_another_danger() -> None:
    before = reply("crisis/overdose_now", "crisis", []) | {"said": "utter_crisis_overdose_now"}
    danger = {"level": "sure", "topic": "crisis/suicide", "signs": ["wants to die"]}
    what = Heard({"stay": 0.7}, danger, "crisis/overdose_now")
    assert followed_up("crisis/suicide", "i wanted to die", [before], what) is None


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
