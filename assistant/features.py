"""What a message looks like to the classifiers: its meaning, its words and its letters.

Knows nothing of Rasa, so that reports can train and measure with it by itself.
"""

from __future__ import annotations

import pickle
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.encoder.sentence_encoder import SentenceEncoder
from assistant.run_together import joined_letters, without_pictures
from assistant.spelling import Spelling

MARKS = '/>*-–—.,:;"([ '  # say nothing before the first word
MEANING = 0.8  # weight of the encoder beside words and letters, chosen on messages not trained on


def plain(text: str) -> str:
    """The text as it is read: small letters, no accents, no stretched words."""
    text = text.casefold().replace("’", "'").replace("_", " ")
    text = text.lstrip(MARKS) or text
    text = unicodedata.normalize("NFKD", without_pictures(text))
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = joined_letters(text)
    text = re.sub(r"(\w)\1{2,}", r"\1\1", text)  # heeeelp -> heelp
    return re.sub(r"\s+", " ", text.replace("'", "")).strip()


def words() -> TfidfVectorizer:
    """Words and pairs of words."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=3)


def letters() -> TfidfVectorizer:
    """Runs of three and four letters within words: they survive a misspelling."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=3)


class View:
    """One fitted TF-IDF view of a message, computed for a single short text.

    Gives what `TfidfVectorizer.transform` gives, in a fifth of the time: scikit-learn is made for
    many texts at once.
    """

    def __init__(self, vectorizer: TfidfVectorizer, offset: int) -> None:
        self._analyze = vectorizer.build_analyzer()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        self._rarity = vectorizer.idf_.astype(np.float32)
        self._offset = offset

    def read(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The columns of the features that a text has, and their weights."""
        counted = Counter(term for term in self._analyze(text) if term in self._columns)
        columns = np.array([self._columns[term] for term in counted], dtype=np.int64)
        times = np.array(list(counted.values()), dtype=np.float32)
        weights = (1 + np.log(times)) * self._rarity[columns]
        length = float(np.sqrt(weights @ weights)) or 1.0
        return columns + self._offset, weights / length


@dataclass(frozen=True)
class Features:
    """One text: which columns of words and letters it has, their weights, and its meaning."""

    columns: NDArray[np.int64]
    weights: NDArray[np.float32]
    meaning: NDArray[np.float32]

    def fingerprint(self) -> str:
        """Tells features apart; Rasa asks for it, and finds it out slowly if it is not told."""
        return str(hash((self.columns.tobytes(), self.meaning.tobytes())))


@dataclass
class Reader:
    """Turns texts into features. Letters are read as typed; words and meaning once mended."""

    encoder: SentenceEncoder
    spelling: Spelling
    words: TfidfVectorizer
    letters: TfidfVectorizer

    def __post_init__(self) -> None:
        self._words = View(self.words, 0)
        self._letters = View(self.letters, len(self.words.vocabulary_))

    @classmethod
    def fit(cls, encoder: SentenceEncoder, texts: Sequence[str]) -> Reader:
        """Learn the words of the examples."""
        texts = [plain(text) for text in texts]
        spelling = Spelling.learn(texts, encoder.words)
        typed = [spelling.spoken(text) for text in texts]  # as they will be read
        mended = [spelling.mend(text) for text in typed]
        by_words, by_letters = words().fit(mended), letters().fit(typed)
        for vectorizer in (by_words, by_letters):
            vectorizer.stop_words_ = None  # the 200,000 terms that are too rare; 21 MB, for no use
        return cls(encoder, spelling, by_words, by_letters)

    def read(self, texts: Sequence[str], before: Sequence[str] = ()) -> list[Features]:
        """The features of texts: of a message and its parts, or of all examples.

        `before` is what was said before each, or "": it colours the meaning of a text, and adds no
        words or letters to it.
        """
        said = before or [""] * len(texts)
        spelled = {text: self._spelled(text) for text in {*texts, *said}}
        mended = [spelled[text][1] for text in texts]
        meanings = self.encoder.encode(mended, [spelled[text][1] for text in said])
        return [
            self._features(*spelled[text], meaning)
            for text, meaning in zip(texts, meanings, strict=True)
        ]

    def _spelled(self, text: str) -> tuple[str, str]:
        """The text as typed, and with its spelling mended."""
        typed = self.spelling.spoken(plain(text))
        return typed, self.spelling.mend(typed)

    def _features(self, typed: str, mended: str, meaning: NDArray[np.float32]) -> Features:
        columns, weights = self._words.read(mended)
        more_columns, more_weights = self._letters.read(typed)
        return Features(
            np.concatenate([columns, more_columns]),
            np.concatenate([weights, more_weights]),
            MEANING * meaning,
        )

    def save(self, path: Path) -> None:
        """Write all but the encoder to a file."""
        path.write_bytes(pickle.dumps((self.spelling, self.words, self.letters)))

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder) -> Reader:
        """Read what `save` wrote; only ever from our own model archive."""
        return cls(encoder, *pickle.loads(path.read_bytes()))


def width(many: Iterable[Features]) -> int:
    """How many columns of words and letters some texts have."""
    return 1 + max((int(one.columns.max()) for one in many if len(one.columns)), default=0)


def stacked(many: Sequence[Features], columns: int | None = None) -> csr_matrix:
    """The features of many texts, a row each: words, letters, meaning.

    `columns` is how many there are of words and letters, if these texts may not have the last ones.
    """
    columns = columns or width(many)
    ends = np.cumsum([0, *(len(one.columns) for one in many)])
    seen = csr_matrix(
        (
            np.concatenate([one.weights for one in many]),
            np.concatenate([one.columns for one in many]),
            ends,
        ),
        shape=(len(many), columns),
    )
    return hstack([seen, csr_matrix(np.stack([one.meaning for one in many]))]).tocsr()
