"""The encoder as a network that can learn, and what it learns: small changes to its matrices.

Every matrix W becomes W + 2 B A with A and B of low rank (E. Hu et al., "LoRA", arXiv 2106.09685):
the file of changes is small, and the encoder keeps what it knows of the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from assistant.encoder.changes import AFTER, BEFORE, SCALE
from assistant.encoder.graph import EPSILON, HEAD_WIDTH, HEADS, LAYERS, WIDTH

RANK = 16
DROPPED = 0.15  # share of the numbers between layers that is left out while learning


class Changed(nn.Module):
    """`x W + b` with a change of low rank to W, which begins at what was learned before."""

    def __init__(self, weights: Mapping[str, Any], learned: Mapping[str, Any], name: str) -> None:
        super().__init__()
        self.name = name
        self.register_buffer("weight", torch.tensor(weights[f"{name}.weight"]))
        self.register_buffer("bias", torch.tensor(weights[f"{name}.bias"]))
        width_out, width_in = self.weight.shape
        before = learned.get(f"{name}.{BEFORE}", torch.randn(RANK, width_in) / width_in**0.5)
        after = learned.get(f"{name}.{AFTER}", torch.zeros(width_out, RANK))
        self.before = nn.Parameter(torch.as_tensor(before).float())
        self.after = nn.Parameter(torch.as_tensor(after).float())

    def forward(self, x: Tensor) -> Tensor:
        """The changed linear map."""
        changed = F.linear(F.linear(x, self.before), self.after)
        return F.linear(x, self.weight, self.bias) + SCALE * changed


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, weights: Mapping[str, Any], learned: Mapping[str, Any], number: int) -> None:
        super().__init__()
        self.weights, self.name = weights, f"encoder.layer.{number}"

        def changed(name: str) -> Changed:
            return Changed(weights, learned, f"{self.name}.{name}")

        self.query, self.key = changed("attention.self.query"), changed("attention.self.key")
        self.value, self.joined = (
            changed("attention.self.value"),
            changed("attention.output.dense"),
        )
        self.wide, self.narrow = changed("intermediate.dense"), changed("output.dense")

    def forward(self, x: Tensor, is_word: Tensor) -> Tensor:
        """Attention, then the two wide maps; each added to what came in and normed."""

        def heads(y: Tensor) -> Tensor:
            return y.view(*y.shape[:2], HEADS, HEAD_WIDTH).transpose(1, 2)

        def dropped(y: Tensor) -> Tensor:
            return F.dropout(y, DROPPED, self.training)

        mixed = F.scaled_dot_product_attention(
            heads(self.query(x)),
            heads(self.key(x)),
            heads(self.value(x)),
            attn_mask=is_word[:, None, None, :],
            dropout_p=DROPPED if self.training else 0.0,
        )
        attended = self.joined(mixed.transpose(1, 2).reshape(x.shape))
        x = normed(self.weights, f"{self.name}.attention.output.LayerNorm", x + dropped(attended))
        wide = self.narrow(F.gelu(self.wide(x)))
        return normed(self.weights, f"{self.name}.output.LayerNorm", x + dropped(wide))


def normed(weights: Mapping[str, Any], name: str, x: Tensor) -> Tensor:
    """Layer normalisation, which stays as it is."""
    scale, shift = (torch.as_tensor(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return F.layer_norm(x, (WIDTH,), scale, shift, EPSILON)


class Encoder(nn.Module):
    """Batches of word pieces to vectors of length 1: the graph that `encoder/graph.py` builds."""

    def __init__(self, weights: Mapping[str, Any], learned: Mapping[str, Any]) -> None:
        super().__init__()
        self.weights = weights
        self.layers = nn.ModuleList(Layer(weights, learned, number) for number in range(LAYERS))

    def forward(self, pieces: Tensor, is_word: Tensor) -> Tensor:
        """The mean over all pieces of a message, of length 1."""
        table, places, kinds = (
            torch.as_tensor(self.weights[f"embeddings.{name}_embeddings.weight"])
            for name in ("word", "position", "token_type")
        )
        x = F.embedding(pieces, table) + places[: pieces.shape[1]] + kinds[0]
        x = normed(self.weights, "embeddings.LayerNorm", x)
        for layer in self.layers:
            x = layer(x, is_word)
        share = is_word[..., None] / is_word.sum(1)[:, None, None]
        return F.normalize((x * share).sum(1).float(), dim=-1)

    def changes(self) -> dict[str, Tensor]:
        """What was learned, by the names of the changed matrices."""
        found: dict[str, Tensor] = {}
        for part in self.modules():
            if isinstance(part, Changed):
                found[f"{part.name}.{BEFORE}"] = part.before.detach()
                found[f"{part.name}.{AFTER}"] = part.after.detach()
        return found
