"""Keeps one process of the Procfile running: starts it again when it dies.

If it cannot stay up, this ends too, and with it the whole system: never a half-dead one.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

STEADY = 60.0  # a process that lived so long, in seconds, had started well
MOST_TRIES = 4  # failures in a row


def keep(command: list[str]) -> int:
    """Run a command until it is told to stop, or fails again and again; gives its exit code."""
    child: subprocess.Popen[bytes] | None = None
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    failures = 0
    while True:
        began = time.monotonic()
        child = subprocess.Popen(command)
        code = child.wait()
        if stopping:
            return 0
        failures = 1 if time.monotonic() - began > STEADY else failures + 1
        if failures >= MOST_TRIES:
            print(
                f"It stopped {failures} times in a row (exit code {code}). Giving up.", flush=True
            )
            return 1
        print(f"It stopped (exit code {code}). Starting it again.", flush=True)
        time.sleep(failures - 1)


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
