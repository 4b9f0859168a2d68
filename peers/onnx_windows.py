# SPDX-License-Identifier: Apache-2.0
"""Operators that slide a window over an image."""

import math

import numpy as np
from onnx import NodeProto
from onnx_elements import FUNCTIONS, clipped
from onnx_lowering import Lowering
from onnx_problems import Window, attributes, convolution, pooling
from onnx_views import UnsupportedNodeError, View


def conv(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    weights = low.constant(node, 1, "filter").astype(np.float32)
    axes = weights.ndim - 2
    window = Window(node, list(view.shape[2:]), list(weights.shape[2:]))
    if len(view.shape) != weights.ndim:
        raise UnsupportedNodeError(
            f"its input has {len(view.shape)} axes and its filter {weights.ndim}"
        )
    bias = low.constant(node, 2, "bias").astype(np.float32) if low.has(node, 2) else None
    source, pads = low.images.plain(view), window.pads
    groups = attributes(node).get("group", 1)
    if groups < 1 or weights.shape[1] * groups != view.shape[1]:
        raise UnsupportedNodeError(
            f"its input has {view.shape[1]} channels, and its filter of {weights.shape[1]} in "
            f"{groups} groups does not fit them"
        )
    if source in low.images.paddings:
        source, more = low.images.paddings[source]
        pads = tuple(a + b for a, b in zip(pads, more, strict=True))
    shaped = weights if axes == 2 else weights[:, :, None, :]
    base = convolution(
        low.images, source, shaped, bias, window.pair(window.stride, 1), pads,
        window.pair(window.dilation, 1), groups,
    )  # fmt: skip
    result = low.images.plain_view(base, weights.ndim)
    if node.op_type == "FusedConv":
        return fused_activation(low, node, result)
    return result


def fused_activation(low: Lowering, node: NodeProto, view: View) -> View:
    """What onnxruntime has joined to a convolution."""
    if low.has(node, 3):
        view = low.combined("plus", view, low.images.view(low.images.plain(low.view(node, 3))))
    given = attributes(node)
    kind = given.get("activation", b"").decode()
    numbers = [float(number) for number in given.get("activation_params", [])]
    if kind == "":
        return view
    if kind == "Relu":
        return low.relu(view)
    if kind in ("Sigmoid", "Tanh"):
        return FUNCTIONS[kind](low, view)
    if kind == "LeakyRelu":
        return low.function(view, "leakyReLU", slope=numbers[0])
    if kind == "Clip":
        return clipped(low, view, numbers[0], numbers[1])
    raise UnsupportedNodeError(f"the activation {kind} that is fused into it is not known")


def pool(low: Lowering, node: NodeProto) -> View:
    if len(node.output) > 1 and node.output[1]:
        raise UnsupportedNodeError("it says where the largest were; accepted are their values")
    view = low.view(node)
    given = attributes(node)
    window = Window(node, list(view.shape[2:]), list(given["kernel_shape"]))
    source = low.images.plain(view)
    shape = low.images.shapes[source]
    kernel, stride = window.pair(window.kernel, 1), window.pair(window.stride, 1)
    dilation = window.pair(window.dilation, 1)
    sizes = window.pair(list(low.shapes[node.output[0]][2:]), 1)
    pads = list(window.pads)
    is_wider = False
    for axis in range(2):
        needed = (sizes[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
        missing = needed - shape[2 + axis] - pads[axis] - pads[2 + axis]
        if missing > 0:
            is_wider = True
            pads[2 + axis] += missing
    is_mean = node.op_type == "AveragePool"
    if is_mean and given.get("count_include_pad", 0) and any(pads):
        if is_wider:
            raise UnsupportedNodeError("it counts padding, and its last windows reach behind it")
        weights = np.full((shape[1], 1, *kernel), 1 / math.prod(kernel), np.float32)
        base = convolution(
            low.images, source, weights, None, stride, tuple(pads), dilation, shape[1], sizes
        )
    else:
        base = pooling(low.images, source, "avg" if is_mean else "max", sizes, kernel, stride,
                       tuple(pads), dilation)  # fmt: skip
    return low.images.plain_view(base, len(view.shape))


def global_pool(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    source = low.images.plain(view)
    kind = "avg" if node.op_type == "GlobalAveragePool" else "max"
    base = pooling(low.images, source, kind, (1, 1), low.images.shapes[source][2:])
    return low.images.plain_view(base, len(view.shape))
