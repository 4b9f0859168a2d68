# SPDX-License-Identifier: Apache-2.0
"""Transposed convolutions, as a convolution whose outputs are spread."""

import numpy as np
from onnx import NodeProto
from onnx_lowering import Lowering
from onnx_problems import Window, attributes, convolution
from onnx_views import UnsupportedNodeError, View, merged


def conv_transpose(low: Lowering, node: NodeProto) -> View:
    """As a convolution with the outputs between two inputs as channels, which are then spread."""
    view = low.view(node)
    weights = low.constant(node, 1, "filter").astype(np.float32)
    axes = weights.ndim - 2
    given = attributes(node)
    groups = given.get("group", 1)
    if weights.ndim == 3:
        weights = weights[:, :, None, :]
    source = low.images.plain(view)
    batch, channels, *extent = low.images.shapes[source]
    window = Window(node, list(view.shape[2:]), list(weights.shape[2:])[-axes:])
    size = list(low.shapes[node.output[0]][2:])
    out = window.pair(size, 1)
    stride, dilation = window.pair(window.stride, 1), window.pair(window.dilation, 1)
    if dilation != (1, 1):
        raise UnsupportedNodeError("it is dilated; accepted are transposed ones without dilation")
    before = window.pair(transposed_padding(node, window, list(view.shape[2:]), size), 0)
    inside = weights.shape[1]
    filters = weights.reshape(groups, channels // groups, inside, *weights.shape[2:])
    taps, firsts, counts, pads = [], [], [], []
    for axis in range(2):
        reach = -(-weights.shape[2 + axis] // stride[axis])
        first, last = before[axis] // stride[axis], (out[axis] - 1 + before[axis]) // stride[axis]
        if last > extent[axis] + reach - 2:
            raise UnsupportedNodeError("its output_padding reaches behind its last input")
        pad = reach - 1 - first
        after = last - first + 1 + reach - 1 - extent[axis] - pad
        if pad < 0 or after < 0:
            raise UnsupportedNodeError("its padding is larger than its kernel")
        taps.append(reach)
        firsts.append(first)
        counts.append(last - first + 1)
        pads.append((pad, after))
    # [G][Co/G][phases][Ci/G][taps], taps in reverse: a transposed convolution turns its kernel.
    spread = np.zeros((groups, inside, *stride, channels // groups, *taps), np.float32)
    for row in range(weights.shape[2]):
        for column in range(weights.shape[3]):
            place = (taps[0] - 1 - row // stride[0], taps[1] - 1 - column // stride[1])
            spread[:, :, row % stride[0], column % stride[1], :, place[0], place[1]] = filters[
                ..., row, column
            ].transpose(0, 2, 1)
    phases = stride[0] * stride[1]
    shaped = spread.reshape(groups * inside * phases, channels // groups, *taps)
    bias = low.constant(node, 2, "bias").astype(np.float32) if low.has(node, 2) else None
    if bias is not None:
        bias = np.repeat(bias, phases)
    base = convolution(
        low.images, source, shaped, bias, (1, 1), (pads[0][0], pads[1][0], pads[0][1], pads[1][1]),
        (1, 1), groups,
    )  # fmt: skip
    total = groups * inside
    split = low.images.view(base).reshaped([batch, total, *stride, *counts])
    if split is None:
        raise UnsupportedNodeError("its output cannot be spread")
    spread_view = split.transposed([0, 1, 4, 2, 5, 3])
    joined = View(
        spread_view.base,
        (
            spread_view.axes[0],
            spread_view.axes[1],
            merged((*spread_view.axes[2], *spread_view.axes[3])),
            merged((*spread_view.axes[4], *spread_view.axes[5])),
        ),
    )
    base = low.images.plain(joined)
    lists = [list(range(of)) for of in low.images.shapes[base]]
    for axis in range(2):
        start = before[axis] - firsts[axis] * stride[axis]
        lists[2 + axis] = list(range(start, start + out[axis]))
    if [len(places) for places in lists] != list(low.images.shapes[base]):
        base = low.images.pick(base, lists)
    return low.images.plain_view(base, axes + 2)


def transposed_padding(
    node: NodeProto, window: Window, extent: list[int], size: list[int]
) -> list[int]:
    """What is cut off before each axis of a transposed convolution."""
    given = attributes(node)
    auto = given.get("auto_pad", b"NOTSET").decode()
    if auto not in ("SAME_UPPER", "SAME_LOWER") and "output_shape" not in given:
        return window.before
    extra = list(given.get("output_padding", [0] * len(extent)))
    before = []
    for axis, length in enumerate(extent):
        covered = window.stride[axis] * (length - 1) + extra[axis] + window.kernel[axis]
        total = max(0, covered - size[axis])
        before.append(total // 2 if auto != "SAME_LOWER" else total - total // 2)
    return before
