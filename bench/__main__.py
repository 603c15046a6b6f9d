"""`make bench`: trains, starts and asks both assistants, and says what was found.

Takes about half an hour. Ends with 1 if a target is missed, 2 if it could not measure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path

from bench import contenders, plot, report
from bench.contenders import Contender
from bench.examples import SEED, endless, messages_to_send, read_nlu
from bench.measure import QUICK, Measured, Plan, measure
from bench.processes import Command, MeasurementError, free_ports, run, say
from bench.targets import rows
from launch.settings import HOUSE

RESULTS = HOUSE / "bench" / "results"
PROFILE_AT_MOST = 600.0  # seconds


def profile(
    contender: Contender, model: Path, messages: list[str], temporary: Path
) -> dict[str, float]:
    """Mean ms a message of each part of our assistant (see bench/message_time.py)."""
    sent, result = temporary / "sent.json", temporary / "times.json"
    sent.write_text(json.dumps(messages), encoding="utf-8")
    command: Command = [contender.python, "-m", "bench.message_time", model, sent, result]
    log = temporary / "profile.log"
    run("profiling", command, contender.folder, contender.env, log, PROFILE_AT_MOST)
    means: dict[str, float] = json.loads(result.read_text(encoding="utf-8"))
    return means


def python_version(contender: Contender) -> str:
    """The Python of an environment."""
    said = subprocess.run(
        [contender.python, "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    return said.stdout.strip()


def about(sides: list[Contender], busy: float, command: str) -> str:
    """When, where and how the figures were made."""
    pythons = ", ".join(f"{side.name}: {python_version(side)}" for side in sides)
    return (
        f"{datetime.now():%Y-%m-%d %H:%M}, `{command}`. {report.machine()} "
        f"{platform.release()}; {pythons}. Load average when it began: {busy:.2f}."
    )


def compare(plan: Plan, quick: bool, temporary: Path) -> bool:
    """Measure both and write the report; gives whether all targets are met."""
    results = RESULTS / "quick" if quick else RESULTS
    results.mkdir(parents=True, exist_ok=True)
    busy = os.getloadavg()[0]
    if busy > 0.5 * (os.cpu_count() or 1):
        say(f"Other programs are busy here (load {busy:.1f}): the figures will suffer.")
    contenders.install_stock(temporary)
    for name in ("ours", "stock"):
        (temporary / name).mkdir()
    [actions_port] = free_ports(1)
    us = contenders.ours(temporary / "ours", actions_port, plan.topics)
    them = contenders.stock(temporary / "stock", plan.topics, plan.epochs)
    messages = messages_to_send(read_nlu(us.files["data"]))
    say(f"The data is copied; {len(messages)} different messages to ask.")

    ours, model = measure(us, messages, plan, temporary / "ours")
    say("Looking where the time of a message goes ...")
    sample = list(islice(endless(messages, SEED), plan.profiled))
    means = profile(us, model, sample, temporary / "ours")
    stock, _ = measure(them, messages, plan, temporary / "stock")

    sides: list[Measured] = [ours, stock]
    kept = {"measured": [asdict(side) for side in sides], "parts_ms": means}
    (results / "report.json").write_text(json.dumps(kept), encoding="utf-8")
    compared = rows(ours, stock)
    plot.draw(ours, stock, compared, results / "report.png")
    command = "make bench" if not quick else "python -m bench --quick"
    text = report.compose(
        about([us, them], busy, command),
        plan,
        quick,
        len(messages),
        sides,
        compared,
        report.parts(means, 1000 / ours.per_second[1]),
    )
    (results / "report.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten to {(results / 'report.md').relative_to(HOUSE)}", flush=True)
    return all(row.met is not False for row in compared)


def main() -> int:
    """Run it; children and temporary files never stay behind."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="three topics a group, two epochs: a trial of the benchmark itself, some minutes; "
        "targets are shown but do not count, and the report goes to bench/results/quick/",
    )
    quick: bool = parser.parse_args().quick
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    try:
        with tempfile.TemporaryDirectory(prefix="foothold-bench-") as temporary:
            met = compare(QUICK if quick else Plan(), quick, Path(temporary))
    except MeasurementError as error:
        print(f"Cannot measure: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0 if met or quick else 1


if __name__ == "__main__":
    sys.exit(main())
