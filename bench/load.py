"""Asks a running assistant over HTTP: one message, many clients, long conversations."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.contenders import Contender
from bench.examples import SEED, endless
from bench.processes import MeasurementError, say

ANSWER_AT_MOST = 60.0  # seconds for one answer
TURNS_A_CONVERSATION = 4  # in the load with many clients


@dataclass(frozen=True)
class Answered:
    """One answer."""

    at: float  # when it was complete, in seconds of the monotonic clock
    took_ms: float
    empty: bool  # there is no reply in it


class Client:
    """One person's connection to an assistant, kept open between messages."""

    def __init__(self, contender: Contender, port: int) -> None:
        self._contender = contender
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_AT_MOST)

    def ask(self, conversation: str, text: str) -> Answered:
        """Send a message and wait for the whole answer."""
        body = json.dumps(self._contender.body(conversation, text)).encode()
        began = time.perf_counter()
        self._connection.request("POST", self._contender.path, body, self._contender.headers)
        response = self._connection.getresponse()
        content = response.read()
        took = time.perf_counter() - began
        if response.status != 200:
            raise MeasurementError(
                f"{self._contender.name} answered {response.status}: {content!r}"
            )
        replies = self._contender.replies(json.loads(content))
        return Answered(time.monotonic(), took * 1000, not replies)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


@dataclass(frozen=True)
class Load:
    """Who asks whom, and with which messages."""

    contender: Contender
    port: int
    messages: list[str]

    def conversation(self, client: Client, texts: Iterator[str], turns: int) -> list[Answered]:
        """A new conversation of some turns, one after the other."""
        name = str(uuid.uuid4())
        return [client.ask(name, next(texts)) for _ in range(turns)]

    def warm_up(self, conversations: int) -> list[Answered]:
        """Some short conversations before anything counts."""
        client = Client(self.contender, self.port)
        texts = endless(self.messages, SEED - 1)
        answered: list[Answered] = []
        for _ in range(conversations):
            answered += self.conversation(client, texts, TURNS_A_CONVERSATION)
        client.close()
        return answered

    def one_client(self, number: int, until: float) -> list[Answered]:
        """Short conversations, the next as soon as one is over, until a time."""
        client = Client(self.contender, self.port)
        texts = endless(self.messages, SEED + number)
        answered: list[Answered] = []
        while time.monotonic() < until:
            answered += self.conversation(client, texts, TURNS_A_CONVERSATION)
        client.close()
        return answered

    def clients(self, count: int, seconds: float) -> list[Answered]:
        """What `count` clients at once are answered in so many seconds."""
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(count) as pool:
            futures = [pool.submit(self.one_client, number, until) for number in range(count)]
            answered = [one for future in futures for one in future.result()]
        return [one for one in answered if one.at <= until]

    def fresh_and_long(
        self, conversations: int, fresh: int, turns: int, at_most: float
    ) -> tuple[list[Answered], list[list[Answered]]]:
        """First turns of new conversations, and whole conversations of `turns` turns.

        They take turns, `fresh` new ones before each long one, so that a busy moment of the machine
        meets both. One client; `at_most` seconds are allowed.
        """
        client = Client(self.contender, self.port)
        texts = endless(self.messages, SEED)
        until = time.monotonic() + at_most
        first: list[Answered] = []
        long: list[list[Answered]] = []
        for number in range(conversations):
            for _ in range(fresh):
                first += self.conversation(client, texts, 1)
            long.append(self.conversation(client, texts, turns))
            if time.monotonic() > until:
                raise MeasurementError(
                    f"Long conversations took more than {at_most / 60:.0f} minutes."
                )
            say(f"  conversation {number + 1} of {conversations}, {turns} turns")
        client.close()
        return first, long
