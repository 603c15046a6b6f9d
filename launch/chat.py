"""`make chat`: a conversation in the terminal, with what was understood beside each reply."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

from launch.settings import HOUSE, CannotStart, check_ports, prepare_data_folder, read_settings
from launch.training import MODEL


def ask(settings: dict[str, str], path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the assistant as the front desk does."""
    request = urllib.request.Request(
        f"{settings['FOOTHOLD_ASSISTANT_URL']}/webhooks/frontdesk/{path}",
        data=json.dumps(body).encode() if body else None,
        headers={
            "Authorization": f"Bearer {settings['FOOTHOLD_ASSISTANT_SECRET']}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_until_ready(settings: dict[str, str], process: subprocess.Popen[bytes]) -> None:
    """Wait for the assistant to load its model."""
    print("Loading the assistant ...", flush=True)
    while process.poll() is None:
        try:
            ask(settings, "ready")
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise CannotStart("The assistant stopped while loading. Try `make run` to see why.")


def talk(settings: dict[str, str]) -> None:
    """Read lines and print replies until the person leaves."""
    print("Type a message; Ctrl-D leaves. Not yet clinically reviewed.\n")
    conversation = str(uuid.uuid4())
    for line in iter(lambda: input("you> "), None):
        if not line.strip():
            continue
        about = {"conversation": conversation, "channel": "web", "text": line[:1000]}
        answer = ask(settings, "messages", about)
        seen = answer["understood"]
        sure = seen.get("confidence") or 0.0
        print(f"     [{seen.get('topic')}, {seen.get('decision')}, {sure:.2f}]")
        for reply in answer["replies"]:
            print(f"\n{reply['text']}\n")
            for number, choice in enumerate(reply["choices"], 1):
                print(f"  {number}  {choice['label']}")
        print()


def main() -> int:
    """Start the assistant and the action server, talk, and stop them."""
    settings = read_settings()
    try:
        prepare_data_folder(settings)
        check_ports(settings)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    ports = settings["FOOTHOLD_ASSISTANT_PORT"], settings["FOOTHOLD_ACTIONS_PORT"]
    python = sys.executable
    listen = ["--interface", "127.0.0.1", "--port", ports[0], "--model", str(MODEL)]
    commands = [
        [python, "-m", "rasa", "run", *listen],
        [python, "-m", "rasa_sdk", "--actions", "actions", "--port", ports[1]],
    ]
    started = [
        subprocess.Popen(
            command, cwd=HOUSE, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    try:
        wait_until_ready(settings, started[0])
        talk(settings)
    except (EOFError, KeyboardInterrupt):
        print("\nTake care.")
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
