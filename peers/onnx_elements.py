# SPDX-License-Identifier: Apache-2.0
"""Operators that compute element by element."""

import math
from collections.abc import Callable

import numpy as np
from onnx import NodeProto
from onnx_lowering import LARGEST, Lowering
from onnx_problems import attributes
from onnx_views import Images, UnsupportedNodeError, View


def clip(low: Lowering, node: NodeProto) -> View:
    given = attributes(node)
    least, most = given.get("min", -LARGEST), given.get("max", LARGEST)
    if low.has(node, 1):
        least = float(low.constant(node, 1, "least value").reshape(-1)[0])
    if low.has(node, 2):
        most = float(low.constant(node, 2, "largest value").reshape(-1)[0])
    return clipped(low, low.view(node), least, most)


def clipped(low: Lowering, view: View, least: float, most: float) -> View:
    least, most = max(float(least), -LARGEST), min(float(most), LARGEST)
    if least == 0 and most == LARGEST:
        return low.relu(view)
    return low.function(view, "clip", least=least, most=most)


def binary(name: str) -> Callable[[Lowering, NodeProto], View]:
    return lambda low, node: combine(low, node, name)


def combine(low: Lowering, node: NodeProto, name: str) -> View:
    argument = gelu_argument(low, node) if node.op_type == "Mul" else None
    if argument is not None:
        return low.function(argument, "gelu")
    left, right = low.value(node, 0), low.value(node, 1)
    if not isinstance(left, View) and not isinstance(right, View):
        left = low.given(left)
    if isinstance(left, View) and isinstance(right, View):
        return combine_views(low, node, name, left, right)
    view, values = (left, right) if isinstance(left, View) else (right, left)
    rank = max(len(view.axes), values.ndim)
    view = View(view.base, ((),) * (rank - len(view.axes)) + view.axes)
    values = values.astype(np.float64).reshape((1,) * (rank - values.ndim) + values.shape)
    if any(size > 1 and own == 1 for size, own in zip(values.shape, view.shape, strict=True)):
        given = low.given(values.astype(np.float32))
        return combine_views(low, node, name, view, given, isinstance(left, View))
    image = low.over_image(view, values).astype(np.float64)
    return with_constant(low, node, name, view, image, is_right=isinstance(left, View))


def gelu_argument(low: Lowering, node: NodeProto) -> View | None:
    """Of `½ · x · (1 + erf(x / √2))`, as operator sets before 20 write it, the `x`; else nothing.

    The half may stand before or behind the other product.
    """
    parts = _factors(low, node, 0.5)
    if parts is None:
        return None
    for name, other in (parts, parts[::-1]):
        erf = _with(low, low.makers.get(other), "Add", 1)
        inner = low.makers.get(erf) if erf else None
        if inner is None or inner.op_type != "Erf":
            continue
        maker = low.makers.get(inner.input[0])
        scaled = _with(low, maker, "Div", 2**0.5) or _with(low, maker, "Mul", 0.5**0.5)
        value = low.values.get(name)
        if scaled == name and isinstance(value, View):
            return value
    return None


def _factors(low: Lowering, node: NodeProto, number: float) -> tuple[str, str] | None:
    """The two tensors of a product that is multiplied with a number, in either order."""
    product = _with(low, node, "Mul", number)
    maker = low.makers.get(product) if product else None
    if maker is not None and maker.op_type == "Mul":
        return maker.input[0], maker.input[1]
    for first, second in (node.input, node.input[::-1]):
        scaled = _with(low, low.makers.get(first), "Mul", number)
        if scaled:
            return scaled, second
    return None


def _with(low: Lowering, node: NodeProto | None, kind: str, number: float) -> str | None:
    """The tensor that a node of a kind combines with a number."""
    if node is None or node.op_type != kind:
        return None
    for place, name in enumerate(node.input):
        value = low.values.get(name)
        if (kind == "Div" and place == 0) or not isinstance(value, np.ndarray) or value.size != 1:
            continue
        if abs(float(value.reshape(-1)[0]) - number) < 1e-6:
            return node.input[1 - place]
    return None


def with_constant(
    low: Lowering, node: NodeProto, name: str, view: View, image: np.ndarray, is_right: bool
) -> View:
    """A tensor combined with a constant; linear functions by channel are convolutions."""
    one, zero = np.ones((1, 1, 1, 1)), np.zeros((1, 1, 1, 1))
    if name == "plus":
        return low.affine(node, view, one, image)
    if name == "times":
        return low.affine(node, view, image, zero)
    if name == "minus":
        return low.affine(node, view, *((one, -image) if is_right else (-one, image)))
    if name == "over" and is_right:
        return low.affine(node, view, 1 / image, zero)
    if name in ("largest", "smallest") and image.size == 1:
        limit = float(image.reshape(-1)[0])
        return clipped(low, view, *((limit, LARGEST) if name == "largest" else (-LARGEST, limit)))
    constant = view.with_base(low.images.constant(image.astype(np.float32)))
    pair = (view, constant) if is_right else (constant, view)
    return low.combined(name, *pair)


def combine_views(
    low: Lowering, node: NodeProto, name: str, left: View, right: View, is_in_order: bool = True
) -> View:
    if not is_in_order:
        left, right = right, left
    if name == "times":
        gated = gate(low, node, left, right)
        if gated:
            return gated
    rank = max(len(left.axes), len(right.axes))
    left, right = (View(of.base, ((),) * (rank - len(of.axes)) + of.axes) for of in (left, right))
    if not _are_aligned(low.images, left, right):
        left, right = (low.images.plain_view(low.images.plain(of), rank) for of in (left, right))
        if not _are_aligned(low.images, left, right):
            raise UnsupportedNodeError("its two sides do not fit each other")
    result = low.combined(name, left, right)
    return View(result.base, tuple(a or b for a, b in zip(left.axes, right.axes, strict=True)))


def _are_aligned(images: Images, left: View, right: View) -> bool:
    """Whether two images can be combined as they are for what their views say."""
    shapes = images.shapes[left.base], images.shapes[right.base]
    if any(a != b and 1 not in (a, b) for a, b in zip(*shapes, strict=True)):
        return False
    for mine, other in zip(left.axes, right.axes, strict=True):
        if mine and other and mine != other:
            return False
    joined = tuple(max(pair) for pair in zip(*shapes, strict=True))
    digits = [d for pair in zip(left.axes, right.axes, strict=True) for d in pair[0] or pair[1]]
    return all(
        math.prod(d.size for d in digits if d.axis == axis) == size
        for axis, size in enumerate(joined)
    )


# What a tensor is multiplied with: a function of itself that nothing else reads.
GATES = {"Sigmoid": "swish", "HardSigmoid": "hardSwish"}


def gate(low: Lowering, node: NodeProto, left: View, right: View) -> View | None:
    """`x · sigmoid(x)` and its like, as one function."""
    for view, name in ((left, node.input[1]), (right, node.input[0])):
        maker = low.makers.get(name)
        if maker is None or maker.op_type not in GATES or not low.is_read_once(name):
            continue
        if low.values.get(maker.input[0]) != view:
            continue
        given = attributes(maker)
        if maker.op_type == "HardSigmoid":
            slope, offset = given.get("alpha", 0.2), given.get("beta", 0.5)
            if abs(slope - 1 / 6) > 1e-6 or offset != 0.5:
                continue
        return low.function(view, GATES[maker.op_type])
    return None


def several(name: str) -> Callable[[Lowering, NodeProto], View]:
    """Sum, Max and Min of any number of tensors."""

    def lower(low: Lowering, node: NodeProto) -> View:
        if len(node.input) != 2:
            raise UnsupportedNodeError(f"it has {len(node.input)} inputs; accepted are 2")
        return combine(low, node, name)

    return lower


def parametric_relu(low: Lowering, node: NodeProto) -> View:
    slope = low.value(node, 1)
    if not isinstance(slope, View) and slope.size == 1:
        return low.function(low.view(node), "leakyReLU", slope=float(slope.reshape(-1)[0]))
    return combine(low, node, "prelu")


def power(low: Lowering, node: NodeProto) -> View:
    exponent = low.constant(node, 1, "exponent")
    view = low.view(node)
    if exponent.size == 1 and float(exponent.reshape(-1)[0]) == 2:
        return low.combined("times", view, view)
    if exponent.size == 1 and float(exponent.reshape(-1)[0]) == 0.5:
        return low.function(view, "squareRoot")
    raise UnsupportedNodeError("its exponent is none of 2 and 0.5, which are accepted")


def reciprocal(low: Lowering, node: NodeProto) -> View:
    view = low.view(node)
    return with_constant(low, node, "over", view, np.ones((1, 1, 1, 1)), is_right=False)


def negative(low: Lowering, node: NodeProto) -> View:
    return low.affine(node, low.view(node), -np.ones((1, 1, 1, 1)), np.zeros((1, 1, 1, 1)))


def hard_sigmoid(low: Lowering, node: NodeProto) -> View:
    given = attributes(node)
    return low.function(
        low.view(node), "hardSigmoid", slope=float(given.get("alpha", 0.2)),
        offset=float(given.get("beta", 0.5)),
    )  # fmt: skip


def gelu(low: Lowering, node: NodeProto) -> View:
    if attributes(node).get("approximate", b"none") != b"none":
        raise UnsupportedNodeError("it is the approximate form; accepted is the exact one")
    return low.function(low.view(node), "gelu")


def leaky_relu(low: Lowering, node: NodeProto) -> View:
    slope = float(attributes(node).get("alpha", 0.01))
    return low.function(low.view(node), "leakyReLU", slope=slope)


FUNCTIONS: dict[str, Callable[[Lowering, View], View]] = {
    "Sigmoid": lambda low, view: low._alike(view, {"sigmoid": {}}),
    "Tanh": lambda low, view: low.function(view, "tanh"),
    "Relu": lambda low, view: low.relu(view),
    "HardSwish": lambda low, view: low.function(view, "hardSwish"),
    "Swish": lambda low, view: low.function(view, "swish"),
    "Mish": lambda low, view: low.function(view, "mish"),
    "Erf": lambda low, view: low.function(view, "erf"),
    "Sqrt": lambda low, view: low.function(view, "squareRoot"),
    "Abs": lambda low, view: low.function(view, "absolute"),
}
