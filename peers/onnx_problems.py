# SPDX-License-Identifier: Apache-2.0
"""Convolutions and poolings as nodes of a graph, with their problem descriptors."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from onnx import NodeProto, helper
from onnx_views import Images, UnsupportedNodeError


def attributes(node: NodeProto) -> dict[str, Any]:
    return {given.name: helper.get_attribute_value(given) for given in node.attribute}


def convolution(
    images: Images,
    source: str,
    weights: np.ndarray,
    bias: np.ndarray | None,
    stride: tuple[int, int] = (1, 1),
    pads: tuple[int, int, int, int] = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
    sizes: tuple[int, int] | None = None,
) -> str:
    """A convolution; padding is above, left, below and right."""
    batch, channels, *extent = images.shapes[source]
    kernel = weights.shape[2:]
    if sizes is None:
        sizes = output_sizes(extent, kernel, stride, pads, dilation)
    text = problem(
        (batch, channels, *extent), weights.shape[0], sizes, kernel, stride, pads, dilation, groups
    )
    operation = {"convolution": {"_0": text, "hasBias": bias is not None}}
    constants = [weights] if bias is None else [weights, bias]
    return images.append(operation, [source], (batch, weights.shape[0], *sizes), constants)


def output_sizes(
    extent: Iterable[int],
    kernel: Iterable[int],
    stride: Iterable[int],
    pads: tuple[int, int, int, int],
    dilation: Iterable[int],
) -> tuple[int, int]:
    sizes = []
    both = zip(extent, kernel, stride, dilation, pads[:2], pads[2:], strict=True)
    for size, taps, step, apart, before, after in both:
        covered = apart * (taps - 1) + 1
        if min(before, after) < 0:
            raise UnsupportedNodeError("its padding is negative; accepted are sizes from 0")
        if covered > size + before + after:
            raise UnsupportedNodeError(
                f"its kernel covers {covered}, more than the {size + before + after} of its padded "
                "input"
            )
        sizes.append((size + before + after - covered) // step + 1)
    return sizes[0], sizes[1]


def problem(
    shape: tuple[int, ...],
    channels: int,
    sizes: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    pads: tuple[int, ...],
    dilation: tuple[int, ...],
    groups: int,
) -> str:
    """A descriptor that leaves nothing to be deduced."""
    if groups < 1 or shape[1] % groups or channels % groups:
        raise UnsupportedNodeError(
            f"its {groups} groups do not divide {shape[1]} and {channels} channels"
        )
    after = "" if pads[2:] == pads[:2] else f"rh{pads[2]}rw{pads[3]}"
    return (
        f"g{groups}mb{shape[0]}ic{shape[1]}ih{shape[2]}iw{shape[3]}oc{channels}"
        f"oh{sizes[0]}ow{sizes[1]}kh{kernel[0]}kw{kernel[1]}sh{stride[0]}sw{stride[1]}"
        f"ph{pads[0]}pw{pads[1]}{after}dh{dilation[0] - 1}dw{dilation[1] - 1}"
    )


class Window:
    """Strides, dilations and padding of a convolution or a pooling, in two axes."""

    def __init__(self, node: NodeProto, extent: list[int], kernel: list[int]) -> None:
        given = attributes(node)
        axes = len(kernel)
        if axes not in (1, 2) or len(extent) != axes:
            raise UnsupportedNodeError(f"it has {axes} spatial axes; accepted are 1 and 2")
        self.axes = axes
        self.kernel = kernel
        self.stride = list(given.get("strides", [1] * axes))
        self.dilation = list(given.get("dilations", [1] * axes))
        pads = list(given.get("pads", [0] * (2 * axes)))
        lists = (self.stride, self.dilation, pads)
        if [len(of) for of in lists] != [axes, axes, 2 * axes]:
            raise UnsupportedNodeError("its strides, dilations and pads are of other axes")
        if min(self.stride + self.dilation) < 1 or min(pads) < 0:
            raise UnsupportedNodeError("accepted are strides and dilations from 1, padding from 0")
        self.before, self.after = pads[:axes], pads[axes:]
        auto = given.get("auto_pad", b"NOTSET").decode()
        if auto in ("SAME_UPPER", "SAME_LOWER"):
            self._pad_to_same(extent, lower=auto == "SAME_LOWER")
        elif auto == "VALID":
            self.before, self.after = [0] * axes, [0] * axes

    def _pad_to_same(self, extent: list[int], lower: bool) -> None:
        for axis, size in enumerate(extent):
            covered = self.dilation[axis] * (self.kernel[axis] - 1) + 1
            step = self.stride[axis]
            total = max(0, (-(-size // step) - 1) * step + covered - size)
            small, large = total // 2, total - total // 2
            self.before[axis], self.after[axis] = (large, small) if lower else (small, large)

    def pair(self, values: list[int], missing: int) -> tuple[int, int]:
        """Both axes; a single one is the width of an image of height 1."""
        return (missing, values[0]) if self.axes == 1 else (values[0], values[1])

    @property
    def pads(self) -> tuple[int, int, int, int]:
        return (*self.pair(self.before, 0), *self.pair(self.after, 0))


def pooling(
    images: Images,
    source: str,
    kind: str,
    sizes: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    pads: tuple[int, ...] = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> str:
    shape = images.shapes[source]
    text = problem(shape, shape[1], sizes, kernel, stride, pads, dilation, shape[1])
    operation = {"pooling": {"_0": {"kind": kind, "window": text}}}
    return images.append(operation, [source], (*shape[:2], *sizes))
