"""The reviewed answers and the data they name: topics, lines, facts, sources.

Everything here is read from ``data/``; nothing is written. Rasa is not imported, so that
checks and reports can use it too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from assistant.data_files import DATA, read_yaml

# Groups whose intents are written one by one (`crisis_suicide`) because a rule of its own
# answers each; every other group is one retrieval intent (`heroin/brain`).
PLAIN_GROUPS = ("crisis", "help", "chat", "step", "ask")

SOURCED_KINDS = ("answer", "crisis", "refusal")
KIND_OF_GROUP = {"crisis": "crisis", "refuse": "refusal", "chat": "smalltalk"}


def topic_of_intent(intent: str) -> str:
    """The topic id of an intent as Rasa's data names it: `crisis_suicide` -> `crisis/suicide`."""
    group, _, name = intent.partition("_")
    return f"{group}/{name}" if group in PLAIN_GROUPS and name else intent


def intent_of_topic(topic: str) -> str:
    """The intent that Rasa's data uses for a topic id: `crisis/suicide` -> `crisis_suicide`."""
    group, _, name = topic.partition("/")
    return f"{group}_{name}" if group in PLAIN_GROUPS else topic


def topic_of_response(name: str) -> str:
    """The topic a response answers, by its name: `utter_heroin/brain` -> `heroin/brain`."""
    return topic_of_intent(name.removeprefix("utter_"))


def language_of_response(name: str) -> str:
    """The language of a response, by its name: `es` of `utter_crisis_suicide_es`, else `en`."""
    return "es" if name.endswith("_es") else "en"


@dataclass(frozen=True)
class Choice:
    """What a reply offers next: an answer by its key, named by its title or by a label of its own.

    `said` are phrases that choose it when typed (see `assistant/danger/phrases.py`).
    """

    key: str
    label: str | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One reviewed answer: its wordings and what is known about them.

    `said` are phrases that choose it when typed right after an answer named in `after`: by its key,
    or, for all answers of a topic, by the topic. `title_es` is its title where a Spanish reply
    leads on to an answer that is in English only.
    """

    name: str
    topic: str
    kind: str
    title: str
    web: str
    sms: str | None
    facts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    said: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    review: Any = "unreviewed"
    title_es: str | None = None
    language: str = "en"

    @property
    def key(self) -> str:
        """What chooses it: its topic, or, for one of several of a topic, a name of its own."""
        return topic_of_response(self.name)

    @property
    def related(self) -> tuple[str, ...]:
        """The keys of its choices."""
        return tuple(choice.key for choice in self.choices)

    @property
    def group(self) -> str:
        """The group of the topic: `heroin` of `heroin/brain`."""
        return self.topic.partition("/")[0]


def read_said(entry: dict[str, Any]) -> tuple[str, ...]:
    """The phrases of a choice or an answer, as they are written: parted by commas."""
    return tuple(phrase.strip() for phrase in entry.get("said", "").split(",") if phrase.strip())


def read_choice(entry: str | dict[str, Any]) -> Choice:
    """A choice as it is written: a key, or a key with a label and what people type."""
    if isinstance(entry, str):
        return Choice(entry)
    return Choice(entry["topic"], entry.get("label"), read_said(entry))


def read_answer(name: str, variations: list[dict[str, Any]]) -> Answer:
    """Make an `Answer` of one Rasa response; its metadata stands at the web wording."""
    web = next(v for v in variations if not v.get("channel"))
    sms = next((v for v in variations if v.get("channel") == "sms"), None)
    meta = web.get("metadata") or {}
    topic = meta.get("topic") or topic_of_response(name)
    return Answer(
        name=name,
        topic=topic,
        kind=meta.get("kind") or KIND_OF_GROUP.get(topic.partition("/")[0], "answer"),
        title=meta.get("title", ""),
        web=web["text"],
        sms=sms["text"] if sms else None,
        facts=tuple(meta.get("facts", ())),
        choices=tuple(read_choice(entry) for entry in meta.get("related", ())),
        said=read_said(meta),
        after=tuple(meta.get("after", ())),
        review=meta.get("review"),
        title_es=meta.get("title_es"),
        language=meta.get("language", "en"),
    )


@dataclass(frozen=True)
class Content:
    """All of `data/` that answers are made of."""

    folder: Path = field(default=DATA)

    def _read(self, name: str) -> dict[str, Any]:
        return read_yaml(self.folder / name) or {}

    @cached_property
    def lines(self) -> dict[str, dict[str, Any]]:
        """Phone lines and links by key."""
        return self._read("helplines.yml")

    @cached_property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Cited sources by key."""
        return self._read("sources.yml")

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Checked facts by row id."""
        return self._read("facts.yml")

    @cached_property
    def organisation(self) -> dict[str, Any]:
        """Who runs this copy."""
        return self._read("organisation.yml")

    @cached_property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        """Every response of `data/responses/` by its name, as Rasa's data writes it."""
        return {
            name: variations
            for path in sorted((self.folder / "responses").glob("*.yml"))
            for name, variations in self._read(f"responses/{path.name}")["responses"].items()
        }

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The same with what is known about each."""
        return {name: read_answer(name, some) for name, some in self.responses.items()}

    @cached_property
    def placeholders(self) -> dict[str, str]:
        """What `{samhsa}`, `{samhsa.url}`, `{organisation.name}`... stand for in a text."""
        values: dict[str, str] = {}
        for key, line in self.lines.items():
            if "number" in line or "url" in line:
                values[key] = str(line.get("number") or line["url"])
            values |= {f"{key}.{part}": str(value) for part, value in line.items()}
        values |= {
            f"organisation.{part}": str(value)
            for part, value in self.organisation.items()
            if value is not None
        }
        return values

    def sources_of(self, answer: Answer, most: int = 3) -> list[dict[str, str]]:
        """What an answer cites, as people see it: its facts' sources that we have read; where it
        rests on lines rather than facts, the lines' own pages."""
        if answer.kind not in SOURCED_KINDS:
            return []
        keys = [key for fact in answer.facts for key in self.facts[fact]["sources"]]
        read = any(self.sources[key]["read"] for key in keys)
        if not read or answer.kind == "crisis" or answer.group == "help":
            keys += [line["source"] for key, line in self.lines.items() if "{" + key in answer.web]
        cited = [self.sources[key] for key in dict.fromkeys(keys) if self.sources[key]["read"]]
        return [
            {part: source[part] for part in ("title", "publisher", "url")}
            for source in cited[:most]
        ]


@cache
def topic_answered(key: str) -> str:
    """The topic that an answer's key belongs to: one of several of a topic has a key of its own."""
    answer = content().answers.get(f"utter_{intent_of_topic(key)}")
    return answer.topic if answer else key


@cache
def content() -> Content:
    """What this house answers, read once and in full: no message should wait for a file."""
    whole = Content()
    _ = whole.placeholders
    for answer in whole.answers.values():
        whole.sources_of(answer)
    return whole
