# SPDX-License-Identifier: Apache-2.0
"""Finds the shapes of a model's tensors: by inference, and where that ends, by one run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, shape_inference
from onnx_apart import ApartError, run_apart
from onnx_file import captured, subgraphs
from onnx_flat import Flat

Shape = list[int | None]


# Seconds: a model that runs longer has sizes that nobody measures.
LONGEST_RUN = 300
# A run that fails is tried again in parts, but not for ever.
MOST_FAILURES = 20


class UsageError(Exception):
    """Sizes were given that do not fit the model."""


@dataclass
class Shapes:
    """Shapes and element types of tensors by name; None for a size that is not known."""

    sizes: dict[str, Shape] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    # Why a shape could not be found, by the name of the tensor.
    reasons: dict[str, str] = field(default_factory=dict)
    # The tensors whose shapes are of a run.
    measured: set[str] = field(default_factory=set)

    def known(self, name: str) -> bool:
        shape = self.sizes.get(name)
        return shape is not None and None not in shape


def open_inputs(model: ModelProto) -> list[onnx.ValueInfoProto]:
    """What a model takes, without constants that are declared as inputs, too."""
    constants = {constant.name for constant in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in constants]


def text(value: onnx.ValueInfoProto) -> str:
    """The shape of an input, with a question mark for what is open."""
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return "?"
    axes = tensor.shape.dim
    sizes = (str(axis.dim_value) if axis.dim_value > 0 else "?" for axis in axes)
    return "x".join(sizes) or "a single number"


def fix_inputs(
    model: ModelProto, batch: int, sizes: dict[str, int], shapes: dict[str, list[int]]
) -> list[str]:
    """Gives open axes a size: as asked, and else the batch to a first axis; notes of the latter."""
    inputs = {value.name: value for value in open_inputs(model)}
    _check_names(inputs, sizes, shapes)
    symbols = dict(sizes)
    notes = []
    for name, given in shapes.items():
        has_shape = inputs[name].type.tensor_type.HasField("shape")
        axes = inputs[name].type.tensor_type.shape.dim
        if has_shape and len(axes) != len(given):
            raise UsageError(
                f"--shape {name}={'x'.join(map(str, given))}: the input has {len(axes)} axes "
                f"({text(inputs[name])}); accepted are as many"
            )
        if not has_shape:
            axes.extend([onnx.TensorShapeProto.Dimension() for _ in given])
        for axis, size in zip(axes, given, strict=True):
            if _is_name(axis.dim_param):
                symbols.setdefault(axis.dim_param, size)
            axis.dim_value = size
    for name, value in inputs.items():
        axes = value.type.tensor_type.shape.dim
        if not axes or axes[0].dim_value > 0 or axes[0].dim_param in symbols:
            continue
        notes.append(f"the open first axis of the input ‘{name}’ is taken as {batch}")
        if _is_name(axes[0].dim_param):
            symbols[axes[0].dim_param] = batch
        axes[0].dim_value = batch
    for value in inputs.values():
        for axis in value.type.tensor_type.shape.dim:
            if axis.dim_value <= 0 and axis.dim_param in symbols:
                axis.dim_value = symbols[axis.dim_param]
    return notes


def _is_name(symbol: str) -> bool:
    """Whether equal symbols mean equal sizes, which those like `?` do not."""
    return any(character.isalpha() for character in symbol)


def _check_names(inputs: dict, sizes: dict[str, int], shapes: dict[str, list[int]]) -> None:
    for name in shapes:
        if name not in inputs:
            known = ", ".join(f"{known} ({text(value)})" for known, value in inputs.items())
            raise UsageError(f"--shape {name}=…: no input is called ‘{name}’; accepted are {known}")
    symbols = {
        axis.dim_param: None
        for value in inputs.values()
        for axis in value.type.tensor_type.shape.dim
        if axis.dim_param
    }
    for name in sizes:
        if name not in symbols:
            known = ", ".join(symbols) or "none, for the model names no axis"
            raise UsageError(f"--dim {name}=…: no axis is called ‘{name}’; accepted are {known}")


def find(flat: Flat, wanted: Iterable[str], folder: Path) -> Shapes:
    """The shapes of the `wanted` tensors, and of whatever else inference finds."""
    shapes = _inferred(flat)
    places = {output: place for node, place in flat.nodes() for output in node.output if output}
    unknown: dict[str, list[str]] = {}
    for name in wanted:
        if not shapes.known(name):
            unknown.setdefault(places.get(name, ""), []).append(name)
    for names in unknown.values():
        _measure(flat, names, folder, shapes, [MOST_FAILURES])
    return shapes


def _measure(
    flat: Flat, names: list[str], folder: Path, shapes: Shapes, failures: list[int]
) -> None:
    """Finds shapes by a run; where that fails, in halves, because one may keep all from running."""
    try:
        found = _run(flat, names, folder)
        shapes.sizes |= found
        shapes.measured |= found.keys()
    except _NotRunError as reason:
        shapes.reasons |= dict.fromkeys(names, str(reason))
    except _FailedRunError as reason:
        shapes.reasons |= dict.fromkeys(names, str(reason))
        failures[0] -= 1
        half = len(names) // 2
        for part in (names[:half], names[half:]):
            if half and failures[0] > 0:
                _measure(flat, part, folder, shapes, failures)


def _inferred(flat: Flat) -> Shapes:
    model = ModelProto()
    model.CopyFrom(flat.model)
    # Shapes of an export with another batch would contradict the inputs.
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    for node in model.graph.node:
        # Its output has the shape of a Conv's, which inference knows.
        if node.op_type == "FusedConv":
            node.op_type, node.domain = "Conv", ""
            del node.input[3:]
            kept = [value for value in node.attribute if not value.name.startswith("activation")]
            del node.attribute[:]
            node.attribute.extend(kept)
    for propagates in (True, False):
        try:
            return _values(shape_inference.infer_shapes(model, data_prop=propagates))
        except Exception:
            # What contradicts itself ends the inference; a run then says what is wrong.
            continue
    return _values(model)


def _values(model: ModelProto) -> Shapes:
    shapes = Shapes()
    for value in (*model.graph.input, *model.graph.value_info, *model.graph.output):
        tensor = value.type.tensor_type
        if tensor.elem_type:
            shapes.kinds[value.name] = tensor.elem_type
        if tensor.HasField("shape"):
            shapes.sizes[value.name] = [
                size.dim_value if size.HasField("dim_value") and size.dim_value > 0 else None
                for size in tensor.shape.dim
            ]
    for constant in model.graph.initializer:
        shapes.sizes[constant.name] = list(constant.dims)
        shapes.kinds[constant.name] = constant.data_type
    return shapes


class _NotRunError(Exception):
    """The model cannot be run for shapes; the text says why."""


class _FailedRunError(Exception):
    """A run failed; one of other tensors may not."""


def _run(flat: Flat, names: list[str], folder: Path) -> dict[str, Shape]:
    """The shapes that tensors have in one run of what makes them."""
    part = _part(flat.model, names)
    inputs = open_inputs(part)
    undecided = [value for value in inputs if "?" in text(value)]
    if undecided:
        flags = " ".join(f"--shape {value.name}={text(value)}" for value in undecided)
        raise _NotRunError(f"it depends on the size of the model's input; give {flags}")
    try:
        import onnxruntime
    except ImportError as missing:
        raise _NotRunError(
            f"it does not follow from the model alone ({missing}; peers/setup onnx)"
        ) from missing
    for constant in part.graph.initializer:
        if constant.name in flat.weights:
            name = constant.name
            constant.CopyFrom(flat.weights[name])
            constant.name = name
    try:
        found = run_apart(lambda: _measured(onnxruntime, part, names, folder), LONGEST_RUN)
    except ApartError as error:
        raise _FailedRunError(_failure(error)) from error
    return dict(zip(names, found, strict=True))


def _measured(
    onnxruntime: ModuleType, part: ModelProto, names: list[str], folder: Path
) -> list[Shape]:
    """The shapes of tensors in one run of a model that has them as its outputs."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_cpu_mem_arena = False
    onnx.load_external_data_for_model(part, str(folder))
    session = onnxruntime.InferenceSession(
        part.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    failure = None
    # What a model computes with whole numbers may need them to be other than zero, or small.
    for whole in (0, 1):
        feed = {value.name: _example(value, whole) for value in open_inputs(part)}
        try:
            results = session.run([f"{name}/shape" for name in names], feed)
        except Exception as error:
            failure = failure or error
            continue
        return [[int(size) for size in of] for of in results]
    raise failure


def _failure(error: Exception) -> str:
    line = next(iter(str(error).splitlines()), "") or type(error).__name__
    # Of what nodes inside others say, the innermost; the runtime's own source files say nothing.
    line = re.sub(r"/\S+\.(cc|h):\d+ \S*", "", line.rpartition("Status Message: ")[2])
    return f"the model does not say, and a run of it in onnxruntime failed: {line.strip()[:200]}"


def _example(value: onnx.ValueInfoProto, whole: int) -> np.ndarray:
    shape = [axis.dim_value for axis in value.type.tensor_type.shape.dim]
    kind = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    if kind == np.dtype(object):
        return np.full(shape, "", dtype=object)
    return np.full(shape, 0.5 if np.issubdtype(kind, np.floating) else whole).astype(kind)


def _part(model: ModelProto, names: list[str]) -> ModelProto:
    """What a model needs to make the named tensors, with their shapes as its outputs."""
    makers = {output: node for node in model.graph.node for output in node.output if output}
    given = {value.name for value in model.graph.input} | {
        constant.name for constant in model.graph.initializer
    }
    given |= {constant.values.name for constant in model.graph.sparse_initializer}
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if not name or name in needed:
            continue
        needed.add(name)
        if name in makers:
            node = makers[name]
            waiting += node.input
            waiting += [inner for _, graph in subgraphs(node) for inner in captured(graph)]
        elif name not in given:
            raise _NotRunError("it depends on what control flow makes only while it runs")
    part = ModelProto(ir_version=model.ir_version)
    part.opset_import.extend(model.opset_import)
    graph = part.graph
    graph.name = model.graph.name
    graph.node.extend(node for node in model.graph.node if needed & set(node.output))
    graph.sparse_initializer.extend(model.graph.sparse_initializer)
    graph.input.extend(value for value in model.graph.input if value.name in needed)
    graph.initializer.extend(
        constant for constant in model.graph.initializer if constant.name in needed
    )
    for name in names:
        graph.node.append(helper.make_node("Shape", [name], [f"{name}/shape"]))
        graph.output.append(helper.make_tensor_value_info(f"{name}/shape", TensorProto.INT64, None))
    if not any(declared.domain == "" for declared in part.opset_import):
        part.opset_import.append(helper.make_opsetid("", 13))
    return part
