"""What the encoder learned about this field: changes to its matrices, in a file beside this one.

Made by `make tune` from the examples of `data/nlu/`. Without the file the encoder works as its
publisher made it, and understands less.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

CHANGES = Path(__file__).with_name("changes.safetensors")
BEFORE, AFTER = "before", "after"  # the two thin matrices of a change
SCALE = 2.0
# The file also holds what the taught network makes of these, so that a test can tell whether the
# graph is the same network.
WITNESSES = ("how do i get off heroin", "hes blue and wont wake up", "where can i get narcan")
WITNESSED = "witnessed"
APART = 40  # one example in so many


def is_kept_apart(text: str) -> bool:
    """Whether nothing learns from an example, so that it can tell how sure the assistant may be.

    Of what they were shown, the encoder and the classifiers are surer than of what people write.
    """
    return zlib.crc32(text.casefold().encode()) % APART == 0


def changed(weights: dict[str, NDArray[Any]], path: Path = CHANGES) -> dict[str, NDArray[Any]]:
    """The encoder's weights with the changes applied."""
    changes = load_file(path)
    result = dict(weights)
    for name in {key.rpartition(".")[0] for key in changes} - {""}:
        before, after = (changes[f"{name}.{part}"].astype(np.float32) for part in (BEFORE, AFTER))
        result[f"{name}.weight"] = weights[f"{name}.weight"] + SCALE * after @ before
    return result
