"""Runs the encoder's graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer

LONGEST = 128  # word pieces; a longer message keeps its beginning and its end
LONGEST_BEFORE = 34  # the same of what was said before a message
PACK = 48  # word pieces that are read at once; more take longer each


def shortened(ids: list[int], longest: int = LONGEST) -> list[int]:
    """The word pieces of a message; of a long one, its beginning and its end."""
    return ids if len(ids) <= longest else ids[: longest // 2] + ids[-longest // 2 :]


def behind(before: list[int], ids: list[int]) -> list[int]:
    """The word pieces of a message behind those of what was said before it, with the mark between.

    The encoder was taught that what comes after the mark is asked now.
    """
    return shortened(shortened(before, LONGEST_BEFORE) + ids[1:])


def packs(many: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Texts in groups that are read at once."""
    pack: list[list[int]] = []
    for ids in many:
        if pack and sum(map(len, pack)) + len(ids) > PACK:
            yield pack
            pack = []
        pack.append(ids)
    yield pack


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

    def encode(self, texts: Sequence[str], before: Sequence[str] = ()) -> NDArray[np.float32]:
        """The vectors of texts, a row each; each behind what was said before it, if anything."""
        pieces = [
            behind(self._pieces(said), self._pieces(text)) if said else self._pieces(text)
            for text, said in zip(texts, before or [""] * len(texts), strict=True)
        ]
        return np.concatenate([self._run(pack) for pack in packs(pieces)])

    def _pieces(self, text: str) -> list[int]:
        return shortened(list(self._tokenizer.encode(text).ids))

    def _run(self, pack: list[list[int]]) -> NDArray[np.float32]:
        lengths = np.array([len(ids) for ids in pack])
        text_of = np.repeat(np.arange(len(pack)), lengths)
        is_mine = text_of == np.arange(len(pack))[:, None]
        given = {
            "ids": np.concatenate(pack),
            "places": np.concatenate([np.arange(length) for length in lengths]),
            "shares": (is_mine / lengths[:, None]).astype(np.float32),
        }
        return np.asarray(self._session.run(None, given)[0], dtype=np.float32)
