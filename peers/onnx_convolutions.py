#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the convolutions of an ONNX model as benchdnn descriptors, one a line.

    peers/.venv/bin/python peers/onnx_convolutions.py MODEL.onnx [--name NAME] [--batch N]
        [--dim SYMBOL=N]… [--input NAME=N,C,H,W]… [--separate] [--strict]

Equal layers become one line with a multiplicity, under the name of the first. What is no 2-D
convolution of 32-bit floats, or has no static shape, becomes a comment with the reason, and the
exit code is 1 where nothing is left (with --strict: where anything was). The descriptors do not
tell of biases and activations; a comment does.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

try:
    import onnx
    from onnx import helper, shape_inference
except ImportError as missing:
    sys.stderr.write(f"not installed: {missing}; peers/setup onnx installs it\n")
    sys.exit(69)

FLOAT_TYPES = {onnx.TensorProto.FLOAT: "float32"}
# Convolutions that no descriptor of ours can say.
OTHER_KINDS = {"ConvTranspose", "ConvInteger", "QLinearConv", "DeformConv"}


class UnsupportedLayerError(Exception):
    """The layer has no descriptor; the text says why."""


@dataclass
class Layers:
    """Descriptors in the order of the model, with names and multiplicities."""

    names: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    biased: int = 0

    def add(self, descriptor: str, name: str, separate: bool) -> None:
        key = f"{descriptor} {name}" if separate else descriptor
        self.names.setdefault(key, name)
        self.counts[key] += 1

    def lines(self, model: str) -> Iterator[str]:
        total = sum(self.counts.values())
        yield f"# {model}: {total} convolutions, {len(self.counts)} different"
        if self.biased:
            yield f"# {self.biased} of them have a bias, which is not part of a descriptor"
        for key, name in self.names.items():
            count = f"*{self.counts[key]}" if self.counts[key] > 1 else ""
            yield f'{key.split()[0]}n"{model}:{name}{count}"'
        yield from (f"# skipped: {reason}" for reason in self.skipped)


def printable(name: str) -> str:
    """A name that a descriptor can hold: no quotes, spaces, or stars, which mean a multiplicity."""
    return re.sub(r"[^\w./:+-]+", "_", name).strip("/_") or "conv"


def pair(prefix: str, height: int, width: int, default: int | None = None) -> str:
    """Two keys, or one where both sides are equal, or none at the default."""
    if height == width:
        return "" if height == default else f"{prefix}h{height}"
    return f"{prefix}h{height}{prefix}w{width}"


def attributes(node: onnx.NodeProto) -> dict:
    return {given.name: helper.get_attribute_value(given) for given in node.attribute}


def padding(
    given: dict, size: list[int], covered: list[int], stride: list[int]
) -> tuple[list[int], list[int]]:
    """Zeros before and after each axis."""
    axes = len(size)
    auto = given.get("auto_pad", b"NOTSET").decode()
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        outputs = [-(-size[axis] // stride[axis]) for axis in range(axes)]
        total = [
            max(0, (outputs[axis] - 1) * stride[axis] + covered[axis] - size[axis])
            for axis in range(axes)
        ]
        small = [value // 2 for value in total]
        large = [value - value // 2 for value in total]
        return (small, large) if auto == "SAME_UPPER" else (large, small)
    pads = [0] * (2 * axes) if auto == "VALID" else list(given.get("pads", [0] * (2 * axes)))
    return pads[:axes], pads[axes:]


def two_axes(values: list[int], missing: int) -> list[int]:
    """One axis is the width of an image of height 1."""
    return [missing, *values] if len(values) == 1 else values


def descriptor(node: onnx.NodeProto, shapes: dict[str, list[int | None]]) -> str:
    """The layer's descriptor; raises UnsupportedLayerError where there is none."""
    x, w = shapes.get(node.input[0]), shapes.get(node.input[1])
    for tensor, shape in (("input", x), ("filter", w)):
        if shape is None or None in shape:
            known = "unknown" if shape is None else "x".join(str(size or "?") for size in shape)
            raise UnsupportedLayerError(
                f"the shape of its {tensor} is {known}; give --dim or --input"
            )
    if len(x) not in (3, 4):
        raise UnsupportedLayerError(f"it has {len(x) - 2} spatial axes; accepted are 1 and 2")
    given = attributes(node)
    axes = len(x) - 2
    stride = list(given.get("strides", [1] * axes))
    dilation = list(given.get("dilations", [1] * axes))
    covered = [d * (k - 1) + 1 for d, k in zip(dilation, w[2:], strict=True)]
    before, after = padding(given, x[2:], covered, stride)
    if min(before + after) < 0:
        raise UnsupportedLayerError("its padding is negative")
    output = [
        (size + sum(pads) - taps) // step + 1
        for size, pads, taps, step in zip(
            x[2:], zip(before, after, strict=True), covered, stride, strict=True
        )
    ]
    groups = given.get("group", 1)
    return "".join(
        [
            f"g{groups}" if groups > 1 else "",
            f"mb{x[0]}",
            f"ic{x[1]}{pair('i', *two_axes(x[2:], 1))}",
            f"oc{w[0]}{pair('o', *two_axes(output, 1))}",
            pair("k", *two_axes(w[2:], 1)),
            pair("s", *two_axes(stride, 1), default=1),
            # Always written: left out, it would be deduced from the output, and differently.
            pair("p", *two_axes(before, 0)),
            pair("d", *two_axes([value - 1 for value in dilation], 0), default=0),
        ]
    )


def static_shapes(model: onnx.ModelProto) -> tuple[dict[str, list[int | None]], dict[str, int]]:
    """Shapes and element types of all tensors by name; None for what is not known."""
    graph = model.graph
    shapes: dict[str, list[int | None]] = {}
    kinds: dict[str, int] = {}
    for value in (*graph.input, *graph.value_info, *graph.output):
        tensor = value.type.tensor_type
        kinds[value.name] = tensor.elem_type
        if tensor.HasField("shape"):
            shapes[value.name] = [
                size.dim_value if size.HasField("dim_value") and size.dim_value > 0 else None
                for size in tensor.shape.dim
            ]
    for constant in graph.initializer:
        shapes[constant.name] = list(constant.dims)
        kinds[constant.name] = constant.data_type
    return shapes, kinds


def subgraphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    for given in node.attribute:
        if given.type == onnx.AttributeProto.GRAPH:
            yield given.g
        yield from given.graphs


def hidden_convolutions(nodes: Iterable[onnx.NodeProto]) -> int:
    """Convolutions in the branches and loop bodies of control flow, which may or may not run."""
    return sum(
        (inner.op_type == "Conv") + hidden_convolutions([inner])
        for node in nodes
        for graph in subgraphs(node)
        for inner in graph.node
    )


def convolutions(model: onnx.ModelProto, separate: bool) -> Layers:
    """All convolutions of the model's main graph."""
    shapes, kinds = static_shapes(model)
    layers = Layers()
    for node in model.graph.node:
        name = printable(node.name or node.output[0])
        if node.op_type in OTHER_KINDS:
            layers.skipped.append(f"{name}: {node.op_type}")
        elif hidden := hidden_convolutions([node]):
            layers.skipped.append(f"{name}: {hidden} convolutions inside {node.op_type}")
        elif node.op_type == "Conv":
            kind = kinds.get(node.input[1], onnx.TensorProto.FLOAT)
            try:
                if kind not in FLOAT_TYPES:
                    raise UnsupportedLayerError(
                        f"its filter is of {onnx.TensorProto.DataType.Name(kind)}"
                    )
                layers.add(descriptor(node, shapes), name, separate)
                layers.biased += len(node.input) > 2 and bool(node.input[2])
            except UnsupportedLayerError as reason:
                layers.skipped.append(f"{name}: {reason}")
    return layers


def fix_inputs(
    model: onnx.ModelProto, batch: int, sizes: dict[str, int], shapes: dict[str, list[int]]
) -> None:
    """Gives symbolic axes a size: the first one that is unknown in front is the batch."""
    constants = {constant.name for constant in model.graph.initializer}
    for value in model.graph.input:
        if value.name in constants:
            continue
        axes = value.type.tensor_type.shape.dim
        given = shapes.get(value.name)
        if given and len(axes) not in (0, len(given)):
            raise SystemExit(f"input {value.name} has {len(axes)} axes; accepted are as many")
        if given and not axes:
            axes.extend([onnx.TensorShapeProto.Dimension() for _ in given])
        for index, axis in enumerate(axes):
            if given:
                axis.dim_value = given[index]
            elif axis.dim_param in sizes:
                axis.dim_value = sizes[axis.dim_param]
            elif index == 0 and axis.dim_value <= 0:
                axis.dim_value = batch


def load(path: str) -> onnx.ModelProto:
    try:
        # Shapes do not need the weights, which may lie in files that are not here.
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror}") from error
    except Exception as error:
        raise SystemExit(f"{path}: no ONNX model ({type(error).__name__})") from error
    if not model.graph.node:
        raise SystemExit(f"{path}: no ONNX model, or an empty one")
    return model


def inferred(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with what can be known of its shapes."""
    # Shapes of an export with another batch would contradict the inputs.
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    return shape_inference.infer_shapes(model, data_prop=True)


def assignment(text: str) -> tuple[str, list[int]]:
    name, _, sizes = text.rpartition("=")
    try:
        values = [int(size) for size in sizes.split(",")]
    except ValueError:
        values = []
    if not name or not values or min(values) < 1:
        raise argparse.ArgumentTypeError(f"‘{text}’ is not understood; accepted is NAME=NUMBER,…")
    return name, values


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the ONNX file")
    parser.add_argument("--name", help="what stands before the colon; else the file's name")
    parser.add_argument("--batch", type=int, default=1, help="for inputs that leave it open: 1")
    parser.add_argument("--dim", type=assignment, action="append", default=[], metavar="SYMBOL=N")
    parser.add_argument("--input", type=assignment, action="append", default=[], metavar="NAME=…")
    parser.add_argument("--separate", action="store_true", help="equal layers stay apart")
    parser.add_argument("--strict", action="store_true", help="exit code 1 if any is skipped")
    options = parser.parse_args(arguments)
    model = load(options.model)
    sizes = {name: values[0] for name, values in options.dim}
    fix_inputs(model, options.batch, sizes, dict(options.input))
    layers = convolutions(inferred(model), options.separate)
    for line in layers.lines(printable(options.name or Path(options.model).stem)):
        print(line)
    return 1 if not layers.counts or (options.strict and layers.skipped) else 0


if __name__ == "__main__":
    sys.exit(main())
