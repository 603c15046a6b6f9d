"""Runs inside stock Rasa's own environment: reads texts (JSON), writes what it made of each.

`python stock_reader.py MODEL TEXTS_JSON RESULT_JSON`; a result is
`[intent, confidence, whether it fell back, milliseconds]`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

PROGRESS = 500  # messages between two signs of life


def decision(data: dict[str, Any]) -> tuple[str, float, bool]:
    """The likeliest intent, how sure it is of it, and whether it fell back."""
    ranked = [one for one in data["intent_ranking"] if one["name"] != "nlu_fallback"]
    intent = ranked[0]["name"] if ranked else "nlu_fallback"
    sure = ranked[0]["confidence"] if ranked else 0.0
    return intent, sure, data["intent"]["name"] == "nlu_fallback"


async def main(model: str, texts: list[str]) -> list[list[Any]]:
    """Read all texts."""
    agent = Agent.load(model)
    results = []
    for number, text in enumerate(texts):
        began = time.perf_counter()
        data = await agent.parse_message(text)
        results.append([*decision(data), 1000 * (time.perf_counter() - began)])
        if number % PROGRESS == 0:
            print(f"{number} of {len(texts)} messages", flush=True)
    return results


if __name__ == "__main__":
    model_file, texts_file, result_file = sys.argv[1:]
    read = asyncio.run(main(model_file, json.loads(Path(texts_file).read_text(encoding="utf-8"))))
    Path(result_file).write_text(json.dumps(read), encoding="utf-8")
