"""The encoder's graph is the network that was taught, and the file of changes fits it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from assistant.encoder.changes import (
    APART,
    CHANGES,
    WITNESSED,
    WITNESSES,
    changed,
    is_kept_apart,
)
from assistant.encoder.graph import build
from assistant.encoder.sentence_encoder import A_MESSAGE, SentenceEncoder
from assistant.encoder.weights import checked
from assistant.features import Reader, stacked
from assistant.linear_model import WIDTH
from report.content import examples


@pytest.mark.parametrize(("quantised", "least_alike"), [(False, 0.9999), (True, 0.96)])
def test_the_graph_is_the_network_that_was_taught(
    tmp_path: Path, quantised: bool, least_alike: float
) -> None:
    graph = tmp_path / "encoder.onnx"
    build(graph, quantised)
    encoder = SentenceEncoder(graph, checked("vocab.txt"))
    together = encoder.encode(WITNESSES)
    for text, vector, taught in zip(
        WITNESSES, together, load_file(CHANGES)[WITNESSED], strict=True
    ):
        alone = encoder.encode([text])[0]
        assert min(float(vector @ taught), float(alone @ taught)) > least_alike, text


def test_examples_are_read_as_messages_are(tmp_path: Path) -> None:
    build(tmp_path / "encoder.onnx", quantised=False)
    encoder = SentenceEncoder(tmp_path / "encoder.onnx", checked("vocab.txt"))
    texts = ["can i " * (1 + number % 7) + WITNESSES[number % 3] for number in range(A_MESSAGE + 9)]
    before = [WITNESSES[1] if number % 5 == 0 else "" for number in range(len(texts))]
    at_once = encoder.encode(texts, before)
    alone = np.concatenate(
        [encoder.encode([one], [was]) for one, was in zip(texts, before, strict=True)]
    )
    assert np.allclose(at_once, alone, atol=1e-4)


def test_only_matrices_of_the_layers_change() -> None:
    weights = load_file(checked("model.safetensors"))
    after = changed(weights)
    differs = {name for name in after if not np.array_equal(weights[name], after[name])}
    assert after.keys() == weights.keys()
    assert len(differs) == 36  # six layers of six matrices
    assert all(name.startswith("encoder.layer.") and after[name].ndim == 2 for name in differs)


def test_enough_examples_are_kept_apart_to_tell_how_sure_to_be() -> None:
    texts = [text for some in examples().values() for text in some]
    share = sum(map(is_kept_apart, texts)) / len(texts)
    assert 0.8 / APART < share < 1.2 / APART


def test_every_column_is_seen_when_the_examples_are_read(tmp_path: Path) -> None:
    build(tmp_path / "encoder.onnx")
    encoder = SentenceEncoder(tmp_path / "encoder.onnx", checked("vocab.txt"))
    texts = [
        "🙏🙏🙏",
        "🙏🙏🙏🙏",
        "🙏🙏🙏!",
        "can i",
        "can i quit",
        "i can",
    ]  # lone signs are read as words
    reader = Reader.fit(encoder, texts)
    columns = len(reader.words.vocabulary_) + len(reader.letters.vocabulary_)
    assert stacked(reader.read(texts)).shape == (len(texts), columns + WIDTH)
