# SPDX-License-Identifier: Apache-2.0
"""What each operator of ONNX becomes in a graph of ConvScope.

A function for each operator takes a `Lowering` and the node, and says what its first output is: a
view, or values that do not depend on the input. It raises UnsupportedNodeError with the reason.
"""

from collections.abc import Callable

from onnx import NodeProto
from onnx_channels import batch_normalization, gemm, layer_normalization, matmul, reduce, softmax
from onnx_elements import (
    FUNCTIONS,
    binary,
    clip,
    gelu,
    hard_sigmoid,
    leaky_relu,
    negative,
    parametric_relu,
    power,
    reciprocal,
    several,
)
from onnx_lowering import Lowering, Value
from onnx_pixels import depth_to_space, expand, pad, resize
from onnx_shaping import concat, gather, reshape, slices, split, transpose
from onnx_transposed import conv_transpose
from onnx_views import UnsupportedNodeError, View
from onnx_windows import conv, global_pool, pool


def dropout(low: Lowering, node: NodeProto) -> Value:
    if low.has(node, 2) and bool(low.constant(node, 2, "mode").reshape(-1)[0]):
        raise UnsupportedNodeError("it is of training; accepted is what passes everything on")
    return low.value(node, 0)


def as_it_is(low: Lowering, node: NodeProto) -> Value:
    return low.value(node, 0)


OPERATORS: dict[str, Callable[[Lowering, NodeProto], Value | list[View]]] = {
    "Add": binary("plus"),
    "AveragePool": pool,
    "BatchNormalization": batch_normalization,
    "Cast": as_it_is,
    "Clip": clip,
    "Concat": concat,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "DepthToSpace": depth_to_space,
    "Div": binary("over"),
    "Dropout": dropout,
    "Expand": expand,
    "Flatten": reshape,
    "FusedConv": conv,
    "Gather": gather,
    "Gelu": gelu,
    "Gemm": gemm,
    "GlobalAveragePool": global_pool,
    "GlobalMaxPool": global_pool,
    "HardSigmoid": hard_sigmoid,
    "Identity": as_it_is,
    "LayerNormalization": layer_normalization,
    "LeakyRelu": leaky_relu,
    "MatMul": matmul,
    "Max": several("largest"),
    "MaxPool": pool,
    "Min": several("smallest"),
    "Mul": binary("times"),
    "Neg": negative,
    "PRelu": parametric_relu,
    "Pad": pad,
    "Pow": power,
    "Reciprocal": reciprocal,
    "ReduceMax": reduce,
    "ReduceMean": reduce,
    "ReduceSum": reduce,
    "Reshape": reshape,
    "Resize": resize,
    "Slice": slices,
    "Softmax": softmax,
    "SpaceToDepth": depth_to_space,
    "Split": split,
    "Squeeze": reshape,
    "Sub": binary("minus"),
    "Sum": several("plus"),
    "Tile": expand,
    "Transpose": transpose,
    "Unsqueeze": reshape,
    "Upsample": resize,
} | {
    name: (lambda low, node, apply=apply: apply(low, low.view(node)))
    for name, apply in FUNCTIONS.items()
}
