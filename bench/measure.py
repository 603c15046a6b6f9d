"""All that is measured of one assistant: trained, started, asked, stopped."""

from __future__ import annotations

import http.client
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median

from bench.contenders import Contender, install_size_mb
from bench.load import Answered, Client, Load
from bench.processes import (
    Command,
    MeasurementError,
    child,
    free_ports,
    memory_mb,
    run,
    say,
    why_it_stopped,
)

IMPORT_AT_MOST = 300.0  # seconds
TRAIN_AT_MOST = 2 * 3600.0
START_AT_MOST = 600.0
LONG_AT_MOST = 1800.0
CLIENTS = (1, 16)
TURNS = 150
LAST = 10  # the last turns of a long conversation, which stand for turn 150
FIRST_MESSAGE = "hi"


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    topics: int | None = None  # of each group; None for all
    epochs: int | None = None  # of stock Rasa's training; None for its own numbers
    starts: int = 3
    load_seconds: float = 30.0
    warm_up: int = 25  # conversations of four turns
    conversations: int = 10  # of 150 turns
    fresh: int = 30  # new conversations before each long one
    profiled: int = 300  # messages


QUICK = Plan(3, 2, 1, 4.0, 5, 1, 30, 40)


@dataclass
class Measured:
    """The figures of one assistant. MB are 10^6 bytes."""

    name: str
    install_mb: float
    training_s: float
    model_mb: float
    start_s: float  # process start to first answer
    memory_mb: float  # after the warm-up
    memory_after_mb: float  # after everything
    per_second: dict[int, float]  # messages, by number of clients
    first_ms: list[float]  # first turns
    long_ms: list[list[float]]  # conversations of 150 turns, each turn
    asked: int
    empty: int  # messages that got an answer without a reply in it

    @property
    def last_ms(self) -> list[float]:
        """The latencies that stand for turn 150."""
        return [took for conversation in self.long_ms for took in conversation[-LAST:]]


def train(contender: Contender, temporary: Path) -> tuple[Path, float]:
    """Train from nothing; gives the model and the seconds it took.

    Rasa is imported once before, so that neither side pays for compiling its Python files.
    """
    log = temporary / "train.log"
    look: Command = [contender.python, "-c", "import rasa.core.agent, rasa.model_training"]
    run("importing", look, contender.folder, contender.env, log, IMPORT_AT_MOST)
    say(f"Training {contender.name} ...")
    files = contender.files
    command = contender.command(
        "train", "--force", "--config", files["config"], "--domain", files["domain"],
        "--data", files["data"], "--out", temporary / "models", "--fixed-model-name", "model",
    )  # fmt: skip
    took = run("training", command, contender.folder, contender.env, log, TRAIN_AT_MOST)
    return temporary / "models" / "model.tar.gz", took


def wait_for_an_answer(
    contender: Contender, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    """Ask until the first answer comes."""
    until = time.monotonic() + START_AT_MOST
    while time.monotonic() < until:
        if process.poll() is not None:
            raise why_it_stopped(contender.name, port, log)
        client = Client(contender, port)
        try:
            client.ask(str(uuid.uuid4()), FIRST_MESSAGE)
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            client.close()
    raise MeasurementError(f"{contender.name} did not answer in {START_AT_MOST / 60:.0f} minutes.")


@contextmanager
def server(
    contender: Contender, model: Path, temporary: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """The running assistant, its port, and the seconds from its start to its first answer."""
    [port] = free_ports(1)
    log = temporary / "server.log"
    command = contender.command(
        "run", "--interface", "127.0.0.1", "--port", str(port), "--model", model,
        "--credentials", contender.files["credentials"],
        "--endpoints", contender.files["endpoints"],
    )  # fmt: skip
    began = time.monotonic()
    with child(command, contender.folder, contender.env, log) as process:
        wait_for_an_answer(contender, process, port, log)
        yield process, port, time.monotonic() - began


def latencies(answered: list[Answered]) -> list[float]:
    """How long each answer took, in ms."""
    return [one.took_ms for one in answered]


def measure(
    contender: Contender, messages: list[str], plan: Plan, temporary: Path
) -> tuple[Measured, Path]:
    """Train, start, ask; gives the figures and the model."""
    model, training = train(contender, temporary)
    say(f"  trained in {training:.0f} s")
    starts: list[float] = []
    for _ in range(plan.starts - 1):
        with server(contender, model, temporary) as (_, _, start):
            starts.append(start)
            say(f"Started {contender.name}: first answer after {start:.1f} s")
    with server(contender, model, temporary) as (process, port, start):
        starts.append(start)
        say(f"Started {contender.name}: first answer after {start:.1f} s; asking it ...")
        load = Load(contender, port, messages)
        answered = load.warm_up(plan.warm_up)
        memory = memory_mb(process.pid)
        say(f"  {memory:.0f} MB after {len(answered)} messages")
        per_second: dict[int, float] = {}
        for count in CLIENTS:
            got = load.clients(count, plan.load_seconds)
            answered += got
            per_second[count] = len(got) / plan.load_seconds
            say(f"  {count} client{'s' * (count > 1)}: {per_second[count]:.1f} messages a second")
        first, long = load.fresh_and_long(plan.conversations, plan.fresh, TURNS, LONG_AT_MOST)
        answered += chain(first, *long)
        memory_after = memory_mb(process.pid)
    measured = Measured(
        name=contender.name,
        install_mb=install_size_mb(contender.environment),
        training_s=training,
        model_mb=model.stat().st_size / 1e6,
        start_s=median(starts),
        memory_mb=memory,
        memory_after_mb=memory_after,
        per_second=per_second,
        first_ms=latencies(first),
        long_ms=[latencies(conversation) for conversation in long],
        asked=len(answered),
        empty=sum(one.empty for one in answered),
    )
    return measured, model
