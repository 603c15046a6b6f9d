"""Runs the encoder's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer

LONGEST = 128  # word pieces; a longer message keeps its beginning and its end
LONGEST_BEFORE = 34  # the same of what was said before a message
PACK = 48  # word pieces that stand in one row; more take longer each
A_MESSAGE = 64  # texts at most; more are examples
MANY = 768  # word pieces of examples that are read at once
THREADS = 2  # that read examples


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


def alike(many: Sequence[list[int]]) -> Iterator[list[int]]:
    """The numbers of texts of one length, in groups that are read at once."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for number, ids in enumerate(many):
        numbers[len(ids)].append(number)
    for length, some in numbers.items():
        size = max(1, MANY // length)
        yield from (some[start : start + size] for start in range(0, len(some), size))


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
        if len(texts) <= A_MESSAGE:
            return np.concatenate([self._run([pack])[0] for pack in packs(pieces)])
        groups = list(alike(pieces))
        rows = ([[pieces[number]] for number in group] for group in groups)
        with ThreadPoolExecutor(THREADS) as threads:
            vectors = np.concatenate([some[:, 0] for some in threads.map(self._run, rows)])
        return vectors[np.argsort(np.concatenate(groups))]

    def _pieces(self, text: str) -> list[int]:
        return shortened(list(self._tokenizer.encode(text).ids))

    def _run(self, rows: list[list[list[int]]]) -> NDArray[np.float32]:
        """The vectors of the texts of each row; all rows have texts of the same lengths."""
        texts, times = len(rows[0]), (len(rows), 1)
        lengths = np.array([len(ids) for ids in rows[0]])
        is_mine = np.repeat(np.arange(texts), lengths) == np.arange(texts)[:, None]
        shares = (is_mine / lengths[:, None]).astype(np.float32)
        given = {
            "ids": np.array([np.concatenate(row) for row in rows]),
            "places": np.tile(np.concatenate([np.arange(length) for length in lengths]), times),
            "shares": np.tile(shares, (*times, 1)),
        }
        return np.asarray(self._session.run(None, given)[0], dtype=np.float32)
