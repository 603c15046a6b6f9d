"""Every answer keeps the house's rules: short, plain, sourced, kind, and nothing typed twice."""

from __future__ import annotations

import re

import pytest
import textstat

from assistant import sms
from assistant.content import Answer, Content
from assistant.data_files import DATA, read_yaml

CONTENT = Content()
ANSWERS = list(CONTENT.answers.values())
WORDS_NOT_USED: dict[str, str] = read_yaml(DATA / "words.yml")

MOST_WORDS = {"crisis": 60, "unavailable": 75}
MOST_WORDS_OTHERWISE = 90
MOST_GRADE = {"crisis": 5.0}
MOST_GRADE_OTHERWISE = 6.0
MOST_SEGMENTS = 2

PLACEHOLDER = re.compile(r"{([^\n{}]+)}")
# Values that are only known while people talk (the place they named, what was asked).
FILLED_LATER = {"place", "topic_title", "places"}
DOSE = re.compile(r"\d\s*(mg|mcg|ml|cc|milligrams?|micrograms?|grams?|units?)\b", re.IGNORECASE)
LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(com|org|gov|net|us|me|info|chat)\b", re.IGNORECASE)
NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d|\b(911|988|741741|435748|838255|88788)\b")


def filled(text: str) -> str:
    """The text as a person gets it, with sample values for what is known only while talking."""
    values = CONTENT.placeholders | dict.fromkeys(FILLED_LATER, "19104")
    values |= {f"organisation.{part}": "Riverside Clinic" for part in CONTENT.organisation}
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def grade(text: str) -> float:
    """US school grade (Flesch-Kincaid) of a text; numbers and links are not read aloud as words."""
    plain = re.sub(r"https?://\S+?(?=[.,;)]*(\s|$))", "the site", filled(text))
    plain = re.sub(r"\d[\d-]{5,}\d", "911", plain)
    return float(textstat.flesch_kincaid_grade(plain.replace("\n", " ")))


def wordings(answer: Answer) -> list[str]:
    return [answer.web] + ([answer.sms] if answer.sms else [])


def each(answers: list[Answer] = ANSWERS) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("answer", answers, ids=[answer.name for answer in answers])


@each()
def test_names_only_lines_that_exist(answer: Answer) -> None:
    known = CONTENT.placeholders.keys() | FILLED_LATER
    known |= {f"organisation.{part}" for part in CONTENT.organisation}
    for text in wordings(answer):
        assert set(PLACEHOLDER.findall(text)) <= known


@each()
def test_types_no_number_or_link(answer: Answer) -> None:
    for text in wordings(answer):
        bare = PLACEHOLDER.sub("", text)
        assert not LINK.search(bare), LINK.search(bare)
        assert not NUMBER.search(bare), NUMBER.search(bare)


@each()
def test_is_short(answer: Answer) -> None:
    most = MOST_WORDS.get(answer.kind, MOST_WORDS_OTHERWISE)
    assert len(filled(answer.web).split()) <= most


@each([a for a in ANSWERS if a.language == "en"])  # the grade is made for English
def test_is_plain(answer: Answer) -> None:
    most = MOST_GRADE.get(answer.kind, MOST_GRADE_OTHERWISE)
    for text in wordings(answer):
        assert grade(text) <= most


@each()
def test_has_an_sms_wording_that_fits(answer: Answer) -> None:
    assert answer.sms, "no wording for SMS"
    text = filled(answer.sms)
    assert not sms.not_gsm7(text), sms.not_gsm7(text)
    assert sms.segments(text) <= MOST_SEGMENTS, f"{sms.segments(text)} segments, {len(text)} long"


@each()
def test_uses_only_kind_words(answer: Answer) -> None:
    for text in wordings(answer):
        bare = PLACEHOLDER.sub("", text)
        for word, better in WORDS_NOT_USED.items():
            pattern = r"\b" + re.escape(word).replace(r"\*", r"\w*") + r"\b"
            assert not re.search(pattern, bare, re.IGNORECASE), f"{word!r}: write {better}"


@each()
def test_gives_no_dose(answer: Answer) -> None:
    for text in wordings(answer):
        assert not DOSE.search(text), DOSE.search(text)


@each()
def test_has_a_title_and_a_review_state(answer: Answer) -> None:
    assert answer.title and len(answer.title) <= 48
    assert answer.review == "unreviewed" or {"by", "on"} <= set(answer.review)


@each([a for a in ANSWERS if a.kind in ("answer", "crisis", "refusal") and a.group != "chat"])
def test_has_sources(answer: Answer) -> None:
    if answer.kind == "answer" and answer.group != "help":
        assert answer.facts
    assert set(answer.facts) <= CONTENT.facts.keys()
    assert CONTENT.sources_of(answer)


@each([a for a in ANSWERS if a.related])
def test_leads_on_to_answers_that_exist(answer: Answer) -> None:
    keys = {other.key for other in ANSWERS}
    assert set(answer.related) <= keys - {answer.key}


@each([a for a in ANSWERS if a.language == "es"])
def test_a_spanish_answer_names_what_it_leads_on_to_in_spanish(answer: Answer) -> None:
    named = {a.key for a in ANSWERS if a.title_es}
    named |= {a.key.removesuffix("_es") for a in ANSWERS if a.language == "es"}
    assert {choice.key for choice in answer.choices if not choice.label} <= named


@each([a for a in ANSWERS if a.key.startswith("crisis/")])
def test_crisis_says_first_what_to_do_now(answer: Answer) -> None:
    for text in wordings(answer):
        first_two = " ".join(re.split(r"(?<=[.!?])\s+", text.strip())[:2])
        assert PLACEHOLDER.search(first_two), "name the line in the first two sentences"


@each([a for a in ANSWERS if a.key.startswith("step/")])
def test_a_step_keeps_the_emergency_line_in_sight(answer: Answer) -> None:
    for text in wordings(answer):
        assert "{emergency}" in text
