"""Trains the assistant when the data is newer than the model."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import yaml

from assistant.data_files import read_yaml
from launch.settings import HOUSE, CannotStart

MODEL = HOUSE / "models" / "foothold.tar.gz"
MADE_FROM = (
    "data/**/*.yml",
    "config.yml",
    "domain.yml",
    "assistant/**/*.py",
    "assistant/**/*.safetensors",
)
# Read when the assistant starts; nothing is learned from them.
NOT_LEARNED = ("facts.yml", "sources.yml", "helplines.yml", "organisation.yml")
COMPONENT = re.compile(r"Starting to train component '([^']+)'")


def sources() -> list[Path]:
    """The files that a model is made from."""
    return [path for pattern in MADE_FROM for path in HOUSE.glob(pattern)]


def check_yaml() -> None:
    """Find a data file that cannot be read before Rasa stumbles over it.

    Raises:
        CannotStart: naming the file, the line and what is wrong there.
    """
    for path in sources():
        if path.suffix != ".yml":
            continue
        try:
            read_yaml(path)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            what = getattr(error, "problem", None) or "it is not valid text"
            raise CannotStart(
                f"{path.relative_to(HOUSE)}{where} is not valid YAML: {what}. Put it right, then "
                "start again."
            ) from error


def is_out_of_date() -> bool:
    """Whether a file it learns from was changed after the model was made, or there is none."""
    if not MODEL.exists():
        return True
    made = MODEL.stat().st_mtime
    learned = (path for path in sources() if path.name not in NOT_LEARNED)
    return any(path.stat().st_mtime > made for path in learned)


def train(settings: dict[str, str]) -> None:
    """Train with Rasa's own command, telling how far it is."""
    print("Training the assistant (ten minutes or so) ...", flush=True)
    began = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "--skip-validation",  # the tests check more, and it costs seconds
        "--force",  # its cache does not see that our code has changed
        "--fixed-model-name",
        MODEL.name.split(".")[0],
    ]
    said: list[str] = []
    with subprocess.Popen(
        command,
        cwd=HOUSE,
        env=settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as rasa:
        assert rasa.stdout is not None
        for line in rasa.stdout:
            said.append(line.rstrip())
            if found := COMPONENT.search(line):
                print(f"  {time.monotonic() - began:3.0f} s  {found[1]}", flush=True)
    if rasa.returncode != 0:
        last = next((line for line in reversed(said) if line.strip()), "no reason given")
        plain = re.sub(r"\x1b\[[0-9;]*m", "", last)
        raise CannotStart(f"Training failed: {plain}")
    MODEL.touch()  # Rasa keeps the old file if nothing that matters to it has changed
    print(f"  {time.monotonic() - began:3.0f} s  trained", flush=True)
