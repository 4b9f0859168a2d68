# SPDX-License-Identifier: Apache-2.0
"""What an operator of a model is given: the graph so far, and what each tensor is in it."""

from typing import Any

import numpy as np
from onnx import NodeProto
from onnx_problems import convolution
from onnx_views import (
    CHANNEL,
    COLUMN,
    IMAGE,
    ROW,
    Images,
    UnsupportedNodeError,
    View,
    image_shape,
)

Value = View | np.ndarray
LARGEST = 3.4e38


class Lowering:
    """The graph so far, and what each tensor of the model is in it."""

    def __init__(self, images: Images, readers: dict[str, int], opset: int) -> None:
        self.images = images
        self.readers = readers
        self.opset = opset
        self.values: dict[str, Value] = {}
        # The shapes that tensors have in a run.
        self.shapes: dict[str, tuple[int, ...]] = {}
        # The node of the model that makes a tensor.
        self.makers: dict[str, NodeProto] = {}

    def view(self, node: NodeProto, index: int = 0) -> View:
        """An input that is computed; what is constant becomes a node."""
        value = self.value(node, index)
        return value if isinstance(value, View) else self.given(value)

    def given(self, values: np.ndarray) -> View:
        """A constant as a node of the graph."""
        shape = image_shape(values.shape)
        base = self.images.constant(values.astype(np.float32).reshape(shape))
        return self.images.plain_view(base, values.ndim)

    def value(self, node: NodeProto, index: int) -> Value:
        if index >= len(node.input) or not node.input[index]:
            raise UnsupportedNodeError(f"its input {index + 1} is missing")
        return self.values[node.input[index]]

    def has(self, node: NodeProto, index: int) -> bool:
        return index < len(node.input) and bool(node.input[index])

    def constant(self, node: NodeProto, index: int, role: str) -> np.ndarray:
        value = self.value(node, index)
        if isinstance(value, View):
            raise UnsupportedNodeError(f"its {role} is computed; accepted are constants")
        return value

    def is_read_once(self, tensor: str) -> bool:
        return self.readers.get(tensor, 0) == 1

    def function(self, view: View, name: str, **given: float) -> View:
        """A function of each element."""
        operation = {"point": {"_0": {name: given}}}
        return self._alike(view, operation)

    def _alike(self, view: View, operation: dict[str, Any]) -> View:
        shape = self.images.shapes[view.base]
        return view.with_base(self.images.append(operation, [view.base], shape))

    def relu(self, view: View) -> View:
        return self._alike(view, {"relu": {}})

    def affine(self, node: NodeProto, view: View, factor: np.ndarray, addend: np.ndarray) -> View:
        """`factor · x + addend`: by channel a convolution, that before it where that can be.

        Factor and addend are of the shape of the image, with sizes of 1.
        """
        if np.all(factor == 1) and np.all(addend == 0):
            return view
        images = self.images
        channels = images.shapes[view.base][CHANNEL]
        if any(
            max(of.shape[IMAGE], of.shape[ROW], of.shape[COLUMN]) > 1 for of in (factor, addend)
        ):
            return self._of_elements(view, factor, addend)
        factor = np.broadcast_to(factor.reshape(-1), (channels,)).astype(np.float64)
        addend = np.broadcast_to(addend.reshape(-1), (channels,)).astype(np.float64)
        maker = images.nodes.get(view.base)
        reads = [name for name in node.input if isinstance(self.values.get(name), View)]
        is_behind = maker is not None and "convolution" in maker.operation
        if (
            is_behind
            and len(reads) == 1
            and self.is_read_once(reads[0])
            and self._is_last(view.base)
        ):
            kept = maker.constants
            weights = kept[0].astype(np.float64) * factor.reshape(-1, 1, 1, 1)
            bias = kept[1].astype(np.float64) if len(kept) > 1 else np.zeros(channels)
            maker.constants = [
                weights.astype(np.float32),
                (factor * bias + addend).astype(np.float32),
            ]
            maker.operation["convolution"]["hasBias"] = True
            maker.origin = images.origin
            return view
        weights = factor.astype(np.float32).reshape(-1, 1, 1, 1)
        base = convolution(images, view.base, weights, addend.astype(np.float32), groups=channels)
        return view.with_base(base)

    def _is_last(self, base: str) -> bool:
        """Whether no node reads an image."""
        return not any(base in node.sources for node in self.images.nodes.values())

    def _of_elements(self, view: View, factor: np.ndarray, addend: np.ndarray) -> View:
        if not np.all(factor == 1):
            view = self._with_constant(view, "times", factor)
        return view if np.all(addend == 0) else self._with_constant(view, "plus", addend)

    def _with_constant(self, view: View, name: str, values: np.ndarray) -> View:
        constant = self.images.constant(values.astype(np.float32))
        return self.combined(name, view, view.with_base(constant))

    def over_image(self, view: View, values: np.ndarray) -> np.ndarray:
        """A constant as an image that a view's image can be combined with, with sizes of 1."""
        image = self.images.of_image(view, values)
        for axis in range(4):
            first = image.take([0], axis)
            if image.shape[axis] > 1 and np.array_equal(np.broadcast_to(first, image.shape), image):
                image = first
        return image

    def combined(self, name: str, left: View, right: View) -> View:
        """Two images element by element."""
        images = self.images
        shapes = images.shapes[left.base], images.shapes[right.base]
        shape = tuple(max(pair) for pair in zip(*shapes, strict=True))
        if name == "plus" and shapes[0] == shapes[1]:
            operation: dict[str, Any] = {"add": {}}
        elif name == "times" and shapes[0] == shape and shapes[1] == (*shape[:2], 1, 1):
            operation = {"scale": {}}
        elif name == "times" and shapes[1] == shape and shapes[0] == (*shape[:2], 1, 1):
            operation, left, right = {"scale": {}}, right, left
        else:
            operation = {"combination": {"_0": name}}
        base = images.append(operation, [left.base, right.base], shape)
        longer = left if images.shapes[left.base] == shape else right
        return View(base, longer.axes)
