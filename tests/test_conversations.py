"""Whole conversations with the running house, through the web API, as people have them."""

from __future__ import annotations

import re

import pytest

from assistant.content import topic_answered
from assistant.sms import segments
from tests.house import House

# Each line: what the person says, and the kind and topic of the (first) reply.
CONVERSATIONS: dict[str, list[tuple[str, str, str]]] = {
    "the article's question": [
        ("why is heroin so addictive", "answer", "heroin/why_addictive"),
        ("tell me more", "answer", "heroin/brain"),
        ("say that again", "answer", "heroin/brain"),
        ("thanks", "smalltalk", "chat/thanks"),
    ],
    "misspelt": [("wat is withdrawl", "answer", "withdrawal/what_is")],
    "at home": [("can i detox at home", "answer", "detox/alone")],
    "someone may be dying": [("my friend wont wake up", "crisis", "crisis/overdose_now")],
    "help with a place": [("i need help, 19104", "answer", "help/find_treatment")],
    "help, then a place": [
        ("i need help", "flow", "help/find_treatment"),
        ("im in 19104", "answer", "help/find_treatment"),
    ],
    "a city": [
        ("help me quit heroin", "flow", "help/find_treatment"),
        ("dayton ohio", "answer", "help/find_treatment"),
    ],
    "asked for again, without a place": [
        ("where can i detox", "flow", "help/find_detox"),
        ("i need detox", "flow", "help/find_detox"),
        ("find me treatment", "flow", "help/find_treatment"),
        ("i need treatment", "flow", "help/find_treatment"),
        ("boston", "answer", "help/find_treatment"),
    ],
    "said in few words": [
        ("how does methadone work", "answer", "treatment/methadone"),
        ("is it everyday", "answer", "treatment/methadone"),
        ("what about take homes", "answer", "treatment/methadone"),
        ("i lost my brother in march", "answer", "family/grief"),
        ("he was all alone", "answer", "family/grief"),
    ],
    "a small town": [
        ("where can i detox", "flow", "help/find_detox"),
        ("kutztown", "answer", "help/find_detox"),
    ],
    "no place": [
        ("rehab near me", "flow", "help/find_treatment"),
        ("no", "answer", "help/find_treatment"),
    ],
    "a place after naloxone": [
        ("where do i get narcan", "answer", "help/find_naloxone"),
        ("78701", "answer", "help/find_naloxone"),
    ],
    "a place after detox": [
        ("what happens in detox", "answer", "detox/what_to_expect"),
        ("78701", "answer", "help/find_detox"),
    ],
    "a place after meetings": [
        ("where can i find an na meeting", "answer", "help/support_groups"),
        ("85008", "answer", "help/support_groups"),
    ],
    "a question about danger closes the one for a place": [
        ("i need detox", "flow", "help/find_detox"),
        ("my man gets so mad lately", "clarify", "crisis/abuse"),
        ("literally", "crisis", "crisis/abuse"),
    ],
    "and so does danger": [
        ("i need detox", "flow", "help/find_detox"),
        ("my husband would kill me if i go", "crisis", "crisis/abuse"),
    ],
    "a new question, not the same again": [
        ("does weed help withdrawal", "answer", "substances/cannabis"),
        ("benadryl?", "answer", "withdrawal/relief"),
        ("how long is this gonna last", "answer", "withdrawal/timeline"),
    ],
    "about the other medicine": [
        ("how long does dope withdrawal go on", "answer", "withdrawal/timeline"),
        ("and for methadone", "answer", "withdrawal/timeline"),
    ],
    "a question, though we asked for a place": [
        ("find me a clinic", "flow", "help/find_treatment"),
        ("how much does it cost", "answer", "treatment/cost"),
    ],
    "an age, not a choice": [
        ("my nephew got into grandpas pills", "crisis", "crisis/child_danger"),
        ("3", "crisis", "crisis/child_danger"),
    ],
    "a place in an emergency": [
        ("my friend wont wake up", "crisis", "crisis/overdose_now"),
        ("shes in dayton", "crisis", "crisis/overdose_now"),
    ],
    "skip": [
        ("where can i detox", "flow", "help/find_detox"),
        ("skip", "answer", "help/find_detox"),
    ],
    "a change of mind": [
        ("rehab near me", "flow", "help/find_treatment"),
        ("never mind", "flow", "help/find_treatment"),
        ("what is detox", "answer", "detox/what_is"),
    ],
    "another question in the middle": [
        ("rehab near me", "flow", "help/find_treatment"),
        ("how long does withdrawal last", "answer", "withdrawal/timeline"),
        ("19104", "answer", "help/find_treatment"),
    ],
    "danger in the middle": [
        ("rehab near me", "flow", "help/find_treatment"),
        ("wait my friend od'd he is blue", "crisis", "crisis/overdose_now"),
        ("thank you", "smalltalk", "crisis/overdose_now"),
    ],
    "thanks in another language": [
        ("what is methadone", "answer", "treatment/methadone"),
        ("gracias", "smalltalk", "chat/thanks"),
    ],
    "alive": [
        ("my brother overdosed", "crisis", "crisis/overdose_now"),
        ("hes not dead but hes purple", "crisis", "crisis/overdose_now"),
    ],
    "slash text is text": [
        ("/goodbye", "smalltalk", "chat/goodbye"),
    ],
    "small talk": [
        ("hi", "smalltalk", "chat/greet"),
        ("are you a real person", "smalltalk", "chat/are_you_human"),
        ("do you save what i say", "smalltalk", "chat/privacy"),
        ("you are useless", "smalltalk", "chat/insult"),
        ("that didnt help", "smalltalk", "chat/not_helpful"),
        ("im so lonely tonight", "smalltalk", "chat/feeling_low"),
    ],
    "people and lines": [
        ("can i talk to a real person", "answer", "help/talk_to_person"),
        ("which number do i call", "answer", "help/helplines"),
        ("na meetings near me", "answer", "help/support_groups"),
        ("where can i get narcan near me", "answer", "help/find_naloxone"),
    ],
    "what we do not do": [
        ("how much fentanyl is safe to take", "refusal", "refuse/dosing"),
        ("how do i shoot up", "refusal", "refuse/how_to_use"),
        ("where can i buy some dope", "refusal", "refuse/buy_drugs"),
        ("give me a taper schedule for my oxy", "refusal", "refuse/prescribe"),
    ],
    "an overdose, step by step": [
        ("my friend wont wake up", "crisis", "crisis/overdose_now"),
        ("no", "crisis", "crisis/overdose_now"),
        ("yes i have narcan", "crisis", "crisis/overdose_now"),
        ("i gave it", "crisis", "crisis/overdose_now"),
        ("nothing", "crisis", "crisis/overdose_now"),
        ("he woke up", "crisis", "crisis/overdose_now"),
        ("he wants to leave", "crisis", "crisis/overdose_now"),
        ("thank you", "smalltalk", "crisis/overdose_now"),
    ],
    # What was taken, who it is, fear: no page about a drug, and no way out of the emergency.
    "facts and fears in the middle of an overdose": [
        ("he wont wake up", "crisis", "crisis/overdose_now"),
        ("fentanyl", "crisis", "crisis/overdose_now"),
        ("shes 16", "crisis", "crisis/overdose_now"),
        ("im alone with her", "crisis", "crisis/overdose_now"),
        ("xanax and vodka", "crisis", "crisis/overdose_now"),
        ("omg please hurry", "crisis", "crisis/overdose_now"),
        ("the paramedics just walked in", "crisis", "crisis/overdose_now"),
    ],
    "a false alarm": [
        ("my cousin overdosed", "crisis", "crisis/overdose_now"),
        ("sorry it was years ago, hes fine now", "answer", "chat/feeling_low"),
    ],
    "a wrong alarm can be put right": [
        ("my boyfriend hits me", "crisis", "crisis/abuse"),
        ("no one is hurting me, you got it wrong", "smalltalk", "chat/not_helpful"),
    ],
    # Taken back a breath later.
    "an all-clear that was none": [
        ("i want to kill myself", "crisis", "crisis/suicide"),
        ("jk", "answer", "chat/feeling_low"),
        ("kinda serious tho", "crisis", "crisis/suicide"),
    ],
    "fear while help is coming to an illness": [
        ("my husband has crushing chest pain", "crisis", "crisis/medical_emergency"),
        ("ambulance is on the way", "crisis", "crisis/medical_emergency"),
        ("im shaking", "crisis", "crisis/medical_emergency"),
        ("the paramedics are here", "crisis", "crisis/medical_emergency"),
        ("im so scared", "crisis", "crisis/medical_emergency"),
    ],
    "facts after thoughts of suicide": [
        ("i want to kill myself", "crisis", "crisis/suicide"),
        ("im 15", "crisis", "crisis/suicide"),
        ("im drunk", "crisis", "crisis/suicide"),
        ("its in my hand", "crisis", "crisis/suicide"),
    ],
    "pregnant and bleeding": [
        ("im 7 months pregnant and bleeding", "crisis", "crisis/medical_emergency"),
        ("a lot", "crisis", "crisis/medical_emergency"),
        ("no car", "crisis", "crisis/medical_emergency"),
    ],
    "danger in a language that it does not speak": [
        ("мой друг передозировка не дышит", "crisis", "crisis/overdose_now"),
    ],
    "danger without spaces": [("sheisnotbreathing", "crisis", "crisis/overdose_now")],
    "danger in digits": [("i want to k1ll mys3lf", "crisis", "crisis/suicide")],
    "danger between pictures": [
        ("my💀friend🥺wont😭wake😭up", "crisis", "crisis/overdose_now"),
    ],
    "a good day": [("6 months clean today!!", "answer", "recovery/milestone")],
    "awake after an overdose scare": [
        (
            "my friend took something and is acting weird and sleepy",
            "crisis",
            "crisis/overdose_now",
        ),
        ("she's awake", "crisis", "crisis/overdose_now"),
        ("she says shes fine", "crisis", "crisis/overdose_now"),
    ],
    "an overdose far away": [
        ("my sister is overdosing and im on the phone with her", "crisis", "crisis/overdose_now"),
        ("im 20 minutes away", "crisis", "crisis/overdose_now"),
        ("she stopped answering", "crisis", "crisis/overdose_now"),
        ("the medics are here", "crisis", "crisis/overdose_now"),
        ("do they arrest people for calling", "answer", "overdose/legal"),
    ],
    "pills taken on purpose": [
        ("i swallowed all my pills to die", "crisis", "crisis/overdose_now"),
        ("i changed my mind", "crisis", "crisis/overdose_now"),
        ("ok i called", "crisis", "crisis/overdose_now"),
    ],
    "a child that swallowed something": [
        ("my toddler drank my methadone", "crisis", "crisis/child_danger"),
        ("spat some out", "crisis", "crisis/child_danger"),
        ("hes getting sleepy", "crisis", "crisis/child_danger"),
    ],
    "fear for someone's life": [
        ("my friend says hes gonna kill himself", "crisis", "crisis/suicide"),
        ("he hung up", "crisis", "crisis/suicide"),
        ("should i call the cops", "crisis", "crisis/suicide"),
    ],
    "violence that comes closer": [
        ("my husband hit me", "crisis", "crisis/abuse"),
        ("he's at the door", "crisis", "crisis/abuse"),
    ],
    "danger told in half sentences": [
        ("i dont want to be here anymore", "crisis", "crisis/suicide"),
        ("i have pills", "crisis", "crisis/suicide"),
        ("maybe", "crisis", "crisis/suicide"),
        ("i dont know", "crisis", "crisis/suicide"),
        ("im ok", "answer", "chat/feeling_low"),
    ],
    "denying one sign of danger": [
        ("my leg has a sore and its gone black", "crisis", "crisis/medical_emergency"),
        ("no fever", "crisis", "crisis/medical_emergency"),
    ],
    "what was told is not forgotten": [
        ("i want to die", "crisis", "crisis/suicide"),
        ("how long does withdrawal last", "answer", "withdrawal/timeline"),
        ("thanks", "smalltalk", "crisis/suicide"),
    ],
    "leaning on the answer before": [
        ("what is suboxone", "answer", "treatment/buprenorphine"),
        ("and if im pregnant", "answer", "treatment/pregnancy"),
        ("how long does heroin stay in your blood", "answer", "heroin/drug_tests"),
        ("who won the game", "fallback", "chat/out_of_scope"),
    ],
    "two questions": [
        ("what is withdrawal and how much does rehab cost", "answer", "withdrawal/what_is"),
        ("1", "answer", "treatment/cost"),
    ],
    "in Spanish": [
        ("hola necesito ayuda con mi hijo que usa heroina", "smalltalk", "chat/spanish"),
        ("me quiero morir", "crisis", "crisis/suicide"),
        ("mi hermano no respira", "crisis", "crisis/overdose_now"),
    ],
    "in another language": [("bonjour je cherche un traitement", "smalltalk", "chat/spanish")],
    "not for us": [("who won the game last night", "fallback", "chat/out_of_scope")],
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_conversation(house: House, name: str) -> None:
    for text, kind, topic in CONVERSATIONS[name]:
        reply = house.say(text, talk=name)[0]
        assert (text, reply["kind"], reply["topic"]) == (text, kind, topic)
        assert "{" not in reply["text"]
        if kind in ("answer", "crisis", "refusal"):
            assert reply["sources"]


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


def test_spanish_goes_on_in_fewer_words(house: House) -> None:
    first, then = (
        house.say(text, talk="espanol")[0]
        for text in ("cuanto dura la abstinencia", "y la metadona es segura")
    )
    assert {first["topic"], then["topic"]} == {"chat/spanish"}
    assert then["text"].startswith("Sigo aquí")
    assert len(then["text"]) < len(first["text"])


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


def test_who_goes_on_gets_other_words(house: House) -> None:
    texts = ("i have a bad craving right now", "the craving wont go away")
    first, again = (house.say(text, talk="goes on")[0] for text in texts)
    assert first["topic"] == again["topic"] == "recovery/cravings"
    assert again["text"].startswith("Still here, and so are you.")


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


def test_who_asks_again_misspelt_is_not_told_to_ask(house: House) -> None:
    told = ("my moms on a 72 hr hold", "wen can i see her")
    text = [house.say(text, talk="asks again")[0]["text"] for text in told][-1]
    assert "I can miss what matters" not in text


def test_a_simpler_wording_is_the_shorter_one(house: House) -> None:
    long = house.say("what is withdrawal", talk="simpler")[0]["text"]
    short = house.say("say it simpler", talk="simpler")[0]["text"]
    assert short.startswith("In short: ")
    assert len(short) < len(long)


def test_abroad_the_number_of_that_country_stands_for_911(house: House) -> None:
    text = house.say("im in glasgow and my mate wont wake up", talk="abroad")[0]["text"]
    assert "999" in text
    assert "911" not in text


def test_a_place_is_named_back(house: House) -> None:
    assert "19104" in house.say("i need help, 19104")[0]["text"]


VAGUE = ["the pill thing", "help with the thing", "the clinic one", "days"]


def test_when_unsure_it_offers_titles_and_takes_a_number(house: House) -> None:
    offers = {text: house.say(text, text)[0] for text in VAGUE}
    unsure = {
        text: reply
        for text, reply in offers.items()
        if reply["kind"] == "clarify" and not reply["topic"].startswith("crisis/")
    }
    assert unsure
    for text, reply in unsure.items():
        assert 1 <= len(reply["choices"]) <= 3
        for choice in reply["choices"]:
            assert "/" not in choice["label"] and "_" not in choice["label"]
        key = reply["choices"][0]["payload"]
        assert house.say("1", text)[0]["topic"] == topic_answered(key)


@pytest.mark.parametrize("text", ["/", "//", "...", "-", "_"])
def test_a_lone_sign_gets_no_answer_about_something(house: House, text: str) -> None:
    assert house.say(text)[0]["kind"] in ("fallback", "clarify", "smalltalk")


def test_a_choice_can_be_pressed_or_numbered(house: House) -> None:
    first = house.say("what is withdrawal", "pressing")[0]
    pressed = house.say("", "pressing", payload=first["choices"][1]["payload"])[0]
    assert pressed["topic"] == first["choices"][1]["payload"]
    assert house.say("1", "pressing")[0]["topic"] == pressed["choices"][0]["payload"]


def test_crisis_says_first_what_to_do(house: House) -> None:
    text = house.say("he took too much and isnt breathing right")[0]["text"]
    assert re.match(r"Call 911 now", text)


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


def test_an_answer_that_was_just_given_says_so(house: House) -> None:
    first = house.say("what is detox", "same")[0]["text"]
    again = house.say("what does detox mean", "same")[0]["text"]
    assert again.startswith("I hear you. Here it is in short.")
    assert len(again) < len(first) + 100
    assert house.say("say that again", "same")[0]["text"].startswith("In short: Detox is care")


@pytest.mark.parametrize(
    "texts",
    [
        ("what is detox", "what does detox mean", "say that again"),
        ("how long does withdrawal last", "how long tho", "withdrawal how long does it last"),
        ("where can i get naloxone", "where do i get narcan", "where to get naloxone free"),
        ("where can i buy dope", "where do i buy heroin", "who sells dope"),
        ("no duele la metadona?", "cuanto dura la abstinencia", "cuanto dura la abstinencia"),
    ],
)
def test_a_text_told_again_fits_two_sms(house: House, texts: tuple[str, ...]) -> None:
    for text in texts:
        said = house.say_by_sms(text, f"sms {texts[0]}")[0]["text"]
        assert segments(said) <= 2, said


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
