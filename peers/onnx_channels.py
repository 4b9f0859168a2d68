# SPDX-License-Identifier: Apache-2.0
"""Operators over all channels of a pixel, or over all pixels: products, means, normalisations."""

import math

import numpy as np
from onnx import NodeProto
from onnx_lowering import Lowering
from onnx_problems import attributes, convolution, pooling
from onnx_views import CHANNEL, COLUMN, IMAGE, ROW, UnsupportedNodeError, View, merged, whole


def reduced_axes(low: Lowering, node: NodeProto, rank: int) -> tuple[list[int], bool]:
    given = attributes(node)
    axes = given.get("axes")
    if axes is None and low.has(node, 1):
        axes = low.constant(node, 1, "axes").reshape(-1).tolist()
    if axes is None or (not axes and not given.get("noop_with_empty_axes", 0)):
        axes = list(range(rank))
    return sorted(axis % rank for axis in axes), bool(given.get("keepdims", 1))


def reduce(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    axes, keeps = reduced_axes(low, node, len(view.shape))
    is_mean = node.op_type == "ReduceMean"
    images = low.images
    digits = merged(digit for axis in axes for digit in view.axes[axis])
    shape = images.shapes[view.base]
    spatial = merged((*whole(shape[ROW], ROW), *whole(shape[COLUMN], COLUMN)))
    if digits == spatial and node.op_type in ("ReduceMean", "ReduceMax"):
        base = pooling(images, view.base, "avg" if is_mean else "max", (1, 1), shape[2:])
    elif len(axes) == 1 and node.op_type in ("ReduceMean", "ReduceSum"):
        view = images.channels_last(view, axes[0])
        count = images.shapes[view.base][CHANNEL]
        weights = np.full((1, count, 1, 1), 1 / count if is_mean else 1, np.float32)
        base = convolution(images, view.base, weights, None)
    else:
        raise UnsupportedNodeError(
            f"it reduces the axes {axes}; accepted are rows and columns, and a single axis of a "
            "mean or sum"
        )
    left = [() if place in axes else axis for place, axis in enumerate(view.axes)]
    if not keeps:
        left = [axis for place, axis in enumerate(left) if place not in axes]
    return View(base, tuple(left))


def gemm(low: Lowering, node: NodeProto) -> View:
    given = attributes(node)
    weights = low.constant(node, 1, "second matrix").astype(np.float64)
    if given.get("transA", 0):
        raise UnsupportedNodeError("its first matrix is transposed; accepted is the second")
    weights = weights if given.get("transB", 0) else weights.T
    weights = weights * given.get("alpha", 1.0)
    bias = None
    if low.has(node, 2):
        addend = low.constant(node, 2, "addend").astype(np.float64) * given.get("beta", 1.0)
        if addend.ndim > 1 and addend.shape[0] > 1:
            raise UnsupportedNodeError("its addend differs by row; accepted is one for all rows")
        bias = np.broadcast_to(addend.reshape(-1), (weights.shape[0],)).astype(np.float32)
    return product(low, low.view(node), weights.astype(np.float32), bias)


def matmul(low: Lowering, node: NodeProto) -> View:
    if isinstance(low.value(node, 1), View):
        raise UnsupportedNodeError("both of its sides are computed; accepted is a constant right")
    weights = low.constant(node, 1, "right side")
    if weights.ndim != 2:
        raise UnsupportedNodeError(f"its constant has {weights.ndim} axes; accepted are 2")
    return product(low, low.view(node), np.ascontiguousarray(weights.T.astype(np.float32)), None)


def product(low: Lowering, view: View, weights: np.ndarray, bias: np.ndarray | None) -> View:
    """The last axis times a matrix `[out][in]`."""
    images = low.images
    shape = images.shapes[view.base]
    flat = merged((*whole(shape[1], CHANNEL), *whole(shape[2], ROW), *whole(shape[3], COLUMN)))
    if len(view.axes) == 2 and view.axes[1] == flat and view.axes[0] == whole(shape[0], IMAGE):
        # What was flattened is read as it lies, by a kernel of its size.
        shaped = weights.reshape(weights.shape[0], *shape[1:])
        return images.plain_view(convolution(images, view.base, shaped, bias), 2)
    last = len(view.axes) - 1
    view = images.channels_last(view, last)
    base = convolution(images, view.base, weights[:, :, None, None], bias)
    return View(base, (*view.axes[:-1], whole(weights.shape[0], CHANNEL)))


def batch_normalization(low: Lowering, node: NodeProto) -> View:
    if len([name for name in node.output if name]) > 1:
        raise UnsupportedNodeError("it is of training; accepted is one output")
    view = low.images.view(low.images.plain(low.view(node)))
    rank = len(low.view(node).axes)
    gamma, beta, mean, variance = (
        low.constant(node, index, "statistics").astype(np.float64).reshape(1, -1, 1, 1)
        for index in range(1, 5)
    )
    factor = gamma / np.sqrt(variance + attributes(node).get("epsilon", 1e-5))
    return low.images.plain_view(low.affine(node, view, factor, beta - mean * factor).base, rank)


def layer_normalization(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    given = attributes(node)
    rank = len(view.axes)
    if given.get("axis", -1) % rank != rank - 1:
        raise UnsupportedNodeError("it normalises several axes; accepted is the last one")
    view = low.images.channels_last(view, rank - 1)
    epsilon = {"epsilon": float(given.get("epsilon", 1e-5))}
    view = low._alike(view, {"normalization": epsilon})
    factor = low.constant(node, 1, "scale").reshape(1, -1, 1, 1)
    addend = low.constant(node, 2, "bias") if low.has(node, 2) else np.zeros(1)
    return low.affine(node, view, factor, addend.reshape(1, -1, 1, 1))


def softmax(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    rank = len(view.axes)
    axis = attributes(node).get("axis", -1 if low.opset >= 13 else 1) % rank
    if low.opset < 13 and math.prod(view.shape[axis + 1 :]) != 1:
        raise UnsupportedNodeError("it is over several axes, as before operator set 13")
    return low._alike(low.images.channels_last(view, axis), {"softmax": {}})
