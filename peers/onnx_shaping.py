# SPDX-License-Identifier: Apache-2.0
"""Operators that change shapes, or join and cut tensors."""

import math
from collections.abc import Iterable

from onnx import NodeProto
from onnx_lowering import Lowering
from onnx_problems import attributes
from onnx_views import CHANNEL, COLUMN, IMAGE, ROW, Digit, UnsupportedNodeError, View, merged, whole


def transpose(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    order = attributes(node).get("perm") or list(reversed(range(len(view.axes))))
    return view.transposed(order)


def reshape(low: Lowering, node: NodeProto) -> View:
    view, shape = low.view(node), low.shapes[node.output[0]]
    reshaped = view.reshaped(shape)
    if reshaped is None:
        # Plain elements in one row can be cut anywhere.
        count = math.prod(shape)
        digits = tuple(digit for axis in view.axes for digit in axis)
        base = low.images.image(View(view.base, (digits,)), ((), (), (), (0,)))
        reshaped = View(base, (whole(count, COLUMN),)).reshaped(shape)
    if reshaped is None:
        raise UnsupportedNodeError("its elements cannot be counted in another shape")
    return reshaped


def concat(low: Lowering, node: NodeProto) -> View:
    views = [low.view(node, index) for index in range(len(node.input))]
    rank = len(views[0].axes)
    axis = attributes(node).get("axis", 1) % rank
    if len(views) == 1:
        return views[0]
    views = [low.images.channels_last(view, axis) for view in views]
    first = views[0]
    others = [place for place in range(rank) if place != axis]
    if any(_rest(low, view, others) != _rest(low, first, others) for view in views):
        # Each with its axes in the same places.
        views = [_with_plain_rest(low, view, axis) for view in views]
        first = views[0]
    channels = sum(low.images.shapes[view.base][CHANNEL] for view in views)
    shape = low.images.shapes[first.base]
    result = (shape[0], channels, *shape[2:])
    base = low.images.append({"concatenation": {}}, [view.base for view in views], result)
    axes = tuple(
        whole(channels, CHANNEL) if place == axis else digits
        for place, digits in enumerate(first.axes)
    )
    return View(base, axes)


def _rest(low: Lowering, view: View, others: list[int]) -> object:
    shape = low.images.shapes[view.base]
    return [view.axes[place] for place in others], (shape[0], *shape[2:])


def _with_plain_rest(low: Lowering, view: View, axis: int) -> View:
    rest = [place for place in range(len(view.axes)) if place != axis]
    if len(rest) > 3:
        raise UnsupportedNodeError(f"it joins tensors of {len(view.axes)} axes; accepted are 4")
    places = dict(zip(rest, (IMAGE, ROW, COLUMN)[: len(rest)], strict=True)) | {axis: CHANNEL}
    groups = tuple(
        tuple(place for place, image_axis in places.items() if image_axis == wanted)
        for wanted in range(4)
    )
    base = low.images.image(view, groups)
    full = low.images.view(base).axes
    return View(base, tuple(full[places[place]] for place in range(len(view.axes))))


def picked(low: Lowering, view: View, axis: int, places: Iterable[int]) -> View:
    """Some places of one axis of a tensor."""
    places = [int(place) for place in places]
    if places == list(range(view.shape[axis])):
        return view
    if not places:
        raise UnsupportedNodeError("its result is empty")
    if len(view.axes[axis]) != 1:
        view = low.images.channels_last(view, axis)
    (digit,) = view.axes[axis]
    # Of the places along the image's axis those whose digit is picked; what is slower moves closer.
    span = digit.size * digit.step
    length = low.images.shapes[view.base][digit.axis]
    taken = [
        high + place * digit.step + low
        for high in range(0, length, span)
        for place in places
        for low in range(digit.step)
    ]
    base = low.images.select(view.base, digit.axis, taken)

    def moved(other: Digit) -> Digit:
        if other == digit:
            return Digit(len(places), digit.axis, digit.step)
        if other.axis != digit.axis or other.step < span:
            return other
        return Digit(other.size, other.axis, other.step // digit.size * len(places))

    return View(base, tuple(merged(moved(other) for other in digits) for digits in view.axes))


def slices(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    given = attributes(node)
    if "starts" in given:
        starts, ends = given["starts"], given["ends"]
        axes, steps = given.get("axes", list(range(len(starts)))), [1] * len(starts)
    else:
        starts, ends = (low.constant(node, index, "range").reshape(-1).tolist() for index in (1, 2))
        axes, steps = list(range(len(starts))), [1] * len(starts)
        if low.has(node, 3):
            axes = low.constant(node, 3, "axes").reshape(-1).tolist()
        if low.has(node, 4):
            steps = low.constant(node, 4, "steps").reshape(-1).tolist()
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        axis %= len(view.axes)
        last = end if end > -(1 << 62) else None
        places = list(range(view.shape[axis]))[slice(start, last, step)]
        view = picked(low, view, axis, places)
    return view


def split(low: Lowering, node: NodeProto) -> list[View]:
    view = low.view(node)
    axis = attributes(node).get("axis", 0) % len(view.axes)
    results, start = [], 0
    for output in node.output:
        size = low.shapes[output][axis]
        results.append(picked(low, view, axis, range(start, start + size)))
        start += size
    return results


def gather(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    places = low.constant(node, 1, "indices")
    axis = attributes(node).get("axis", 0) % len(view.axes)
    if places.ndim > 1:
        raise UnsupportedNodeError(f"its indices have {places.ndim} axes; accepted are 0 and 1")
    size = view.shape[axis]
    result = picked(low, view, axis, [int(place) % size for place in places.reshape(-1)])
    if places.ndim == 0:
        return View(result.base, (*result.axes[:axis], *result.axes[axis + 1 :]))
    return result
