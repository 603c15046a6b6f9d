"""The two assistants that are compared, and how each is installed, started and asked."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.content import Content
from assistant.data_files import read_yaml
from bench.examples import copy_data
from bench.processes import Command, MeasurementError, run, say
from launch.settings import HOUSE

STOCK = HOUSE / "bench" / "stock"
INSTALL_AT_MOST = 1800.0  # seconds

OURS_FILES = {part: HOUSE / f"{part}.yml" for part in ("config", "credentials", "endpoints")}


@dataclass(frozen=True)
class Contender:
    """One assistant: its environment, its files, and its HTTP channel."""

    name: str
    environment: Path  # the virtual environment
    folder: Path  # where its commands run
    files: dict[str, Path]  # config, credentials, endpoints, domain, data
    env: dict[str, str]
    path: str  # of the HTTP channel
    headers: dict[str, str]
    body: Callable[[str, str], dict[str, Any]] = field(repr=False)  # of (conversation, text)
    replies: Callable[[Any], list[Any]] = field(repr=False)  # in what the channel answers

    @property
    def python(self) -> Path:
        """The Python of its environment."""
        return self.environment / "bin" / "python"

    def command(self, *words: str | Path) -> list[str]:
        """A Rasa command of its environment."""
        return [str(self.python), "-m", "rasa", *map(str, words)]


def environment_variables(temporary: Path, actions_port: int, secret: str) -> dict[str, str]:
    """What every child sees: no telemetry, no chatter, a cache that is empty at first."""
    return os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "RASA_CACHE_DIRECTORY": str(temporary / "cache"),
        "FOOTHOLD_ACTIONS_PORT": str(actions_port),
        "FOOTHOLD_ASSISTANT_SECRET": secret,
    }


def ours(temporary: Path, actions_port: int, topics: int | None) -> Contender:
    """Foothold's assistant, asked as the front desk asks it."""
    secret = secrets.token_urlsafe(32)
    copy_data(HOUSE / "data", temporary / "data", most=topics)
    return Contender(
        name="Foothold",
        environment=HOUSE / ".venv",
        folder=HOUSE,
        files=OURS_FILES | {"domain": HOUSE / "domain.yml", "data": temporary / "data"},
        env=environment_variables(temporary, actions_port, secret),
        path="/webhooks/frontdesk/messages",
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        body=lambda conversation, text: {
            "conversation": conversation,
            "channel": "web",
            "text": text,
        },
        replies=lambda answer: list(answer["replies"]),
    )


def stock(temporary: Path, topics: int | None, epochs: int | None) -> Contender:
    """Rasa's stock pipeline on the same data; `epochs` shortens its training for a quick run."""
    copy_data(HOUSE / "data", temporary / "data", words=Content().placeholders, most=topics)
    config = read_yaml(STOCK / "config.yml")
    for component in config["pipeline"] + config["policies"]:
        if epochs and "epochs" in component:
            component["epochs"] = epochs
    (temporary / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return Contender(
        name="stock Rasa",
        environment=STOCK / ".venv",
        folder=temporary,
        files={
            "config": temporary / "config.yml",
            "credentials": STOCK / "credentials.yml",
            "endpoints": STOCK / "endpoints.yml",
            "domain": HOUSE / "domain.yml",
            "data": temporary / "data",
        },
        env=environment_variables(temporary, 0, ""),
        path="/webhooks/rest/webhook",
        headers={"Content-Type": "application/json"},
        body=lambda conversation, text: {"sender": conversation, "message": text},
        replies=lambda answer: list(answer),
    )


def python310() -> str:
    """A Python 3.10 for the stock environment, found as launch/setup.sh finds it."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = pyenv.glob("versions/3.10.*/bin/python3.10")
    newest = max(found, key=lambda path: int(path.parts[-3].rpartition(".")[2]), default=None)
    return str(newest or "3.10")


def install_stock(temporary: Path) -> None:
    """Make the stock environment as locked; does nothing that is already done."""
    uv = Path(os.environ.get("UV", HOUSE / ".tools" / "uv" / "bin" / "uv"))
    if not uv.exists():
        raise MeasurementError(f"{uv} is missing. Run `make setup` first.")
    say("Installing stock Rasa with TensorFlow, about 2.5 GB (once) ...")
    command: Command = [
        uv,
        "sync",
        "--quiet",
        "--locked",
        "--project",
        STOCK,
        "--python",
        python310(),
    ]
    run("installing", command, HOUSE, os.environ, temporary / "install.log", INSTALL_AT_MOST)


def install_size_mb(environment: Path) -> float:
    """Size of an environment's site-packages in MB (10^6 bytes), each file by its length."""
    packages = next((environment / "lib").glob("python*/site-packages"))
    return sum(path.lstat().st_size for path in packages.rglob("*") if not path.is_dir()) / 1e6
