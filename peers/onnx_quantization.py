# SPDX-License-Identifier: Apache-2.0
"""Whether a convolution of integers has scales and zero points with which a runtime computes it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from onnx import NodeProto, TensorProto, numpy_helper
from onnx_layer import UnsupportedLayerError
from onnx_operands import Neighbours
from onnx_shapes import Shapes


@dataclass(frozen=True)
class Quantized:
    """A tensor of integers and what makes numbers of them; None for what its operator has not."""

    role: str
    name: str
    scale: str | None
    zero: str | None
    # The axis with a scale of its own for each place, where that may be.
    axis: int | None = None
    needs_zero: bool = False


def check(
    node: NodeProto, neighbours: Neighbours, shapes: Shapes, constants: dict[str, TensorProto]
) -> None:
    """Raises UnsupportedLayerError for scales and zero points that are missing, or do not fit."""
    for tensor in _quantized(node, neighbours):
        if tensor.scale == "" or (tensor.needs_zero and not tensor.zero):
            what = "scale" if tensor.scale == "" else "zero point"
            raise UnsupportedLayerError(f"its {tensor.role} has no {what}")
        scales = _count(tensor, "scales", tensor.scale, shapes)
        zeros = _count(tensor, "zero points", tensor.zero, shapes)
        if scales and zeros and scales != zeros:
            raise UnsupportedLayerError(
                f"its {tensor.role} has {scales} scales and {zeros} zero points; "
                "accepted are as many"
            )
        _check_kinds(tensor, shapes)
        _check_values(tensor, constants)


def _quantized(node: NodeProto, neighbours: Neighbours) -> Iterator[Quantized]:
    given = [*node.input, *[""] * 9]
    if node.op_type == "QLinearConv":
        yield Quantized("input", *given[0:3], needs_zero=True)
        yield Quantized("filter", *given[3:6], axis=0, needs_zero=True)
        yield Quantized("output", "", *given[6:8], needs_zero=True)
    elif node.op_type == "ConvInteger":
        yield Quantized("input", given[0], None, given[2])
        yield Quantized("filter", given[1], None, given[3], axis=0)
    elif all(neighbours.quantized(name) is not None for name in given[:2]):
        for role, name in zip(("input", "filter"), given[:2], strict=True):
            maker = neighbours.makers[name]
            numbers = {value.name: value.i for value in maker.attribute}
            if numbers.get("block_size"):
                raise UnsupportedLayerError(f"its {role} has scales of blocks; accepted is one")
            axis = numbers.get("axis", 1) if role == "filter" else None
            yield Quantized(role, *[*maker.input, "", ""][:3], axis=axis)


def _count(tensor: Quantized, what: str, name: str | None, shapes: Shapes) -> int | None:
    """How many there are; None where that is not known."""
    if not name or not shapes.known(name):
        return None
    count = math.prod(shapes.sizes[name])
    if count == 1:
        return 1
    accepted = "accepted is one"
    if tensor.axis is not None and shapes.known(tensor.name):
        channels = shapes.sizes[tensor.name][0]
        accepted += f", or {channels} along axis 0"
        if count == channels and tensor.axis % len(shapes.sizes[tensor.name]) == 0:
            return count
    along = "" if tensor.axis in (None, 0) else f" along axis {tensor.axis}"
    raise UnsupportedLayerError(f"its {tensor.role} has {count} {what}{along}; {accepted}")


def _check_kinds(tensor: Quantized, shapes: Shapes) -> None:
    kinds = [shapes.kinds.get(name) if name else None for name in (tensor.name, tensor.zero)]
    if None not in kinds and kinds[0] != kinds[1]:
        known = TensorProto.DataType.values()
        names = [TensorProto.DataType.Name(kind) if kind in known else kind for kind in kinds]
        raise UnsupportedLayerError(
            f"its {tensor.role} is of {names[0]} and its zero point of {names[1]}; "
            "accepted are equal types"
        )


def _check_values(tensor: Quantized, constants: dict[str, TensorProto]) -> None:
    scale = constants.get(tensor.scale or "")
    if scale is None or scale.data_location == TensorProto.EXTERNAL:
        return
    values = np.asarray(numpy_helper.to_array(scale), np.float64).reshape(-1)
    wrong = values[~(np.isfinite(values) & (values > 0))]
    if wrong.size:
        raise UnsupportedLayerError(
            f"a scale of its {tensor.role} is {wrong[0]:g}; accepted are finite numbers above 0"
        )
