"""The benchmark's own arithmetic: percentiles, targets, and which messages it sends."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from assistant.data_files import DATA, read_yaml
from bench.examples import (
    copy_data,
    endless,
    filled,
    first_of_each_group,
    lines_of,
    messages_to_send,
    read_nlu,
)
from bench.measure import Measured
from bench.targets import Row, growth, percentile, rows, table


def measured(name: str, times_worse: float, later_turns: float = 1.0) -> Measured:
    """Round figures, made worse by a factor."""
    return Measured(
        name=name,
        install_mb=100 * times_worse,
        training_s=10 * times_worse,
        model_mb=times_worse,
        start_s=5 * times_worse,
        memory_mb=200 * times_worse,
        memory_after_mb=210 * times_worse,
        per_second={1: 100 / times_worse, 16: 120 / times_worse},
        first_ms=[10.0 * times_worse] * 20,
        long_ms=[[10.0 * times_worse] * 140 + [10.0 * times_worse * later_turns] * 10],
        asked=1000,
        empty=0,
    )


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (100, 100), (0, 1)])
def test_percentile_of_one_to_hundred(percent: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_percentile_of_one_value() -> None:
    assert percentile([7.0], 95) == 7.0


def test_all_targets_met() -> None:
    compared = rows(measured("ours", 1), measured("stock", 6, later_turns=4))
    assert all(row.met for row in compared if row.target is not None)
    assert "MISSED" not in table(compared)
    assert (
        "| Messages a second, 16 clients | 120 | 20 | 6 times | at least 5 times: met |"
        in table(compared)
    )


def test_missed_targets_are_named() -> None:
    compared = rows(measured("ours", 1, later_turns=1.4), measured("stock", 3.5))
    missed = {row.what for row in compared if row.met is False}
    assert missed == {
        "Start to first answer",
        "Messages a second, 1 client",
        "Messages a second, 16 clients",
        "Turn 150 against turn 1 (p50)",
    }
    assert table(compared).count("MISSED") == len(missed)


def test_ratio_is_how_many_times_better() -> None:
    assert Row("Memory", "MB", 100, 300).ratio == 3
    assert Row("Messages", "", 100, 20, more_is_better=True).ratio == 5
    assert growth(measured("ours", 1, later_turns=1.25)) == 1.25


def test_messages_need_no_action_server_and_bear_no_marks() -> None:
    nlu = {
        "heroin/what_is": ["what is h", "what is it in [philly](place)"],
        "help_place": ["dayton ohio"],
        "crisis_suicide": ["i want to die"],
        "chat_greet": ["hi", "what is h"],
    }
    plain = {intent: lines_of("".join(f"- {line}\n" for line in nlu[intent])) for intent in nlu}
    assert messages_to_send(plain) == ["hi", "what is h", "what is it in philly"]


def test_the_same_seed_draws_the_same_messages() -> None:
    messages = [str(number) for number in range(1000)]
    first, again, other = (list(islice(endless(messages, seed), 50)) for seed in (1, 1, 2))
    assert first == again != other


def test_first_of_each_group() -> None:
    intents = ["heroin/a", "heroin/b", "chat_a", "chat_b", "heroin/c", "crisis_a"]
    assert first_of_each_group(intents, 1) == {"heroin/a", "chat_a", "crisis_a"}


def test_placeholders_are_filled_where_known() -> None:
    data = {"text": ["call {samhsa} near {place}"], "number": 3}
    assert filled(data, {"samhsa": "1"}) == {"text": ["call 1 near {place}"], "number": 3}


def test_copy_of_the_data_is_the_same(tmp_path: Path) -> None:
    copy_data(DATA, tmp_path)
    for copy in tmp_path.rglob("*.yml"):
        original = DATA / copy.relative_to(tmp_path)
        assert read_yaml(copy) == read_yaml(original)
    assert (tmp_path / "rules.yml").exists()


def test_small_copy_keeps_rules_whose_intents_are_kept(tmp_path: Path) -> None:
    copy_data(DATA, tmp_path, most=1)
    kept = {intent.partition("/")[0] for intent in read_nlu(tmp_path)}
    rules = read_yaml(tmp_path / "rules.yml")["rules"]
    used = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert used <= kept | {"did_you_mean", "nlu_fallback"}
