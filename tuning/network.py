"""The encoder as a network that can learn, and what it learned: changes to its matrices.

Any number of a matrix W may change. What is kept is the part of each change that a product of two
thin matrices can say, W + 2 B A (as in E. Hu et al., "LoRA", arXiv 2106.09685): of rank 64, it is
99 % of the change in a quarter of its size, and the vectors that it makes are 0.998 alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from assistant.encoder.changes import AFTER, BEFORE, SCALE
from assistant.encoder.graph import EPSILON, HEAD_WIDTH, HEADS, LAYERS, WIDTH

RANK = 64
DROPPED = 0.15  # share of the numbers between layers that is left out while learning


class Linear(nn.Module):
    """`x W + b`, of which W learns."""

    def __init__(self, weights: Mapping[str, Any], name: str) -> None:
        super().__init__()
        self.name = name
        self.weight = nn.Parameter(torch.tensor(weights[f"{name}.weight"]).float())
        self.register_buffer("bias", torch.tensor(weights[f"{name}.bias"]).float())

    def forward(self, x: Tensor) -> Tensor:
        """The linear map."""
        return F.linear(x, self.weight, self.bias)

    def change(self, published: Any) -> tuple[Tensor, Tensor]:
        """The two thin matrices whose product is nearest to what W learned."""
        learned = (self.weight.detach() - torch.tensor(published)) / SCALE
        left, sizes, right = torch.linalg.svd(learned, full_matrices=False)
        root = sizes[:RANK].sqrt()
        return root[:, None] * right[:RANK], left[:, :RANK] * root


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, weights: Mapping[str, Any], number: int) -> None:
        super().__init__()
        self.weights, self.name = weights, f"encoder.layer.{number}"

        def linear(name: str) -> Linear:
            return Linear(weights, f"{self.name}.{name}")

        self.query, self.key = linear("attention.self.query"), linear("attention.self.key")
        self.value, self.joined = linear("attention.self.value"), linear("attention.output.dense")
        self.wide, self.narrow = linear("intermediate.dense"), linear("output.dense")

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

    def __init__(self, weights: Mapping[str, Any]) -> None:
        super().__init__()
        self.weights = weights
        self.layers = nn.ModuleList(Layer(weights, number) for number in range(LAYERS))

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

    def changes(self, published: Mapping[str, Any]) -> dict[str, Tensor]:
        """What differs from the encoder as it was published, by the names of its matrices."""
        found: dict[str, Tensor] = {}
        for part in self.modules():
            if isinstance(part, Linear):
                before, after = part.change(published[f"{part.name}.weight"])
                found[f"{part.name}.{BEFORE}"] = before.half().contiguous()
                found[f"{part.name}.{AFTER}"] = after.half().contiguous()
        return found
