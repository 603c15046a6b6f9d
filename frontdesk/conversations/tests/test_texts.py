"""The fixed texts come from the data files, whole, or the front desk does not start."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from conversations import texts

HELPLINES = 'emergency: {number: "911"}\nlifeline: {number: "988", chat: "https://chat.example"}\n'
ORGANISATION = "name: null\nexit_url: https://weather.example\n"
RESPONSES = 'version: "3.1"\nresponses:\n' + "".join(
    f"  utter_frontdesk_{name}:\n"
    f'  - {{channel: sms, text: "short {name}"}}\n'
    f'  - text: "{name}: call {{emergency}} or open {{lifeline.chat}}"\n'
    for name in texts.NAMES
)


def folder(tmp_path: Path, **changed: str | None) -> Path:
    """Write good data files, but for the changed ones; None leaves one out."""
    (tmp_path / "responses").mkdir()
    files = {"helplines": HELPLINES, "organisation": ORGANISATION, "responses/frontdesk": RESPONSES}
    for name, content in {**files, **changed}.items():
        if content is not None:
            (tmp_path / f"{name}.yml").write_text(content, encoding="utf-8")
    return tmp_path


def test_the_web_wording_is_taken_and_its_lines_are_filled_in(tmp_path: Path) -> None:
    loaded = texts.read(folder(tmp_path))
    assert loaded.fixed["empty"] == "empty: call 911 or open https://chat.example"
    assert set(loaded.fixed) == set(texts.NAMES)
    assert loaded.organisation["exit_url"] == "https://weather.example"


def test_the_texts_of_this_repository_point_to_help() -> None:
    fixed = texts.read(settings.FOOTHOLD.data_files).fixed
    helplines = texts.read(settings.FOOTHOLD.data_files).helplines
    for name in texts.NAMES:
        assert str(helplines["emergency"]["number"]) in fixed[name]
        assert "{" not in fixed[name]
    for key in ("emergency", "lifeline", "samhsa"):
        assert str(helplines[key]["number"]) in fixed["unavailable"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"helplines": None}, "helplines.yml cannot be read"),
        ({"helplines": "lifeline: [unclosed"}, "helplines.yml is not valid YAML"),
        ({"helplines": "- a list"}, "helplines.yml must hold names with values"),
        ({"helplines": "emergency: {}"}, "no number for emergency"),
        ({"helplines": 'emergency: {number: "911"}'}, "no number for lifeline"),
        ({"organisation": None}, "organisation.yml cannot be read"),
        ({"organisation": "name: null"}, "organisation.yml has no exit_url"),
        ({"responses/frontdesk": "version: 1"}, "no text for utter_frontdesk_welcome"),
        (
            {"responses/frontdesk": RESPONSES.replace("lifeline.chat", "lifeline.fax")},
            "{lifeline.fax}, which helplines.yml does not have",
        ),
    ],
)
def test_a_broken_data_file_is_named_with_what_to_mend(
    tmp_path: Path, changed: dict[str, str | None], says: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        texts.read(folder(tmp_path, **changed))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
