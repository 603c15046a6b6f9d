"""Where the time of a message goes, inside our assistant's process.

`python -m bench.message_time MODEL MESSAGES_JSON RESULT_JSON`: answers the messages without HTTP,
in conversations of four turns, and writes the mean milliseconds a message of each part.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import Policy
from rasa.core.utils import AvailableEndpoints
from rasa.engine.runner.dask import DaskGraphRunner

from assistant.connector import Replies
from bench.load import TURNS_A_CONVERSATION
from bench.report import ALL

WARM_UP = 20  # messages that do not count


class Stopwatch:
    """Adds up the seconds spent in functions, by the name of a part."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[part] += time.perf_counter() - began

        return wrapper

    def timed_async(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same for an asynchronous function."""

        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                self.seconds[part] += time.perf_counter() - began

        return wrapper


def watch(agent: Agent, stopwatch: Stopwatch) -> None:
    """Time the components and policies of the graph, and the making of replies."""
    processor = agent.processor
    assert processor is not None
    runner = processor.graph_runner
    assert isinstance(runner, DaskGraphRunner)
    for node in runner._instantiated_nodes.values():
        kind = node._component_class
        if issubclass(kind, Policy):
            node._fn = stopwatch.timed(f"policy: {kind.__name__}", node._fn)
        elif node._fn_name == "process":
            node._fn = stopwatch.timed(f"understanding: {kind.__name__}", node._fn)
    processor.nlg.generate = stopwatch.timed_async("reply", processor.nlg.generate)


async def answer(agent: Agent, messages: list[str]) -> None:
    """Answer messages as the connector does."""
    name = ""
    for number, text in enumerate(messages):
        if number % TURNS_A_CONVERSATION == 0:
            name = str(uuid.uuid4())
        message = UserMessage(text, Replies("web"), sender_id=name, input_channel="web")
        await agent.handle_message(message)


async def mean_times(model: str, messages: list[str]) -> dict[str, float]:
    """Mean ms a message of each part, and of all."""
    agent = await load_agent(model, endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"))
    await answer(agent, messages[:WARM_UP])
    stopwatch = Stopwatch()
    watch(agent, stopwatch)
    await stopwatch.timed_async(ALL, answer)(agent, messages)
    return {part: 1000 * took / len(messages) for part, took in stopwatch.seconds.items()}


if __name__ == "__main__":
    model_file, messages_file, result_file = sys.argv[1:]
    sent = json.loads(Path(messages_file).read_text(encoding="utf-8"))
    result = asyncio.run(mean_times(model_file, sent))
    Path(result_file).write_text(json.dumps(result), encoding="utf-8")
