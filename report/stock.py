"""Rasa's stock pipeline, trained on the same examples: what it makes of the same messages.

Each topic is an intent of its own, so DIET alone decides. Stock's other way, a response selector
for each group, trains nine more networks for hours, and adds a decision that can be wrong.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import yaml

from assistant.content import topic_answered, topic_of_intent
from assistant.data_files import read_yaml
from assistant.understood import OUT_OF_SCOPE
from bench import contenders
from bench.processes import Command, run, say
from launch.settings import HOUSE
from report.understand import Read

KEPT = HOUSE / "var" / "report" / "stock"
PYTHON = contenders.STOCK / ".venv" / "bin" / "python"
READER = HOUSE / "report" / "stock_reader.py"
TRAINING_AT_MOST = 6 * 3600.0  # seconds
READING_AT_MOST = 3600.0  # seconds


IN_GROUP = "__"  # in a plain intent's name, instead of the "/" that makes a retrieval intent


def prepare(folder: Path, epochs: int | None) -> tuple[Path, Path]:
    """Write the examples with plain intents, and stock's pipeline for them."""
    examples = [
        entry | {"intent": entry["intent"].replace("/", IN_GROUP)}
        for path in sorted((HOUSE / "data" / "nlu").glob("*.yml"))
        for entry in read_yaml(path)["nlu"]
    ]
    config = read_yaml(contenders.STOCK / "config.yml")
    config["pipeline"] = [one for one in config["pipeline"] if one["name"] != "ResponseSelector"]
    for component in config["pipeline"]:
        if epochs and "epochs" in component:
            component["epochs"] = epochs
    data, pipeline = folder / "nlu.yml", folder / "config.yml"
    data.write_text(
        yaml.safe_dump({"version": "3.1", "nlu": examples}, allow_unicode=True, width=1000),
        encoding="utf-8",
    )
    pipeline.write_text(yaml.safe_dump(config), encoding="utf-8")
    return data, pipeline


def fingerprint(epochs: int | None) -> str:
    """Tells one training from another: the examples, the pipeline and the number of epochs."""
    paths = [*sorted((HOUSE / "data" / "nlu").glob("*.yml")), contenders.STOCK / "config.yml"]
    digest = hashlib.sha256(str(epochs).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model(epochs: int | None) -> Path:
    """The trained stock model; trained now, for an hour or more, if the data is new to it."""
    trained = KEPT / f"{fingerprint(epochs)}.tar.gz"
    if trained.exists():
        return trained
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="foothold-report-") as folder:
        temporary = Path(folder)
        contenders.install_stock(temporary)
        data, pipeline = prepare(temporary, epochs)
        say("Training stock Rasa (an hour or more, once for each state of the data) ...")
        command: Command = [
            PYTHON, "-m", "rasa", "train", "nlu", "--nlu", data, "--config", pipeline,
            "--out", temporary, "--fixed-model-name", "stock",
        ]  # fmt: skip
        env = contenders.environment_variables(temporary, 0, "")
        log = temporary / "training.log"
        run("training", command, temporary, env, log, TRAINING_AT_MOST)
        (temporary / "stock.tar.gz").rename(trained)
    return trained


def understand(trained: Path, texts: list[str]) -> list[Read]:
    """Read the texts with stock Rasa, in its own environment; it offers no choices."""
    with tempfile.TemporaryDirectory(prefix="foothold-report-") as folder:
        temporary = Path(folder)
        asked, result = temporary / "texts.json", temporary / "result.json"
        asked.write_text(json.dumps(texts), encoding="utf-8")
        command: Command = [PYTHON, READER, trained, asked, result]
        env = contenders.environment_variables(temporary, 0, "")
        log = temporary / "reading.log"
        run("reading", command, temporary, env, log, READING_AT_MOST)
        reads = []
        for intent, sure, fell_back, ms in json.loads(result.read_text(encoding="utf-8")):
            key = topic_of_intent(intent.replace(IN_GROUP, "/"))
            topic = topic_answered(key)
            if fell_back:
                reads.append(Read(topic, sure, "fallback", OUT_OF_SCOPE, OUT_OF_SCOPE, (), ms))
            else:
                reads.append(Read(topic, sure, "answer", topic, key, (topic,), ms))
        return reads
