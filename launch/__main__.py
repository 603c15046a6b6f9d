"""`make run`: trains if needed, starts every process, says when people can be answered."""

from __future__ import annotations

import sys
import threading
import time
import urllib.error
import urllib.request

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer

from launch import training
from launch.settings import HOUSE, CannotStart, check_ports, prepare_data_folder, read_settings


class Printed(Printer):
    """Shows what the processes say, without the runner's chatter and notices for Rasa's authors."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self._in_notice: set[str] = set()

    def write(self, message: Message) -> None:
        """Print a line, unless it is nobody's business."""
        line = message.data if isinstance(message.data, str) else message.data.decode()
        went_on = message.name in self._in_notice and line.startswith("  ")
        if "DeprecationWarning" in line or went_on:
            self._in_notice.add(message.name)
            return
        self._in_notice.discard(message.name)
        if message.name != "system":
            super().write(message)


def say_when_ready(address: str) -> None:
    """Wait until the assistant answers, telling how long it takes, then print the addresses."""
    began = time.monotonic()
    told = 0.0
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=3):
                break
        except (OSError, urllib.error.URLError):
            waited = time.monotonic() - began
            if waited - told > 3:
                told = waited
                print(f"  {waited:3.0f} s  the assistant is loading ...", flush=True)
            time.sleep(0.2)
    print(
        f"\nFoothold is ready ({time.monotonic() - began:.0f} s).\n"
        f"  Talk to it:     {address}/chat\n"
        f"  Clinic page:    {address}/\n"
        "  Its answers are not yet clinically reviewed.\n"
        "  Ctrl-C stops everything.\n",
        flush=True,
    )


def main() -> int:
    """Start, and stop everything when one part cannot be kept up or Ctrl-C is pressed."""
    settings = read_settings()
    only_train = sys.argv[1:] == ["--train-only"]
    try:
        prepare_data_folder(settings)
        if not only_train:  # else it may go on running meanwhile
            check_ports(settings)
        training.check_yaml()
        if training.is_out_of_date():
            training.train(settings)
        if only_train:
            return 0
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    print("Starting the assistant, the action server and the front desk ...", flush=True)
    manager = Manager(Printed())
    procfile = parse_procfile((HOUSE / "Procfile").read_text(encoding="utf-8"))
    for name, command in procfile.processes.items():
        manager.add_process(name, command, env=settings, cwd=str(HOUSE))
    address = f"http://{settings['FOOTHOLD_HOST']}:{settings['FOOTHOLD_PORT']}"
    threading.Thread(target=say_when_ready, args=[address], daemon=True).start()
    manager.loop()
    stopped_by_hand = manager.returncode in (130, 143)
    print(
        "Foothold has stopped."
        if stopped_by_hand
        else "A part could not be kept running (see above), so Foothold has stopped. Messages that "
        "were received are kept. Put it right, then start again.",
        flush=True,
    )
    return 0 if stopped_by_hand else 1


if __name__ == "__main__":
    sys.exit(main())
