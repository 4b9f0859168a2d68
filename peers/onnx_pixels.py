# SPDX-License-Identifier: Apache-2.0
"""Operators that move pixels: padding, repetition, blocks, other sizes."""

import math

from onnx import NodeProto
from onnx_lowering import Lowering
from onnx_problems import attributes
from onnx_resize import linear_taps, nearest_places
from onnx_views import CHANNEL, IMAGE, Digit, UnsupportedNodeError, View, merged


def pad(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    given = attributes(node)
    mode = given.get("mode", b"constant").decode()
    rank = len(view.axes)
    pads = given.get("pads")
    if pads is None:
        pads = low.constant(node, 1, "pads").reshape(-1).tolist()
    fill = given.get("value", 0.0)
    if low.has(node, 2):
        fill = float(low.constant(node, 2, "value").reshape(-1)[0])
    if low.has(node, 3):
        axes = [axis % rank for axis in low.constant(node, 3, "axes").reshape(-1).tolist()]
        half = len(pads) // 2
        before, after = [0] * rank, [0] * rank
        for place, axis in enumerate(axes):
            before[axis], after[axis] = pads[place], pads[half + place]
        pads = before + after
    source = low.images.plain(view)
    shape = low.images.shapes[source]
    places = {1: (1,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3)}[rank]
    lists = [list(range(size)) for size in shape]
    sizes = [0] * 4, [0] * 4
    for axis, image_axis in enumerate(places):
        first, last = int(pads[axis]), int(pads[rank + axis])
        sizes[0][image_axis], sizes[1][image_axis] = first, last
        lists[image_axis] = padded_places(shape[image_axis], first, last, mode)
    base = low.images.pick(source, lists, fill)
    is_plain = mode == "constant" and fill == 0 and min(*sizes[0], *sizes[1]) >= 0
    if is_plain and not any(of[axis] for of in sizes for axis in (IMAGE, CHANNEL)):
        low.images.paddings[base] = (source, (*sizes[0][2:], *sizes[1][2:]))
    return low.images.plain_view(base, rank)


def padded_places(size: int, before: int, after: int, mode: str) -> list[int]:
    """Where the places of a padded axis come from; negative for the value of the padding."""
    places = range(-before, size + after)
    if mode == "constant":
        return [place if 0 <= place < size else -1 for place in places]
    if mode == "edge":
        return [min(max(place, 0), size - 1) for place in places]
    if mode == "reflect" and max(before, after) < size:
        return [place if 0 <= place < size else -place if place < 0 else 2 * size - 2 - place
                for place in places]  # fmt: skip
    if mode == "wrap":
        return [place % size for place in places]
    raise UnsupportedNodeError(f"its mode is {mode}; accepted are constant, edge, reflect and wrap")


def expand(low: Lowering, node: NodeProto) -> View:
    """Repeats axes of size 1, or any axis a number of times."""
    view, shape = low.view(node), low.shapes[node.output[0]]
    view = View(view.base, ((),) * (len(shape) - len(view.axes)) + view.axes)
    if view.shape == tuple(shape):
        return view
    base = low.images.plain(view)
    rank = len(shape)
    places = {0: (), 1: (1,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3)}[rank]
    lists = [list(range(size)) for size in low.images.shapes[base]]
    for axis, image_axis in enumerate(places):
        lists[image_axis] = [place % len(lists[image_axis]) for place in range(shape[axis])]
    return low.images.plain_view(low.images.pick(base, lists), rank)


def depth_to_space(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    given = attributes(node)
    block = given["blocksize"]
    batch, channels, height, width = view.shape
    if node.op_type == "SpaceToDepth":
        apart = view.reshaped([batch, channels, height // block, block, width // block, block])
        is_crd = given.get("mode", b"DCR") == b"CRD"
        order = [0, 1, 3, 5, 2, 4] if is_crd else [0, 3, 5, 1, 2, 4]
    else:
        inside = channels // block**2
        is_crd = given.get("mode", b"DCR") == b"CRD"
        split_to = [batch, inside, block, block] if is_crd else [batch, block, block, inside]
        apart = view.reshaped([*split_to, height, width])
        order = [0, 1, 4, 2, 5, 3] if is_crd else [0, 3, 4, 1, 5, 2]
    if apart is None:
        raise UnsupportedNodeError("its channels and pixels are no multiples of its blocks")
    mixed = apart.transposed(order)
    shape = low.shapes[node.output[0]]
    axes, place = [], 0
    for size in shape:
        digits: list[Digit] = []
        while place < 6 and math.prod(d.size for d in digits) < size:
            digits += mixed.axes[place]
            place += 1
        axes.append(merged(digits))
    result = View(mixed.base, tuple(axes))
    if result.shape != tuple(shape):
        raise UnsupportedNodeError("its channels and pixels are no multiples of its blocks")
    return result


def resize(low: Lowering, node: NodeProto) -> View:
    view, shape = low.view(node), low.shapes[node.output[0]]
    given = {key: value.decode() if isinstance(value, bytes) else value
             for key, value in attributes(node).items()}  # fmt: skip
    source = low.images.plain(view)
    old = low.images.shapes[source]
    rank = len(shape)
    if rank not in (3, 4) or tuple(shape[:2]) != tuple(view.shape[:2]):
        raise UnsupportedNodeError("it changes more than rows and columns")
    scales = scales_of(low, node, rank)
    new = (1, shape[2]) if rank == 3 else (shape[2], shape[3])
    factors = [1.0, scales[2]] if rank == 3 else scales[2:4]
    if given.get("exclude_outside", 0) or given.get("antialias", 0):
        raise UnsupportedNodeError("antialias and exclude_outside are not known")
    # Operator sets before 11 do not say, and mean this.
    is_old = node.op_type == "Upsample" or low.opset < 11
    key = "coordinate_transformation_mode"
    coordinates = "asymmetric" if is_old else given.get(key, "half_pixel")
    mode = given.get("mode", "nearest")
    axes = list(zip(old[2:], new, factors, strict=True))
    if mode == "nearest":
        rounding = "floor" if is_old else given.get("nearest_mode", "round_prefer_floor")
        lists = [list(range(old[0])), list(range(old[1]))]
        lists += [nearest_places(*axis, coordinates, rounding) for axis in axes]
        base = low.images.pick(source, lists)
    elif mode == "linear":
        rows, columns = (linear_taps(*axis, coordinates) for axis in axes)
        operation = {"resize": {"_0": {"rows": rows, "columns": columns}}}
        base = low.images.append(operation, [source], (*old[:2], *new))
    else:
        raise UnsupportedNodeError(f"its mode is {mode}; accepted are nearest and linear")
    return low.images.plain_view(base, rank)


def scales_of(low: Lowering, node: NodeProto, rank: int) -> list[float]:
    """By how much each axis grows: as the model says, or by the sizes."""
    given = attributes(node)
    if "scales" in given:
        return [float(scale) for scale in given["scales"]]
    index = 1 if node.op_type == "Upsample" or low.opset < 11 else 2
    if low.has(node, index):
        scales = low.constant(node, index, "scales").reshape(-1)
        if scales.size == rank:
            return [float(scale) for scale in scales]
    old, new = low.shapes[node.input[0]], low.shapes[node.output[0]]
    return [b / a for a, b in zip(old, new, strict=True)]
