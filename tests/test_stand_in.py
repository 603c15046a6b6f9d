"""Rasa's own commands, unmodified, on the stand-in for TensorFlow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BOT = Path(__file__).parent / "stand_in_bot"
RASA = Path(sys.executable).parent / "rasa"


def rasa(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does."""
    return subprocess.run(
        [RASA, *words],
        cwd=folder,
        env=os.environ | {"RASA_TELEMETRY_ENABLED": "false", "COLUMNS": "400"},
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small bot, trained."""
    folder = tmp_path_factory.mktemp("bot") / "bot"
    shutil.copytree(BOT, folder)
    trained = rasa(folder, "train", "--fixed-model-name", "bot")
    assert trained.returncode == 0, trained.stdout + trained.stderr
    assert (folder / "models" / "bot.tar.gz").exists()
    return folder


def test_data_validate(bot: Path) -> None:
    assert rasa(bot, "data", "validate", "--fail-on-warnings").returncode == 0


def test_test(bot: Path) -> None:
    tested = rasa(bot, "test", "--stories", "test_stories.yml", "--fail-on-prediction-errors")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert (bot / "results" / "intent_report.json").exists()


def test_shell(bot: Path) -> None:
    talked = rasa(bot, "shell", "--model", "models/bot.tar.gz", typed="hello\n/stop\n")
    assert "Hello from the stand-in." in talked.stdout


def test_a_tensorflow_component_says_what_to_do(bot: Path) -> None:
    failed = rasa(bot, "train", "--config", "tensorflow_config.yml")
    said = failed.stdout + failed.stderr
    assert "Traceback" not in said
    assert failed.returncode != 0
    assert "needs TensorFlow" in said
    assert "vendor/tensorflow/README.md" in said
