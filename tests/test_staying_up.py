"""The house under trouble: parts that are killed or stuck, ports in use, Ctrl-C, a long talk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

from launch import training
from launch.settings import HOUSE, CannotStart
from tests.house import House, environment, processes_with

MARK = "zebrafish-marmalade"  # stands for what a person wrote; must be in no log


def test_killing_the_assistant_loses_no_message(house: House) -> None:
    answers: list[tuple[str, int, Any]] = []

    def write(number: int) -> None:
        token = None
        for turn in range(8):
            text = f"what is withdrawal {MARK} {number} {turn}"
            body = {"conversation": token, "id": str(uuid.uuid4()), "text": text}
            status, answer = house.call("POST", "/api/chat/messages", body)
            answers.append((text, status, answer))
            token = answer["conversation"]
            time.sleep(0.3)

    writers = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for writer in writers:
        writer.start()
    time.sleep(0.8)
    killed = house.part("rasa run")
    assert killed
    for process in killed:
        os.kill(process, signal.SIGKILL)
    for writer in writers:
        writer.join()

    assert len(answers) == 6 * 8
    assert {status for _, status, _ in answers} == {200}
    kinds = [answer["messages"][0]["kind"] for _, _, answer in answers]
    assert "unavailable" in kinds
    for _, _, answer in answers:
        reply = answer["messages"][0]
        if reply["kind"] == "unavailable":
            assert "911" in reply["text"] and "988" in reply["text"]
    kept = set()
    for token in {answer["conversation"] for _, _, answer in answers}:
        _, talk = house.call("GET", f"/api/chat/messages?conversation={token}")
        kept |= {message["text"] for message in talk["messages"] if message["from"] == "person"}
    assert kept == {text for text, _, _ in answers}

    house.wait_until_ready()  # it comes back by itself
    assert house.say("what is withdrawal")[0]["kind"] == "answer"


def test_danger_is_answered_with_the_action_server_stuck(house: House) -> None:
    assert house.say("rehab near me", "stuck")[0]["kind"] == "flow"
    stuck = house.part("rasa_sdk")
    assert stuck
    for process in stuck:
        os.kill(process, signal.SIGSTOP)
    try:
        reply = house.say("my brother isnt breathing and his lips are blue", "stuck")[0]
        assert (reply["kind"], reply["topic"]) == ("crisis", "crisis/overdose_now")
        assert house.say("where can i detox")[0]["kind"] == "unavailable"
    finally:
        for process in stuck:
            os.kill(process, signal.SIGCONT)


def test_a_long_talk_stays_right(house: House) -> None:
    for turn in range(30):
        text, topic = [
            ("what is withdrawal", "withdrawal/what_is"),
            ("can i detox at home", "detox/alone"),
            ("hi", "chat/greet"),
        ][turn % 3]
        assert house.say(text, f"long {turn // 15}")[0]["topic"] == topic


def test_no_word_of_a_message_is_printed(house: House) -> None:
    house.say(f"i need help {MARK}", "printed")
    house.say(f"{MARK} \u0000 \ud83d {{slot}} %s [a](b) /inform{{'a': 1}}", "printed")
    assert MARK not in house.log.read_text()


def test_only_the_front_desk_may_talk_to_the_assistant(house: House) -> None:
    for path in ("webhooks/frontdesk/ready", "webhooks/rest/webhook", "model", "conversations"):
        url = f"http://127.0.0.1:{house.ports[1]}/{path}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, timeout=5)
        assert refused.value.code in (401, 404, 405)


def test_a_port_in_use_is_named(house: House, tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "launch"],
        cwd=HOUSE,
        env=environment(tmp_path, house.ports),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert started.returncode == 1
    assert started.stderr.count("\n") == 1
    assert f"Port {house.ports[0]} is in use" in started.stderr
    assert "FOOTHOLD_PORT" in started.stderr


def test_it_can_be_trained_while_it_runs(house: House, tmp_path: Path) -> None:
    trained = subprocess.run(
        [sys.executable, "-m", "launch", "--train-only"],
        cwd=HOUSE,
        env=environment(tmp_path, house.ports),
        capture_output=True,
        text=True,
        timeout=60,  # the model is up to date
    )
    assert (trained.returncode, trained.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("data/nlu/x.yml", "nlu:\n- intent: a\n  examples: [\n", "data/nlu/x.yml, line 4"),
        ("domain.yml", "a: b: c\n", "domain.yml, line 1"),
        ("config.yml", "\tpipeline:\n", "config.yml, line 1"),
    ],
)
def test_broken_yaml_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, says: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    monkeypatch.setattr(training, "HOUSE", tmp_path)
    with pytest.raises(CannotStart, match=says):
        training.check_yaml()


def test_only_what_is_learned_from_asks_for_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, later = tmp_path / "model.tar.gz", time.time() + 60
    model.touch()
    monkeypatch.setattr(training, "HOUSE", tmp_path)
    monkeypatch.setattr(training, "MODEL", model)
    for name, asks in {"data/organisation.yml": False, "data/nlu/heroin.yml": True}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (later, later))
        assert training.is_out_of_date() is asks, name


def test_ctrl_c_stops_every_part(tmp_path: Path) -> None:
    house = House.start(tmp_path / "data")
    assert (tmp_path / "data" / "assistant_secret").stat().st_mode & 0o077 == 0
    assert house.stop() == 0
    time.sleep(0.5)
    for port in house.ports:
        assert processes_with(str(port)) == []
    assert "Foothold has stopped." in house.log.read_text()


def test_a_part_that_cannot_be_kept_up_is_given_up() -> None:
    command = [sys.executable, "-m", "launch.keep", sys.executable, "-c", "raise SystemExit(3)"]
    given_up = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=60)
    assert given_up.returncode == 1
    assert "exit code 3" in given_up.stdout


WITHOUT_FILES = """
import asyncio, sys
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.utils import AvailableEndpoints
from assistant.connector import Replies

def refuse(event, args):
    if event == "open" and str(args[0]).endswith(".yml"):
        raise RuntimeError(f"opens {args[0]}")

async def main():
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    agent = await load_agent(sys.argv[1], endpoints=endpoints)
    sys.addaudithook(refuse)
    for text in ("my friend is not breathing", "no", "mi hijo no despierta", "what is detox"):
        replies = Replies("web")
        await agent.handle_message(UserMessage(text, replies, sender_id=text))
        assert replies.said, text

asyncio.run(main())
"""


def test_the_first_message_waits_for_no_file() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_FILES, str(training.MODEL)],
        cwd=HOUSE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
