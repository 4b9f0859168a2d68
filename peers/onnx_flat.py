# SPDX-License-Identifier: Apache-2.0
"""Lays the nodes inside control flow beside those of the main graph, to know their shapes.

The control flow itself stays where it is and makes its outputs. Beside it stands a copy of each
branch and loop body that reads what the first turn would read: every branch of an If, whichever is
taken; a Loop's and a Scan's body once. Nothing reads what the copies make.
"""

import math
from dataclasses import dataclass, field

from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, helper
from onnx_file import captured, label, subgraphs

# Inference reads the values of small constants, as the sizes of a Reshape, and not of weights.
LARGEST_READ_CONSTANT = 1024


@dataclass
class Flat:
    """A model whose nodes all stand in one graph."""

    model: ModelProto
    # The place of each node: the path of control nodes around it, empty in the main graph.
    places: list[str] = field(default_factory=list)
    # How often each tensor is read, also from inside control flow and as an output of its graph.
    readers: dict[str, int] = field(default_factory=dict)
    # Large constants, of which the model has only the shapes, with their values.
    weights: dict[str, TensorProto] = field(default_factory=dict)

    def nodes(self) -> list[tuple[NodeProto, str]]:
        return list(zip(self.model.graph.node, self.places, strict=True))


def flat(model: ModelProto) -> Flat:
    """All nodes of a model whose nodes are in order."""
    made = ModelProto(ir_version=model.ir_version)
    made.opset_import.extend(model.opset_import)
    made.graph.name = model.graph.name
    for field_name in ("input", "output", "sparse_initializer"):
        getattr(made.graph, field_name).extend(getattr(model.graph, field_name))
    result = Flat(made)
    _lay(model.graph, {}, "", result)
    return result


def _lay(graph: GraphProto, names: dict[str, str], place: str, result: Flat) -> None:
    """Adds a graph's nodes; `names` says how what stands around it is called here."""
    names = dict(names)
    for tensor in graph.initializer:
        if place:
            names[tensor.name] = f"{place}/{tensor.name}"
        _add_constant(tensor, names.get(tensor.name, tensor.name), result)
    if place:
        for node in graph.node:
            names |= {output: f"{place}/{output}" for output in node.output if output}
    for node in graph.node:
        copy = _renamed(node, names)
        if place:
            copy.name = f"{place}/{label(node)}"
        result.model.graph.node.append(copy)
        result.places.append(place)
        read = [*copy.input, *(name for _, inner in subgraphs(copy) for name in captured(inner))]
        for name in read:
            result.readers[name] = result.readers.get(name, 0) + 1
        for attribute, inner in subgraphs(copy):
            below = f"{place}/{label(node)}.{attribute}".lstrip("/")
            _lay(inner, _entry(copy, inner, below, result), below, result)
    for output in graph.output:
        name = names.get(output.name, output.name)
        result.readers[name] = result.readers.get(name, 0) + 1


def _add_constant(tensor: TensorProto, name: str, result: Flat) -> None:
    """Adds a constant under the name that it has in one graph, without values that are many."""
    added = result.model.graph.initializer.add()
    if math.prod(tensor.dims) > LARGEST_READ_CONSTANT:
        added.dims.extend(tensor.dims)
        added.data_type = tensor.data_type
        result.weights[name] = tensor
    else:
        added.CopyFrom(tensor)
    added.name = name


def _renamed(node: NodeProto, names: dict[str, str]) -> NodeProto:
    """A copy of a node under the names that hold here, inside its graphs, too."""
    copy = NodeProto()
    copy.CopyFrom(node)
    if not names:
        return copy
    copy.input[:] = [names.get(name, name) for name in node.input]
    copy.output[:] = [names.get(name, name) for name in node.output]
    for given in copy.attribute:
        if given.type == AttributeProto.GRAPH:
            _rename_graph(given.g, names)
        for graph in given.graphs:
            _rename_graph(graph, names)
    return copy


def _rename_graph(graph: GraphProto, names: dict[str, str]) -> None:
    read = captured(graph)
    names = {old: new for old, new in names.items() if old in read}
    if not names:
        return
    copies = [_renamed(node, names) for node in graph.node]
    del graph.node[:]
    graph.node.extend(copies)
    for output in graph.output:
        output.name = names.get(output.name, output.name)


def _entry(node: NodeProto, body: GraphProto, place: str, result: Flat) -> dict[str, str]:
    """What the inputs of a branch or body are called outside of it at its first turn."""
    inputs = [value.name for value in body.input]
    constants = result.model.graph.initializer

    def constant(suffix: str, kind: int, value: int) -> str:
        name = f"{place}/{suffix}"
        constants.append(helper.make_tensor(name, kind, [], [value]))
        return name

    def slices(sources: list[str], axes: list[int]) -> list[str]:
        first = constant("first", TensorProto.INT64, 0)
        names = []
        for source, axis in zip(sources, axes, strict=True):
            names.append(f"{place}/slice/{source}")
            gather = helper.make_node("Gather", [source, first], [names[-1]], axis=axis)
            result.model.graph.node.append(gather)
            result.places.append(place)
        return names

    if node.op_type == "Loop" and node.domain == "":
        turn = constant("turn", TensorProto.INT64, 0)
        goes_on = constant("goes_on", TensorProto.BOOL, 1)
        return dict(zip(inputs, [turn, goes_on, *node.input[2:]], strict=False))
    if node.op_type == "Scan" and node.domain == "":
        given = {value.name: helper.get_attribute_value(value) for value in node.attribute}
        count = given.get("num_scan_inputs", 0)
        # Before operator set 9 the body is described otherwise.
        if len(node.input) == len(inputs) and 0 < count <= len(inputs):
            states, sources = node.input[: len(inputs) - count], list(node.input[-count:])
            axes = list(given.get("scan_input_axes", [])) or [0] * count
            if len(axes) == count:
                return dict(zip(inputs, [*states, *slices(sources, axes)], strict=True))
    # What is not known is made by nobody, and so are the shapes of what is read from it.
    return {name: f"{place}/{name}" for name in inputs}
