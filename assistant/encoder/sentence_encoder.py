"""Runs the encoder's graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer

LONGEST = 128  # word pieces; a longer message keeps its beginning and its end


def shortened(ids: list[int]) -> list[int]:
    """The word pieces of a message; of a long one, its beginning and its end."""
    return ids if len(ids) <= LONGEST else ids[: LONGEST // 2] + ids[-LONGEST // 2 :]


class SentenceEncoder:
    """Messages to vectors of length 1; close vectors mean close meanings."""

    def __init__(self, graph: Path, vocabulary: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one message at a time: threads only cost
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)

    @property
    def words(self) -> list[str]:
        """The words that the encoder knows whole."""
        return [word for word in self._tokenizer.get_vocab() if not word.startswith("##")]

    def encode(self, text: str) -> NDArray[Any]:
        """The vector of one message."""
        ids = shortened(self._tokenizer.encode(text).ids)
        vector = self._session.run(None, {"ids": np.array(ids, dtype=np.int64)})[0]
        return np.asarray(vector, dtype=np.float32)

    def encode_all(self, texts: list[str]) -> NDArray[Any]:
        """The vectors of many messages, a row each."""
        return np.stack([self.encode(text) for text in texts])
