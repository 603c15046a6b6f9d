"""Child processes: started with a time bound, watched, always stopped; ports and memory."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

HEARTBEAT = 30.0  # seconds between two signs of life of a long step
PATIENCE = 15.0  # seconds a child gets to end by itself
BEGAN = time.monotonic()


Command = Sequence[str | Path]


class MeasurementError(Exception):
    """Something that keeps the measurement from going on; the text says what."""


def say(text: str) -> None:
    """Print a line of progress with the minutes and seconds since the start."""
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes:3d}:{seconds:02d}] {text}", flush=True)


def last_lines(log: Path, most: int = 1) -> str:
    """The end of a log, without colours; a progress bar counts as its last state."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        text = file.read().decode("utf-8", "replace")
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text))
    return "\n".join([line.strip()[:160] for line in lines if line.strip()][-most:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a child and all that it started."""
    for how, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, PATIENCE)):
        with suppress(ProcessLookupError):  # the whole group has ended
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)


@contextmanager
def child(
    command: Command, folder: Path, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a group of its own, which does not outlive the `with`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        stop(process)


def run(
    what: str,
    command: Command,
    folder: Path,
    env: Mapping[str, str],
    log: Path,
    at_most: float,
) -> float:
    """Run a command to its end and give the seconds it took; `at_most` seconds are allowed."""
    began = time.monotonic()
    with child(command, folder, env, log) as process:
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(HEARTBEAT)
                break
            if time.monotonic() - began > at_most:
                raise MeasurementError(f"{what} took longer than {at_most / 60:.0f} minutes.")
            say(f"  still {what}: {last_lines(log)}")
        took = time.monotonic() - began
    if process.returncode != 0:
        raise MeasurementError(f"{what} failed:\n{last_lines(log, 12)}")
    return took


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nothing uses at the moment."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]


def why_it_stopped(name: str, port: int, log: Path) -> MeasurementError:
    """What to tell when a server ended while it was starting."""
    said = last_lines(log, 12)
    if re.search("address already in use|errno 98", said, re.IGNORECASE):
        return MeasurementError(
            f"Port {port}, free a moment ago, is now used by another program. Run this again."
        )
    return MeasurementError(f"{name} stopped while starting:\n{said}")


def family(pid: int) -> list[int]:
    """A process and everything that descends from it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            # "pid (name) state parent ..."; a name may hold spaces and brackets
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    members = [pid]
    for member in members:  # grows while it is walked
        members += [one for one, parent in parents.items() if parent == member]
    return members


def memory_mb(pid: int) -> float:
    """Resident memory (VmRSS) of a process and its children, in MB (10^6 bytes)."""
    kilobytes = 0
    for member in family(pid):
        with suppress(OSError):
            status = Path(f"/proc/{member}/status").read_text()
            if found := re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE):
                kilobytes += int(found[1])
    return kilobytes * 1024 / 1e6
