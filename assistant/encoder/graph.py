"""Builds the encoder as a small ONNX graph: texts in, for each a vector of length 1 out.

The texts are packed: their word pieces stand in one row, and attention stays within each text. So
the weights are fetched once for a message and all its parts. Many texts of one length are read in
as many rows.

The graph is BERT's (J. Devlin et al., arXiv 1810.04805, section 3), 6 layers of 12 heads and width
384, with the mean over all tokens and the scaling to length 1 inside, quantised to 8-bit integers.
What it learned about this field (`changes.py`) is inside.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from assistant.encoder.changes import changed
from assistant.encoder.weights import checked

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD_WIDTH = WIDTH // HEADS
EPSILON = 1e-12
NEVER = -1e9  # added to the score of a word piece of another text
OPSET = 17  # the first with LayerNormalization


class _Builder:
    """Collects nodes and constants of a graph."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """A constant by name."""
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        """One of the encoder's tensors as it is."""
        return self.constant(name, self.weights[name])

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operation; gives the name of its result."""
        result = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [result], **attributes))
        return result

    def number(self, value: float) -> str:
        """A constant of one number."""
        return self.constant(f"number_{value}", np.array(value, dtype=np.float32))

    def shape(self, *sizes: int) -> str:
        """A constant that names a shape."""
        return self.constant("shape_" + "_".join(map(str, sizes)), np.array(sizes, dtype=np.int64))

    def linear(self, x: str, name: str) -> str:
        """`x W + b`; the stored matrix is transposed."""
        matrix = self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", x, matrix), self.weight(f"{name}.bias"))

    def normed(self, x: str, name: str) -> str:
        """Layer normalisation over the width."""
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def heads(self, x: str, order: list[int]) -> str:
        """Of each row: tokens x width -> heads x tokens x head width (or its transpose)."""
        split = self.node("Reshape", x, self.shape(0, -1, HEADS, HEAD_WIDTH))
        return self.node("Transpose", split, perm=order)

    def attention(self, x: str, layer: str, apart: str) -> str:
        """Self-attention of all heads; `apart` keeps the texts from seeing each other."""
        query = self.heads(self.linear(x, f"{layer}.self.query"), [0, 2, 1, 3])
        key = self.heads(self.linear(x, f"{layer}.self.key"), [0, 2, 3, 1])
        value = self.heads(self.linear(x, f"{layer}.self.value"), [0, 2, 1, 3])
        scores = self.node("Mul", self.node("MatMul", query, key), self.number(HEAD_WIDTH**-0.5))
        weights = self.node("Softmax", self.node("Add", scores, apart), axis=-1)
        mixed = self.node("MatMul", weights, value)
        joined = self.node(
            "Reshape", self.node("Transpose", mixed, perm=[0, 2, 1, 3]), self.shape(0, -1, WIDTH)
        )
        return self.linear(joined, f"{layer}.output.dense")

    def gelu(self, x: str) -> str:
        """The exact Gaussian error linear unit, in the form the runtime makes one step of."""
        error = self.node("Erf", self.node("Div", x, self.number(2**0.5)))
        twice = self.node("Mul", x, self.node("Add", error, self.number(1.0)))
        return self.node("Mul", twice, self.number(0.5))


def _graph(weights: dict[str, NDArray[Any]]) -> Any:
    """Of each word piece: which it is (`ids`), where in its text, and its share of each text."""
    b = _Builder(weights)
    words = b.node("Gather", b.weight("embeddings.word_embeddings.weight"), "ids")
    place = b.node("Gather", b.weight("embeddings.position_embeddings.weight"), "places")
    kind = b.constant("kind", weights["embeddings.token_type_embeddings.weight"][0])
    x = b.node("Add", b.node("Add", words, place), kind)
    x = b.normed(x, "embeddings.LayerNorm")
    together = b.node("MatMul", b.node("Transpose", "shares", perm=[0, 2, 1]), "shares")
    is_other = b.node("Equal", together, b.number(0.0))
    apart = b.node("Where", is_other, b.number(NEVER), b.number(0.0))
    apart = b.node("Unsqueeze", apart, b.shape(1))  # the same for all heads
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attended = b.attention(x, f"{layer}.attention", apart)
        x = b.normed(b.node("Add", x, attended), f"{layer}.attention.output.LayerNorm")
        wide = b.gelu(b.linear(x, f"{layer}.intermediate.dense"))
        x = b.normed(
            b.node("Add", x, b.linear(wide, f"{layer}.output.dense")), f"{layer}.output.LayerNorm"
        )
    mean = b.node("MatMul", "shares", x)
    b.nodes.append(helper.make_node("LpNormalization", [mean], ["vectors"], axis=-1, p=2))
    return helper.make_graph(
        b.nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "tokens"]),
            helper.make_tensor_value_info("places", TensorProto.INT64, ["rows", "tokens"]),
            helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["rows", "texts", "tokens"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["rows", "texts", WIDTH])],
        list(b.constants.values()),
    )


def build(path: Path, quantised: bool = True) -> None:
    """Write the encoder's graph (about 23 MB; 90 MB and exact if not quantised)."""
    graph = _graph(changed(load_file(checked("model.safetensors"))))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    if not quantised:
        onnx.save(model, path)
        return
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        onnx.save(model, exact)
        quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True)
