"""The fixed texts of the front desk and the lines they name, read once from the data files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NAMES = ("welcome", "unavailable", "too_long", "too_fast", "empty", "reminder")

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.(\w+))?\}")


@dataclass(frozen=True)
class Texts:
    """Everything that the front desk says by itself.

    fixed: the web wording by name (NAMES), with numbers and links filled in.
    helplines: the entries of helplines.yml by key.
    organisation: who runs this copy; a value that is not filled in is None.
    """

    fixed: Mapping[str, str]
    helplines: Mapping[str, Mapping[str, Any]]
    organisation: Mapping[str, str | None]


@cache
def load() -> Texts:
    """Read the files of FOOTHOLD_DATA_FILES; raises ImproperlyConfigured when one is wrong."""
    return read(settings.FOOTHOLD.data_files)


def read(folder: Path) -> Texts:
    """Read the texts in a folder; raises ImproperlyConfigured with what to mend, and where."""
    helplines = _mapping(folder / "helplines.yml")
    for key in ("emergency", "lifeline"):
        if "number" not in (helplines.get(key) or {}):
            raise ImproperlyConfigured(f"{folder / 'helplines.yml'} has no number for {key}.")
    organisation = _mapping(folder / "organisation.yml")
    if not organisation.get("exit_url"):
        raise ImproperlyConfigured(f"{folder / 'organisation.yml'} has no exit_url.")
    path = folder / "responses" / "frontdesk.yml"
    responses = _mapping(path).get("responses") or {}
    return Texts(
        fixed={name: _filled(_web_wording(responses, name, path), helplines) for name in NAMES},
        helplines=helplines,
        organisation=organisation,
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ImproperlyConfigured(f"{path} cannot be read: {problem.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"{path} is not valid YAML.") from None
    if not isinstance(content, dict):
        raise ImproperlyConfigured(f"{path} must hold names with values.")
    return content


def _web_wording(responses: Mapping[str, Any], name: str, path: Path) -> str:
    variants = responses.get(f"utter_frontdesk_{name}") or []
    for variant in variants:
        if "channel" not in variant and str(variant.get("text", "")).strip():
            return str(variant["text"]).strip()
    raise ImproperlyConfigured(f"{path} has no text for utter_frontdesk_{name}.")


def _filled(text: str, helplines: Mapping[str, Mapping[str, Any]]) -> str:
    def value(match: re.Match[str]) -> str:
        key, field = match[1], match[2] or "number"
        try:
            return str(helplines[key][field])
        except KeyError:
            raise ImproperlyConfigured(
                f"frontdesk.yml names {match[0]}, which helplines.yml does not have."
            ) from None

    return _PLACEHOLDER.sub(value, text)
