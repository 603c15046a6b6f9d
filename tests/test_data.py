"""The data as a whole: every topic is complete, nothing stands twice, danger is never chat."""

from __future__ import annotations

import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from assistant.content import Content, intent_of_topic, topic_of_intent
from assistant.data_files import DATA, read_yaml

HOUSE = DATA.parent
CONTENT = Content()
LEAST_EXAMPLES = 15

# Harmless messages with words of danger live here and nowhere else, so that it does not cry wolf.
NEAR_DANGER = {DATA / "nlu" / "near_danger.yml"}


def examples(paths: list[Path]) -> dict[str, list[str]]:
    """The examples of these files by topic."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for entry in read_yaml(path)["nlu"]:
            lines = [line[2:] for line in entry["examples"].splitlines()]
            found[topic_of_intent(entry["intent"])] += lines
    return found


FILES = sorted((DATA / "nlu").glob("*.yml"))
NLU = examples(FILES)
MORE = examples(sorted((HOUSE / "tuning" / "more").glob("*.yml")))
PLAINLY_SAFE = examples([path for path in FILES if path not in NEAR_DANGER])
ANSWERED = {answer.topic for answer in CONTENT.answers.values()}
# Narrow questions with a text of their own: "does it rot your bones" of `treatment/methadone`.
DETAILS = {
    answer.key: answer.topic
    for answer in CONTENT.answers.values()
    if answer.key in NLU and answer.key != answer.topic
}
DOMAIN = read_yaml(HOUSE / "domain.yml")
RULES = read_yaml(DATA / "rules.yml")["rules"]
RULED = {step["intent"] for rule in RULES for step in rule["steps"] if "intent" in step}

# The assistant's own turns: no examples of what people type.
OWN_TURNS = ("ask_", "step_")  # gentle questions, and the steps of an overdose
NOT_ASKED = {"did_you_mean", "nlu_fallback"} | {
    intent for intent in DOMAIN["intents"] if intent.startswith(OWN_TURNS)
}
# Asked for by name in the contract.
TOPICS_BY_GROUP = {
    "heroin": 18, "withdrawal": 11, "detox": 6, "overdose": 8, "treatment": 21, "help": 6,
    "family": 9, "recovery": 7, "safer_use": 7, "substances": 10, "crisis": 8, "refuse": 8,
    "chat": 16,
}  # fmt: skip


def tracked_files() -> list[Path]:
    """The text files of the project, those of other people left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [HOUSE / name for name in listed.stdout.splitlines() if (HOUSE / name).is_file()]


@pytest.mark.parametrize("topic", sorted(NLU))
def test_topic_has_examples_answers_and_a_rule(topic: str) -> None:
    intent = intent_of_topic(topic)
    assert len(NLU[topic]) >= LEAST_EXAMPLES
    assert DETAILS.get(topic, topic) in ANSWERED or topic == "help/place", "no answer"
    assert intent.partition("/")[0] in DOMAIN["intents"], "not in domain.yml"
    assert intent.partition("/")[0] in RULED, "no rule"


@pytest.mark.parametrize(("group", "count"), TOPICS_BY_GROUP.items())
def test_group_is_whole(group: str, count: int) -> None:
    topics = {t for t in NLU if t.startswith(f"{group}/")} - {"help/place", *DETAILS}
    assert len(topics) == count
    assert topics <= ANSWERED


def test_every_intent_of_the_domain_is_used() -> None:
    used = {intent_of_topic(topic).partition("/")[0] for topic in NLU} | NOT_ASKED
    assert set(DOMAIN["intents"]) == used
    assert used == RULED


def test_no_example_stands_twice() -> None:
    everything = [line for some in (NLU, MORE) for lines in some.values() for line in lines]
    counted = Counter(re.sub(r"\W+", " ", line.casefold()) for line in everything)
    assert [text for text, times in counted.items() if times > 1 and text.strip()] == []


def test_what_only_the_encoder_learns_from_has_topics_of_ours() -> None:
    assert MORE.keys() <= NLU.keys()
    assert sum(map(len, MORE.values())) > 1000


def test_no_answer_is_left_without_a_question() -> None:
    assert ANSWERED - NLU.keys() == set()


def test_every_claim_of_the_article_is_answered() -> None:
    claims = {fact for fact in CONTENT.facts if fact.startswith("S")}
    used = {fact for answer in CONTENT.answers.values() for fact in answer.facts}
    # S25 is the list of what the article leaves out; S26 is about words, kept by test_answers.py.
    assert claims - used - {"S25", "S26"} == set()


def test_contradicted_claims_are_answered_with_the_correction() -> None:
    contradicted = {"S13", "S15", "S21"}
    assert {
        f for f, fact in CONTENT.facts.items() if fact.get("verdict") == "contradicted"
    } == contradicted
    for answer in CONTENT.answers.values():
        if contradicted & set(answer.facts):
            for text in (answer.web, answer.sms or ""):
                assert "impossible" not in text.lower()


DANGER = re.compile(
    r"\b(kill (me|my ?self)|kms|suicid\w*|end (it all|my life)|want to die|wanna die|unalive|"
    r"not breathing|isn'?t breathing|won'?t wake|turning blue|overdos(ed|ing) (right )?now|"
    r"cut(ting)? my ?self|he hits me|raped)\b",
    re.IGNORECASE,
)
# What other groups may say of danger because they ask about it as information.
ABOUT_DANGER = {"overdose", "family", "safer_use"}


@pytest.mark.parametrize(
    "topic", sorted(t for t in NLU if t.partition("/")[0] not in ABOUT_DANGER | {"crisis"})
)
def test_no_danger_is_taken_for_anything_else(topic: str) -> None:
    assert [example for example in PLAINLY_SAFE[topic] if DANGER.search(example)] == []


def test_facts_and_lines_name_sources_that_exist() -> None:
    for fact in CONTENT.facts.values():
        assert set(fact["sources"]) <= CONTENT.sources.keys()
    for line in CONTENT.lines.values():
        assert line["source"] in CONTENT.sources
        assert line["checked_on"]


def test_only_read_facts_claim_to_be_read() -> None:
    for name, fact in CONTENT.facts.items():
        read = any(CONTENT.sources[key]["read"] for key in fact["sources"])
        assert fact["evidence"] in {"read", "reported", "unverified"}
        assert read or fact["evidence"] != "read", name


NUMBERS = {
    str(line[part])
    for line in CONTENT.lines.values()
    for part in ("number", "text", "tty", "url", "chat")
    if part in line and len(str(line[part])) > 3
}
SAID = ("data/nlu/", "data/talks/", "tuning/more/")  # what people say
MAY_NAME_LINES = {"data/helplines.yml", "data/sources.yml", "uv.lock", "README.md"}


def test_numbers_and_links_of_lines_are_typed_once() -> None:
    strays = []
    for path in tracked_files():
        name = str(path.relative_to(HOUSE))
        # People type numbers too: examples and tests hold what they say, not what we say.
        if name in MAY_NAME_LINES or "/tests/" in f"/{name}" or name.startswith(SAID):
            continue
        if path.suffix in {".py", ".yml", ".html", ".js", ".css", ".md", ".toml"}:
            text = path.read_text(encoding="utf-8")
            strays += [(name, number) for number in NUMBERS if number in text]
    assert strays == []


DESK = r"(django|frontdesk|conversations|web)"


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("frontdesk", r"(assistant|actions|rasa|rasa_sdk)"),
        ("assistant", DESK),
        ("actions", DESK),
        ("launch", DESK),
    ],
)
def test_the_two_environments_share_no_code(folder: str, forbidden: str) -> None:
    pattern = re.compile(rf"^\s*(import|from)\s+{forbidden}(\.|\s|$)", re.MULTILINE)
    found = [
        str(path.relative_to(HOUSE))
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(HOUSE).parts[0] == folder
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
