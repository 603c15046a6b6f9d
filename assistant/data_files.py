"""Reads the files of `data/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"
# The C parser is ten times as fast; some builds of PyYAML have none.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a YAML file says; None if it is empty.

    Raises:
        yaml.YAMLError: it is not valid YAML.
        UnicodeDecodeError: it is not text in UTF-8.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
