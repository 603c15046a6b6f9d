"""Danger in a running house: what is said first, and what after that, step by step."""

from __future__ import annotations

import pytest

from assistant.content import topic_answered
from tests.house import House

MEANWHILE = {
    "slow breaths": ["my sister od'd", "shes breathing", "like 4 times a minute"],
    "naloxone that was fetched": ["my buddy wont wake up", "idk", "found the narcan"],
    "given": ["my buddy wont wake up", "not breathing", "sprayed it"],
    "no change": ["my buddy wont wake up", "i gave him narcan", "no diff"],
    "the person who took it": ["i think i took too much", "my lips are blue"],
    "a call that fails": ["my buddy wont wake up", "no phone signal here"],
    "alone with her": ["my mom wont wake up", "im alone with her"],
    "given, in Spanish": ["mi amigo no respira", "ya le puse el narcan"],
    "a death": ["my son overdosed", "the medics said hes dead"],
    "a wound": ["i cut myself again tonight", "do i need stitches"],
    "a child who cuts": ["i found out my daughter is cutting herself"],
    "somebody else's threat": ["my roommate says hes going to shoot up the clinic tomorrow"],
    "space": ["i want to kill my neighbor", "ok i walked outside, gave my brother the keys"],
    "a seizure": ["my dad is having a seizure"],
    "an ambulance": ["crushing chest pain down my arm", "ambulance is on the way"],
    "medics for a sick man": [
        "my husband has crushing chest pain",
        "they took him in the ambulance",
    ],
    "the bill": ["im throwing up blood", "i cant go i have no insurance"],
    "an exam": ["i was raped last night", "is it too late to get checked"],
    "poison control": ["my toddler ate a suboxone strip", "poison control says just watch her"],
    "breaths that cannot be given": [
        "my buddy wont wake up",
        "not breathing",
        "his mouths all blood i cant do the breaths",
    ],
    "too heavy to move": ["my husband od'd", "he weighs a ton and hes stuck by the toilet"],
    "a defibrillator": ["a guy od'd at my gym", "no heartbeat", "somebody brought a defibrillator"],
    "a needle": ["my girl od'd", "the needle is still hanging in her arm"],
    "drive or wait": ["my cousin od'd", "should we drive him in ourselves"],
    "who would be sent": ["i want to die", "theyd send cops and lock me up again"],
    "whom to tell": ["my friend od'd", "the medics took her", "am i the one who tells her parents"],
    "a ride to the hospital": [
        "i been puking nonstop since last nite",
        "my sister will drive me to the er",
    ],
    "somebody near, after a rape": ["i was raped last night", "my sister is here with me"],
    "thanks, after a rape": ["i was raped last night", "my sister is here with me", "thank you"],
    "who wakes and swears": [
        "my mans snoring loud after narcan",
        "he did wake up when i shook him, told me to f off",
    ],
    "no plan, but pills": [
        "theres no point anymore",
        "yea. i been thinkin about it",
        "no plan. pills in the cabinet i guess",
    ],
    "are you there": ["i want to die", "u there"],
    "not that danger, another": [
        "my bf said hes gonna come back w the gun",
        "NOT SUICIDE. hes coming here. we broke up",
    ],
    "thanks, for a friend": [
        "my brother texted me goodbye and he has a gun",
        "police are with him now",
        "thank you",
    ],
}
FIRST_WORDS = {
    "slow breaths": "Breathe for them.",
    "naloxone that was fetched": "Give it now.",
    "given": "Good. Now keep breathing for them",
    "no change": "Give a second dose now",
    "the person who took it": "Call 911 now and say",
    "a call that fails": "Get help another way",
    "alone with her": "I'm here. Is 911 on the phone, on speaker?",
    "given, in Spanish": "Bien. Siga",
    "a death": "I'm so, so sorry.",
    "a wound": "Press on it",
    "a child who cuts": "I'm glad they have you.",
    "somebody else's threat": "Call 911 if it may happen soon",
    "space": "That was hard, and it was right.",
    "a seizure": "Shaking or jerking?",
    "an ambulance": "Good. Stay on with 911, or stay by the phone.",
    "medics for a sick man": "That was right. Tell them what was taken or stopped",
    "the bill": "I hear you. Please still call 911",
    "an exam": "You can be seen even if you washed",
    "poison control": "Good that you called them.",
    "breaths that cannot be given": "You can still help. Give naloxone.",
    "too heavy to move": "In water? Face up and out first.",
    "a defibrillator": "They don't wake up and don't breathe? Get the AED",
    "a needle": "Breathing comes first.",
    "drive or wait": "Stay where you are.",
    "who would be sent": "Many fear this.",
    "whom to tell": "Danger now? Call 911 first.",
    "a ride to the hospital": "Good. Stay on with 911",
    "somebody near, after a rape": "I'm glad you told me. If you feel safe with them",
    "thanks, after a rape": "I'm glad you told me. It took strength.",
    "who wakes and swears": "Wakes and answers you? Keep it so.",
    "no plan, but pills": "Please do one thing first: get away from it.",
    "are you there": "I'm still here",
    "not that danger, another": "Call 911 now if you can. Can't talk?",
    "thanks, for a friend": "It's hard to fear for someone",
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_the_next_step_is_what_they_see(house: House, name: str) -> None:
    replies = [house.say(text, talk=f"step {name}")[0]["text"] for text in MEANWHILE[name]]
    assert replies[-1].startswith(FIRST_WORDS[name]) or FIRST_WORDS[name] in replies[-1]


def test_told_again_is_not_the_same_card(house: House) -> None:
    card, again = (
        house.say(text, talk="told again")[0]["text"]
        for text in ("my roommate wont wake up", "he is 25")
    )
    assert again.startswith("I'm here.")
    assert len(again) < len(card)


def test_told_a_third_time_it_still_listens(house: House) -> None:
    told = ("i want to kill myself", "i really want to die", "its just all so heavy every day")
    first, again, short = (house.say(text, talk="third time")[0] for text in told)
    assert again["text"].startswith("I'm still here.")
    assert short["text"].startswith("I'm reading every word,")
    plain = [house.say("i just want to die", talk="plain")[0]["text"] for _ in range(4)]
    assert plain[0] == plain[2] != plain[1] == plain[3]  # that needs more than an ear
    assert {one["topic"] for one in (first, again, short)} == {"crisis/suicide"}
    assert all("988" in one["text"] for one in (first, again, short))


def test_after_a_death_no_line_speaks_of_naloxone(house: House) -> None:
    talk = "a death"
    house.say("my brother overdosed", talk=talk)
    house.say("they pronounced him dead", talk=talk)
    thanked = house.say("thank you", talk=talk)[0]["text"]
    assert thanked.startswith("I'm so sorry for your loss.")
    assert "naloxone" not in thanked.lower()


SAID_FIRST = {
    "my stepdad hits my little brother with a cord": "I'm glad you told me.",
    "im 9 and my mommy wont wake up": "You did right to tell me. Call 911 now.",
    "my brother texted me goodbye and he has a gun": "Call 988 yourself now.",
    "wat if i cal 988 do they send cops n lock me up": "Many fear this.",
    "a lady is slumped over at the wheel in the drive thru": "Sleepy at the wheel?",
    "i put my hands on my wife again i dont want to be like this": "Are they hurt",
}


@pytest.mark.parametrize("text", SAID_FIRST)
def test_who_is_in_danger_is_heard_at_once(house: House, text: str) -> None:
    assert house.say(text)[0]["text"].startswith(SAID_FIRST[text])


def test_abroad_the_number_of_that_country_stands_for_911(house: House) -> None:
    text = house.say("im in glasgow and my mate wont wake up", talk="abroad")[0]["text"]
    assert "999" in text
    assert "911" not in text


def test_crisis_says_first_what_to_do(house: House) -> None:
    text = house.say("he took too much and isnt breathing right")[0]["text"]
    assert text.startswith("Call 911 now")


STEPS = [
    ("no", "Breathe for them"),
    ("yes", "Give it now"),
    ("done", "keep breathing for them"),
    ("no change", "second dose"),
    ("he is breathing now", "on their side"),
    ("she opened her eyes", "wears off in 30 to 90 minutes"),
]


def test_an_overdose_goes_step_by_step(house: House) -> None:
    house.say("i cant wake him up", "steps")
    for text, says in STEPS:
        assert says in house.say(text, "steps")[0]["text"]


@pytest.mark.parametrize("told", ["he wont wake up", "mi hermano no despierta", "i want to die"])
def test_every_button_after_danger_can_be_pressed(house: House, told: str) -> None:
    waiting = [c["payload"] for c in house.say(told, f"buttons {told}")[0]["choices"]]
    pressed: set[str] = set()
    while waiting:
        payload = waiting.pop()
        if payload in pressed or not payload.startswith(("crisis/", "step/")):
            continue
        pressed.add(payload)
        reply = house.say("", f"buttons {told}", payload=payload)[0]
        assert (payload, reply["kind"]) in {(payload, "crisis"), ("step/not_in_danger", "answer")}
        waiting += [choice["payload"] for choice in reply["choices"]]
    assert pressed


SPANISH_STEPS = [
    ("no", "Respire por la persona"),
    ("si tengo", "Désela ya"),
    ("ya", "Siga soplando"),
    ("sigue igual", "segunda dosis"),
    ("ya respira", "de lado"),
    ("despertó", "el efecto se pasa"),
]


def test_an_overdose_in_spanish_goes_on_in_spanish(house: House) -> None:
    house.say("mi hermano no despierta y está azul", "pasos")
    for text, says in SPANISH_STEPS:
        assert says in house.say(text, "pasos")[0]["text"]


def test_a_line_stays_in_sight_after_danger_was_told(house: House) -> None:
    before = house.say("what is detox", "sight")[0]["text"]
    house.say("i want to kill myself", "sight")
    after = house.say("what is detox", "sight")[0]["text"]
    assert after.startswith(before)
    assert "988" in after.removeprefix(before)


def test_danger_in_spanish_is_answered_in_spanish(house: House) -> None:
    assert "Llame" in house.say("quiero quitarme la vida")[0]["text"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("im in england and i want to die", "116 123"),
        ("i live in canada, my friend wont wake up", "In Canada"),
        ("i am in india and i want to kill myself", "your local emergency number"),
    ],
)
def test_another_country_gets_its_own_line_first(house: House, text: str, line: str) -> None:
    assert line in house.say(text, text)[0]["text"].split("\n")[0]


def test_where_danger_is_only_possible_it_asks(house: House) -> None:
    asked = [house.say(text, text)[0] for text in MAYBE_DANGER]
    assert any(reply["kind"] == "clarify" for reply in asked)
    for text, reply in zip(MAYBE_DANGER, asked, strict=True):
        assert reply["kind"] in ("clarify", "crisis")
        assert "988" in reply["text"] or "911" in reply["text"]
        if reply["kind"] == "clarify":
            assert house.say("no", text)[0]["topic"] == "chat/feeling_low"


def test_who_is_safe_again_is_not_asked_about_pills(house: House) -> None:
    told = ("i want to die", "i have pills in my hand", "im ok, i put them away")
    last = [house.say(text, talk="safe again")[0] for text in told][-1]
    offered = {choice["payload"].partition("/")[0] for choice in last["choices"]}
    assert not offered & {"substances", "safer_use", "refuse"}


def test_who_is_not_in_danger_is_led_back_to_the_question(house: House) -> None:
    asked = {text: house.say(text, text)[0] for text in TIRED_AND_ASKING}
    asked = {text: reply for text, reply in asked.items() if reply["topic"].startswith("crisis/")}
    asked = {text: reply for text, reply in asked.items() if reply["kind"] == "clarify"}
    assert asked
    for text, reply in asked.items():
        meant = {choice["payload"] for choice in reply["choices"]}
        back = house.say("no", text)[0]
        if back["kind"] == "answer" and back["topic"] != "chat/feeling_low":  # what they asked
            assert back["topic"] in {topic_answered(key) for key in meant}
            assert back["text"].startswith("Okay, thank you for telling me.")
        else:
            first = back["choices"][0]["payload"]
            assert first in meant and not first.startswith(("crisis/", "step/"))


def test_what_was_asked_before_a_false_alarm_is_answered(house: House) -> None:
    alarm = house.say("omg i could kill myself lol is narcan free", "false alarm")[0]
    assert alarm["topic"] == "crisis/suicide"
    back = house.say("no no i didnt mean it", "false alarm")[0]
    assert back["text"].startswith("Okay, thank you for telling me.")
    assert back["topic"] == "overdose/naloxone_get"


TIRED_AND_ASKING = [
    "i feel hopeless does rehab even work",
    "im so done what is detox like",
    "i feel like giving up on rehab",
    "i cant go on like this how do i get on suboxone",
]
MAYBE_DANGER = ["i cant do this anymore", "whats the point of anything", "im done with everything"]
