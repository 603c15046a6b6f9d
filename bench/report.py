"""The report of a run: what was measured, on which machine, and how."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from bench.load import TURNS_A_CONVERSATION
from bench.measure import LAST, TURNS, Measured, Plan
from bench.targets import Row, table

ALL = "all"  # the whole of a message, in the times of its parts
MOST_SILENT = 0.01  # share of messages without a reply
QUICK_NOTE = "**A quick run on little data, with little training: its figures say nothing.**\n"


def machine() -> str:
    """The machine in a line: processor, cores, memory, system."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}"


def parts(means: dict[str, float], over_http_ms: float) -> str:
    """A Markdown table of the parts, with what is left for Rasa itself and for HTTP."""
    watched = {part: mean for part, mean in sorted(means.items()) if part != ALL}
    order = sorted(watched, key=lambda part: (not part.startswith("understanding"), part))
    shown = {part: watched[part] for part in order}
    shown["Rasa itself: graph, tracker, domain"] = means[ALL] - sum(watched.values())
    shown["HTTP, connector and the asking client"] = over_http_ms - means[ALL]
    lines = ["| part | ms a message | share |", "| --- | ---: | ---: |"]
    lines += [
        f"| {part} | {mean:.2f} | {mean / over_http_ms:.0%} |" for part, mean in shown.items()
    ]
    return "\n".join([*lines, f"| all | {over_http_ms:.2f} | 100% |"])


def warning(sides: Sequence[Measured]) -> str:
    """What is said first if an assistant left so many messages without a reply that it shows."""
    silent = [side.name for side in sides if side.empty > MOST_SILENT * side.asked]
    if not silent:
        return ""
    return (
        f"**{' and '.join(silent)} left more than {MOST_SILENT:.0%} of the messages without a "
        "reply: the figures do not count before that is put right.**\n"
    )


def unanswered(measured: Measured) -> str:
    """How many messages were left without a reply."""
    return f"{measured.name} left {measured.empty} of {measured.asked:,} messages without a reply."


def how(plan: Plan, messages: int, sides: Sequence[Measured]) -> str:
    """What a reader has to know to judge the figures."""
    notes = [
        "Both were trained on the same copy of `data/` and `domain.yml` and measured one after the "
        "other by one command. Stock Rasa is Rasa's default pipeline, policies and epochs with "
        "TensorFlow, its REST channel and its in-memory tracker store; the numbers and links in "
        "its answers are filled in beforehand. Where `data/` has rules and no stories, Rasa skips "
        "the training of its TED and UnexpecTED policies, which makes stock Rasa lighter than "
        "with stories. Foothold has its own `config.yml`, `endpoints.yml` and connector.",
        f"Messages: drawn with a fixed seed from {messages:,} examples of `data/nlu`, so the "
        "figures tell of speed, not of understanding. Those of `crisis_*` and `help_*` are left "
        "out, so no action server is needed, and none runs. " + " ".join(map(unanswered, sides)),
        f"Messages a second: clients on the same machine (they share its cores), each asking its "
        f"next message when the last is answered, in new conversations of {TURNS_A_CONVERSATION} "
        f"turns, for {plan.load_seconds:.0f} s.",
        f"Turn 1: {plan.conversations * plan.fresh} new conversations; turn {TURNS}: turns "
        f"{TURNS - LAST + 1} to {TURNS} of {plan.conversations} conversations; one client, the two "
        "kinds taking turns. The target compares the medians (p50).",
        f"Start: median of {plan.starts}. Memory: resident, of the process and its children, after "
        f"{plan.warm_up * TURNS_A_CONVERSATION} messages and at the end. Install size: "
        "site-packages; ours holds the tools for tests and style too. MB are 10^6 bytes. Training "
        "starts with an empty cache.",
        "`better by`: how many times smaller, faster or more.",
    ]
    return "\n".join(f"- {note}" for note in notes)


def compose(
    about: str,
    plan: Plan,
    quick: bool,
    messages: int,
    sides: Sequence[Measured],
    compared: Sequence[Row],
    parts: str,
) -> str:
    """The whole report as Markdown; `about` says when, where and by which command."""
    return "\n".join(
        [
            "# Foothold beside Rasa's stock pipeline\n",
            QUICK_NOTE if quick else "",
            warning(sides),
            f"{about}\n",
            f"{table(compared)}\n",
            "![How many times better, and the time of each turn](report.png)\n",
            "## Where the time of a message goes (Foothold)\n",
            f"{parts}\n",
            f"Mean of {plan.profiled} messages inside the process; HTTP is the difference to the "
            "time that one client saw.\n",
            "## How it was measured\n",
            how(plan, messages, sides),
            "",
        ]
    )
