# SPDX-License-Identifier: Apache-2.0
"""Tensors of an ONNX model as views of images `[N][C][H][W]`, and the graph that computes these.

A graph of ConvScope has images only. What changes no more than the order and the grouping of axes
is a view; a node is appended where an operation needs the elements in another order.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Shape = tuple[int, int, int, int]
Axes = tuple[tuple["Digit", ...], ...]
IMAGE, CHANNEL, ROW, COLUMN = range(4)
# An index list of this length and more is not worth a graph.
MOST_ELEMENTS = 1 << 28


class UnsupportedNodeError(Exception):
    """A node cannot be part of the graph; the text says why."""


@dataclass(frozen=True)
class Digit:
    """A part of an axis: `size` places along an axis of the image, `step` apart."""

    size: int
    axis: int
    step: int


@dataclass(frozen=True)
class View:
    """A tensor whose axes are, each, digits of an image, the slowest first."""

    base: str
    axes: Axes

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(math.prod(digit.size for digit in axis) for axis in self.axes)

    def with_base(self, base: str) -> "View":
        return View(base, self.axes)

    def transposed(self, order: Iterable[int]) -> "View":
        return View(self.base, tuple(self.axes[place] for place in order))

    def reshaped(self, shape: Iterable[int]) -> "View | None":
        """The view with other axes; None where these do not fall on its digits."""
        left = list(merged(digit for axis in self.axes for digit in axis))
        axes: list[tuple[Digit, ...]] = []
        for size in reversed(list(shape)):
            axis: list[Digit] = []
            wanted = size
            while wanted > 1:
                if not left:
                    return None
                last = left.pop()
                part = math.gcd(last.size, wanted)
                if part == 1 or (part < last.size and part < wanted):
                    return None
                if part < last.size:
                    left.append(Digit(last.size // part, last.axis, last.step * part))
                axis.insert(0, Digit(part, last.axis, last.step))
                wanted //= part
            axes.insert(0, merged(axis))
        return View(self.base, tuple(axes)) if not left else None


def merged(digits: Iterable[Digit]) -> tuple[Digit, ...]:
    """Digits without those of one value, neighbours that continue each other as one."""
    result: list[Digit] = []
    for digit in digits:
        if digit.size == 1:
            continue
        last = result[-1] if result else None
        if last and last.axis == digit.axis and last.step == digit.size * digit.step:
            result[-1] = Digit(last.size * digit.size, digit.axis, digit.step)
        else:
            result.append(digit)
    return tuple(result)


def whole(size: int, axis: int) -> tuple[Digit, ...]:
    """All of an axis of an image."""
    return () if size == 1 else (Digit(size, axis, 1),)


@dataclass
class GraphNode:
    """A node as the harness reads it, with its constants."""

    name: str
    operation: dict[str, Any]
    sources: list[str]
    shape: Shape
    constants: list[np.ndarray] = field(default_factory=list)
    # The node of the model that it comes from.
    origin: str = ""


class Images:
    """The graph under construction."""

    INPUT = "input"

    def __init__(self) -> None:
        self.nodes: dict[str, GraphNode] = {}
        self.shapes: dict[str, Shape] = {}
        # The node of the model at hand.
        self.origin = ""
        # What a node of padding alone pads, and by how much above, left, below and right.
        self.paddings: dict[str, tuple[str, tuple[int, int, int, int]]] = {}

    def begin(self, shape: Shape) -> str:
        self.shapes[self.INPUT] = shape
        return self.INPUT

    def append(
        self,
        operation: dict[str, Any],
        sources: list[str],
        shape: Shape,
        constants: Iterable[np.ndarray] = (),
    ) -> str:
        if math.prod(shape) > MOST_ELEMENTS or 0 in shape:
            sizes = "x".join(map(str, shape))
            raise UnsupportedNodeError(
                f"its result is {sizes}; accepted are 1 to {MOST_ELEMENTS} elements"
            )
        name, number = self.origin or "node", 2
        while name in self.shapes:
            name, number = f"{self.origin or 'node'}.{number}", number + 1
        self.nodes[name] = GraphNode(
            name, operation, sources, shape, [np.asarray(of, np.float32) for of in constants]
        )
        self.nodes[name].origin = self.origin
        self.shapes[name] = shape
        return name

    def view(self, base: str) -> View:
        """An image as it is."""
        axes = tuple(whole(size, axis) for axis, size in enumerate(self.shapes[base]))
        return View(base, axes)

    def constant(self, values: np.ndarray) -> str:
        """An image of values."""
        return self.append(
            {"constant": {"_0": shape_fields(values.shape)}}, [], values.shape, [values]
        )

    def image(self, view: View, groups: tuple[tuple[int, ...], ...]) -> str:
        """An image with the axes of a view: those of its images, channels, rows and columns."""
        wanted = [merged(digit for axis in group for digit in view.axes[axis]) for group in groups]
        shape = self.shapes[view.base]
        if all(digits == whole(shape[axis], axis) for axis, digits in enumerate(wanted)):
            return view.base
        result = tuple(math.prod(digit.size for digit in digits) for digits in wanted)
        others = (axis for axis in range(4) if axis != CHANNEL)
        if all(wanted[axis] == whole(shape[axis], axis) for axis in others):
            groups_of = _shuffle_groups(wanted[CHANNEL], shape[CHANNEL])
            if groups_of:
                return self.append({"shuffle": {"groups": groups_of}}, [view.base], result)
        steps = (shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1)
        digits = [
            {"size": digit.size, "step": digit.step * steps[digit.axis]}
            for part in wanted
            for digit in part
        ] or [{"size": 1, "step": 0}]
        operation = {"rearrangement": {"_0": {"shape": shape_fields(result), "digits": digits}}}
        return self.append(operation, [view.base], result)

    def plain(self, view: View) -> str:
        """An image of a tensor as convolutions read it: `NCHW`, `NCW`, `NC` or `C`."""
        groups = {
            0: ((), (), (), ()),
            1: ((), (0,), (), ()),
            2: ((0,), (1,), (), ()),
            3: ((0,), (1,), (), (2,)),
            4: ((0,), (1,), (2,), (3,)),
        }.get(len(view.axes))
        if groups is None:
            raise too_many_axes(len(view.axes))
        return self.image(view, groups)

    def plain_view(self, base: str, axes: int) -> View:
        """A view with so many axes of an image that `plain` made."""
        full = self.view(base).axes
        return View(
            base, {0: (), 1: full[1:2], 2: full[:2], 3: (*full[:2], full[3])}.get(axes, full)
        )

    def channels_last(self, view: View, axis: int) -> View:
        """The view over an image whose channels are `axis`, all of it and nothing else."""
        if view.axes[axis] == whole(self.shapes[view.base][CHANNEL], CHANNEL):
            return view
        rest = [place for place in range(len(view.axes)) if place != axis]
        if len(rest) > 3:
            raise too_many_axes(len(view.axes))
        # One axis beside the channels lies along a row, and the first of several are images.
        images, rows, columns = {
            0: ((), (), ()),
            1: ((), (), tuple(rest)),
            2: (tuple(rest[:1]), (), tuple(rest[1:])),
            3: tuple((place,) for place in rest),
        }[len(rest)]
        base = self.image(view, (images, (axis,), rows, columns))
        full = self.view(base).axes
        places = {axis: CHANNEL}
        for group, image_axis in ((images, IMAGE), (rows, ROW), (columns, COLUMN)):
            for place in group:
                places[place] = image_axis
        return View(base, tuple(full[places[place]] for place in range(len(view.axes))))

    def select(self, base: str, axis: int, places: Iterable[int]) -> str:
        """Some places of one axis of an image."""
        lists = [list(range(size)) for size in self.shapes[base]]
        lists[axis] = [int(place) for place in places]
        return self.pick(base, lists)

    def pick(self, base: str, lists: list[list[int]], fill: float = 0) -> str:
        """Places of each axis of an image; a negative one stands for `fill`."""
        shape = tuple(len(places) for places in lists)
        keys = ("images", "channels", "rows", "columns")
        fields: dict[str, Any] = dict(zip(keys, lists, strict=True)) | {"fill": float(fill)}
        return self.append({"selection": {"_0": fields}}, [base], shape)

    def of_image(self, view: View, values: np.ndarray) -> np.ndarray:
        """The values of a tensor in the order of its image."""
        shape = self.shapes[view.base]
        steps = (shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1)
        places = np.zeros((), np.int64)
        for digits in view.axes:
            own = np.zeros((1,), np.int64)
            for digit in digits:
                inner = np.arange(digit.size, dtype=np.int64) * (digit.step * steps[digit.axis])
                own = (own[:, None] + inner[None, :]).reshape(-1)
            places = places[..., None] + own
        image = np.empty(math.prod(shape), np.float32)
        image[places.reshape(-1)] = np.broadcast_to(values, view.shape).reshape(-1)
        return image.reshape(shape)


def too_many_axes(count: int) -> UnsupportedNodeError:
    return UnsupportedNodeError(f"it reads a tensor of {count} axes; accepted are 4")


def image_shape(shape: tuple[int, ...]) -> Shape:
    """A tensor as an image: `NCHW`, `NCW`, `NC` or `C`."""
    if len(shape) > 4:
        raise too_many_axes(len(shape))
    return {
        0: (1, 1, 1, 1),
        1: (1, *shape, 1, 1),
        2: (*shape, 1, 1),
        3: (*shape[:2], 1, *shape[2:]),
    }.get(len(shape), shape)


def _shuffle_groups(digits: tuple[Digit, ...], channels: int) -> int:
    """The groups of a channel shuffle that reads channels as these digits; 0 where it is none."""
    if len(digits) != 2 or any(digit.axis != CHANNEL for digit in digits):
        return 0
    inside, groups = digits
    is_one = inside.step == 1 and groups.step == inside.size
    return groups.size if is_one and inside.size * groups.size == channels else 0


def shape_fields(shape: Iterable[int]) -> dict[str, Any]:
    batch, channels, height, width = (int(size) for size in shape)
    return {
        "batch": batch,
        "channels": channels,
        "extent": {"height": height, "width": width},
    }
