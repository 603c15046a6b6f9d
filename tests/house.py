"""A real Foothold, started as `make run` does, on free ports with a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launch.settings import HOUSE

READY_WITHIN = 120  # seconds, on a busy machine


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def processes_with(*words: str) -> list[int]:
    """The ids of the processes whose command line has all these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            continue
        if all(word in command for word in words):
            found.append(int(folder.name))
    return found


@dataclass
class House:
    """A running Foothold and ways to talk to it."""

    data: Path
    ports: list[int]
    process: subprocess.Popen[str]
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, data: Path) -> House:
        """Start it and wait until it can answer."""
        ports = free_ports(3)
        log = data / "printed.txt"
        data.mkdir(parents=True, exist_ok=True)
        with log.open("w") as printed:
            process = subprocess.Popen(
                [sys.executable, "-m", "launch"],
                cwd=HOUSE,
                env=environment(data, ports),
                stdout=printed,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        house = cls(data, ports, process, log)
        house.wait_until_ready()
        return house

    @property
    def address(self) -> str:
        """Where the front desk listens."""
        return f"http://127.0.0.1:{self.ports[0]}"

    def is_ready(self) -> bool:
        """Whether the assistant answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                return True
        except (OSError, urllib.error.URLError):
            return False

    def wait_until_ready(self) -> None:
        """Wait; fail with what was printed if it takes too long."""
        deadline = time.monotonic() + READY_WITHIN
        while not self.is_ready():
            alive = self.process.poll() is None
            assert alive and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.3)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """An HTTP call; gives the status and the JSON."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def say(self, text: str, talk: str | None = None, **parts: str) -> list[dict[str, Any]]:
        """Send a message in a talk (by any name), give the replies."""
        name = talk or str(uuid.uuid4())
        body = {"conversation": self.tokens.get(name), "id": str(uuid.uuid4())}
        status, answer = self.call("POST", "/api/chat/messages", body | (parts or {"text": text}))
        assert status == 200, answer
        self.tokens[name] = answer["conversation"]
        return list(answer["messages"])

    def say_by_sms(self, text: str, talk: str) -> list[dict[str, Any]]:
        """Send a message as the front desk sends an SMS to the assistant, give the replies."""
        secret = (self.data / "assistant_secret").read_text(encoding="utf-8")
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[1]}/webhooks/frontdesk/messages",
            json.dumps({"conversation": talk, "channel": "sms", "text": text}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return list(json.loads(answer.read())["replies"])

    def part(self, words: str) -> list[int]:
        """The process ids of one of its parts: `rasa run` or `rasa_sdk`, not their keepers."""
        port = self.ports[1] if words == "rasa run" else self.ports[2]
        keepers = set(processes_with("launch.keep"))
        return [p for p in processes_with(words.split()[0], str(port)) if p not in keepers]

    def stop(self) -> int:
        """Press Ctrl-C and wait; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def environment(data: Path, ports: list[int]) -> dict[str, str]:
    """The settings of a house of its own."""
    names = ("FOOTHOLD_PORT", "FOOTHOLD_ASSISTANT_PORT", "FOOTHOLD_ACTIONS_PORT")
    settings = {name: str(port) for name, port in zip(names, ports, strict=True)}
    return os.environ | settings | {"FOOTHOLD_DATA_DIR": str(data)}
