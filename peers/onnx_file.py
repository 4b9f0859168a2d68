# SPDX-License-Identifier: Apache-2.0
"""Opens an ONNX file, and refuses what is no whole and sound model."""

import heapq
import os
from collections.abc import Iterator
from pathlib import Path

import onnx
from google.protobuf.message import Message
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, defs, inliner

# The operators of ONNX itself have two names for one domain.
STANDARD_DOMAINS = ("", "ai.onnx")
# Bits of an element in `raw_data`.
ELEMENT_BITS = {
    "FLOAT": 32,
    "UINT8": 8,
    "INT8": 8,
    "UINT16": 16,
    "INT16": 16,
    "INT32": 32,
    "INT64": 64,
    "BOOL": 8,
    "FLOAT16": 16,
    "DOUBLE": 64,
    "UINT32": 32,
    "UINT64": 64,
    "BFLOAT16": 16,
}
# Where a model may be damaged so that parts of it are endless, an end must come all the same.
DEEPEST_NESTING = 64
# Nodes once functions are put in place; the largest real models have some ten thousand.
MOST_NODES = 200_000
# Nodes inside control flow, each as often as graphs are around it: so often it is looked at when
# they are laid out and their shapes are inferred.
MOST_NESTED = 20_000


class InvalidModelError(Exception):
    """The file holds no model that could be read; the text says why."""


def subgraphs(node: NodeProto) -> Iterator[tuple[str, GraphProto]]:
    """The graphs inside a node, as branches and loop bodies, with the names of their attributes."""
    # What is taken comes before what is taken else, in whatever order they are written.
    for given in sorted(node.attribute, key=lambda given: given.name == "else_branch"):
        if given.type == AttributeProto.GRAPH:
            yield given.name, given.g
        for index, graph in enumerate(given.graphs):
            yield f"{given.name}.{index}", graph


def label(node: NodeProto) -> str:
    """The name of a node, or of what it makes where it has none."""
    return node.name or next((output for output in node.output if output), node.op_type)


def load(path: str) -> ModelProto:
    """The model with its functions inlined and its nodes in order, without external weights."""
    # A pipe may never end, and neither does a device.
    if Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir():
        raise InvalidModelError("this is a pipe or a device; accepted is a file")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise InvalidModelError(error.strerror or str(error)) from error
    except Exception as error:
        raise InvalidModelError(
            f"this is no ONNX model, or not all of one ({type(error).__name__})"
        ) from error
    if not model.graph.node:
        raise InvalidModelError("this is no ONNX model, or an empty one")
    _check_text(model)
    _check_operator_sets(model)
    _check_tensors(model, Path(path).parent)
    _name_one_domain(model)
    if model.functions:
        _check_calls(model)
        model = _inlined(model)
    _check_nesting(model.graph)
    _sort(model.graph, set())
    return model


def _check_text(message: Message) -> None:
    """Refuses names that are no UTF-8, which come as bytes and would end whatever reads them."""
    if isinstance(message, TensorProto):
        # Its other fields are numbers, and many.
        values = [
            message.name,
            *(word for entry in message.external_data for word in (entry.key, entry.value)),
        ]
        fields = []
    else:
        values, fields = [], message.ListFields()
    for field, value in fields:
        several = value if hasattr(value, "append") or hasattr(value, "add") else [value]
        if field.message_type is not None:
            for inner in several:
                _check_text(inner)
        elif field.type == field.TYPE_STRING:
            values += several
    for value in values:
        if isinstance(value, bytes):
            raise InvalidModelError(f"{value[:40]!r} in it is no text; accepted is UTF-8")


def _check_operator_sets(model: ModelProto) -> None:
    known = defs.onnx_opset_version()
    for declared in model.opset_import:
        if declared.domain in STANDARD_DOMAINS and not 1 <= declared.version <= known:
            raise InvalidModelError(
                f"its operator set is {declared.version}; accepted are 1 to {known}, "
                f"those of onnx {onnx.__version__}"
            )
    if not model.opset_import and model.ir_version >= 3:
        raise InvalidModelError("it names no operator set (opset_import); accepted is at least one")


def _tensors(graph: GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    for node in graph.node:
        for given in node.attribute:
            if given.type == AttributeProto.TENSOR:
                yield given.t
        for _, inner in subgraphs(node):
            yield from _tensors(inner)


def _check_tensors(model: ModelProto, folder: Path) -> None:
    for tensor in _tensors(model.graph):
        name = tensor.name or "a constant"
        if any(size < 0 for size in tensor.dims):
            raise InvalidModelError(f"the tensor ‘{name}’ has a negative size")
        bits = ELEMENT_BITS.get(_type_name(tensor.data_type))
        count = 1
        for size in tensor.dims:
            count *= size
        declared = None if bits is None else count * bits // 8
        if tensor.data_location == TensorProto.EXTERNAL:
            _check_external(tensor, name, declared, folder)
        elif declared is not None and tensor.HasField("raw_data"):
            if len(tensor.raw_data) != declared:
                raise InvalidModelError(
                    f"the tensor ‘{name}’ should have {declared} bytes and has "
                    f"{len(tensor.raw_data)}; accepted are whole tensors"
                )
        elif bits is not None and _listed(tensor) != count:
            raise InvalidModelError(
                f"the tensor ‘{name}’ should have {count} elements and has {_listed(tensor)}; "
                "accepted are whole tensors"
            )


def _type_name(kind: int) -> str:
    return TensorProto.DataType.Name(kind) if kind in TensorProto.DataType.values() else ""


def _listed(tensor: TensorProto) -> int:
    """How many elements stand in the fields of a tensor that has no raw data."""
    fields = ("float_data", "int32_data", "int64_data", "double_data", "uint64_data")
    return sum(len(getattr(tensor, name)) for name in fields)


def _check_external(tensor: TensorProto, name: str, declared: int | None, folder: Path) -> None:
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    path = folder / location
    where = f"the weights ‘{name}’ lie in the file ‘{location}’ beside the model"
    # A model is data: it may not have us read any file of the user's as its weights.
    if os.path.isabs(location) or os.path.normpath(location).split(os.sep)[0] == os.pardir:
        raise InvalidModelError(f"{where}; accepted are files in the folder of the model")
    if not location or not path.is_file():
        raise InvalidModelError(f"{where}, which is not there")
    try:
        offset = int(entries.get("offset", 0))
        length = int(entries.get("length", declared or 0))
    except ValueError:
        raise InvalidModelError(f"{where} at a place that is no number") from None
    if offset < 0 or length < 0 or offset + length > path.stat().st_size:
        raise InvalidModelError(f"{where}, which is shorter than they are")
    if declared is not None and length != declared:
        raise InvalidModelError(f"{where} with {length} bytes and should have {declared}")


def _name_one_domain(model: ModelProto) -> None:
    """Calls the operators of ONNX `Conv`, not `ai.onnx.Conv`: other readers know only the one."""

    def rename(nodes, depth: int) -> None:
        if depth > DEEPEST_NESTING:
            raise InvalidModelError(
                f"its graphs are nested more than {DEEPEST_NESTING} deep; accepted are fewer"
            )
        for node in nodes:
            if node.domain == "ai.onnx":
                node.domain = ""
            for _, inner in subgraphs(node):
                rename(inner.node, depth + 1)

    rename(model.graph.node, 0)
    for function in model.functions:
        rename(function.node, 0)
    for imports in (model.opset_import, *(function.opset_import for function in model.functions)):
        for declared in imports:
            if declared.domain == "ai.onnx":
                declared.domain = ""


def _check_calls(model: ModelProto) -> None:
    """Refuses functions that call each other more often than any model has nodes."""
    bodies = {(one.domain, one.name, one.overload): one.node for one in model.functions}
    sizes: dict[tuple[str, str, str], int] = {}

    def size(nodes, calls: tuple) -> int:
        total = 0
        for node in nodes:
            key = (node.domain, node.op_type, node.overload)
            if key in calls or len(calls) > DEEPEST_NESTING:
                raise InvalidModelError(
                    f"its function ‘{node.op_type}’ calls itself, or its functions call each other "
                    f"more than {DEEPEST_NESTING} deep; accepted are fewer calls"
                )
            if key in bodies and key not in sizes:
                sizes[key] = size(bodies[key], (*calls, key))
            total += sizes.get(key, 1)
            total += sum(size(inner.node, calls) for _, inner in subgraphs(node))
        if total > MOST_NODES:
            raise InvalidModelError(
                f"its functions come to more than {MOST_NODES} nodes; accepted are at most as many"
            )
        return total

    size(model.graph.node, ())


def _check_nesting(graph: GraphProto) -> None:
    """Refuses more nodes inside control flow than can be laid out."""

    def nested(graph: GraphProto, depth: int) -> int:
        inner = [inner for node in graph.node for _, inner in subgraphs(node)]
        return depth * len(graph.node) + sum(nested(one, depth + 1) for one in inner)

    if (found := nested(graph, 0)) > MOST_NESTED:
        raise InvalidModelError(
            f"its control flow has {found} nodes, each counted as often as graphs are around it; "
            f"accepted are at most {MOST_NESTED}"
        )


def _inlined(model: ModelProto) -> ModelProto:
    try:
        return inliner.inline_local_functions(model)
    except Exception as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidModelError(f"its functions cannot be put in place: {text}") from error


def _sort(graph: GraphProto, outer: set[str]) -> None:
    """Puts nodes behind those that they read; refuses tensors made twice, never, or in a circle."""
    known = outer | {value.name for value in graph.input}
    known |= {tensor.name for tensor in graph.initializer}
    known |= {tensor.values.name for tensor in graph.sparse_initializer}
    makers: dict[str, NodeProto] = {}
    for node in graph.node:
        for output in node.output:
            if output and output in makers:
                raise InvalidModelError(
                    f"the tensor ‘{output}’ is made twice, by ‘{label(makers[output])}’ and "
                    f"‘{label(node)}’; accepted is once"
                )
            if output:
                makers[output] = node
    ordered = _in_order(list(graph.node), known, makers)
    known |= makers.keys()
    for value in graph.output:
        if value.name not in known:
            raise InvalidModelError(f"its output ‘{value.name}’ is made by no node")
    if any(first is not second for first, second in zip(ordered, graph.node, strict=True)):
        copies = [NodeProto.FromString(node.SerializeToString()) for node in ordered]
        del graph.node[:]
        graph.node.extend(copies)
    for node in graph.node:
        for _, inner in subgraphs(node):
            _sort(inner, known)


def _in_order(
    nodes: list[NodeProto], known: set[str], makers: dict[str, NodeProto]
) -> list[NodeProto]:
    """The nodes, each behind those that it reads; else in the order in which they are."""
    readers: dict[str, list[int]] = {}
    unmade: list[int] = []
    for index, node in enumerate(nodes):
        needed = _read(node) - known
        missing = next((name for name in sorted(needed) if name not in makers), None)
        if missing is not None:
            raise InvalidModelError(
                f"the node ‘{label(node)}’ reads ‘{missing}’, which nothing makes"
            )
        unmade.append(len(needed))
        for name in needed:
            readers.setdefault(name, []).append(index)
    ready = [index for index, count in enumerate(unmade) if count == 0]
    ordered = []
    while ready:
        index = heapq.heappop(ready)
        ordered.append(nodes[index])
        for name in nodes[index].output:
            for reader in readers.get(name, []):
                unmade[reader] -= 1
                if unmade[reader] == 0:
                    heapq.heappush(ready, reader)
    if len(ordered) < len(nodes):
        stuck = next(node for node, count in zip(nodes, unmade, strict=True) if count)
        raise InvalidModelError(
            f"its nodes form a circle: ‘{label(stuck)}’ waits for what waits for it"
        )
    return ordered


def _read(node: NodeProto) -> set[str]:
    """What a node reads of the graph around it, also from the graphs inside it."""
    names = {name for name in node.input if name}
    for _, inner in subgraphs(node):
        names |= captured(inner)
    return names


def captured(graph: GraphProto) -> set[str]:
    """What a graph inside a node reads of the graphs around it."""
    own = {value.name for value in graph.input} | {tensor.name for tensor in graph.initializer}
    own |= {tensor.values.name for tensor in graph.sparse_initializer}
    own |= {output for node in graph.node for output in node.output}
    read = {name for node in graph.node for name in _read(node)}
    read |= {output.name for output in graph.output}
    return {name for name in read if name and name not in own}
