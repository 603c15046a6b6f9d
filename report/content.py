"""`make content`: one page with every topic and answer, side by side, for a clinician to review."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import textstat
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant import sms
from assistant.content import Answer, Content, topic_of_intent
from assistant.data_files import DATA, read_yaml
from launch.settings import HOUSE

PAGE = HOUSE / "var" / "report" / "content.html"
PLACEHOLDER = re.compile(r"{([^\n{}]+)}")
SHOWN = 3  # examples of how people ask


def grade(text: str) -> float:
    """US school grade of a text (J. P. Kincaid et al., 1975), numbers and links read as words."""
    read_aloud = re.sub(r"https?://\S+?(?=[.,;)]*(\s|$))", "the site", text)
    read_aloud = re.sub(r"\d[\d-]{5,}\d", "911", read_aloud)
    return float(textstat.flesch_kincaid_grade(read_aloud.replace("\n", " ")))


@dataclass(frozen=True)
class Wording:
    """A wording as people get it, and how long and hard it is."""

    text: str
    words: int
    grade: float
    segments: int

    @classmethod
    def of(cls, text: str, values: dict[str, str]) -> Wording:
        """Fill in numbers and links; what is known only while talking stays in braces."""
        filled = PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
        return cls(filled, len(filled.split()), grade(filled), sms.segments(filled))


@dataclass(frozen=True)
class Sheet:
    """All that is to be seen of one answer."""

    answer: Answer
    web: Wording
    sms: Wording | None
    sources: list[dict[str, str]]
    asked: list[str]

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody signed it."""
        return bool(self.answer.review) and self.answer.review != "unreviewed"


def examples() -> dict[str, list[str]]:
    """How people ask, by topic."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for entry in read_yaml(path)["nlu"]:
            lines = [line[2:] for line in entry["examples"].splitlines()]
            found[topic_of_intent(entry["intent"])] += lines
    return found


def sheets(content: Content) -> dict[str, list[Sheet]]:
    """The answers by group, in the order of the files."""
    asked = examples()
    found: dict[str, list[Sheet]] = defaultdict(list)
    for answer in content.answers.values():
        found[answer.topic.partition("/")[0]].append(
            Sheet(
                answer,
                Wording.of(answer.web, content.placeholders),
                Wording.of(answer.sms, content.placeholders) if answer.sms else None,
                content.sources_of(answer, most=20),
                asked.get(answer.key, []),
            )
        )
    return dict(found)


def page(content: Content) -> str:
    """The whole page as HTML that needs no network."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    groups = sheets(content)
    every = [sheet for group in groups.values() for sheet in group]
    return environment.get_template("content.html.jinja").render(
        groups=groups,
        count=len(every),
        unreviewed=sum(not sheet.is_reviewed for sheet in every),
        facts=content.facts,
        lines=content.lines,
        titles={sheet.answer.key: sheet.answer.title for sheet in every},
        shown=SHOWN,
        today=date.today(),
    )


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(Content()), encoding="utf-8")
    print(f"Written to {PAGE.relative_to(HOUSE)}")


if __name__ == "__main__":
    main()
