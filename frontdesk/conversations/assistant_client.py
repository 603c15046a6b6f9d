"""Asks the assistant, within a bounded time whatever it does.

The assistant is another process on this machine. It may be slow, stuck, broken or gone; the
person on the other side waits no longer for that.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, TypeVar

import httpx
from django.conf import settings

from conversations.replies import MalformedReply, Reply, read_replies, require_storable

# Fewer than the server's threads, so that a stuck assistant leaves some to serve the rest.
MOST_ASKS = 16
# Seconds to wait for one of them to end before giving up.
QUEUE = 0.5
READY_WITHIN = 2.0
# Seconds for which a look at its readiness counts, however many want to know.
READY_KEPT = 1.0
LARGEST_ANSWER = 256 * 1024

T = TypeVar("T")


class NoAnswer(Exception):
    """The assistant gave no usable answer. The message is a short reason, safe to log."""


@dataclass(frozen=True)
class Answer:
    """What the assistant replied, and what it understood (any JSON object, for staff)."""

    replies: list[Reply]
    understood: dict[str, Any]


class AssistantClient:
    """A pool of connections to one assistant; safe to use from many threads.

    The requests run on an event loop of their own, because only there can a whole exchange be
    ended at a deadline: a timeout of a socket starts anew with each byte that drips in.
    """

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        """timeout is the seconds that one message may take from asking to the last byte."""
        self.timeout = timeout
        self._free = threading.BoundedSemaphore(MOST_ASKS)
        self._looking = threading.Lock()
        self._look_again_at = 0.0
        self._was_ready = False
        self._http = httpx.AsyncClient(
            base_url=f"{url}/webhooks/frontdesk",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=None,  # noqa: S113 - every request runs under a deadline for the whole of it
            trust_env=False,
            follow_redirects=False,
            # The assistant's server closes idle connections after five seconds; be first.
            limits=httpx.Limits(max_connections=MOST_ASKS + 2, keepalive_expiry=2.0),
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="assistant", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the connections and the loop; nothing can be asked after that."""
        asyncio.run_coroutine_threadsafe(self._http.aclose(), self._loop).result(READY_WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def deadline(self) -> float:
        """Return the moment (monotonic seconds) by which a message asked now is answered."""
        return monotonic() + self.timeout

    def ask(self, question: Mapping[str, str], deadline: float) -> Answer:
        """Send a question (conversation, channel, and text or payload) and read the answer.

        Raises NoAnswer by the deadline at the latest.
        """
        if not self._free.acquire(timeout=max(0.0, min(QUEUE, deadline - monotonic()))):
            raise NoAnswer("too many questions at once")
        try:
            return self._within(deadline, lambda: self._exchange(question))
        finally:
            self._free.release()

    def ready(self) -> bool:
        """Tell whether the assistant says that it can answer."""
        with self._looking:
            if monotonic() >= self._look_again_at:
                try:
                    self._was_ready = self._within(monotonic() + READY_WITHIN, self._ready)
                except NoAnswer:
                    self._was_ready = False
                self._look_again_at = monotonic() + READY_KEPT
            return self._was_ready

    def _within(self, deadline: float, work: Callable[[], Awaitable[T]]) -> T:
        seconds = deadline - monotonic()

        async def bounded() -> T:
            async with asyncio.timeout(seconds):
                return await work()

        under_way = asyncio.run_coroutine_threadsafe(bounded(), self._loop)
        try:
            return under_way.result(seconds + 1)
        except TimeoutError:
            under_way.cancel()
            raise NoAnswer("too slow") from None
        except httpx.ConnectError:
            raise NoAnswer("not reachable") from None
        except httpx.HTTPError as problem:
            raise NoAnswer(f"broken off: {type(problem).__name__}") from None

    async def _exchange(self, question: Mapping[str, str]) -> Answer:
        body = bytearray()
        async with self._http.stream("POST", "messages", json=dict(question)) as response:
            if response.status_code != httpx.codes.OK:
                raise NoAnswer(f"status {response.status_code}")
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise NoAnswer("too large")
        return _read(bytes(body))

    async def _ready(self) -> bool:
        async with self._http.stream("GET", "ready") as response:
            return response.status_code == httpx.codes.OK


def _read(body: bytes) -> Answer:
    try:
        content = json.loads(body)
        if not isinstance(content, dict):
            raise MalformedReply("not an object")
        require_storable(content)
        understood = content.get("understood", {})
        return Answer(
            replies=read_replies(content.get("replies")),
            understood=understood if isinstance(understood, dict) else {},
        )
    except MalformedReply as problem:
        raise NoAnswer(f"malformed: {problem}") from None
    except (ValueError, RecursionError):
        raise NoAnswer("not JSON") from None


@cache
def assistant() -> AssistantClient:
    """Return this process's client of the assistant that the settings name."""
    foothold = settings.FOOTHOLD
    return AssistantClient(
        foothold.assistant_url, foothold.assistant_secret, foothold.assistant_timeout
    )
