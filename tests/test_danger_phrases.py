"""Every phrase of `data/danger/` raises what it must, and nothing that it must not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.matcher import Matcher

from assistant.danger.phrases import FOLDER, SHARED, compiled, doc_of, lists, phrases, read, topics
from assistant.parts import clauses

SIGNS = [(topic, sign) for topic in topics() for sign in read(topic)["signs"]]
IDS = [f"{topic}: {sign['sign']}" for topic, sign in SIGNS]
MUST = [(topic, sign["sign"], text) for topic, sign in SIGNS for text in sign["must"]]


def raised(text: str) -> set[tuple[str, str]]:
    """The topics and signs that a message raises, or asks about."""
    return {(f.topic, f.sign) for f in phrases().find(text) if f.because is None}


@pytest.mark.parametrize(("topic", "sign"), SIGNS, ids=IDS)
def test_raises_what_it_must(topic: str, sign: dict[str, Any]) -> None:
    wanted = (f"crisis/{topic}", str(sign["sign"]))
    missed = [text for text in sign["must"] if wanted not in raised(text)]
    assert missed == []


@pytest.mark.parametrize(("topic", "sign"), SIGNS, ids=IDS)
def test_raises_nothing_that_it_must_not(topic: str, sign: dict[str, Any]) -> None:
    assert [(text, raised(text)) for text in sign["must_not"] if raised(text)] == []


@pytest.mark.parametrize(("topic", "sign"), SIGNS, ids=IDS)
def test_names_only_contexts_that_exist(topic: str, sign: dict[str, Any]) -> None:
    assert set(sign.get("unless", ())) <= {*read("contexts"), "negated"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_yaml_reads_every_word_as_a_word(path) -> None:  # type: ignore[no-untyped-def]
    """An unquoted `no` or `off` would be read as false and never match."""
    data = read(path.stem)
    if path.stem == "words":
        said = [word for words in data.values() for word in words]
    elif path.stem in SHARED:
        said = [phrase for context in data.values() for phrase in context["say"]]
    else:
        parts = ("say", "must", "must_not")
        said = [text for sign in data["signs"] for part in parts for text in sign[part]]
    assert [text for text in said if not isinstance(text, str)] == []


@pytest.mark.parametrize(
    ("text", "raises"),
    [
        # "not" before a phrase, and what only looks like it.
        ("im not suicidal", False),
        ("no im not suicidal", False),
        ("no one is overdosing", False),
        ("i dont think my friend is overdosing", False),
        ("no, my friend is overdosing", True),
        ("no i want to die", True),
        ("not gonna lie i want to die", True),
        ("give me one reason not to kill myself", True),
        ("im not suicidal but i want to die", True),
        ("im not okay and i want to die", True),
        ("no quiero morir", False),
        ("ya no aguanto, me quiero morir", True),
        # "if" counts before a phrase, in the same thought.
        ("what do i do if someone isnt breathing", False),
        ("if someone passes out and wont wake up what do i do", False),
        ("what do i do if my friend isnt breathing, hes blue right now", True),
        ("what do i do if hes not breathing please hurry", True),
        ("he isnt breathing what if he dies", True),
        ("how long does heroin last bc my cousin did some and now i cant wake him up", True),
        ("i dont know if hes breathing", True),
        # Stories, and what only stands beside one.
        ("in the movie he stopped breathing", False),
        ("im writing a story. my character wont wake up", False),
        ("i was at a movie and now he isnt breathing", True),
        # The past, and what only stands beside it.
        ("he overdosed two years ago", False),
        ("he got out of rehab two weeks ago and he isnt breathing", True),
        ("i went to rehab last year and i want to die", True),
        ("he od'd ten minutes ago", True),
        ("my son overdosed and died", False),
        ("my brother died last year. my friend just od'd", True),
        ("suicidal. two years ago i was fine", True),
        # Joining words that go on with the clause.
        ("i took so many pills", True),
        ("hes blue right now what do i do", True),
        # Capitals, accents, apostrophes, marks, stretched letters.
        ("SHE WON’T WAKE UP!!!", True),
        ("she won't wake up", True),
        ("me quiero MORÍR", True),
        ("overdoooose!!", False),
        ("overdose!!", True),
        ("help...he isnt breathing", True),
        ("🆘 hes not breathing 🆘", True),
        ("", False),
        ("...", False),
        (", . ! ?", False),
    ],
)
def test_engine(text: str, raises: bool) -> None:
    assert bool(raised(text)) is raises, phrases().find(text)


def test_denying_one_sign_does_not_hide_another() -> None:
    assert ("crisis/medical_emergency", "seizure") in raised(
        "no chest pain but hes having a seizure"
    )
    assert ("crisis/suicide", "wants to die") in raised("im not overdosing, i just want to die")


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("want|wanna to? die", "i wanna die", True),
        ("want|wanna to? die", "i want to die", True),
        ("suicid*", "suicidal", True),
        ("took .. pills", "took all of my pills", True),
        ("took .. pills", "took one two three four pills", False),
        ("my <child>", "my toddler", True),
    ],
)
def test_phrases_for_spacy(phrase: str, text: str, matches: bool) -> None:
    """`assistant/follow_up.py` matches what people type with the same notation."""
    doc = doc_of(text)
    matcher = Matcher(doc.vocab)
    matcher.add("phrase", [compiled(phrase, lists())])
    assert bool(matcher(doc)) is matches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("he fell and now he wont wake up", ["he fell", "and", "now he wont wake up"]),
        ("i took so many pills", ["i took so many pills"]),
        ("hes blue right now and cold", ["hes blue right now", "and cold"]),
        ("now", ["now"]),
        ("", []),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


HARMLESS = [
    "ok",
    "thank you for answering",
    "do you take medicaid",
    "i live in ohio",
    "my name is sam",
    "we went to the store",
    "what are your hours",
    "i started suboxone in march",
    "he likes football",
    "gracias por todo",
    "we watched a movie last night",
    "im not hungry",
    "i used to work nights",
    "how much does detox cost",
    "i have homework for school",
    "my brother died years ago",
    "what if i need insurance",
]
ENDS = st.sampled_from([". ", "! ", "? ", "\n", "... "])
TALK = st.lists(st.tuples(st.sampled_from(HARMLESS), ENDS), max_size=3)


@given(message=st.sampled_from(MUST), before=TALK, after=TALK, end=ENDS)
def test_harmless_talk_hides_nothing(
    message: tuple[str, str, str],
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    end: str,
) -> None:
    topic, _, text = message
    whole = "".join(map("".join, before)) + text + end + "".join(map("".join, after))
    assert f"crisis/{topic}" in {found for found, _ in raised(whole)}


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    phrases().find(text)
