# SPDX-License-Identifier: Apache-2.0
"""A whole ONNX model as a graph of ConvScope, with its weights, an input and what comes out.

The model is run once in onnxruntime with every tensor as an output: that gives all shapes, the
values of what does not depend on the input, and what each node is compared with.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper
from onnx_apart import ApartError, run_apart
from onnx_file import captured, label, subgraphs
from onnx_operators import OPERATORS, Lowering
from onnx_shapes import LONGEST_RUN, open_inputs, text
from onnx_views import (
    MOST_ELEMENTS,
    GraphNode,
    Images,
    UnsupportedNodeError,
    View,
    image_shape,
    shape_fields,
)

RANDOM = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial"}
DOMAINS = {"", "com.microsoft"}
# What is not drawn is a whole number: a rate, a flag, a count. The first with which the model runs.
WHOLE_NUMBERS = (1, 0, 16000)


class NoGraphError(Exception):
    """The model is no graph that could be run; the text says why."""


@dataclass
class Missing:
    """A node that was not read."""

    node: str
    operator: str
    reason: str


@dataclass
class Run:
    """What onnxruntime made of a model."""

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    feed: dict[str, np.ndarray] = field(default_factory=dict)


class ModelGraph:
    """A model, as far as it can be read."""

    def __init__(self, model: ModelProto, folder: Path, work: Path, seed: int) -> None:
        self.work = work
        work.mkdir(parents=True, exist_ok=True)
        self.model = ModelProto()
        self.model.CopyFrom(model)
        onnx.load_external_data_for_model(self.model, str(folder))
        self._check_inputs()
        self.run = run(self.model, work, seed)
        self._take_branches(seed)
        self.missing: list[Missing] = []
        # What the graph is given: the name of the model's tensor, by that of its node.
        self.given: dict[str, str] = {}
        self.input = ""
        self.lowering = self._lower()

    def _check_inputs(self) -> None:
        undecided = [value for value in open_inputs(self.model) if "?" in text(value)]
        if undecided:
            flags = " ".join(f"--shape {value.name}={text(value)}" for value in undecided)
            raise NoGraphError(f"its input has an open size; give {flags}")

    def _take_branches(self, seed: int) -> None:
        """Puts in place the branch of each If whose condition does not depend on the input."""
        for _ in range(16):
            constants = self._constant_names()
            branches = [
                node
                for node in self.model.graph.node
                if node.op_type == "If" and node.input[0] in constants
            ]
            if not branches:
                return
            for node in branches:
                _inline(self.model, node, bool(self.run.arrays[node.input[0]].reshape(-1)[0]))
            self.run = run(self.model, self.work, seed)

    def _constant_names(self) -> set[str]:
        """Tensors that do not depend on the input, of which shapes are some."""
        graph = self.model.graph
        names = {tensor.name for tensor in graph.initializer}
        names |= {name for name, values in self.run.feed.items() if values.dtype.kind != "f"}
        for node in graph.node:
            read = {name for name in node.input if name}
            read |= {name for _, inner in subgraphs(node) for name in captured(inner)}
            is_shape = node.op_type in ("Shape", "Size")
            if node.op_type not in RANDOM and (is_shape or read <= names):
                names |= {name for name in node.output if name in self.run.arrays}
        return names

    def _lower(self) -> Lowering:
        graph = self.model.graph
        readers: dict[str, int] = {}
        for node in graph.node:
            inside = [name for _, inner in subgraphs(node) for name in captured(inner)]
            for name in [*node.input, *inside]:
                readers[name] = readers.get(name, 0) + 1
        for value in graph.output:
            readers[value.name] = readers.get(value.name, 0) + 1
        opset = next((of.version for of in self.model.opset_import if of.domain == ""), 1)
        low = Lowering(Images(), readers, opset)
        self.constants = self._constant_names()
        weights = {tensor.name: tensor for tensor in graph.initializer}
        for name in self.constants:
            values = self.run.arrays.get(name, self.run.feed.get(name))
            low.values[name] = numpy_helper.to_array(weights[name]) if values is None else values
        low.shapes = {name: values.shape for name, values in self.run.arrays.items()}
        low.makers = {output: node for node in graph.node for output in node.output}
        for name, values in self.run.feed.items():
            if values.dtype == np.float32 and 0 < values.ndim <= 4:
                self._take_input(low, name, values)
        # The model's tensor that each image is, the last one to which it is changed.
        self.origins: dict[str, tuple[str, View]] = {}
        self.made: set[str] = set()
        self.count = 0
        for node in graph.node:
            if node.op_type == "Constant" or all(name in self.constants for name in node.output):
                continue
            self.count += 1
            self._lower_node(low, node)
        return low

    def _take_input(self, low: Lowering, name: str, values: np.ndarray) -> None:
        if self.input:
            self._give(low, name, values)
            return
        shape = image_shape(values.shape)
        self.input = name
        low.values[name] = low.images.plain_view(low.images.begin(shape), values.ndim)

    def _give(self, low: Lowering, name: str, values: np.ndarray) -> None:
        low.images.origin = printable(name)
        view = low.given(values)
        low.values[name] = view
        self.given[view.base] = name

    def _lower_node(self, low: Lowering, node: NodeProto) -> None:
        images = low.images
        images.origin = printable(label(node))
        before = dict(images.nodes)
        try:
            results = self._results(low, node)
        except UnsupportedNodeError as reason:
            images.nodes = before
            images.shapes = {name: images.shapes[name] for name in (Images.INPUT, *before)
                             if name in images.shapes}  # fmt: skip
            self.missing.append(Missing(printable(label(node)), operator(node), str(reason)))
            for name in node.output:
                values = self.run.arrays.get(name)
                if values is None or values.dtype != np.float32 or values.ndim > 4:
                    continue
                if values.size and low.readers.get(name, 0):
                    self._give(low, name, values)
            return
        self.made |= set(node.output)
        for name, value in results.items():
            low.values[name] = value
            if isinstance(value, View):
                self.origins[value.base] = (name, value)

    def _results(self, low: Lowering, node: NodeProto) -> dict[str, Any]:
        if node.domain not in DOMAINS or node.op_type not in OPERATORS:
            raise UnsupportedNodeError("this operator is not known")
        if any(True for _ in subgraphs(node)):
            raise UnsupportedNodeError("it holds graphs of its own")
        for name in node.input:
            if name and name not in low.values:
                raise UnsupportedNodeError(f"it reads ‘{printable(name)}’, which is not read")
        outputs = [name for name in node.output if name]
        for name in outputs[:1]:
            values = self.run.arrays.get(name)
            if values is None or values.dtype != np.float32:
                kind = "no tensor" if values is None else f"of {values.dtype}"
                raise UnsupportedNodeError(f"its result is {kind}; accepted are 32-bit floats")
            if values.size == 0:
                raise UnsupportedNodeError("its result is empty")
        found = OPERATORS[node.op_type](low, node)
        results = found if isinstance(found, list) else [found]
        named = dict(zip(node.output, results, strict=False))
        for name, value in named.items():
            if name and tuple(value.shape) != self.run.arrays[name].shape:
                raise UnsupportedNodeError(
                    f"its result would be {tuple(value.shape)} and is {self.run.arrays[name].shape}"
                )
        return named

    def _finish(self) -> None:
        """Keeps what results depend on, in order."""
        low = self.lowering
        left = [node for node in self.model.graph.node if not self.made & set(node.output)]
        unread = {name for node in left for name in node.input}
        wanted = [value.name for value in self.model.graph.output]
        wanted += [name for name in low.values if name in unread and name not in wanted]
        self.results = {
            name: value
            for name in wanted
            if name in self.made and isinstance(value := low.values.get(name), View)
        }
        images = low.images
        needed: set[str] = set()
        waiting = [view.base for view in self.results.values()]
        while waiting:
            name = waiting.pop()
            if name in images.nodes and name not in needed:
                needed.add(name)
                waiting += images.nodes[name].sources
        self.nodes = [node for name, node in images.nodes.items() if name in needed]
        if not any("convolution" in node.operation for node in self.nodes):
            raise NoGraphError("no convolution of it is in a part that can be run")
        if not any(Images.INPUT in node.sources for node in self.nodes):
            raise NoGraphError("nothing that can be run reads its input")

    def summary(self) -> str:
        run_count = self.count - len(self.missing)
        return f"{run_count} of {self.count} nodes run as one graph of {len(self.nodes)}"

    def write(self) -> dict[str, Any]:
        """Writes weights, input and results, and says what is where."""
        self._finish()
        images = self.lowering.images
        paths = {
            key: self.work / f"{key}.f32" for key in ("weights", "input", "expected", "outputs")
        }
        with paths["weights"].open("wb") as file:
            for node in self.nodes:
                for values in node.constants:
                    np.ascontiguousarray(values, "<f4").tofile(file)
        np.ascontiguousarray(self.run.feed[self.input], "<f4").tofile(paths["input"])
        checked = []
        with paths["expected"].open("wb") as file:
            for node in self.nodes:
                origin = self.origins.get(node.name)
                if origin is None or "constant" in node.operation:
                    continue
                name, view = origin
                images.of_image(view, self.run.arrays[name]).astype("<f4").tofile(file)
                checked.append(node.name)
        with paths["outputs"].open("wb") as file:
            for name in self.results:
                np.ascontiguousarray(self.run.arrays[name], "<f4").tofile(file)
        last = self.nodes[-1].name
        kept = dict.fromkeys(view.base for view in self.results.values())
        return {
            "summary": self.summary(),
            "graph": {
                "input": shape_fields(images.shapes[Images.INPUT]),
                "hasOwnWeights": True,
                "nodes": [_fields(node) for node in self.nodes],
                "kept": [name for name in kept if name != last],
            },
            "missing": [vars(gone) for gone in self.missing],
            "files": {
                "weights": str(paths["weights"]),
                "input": str(paths["input"]),
                "expected": str(paths["expected"]),
                "outputs": str(paths["outputs"]),
                "checked": checked,
                "model": str(self._write_model()),
                "inputs": list(self._written_inputs()),
                "results": list(self.results),
            },
        }

    def _inputs(self) -> list[str]:
        """The tensors that the part which is run takes from outside."""
        used = {name for node in self.nodes for name in node.sources}
        given = [tensor for base, tensor in self.given.items() if base in used]
        return [self.input, *given]

    def _written_inputs(self) -> Iterator[dict[str, Any]]:
        for number, value in enumerate(self.part.graph.input):
            values = self.run.arrays.get(value.name, self.run.feed.get(value.name))
            path = self.work / f"given-{number}.raw"
            np.ascontiguousarray(values).tofile(path)
            yield {
                "name": value.name,
                "path": str(path),
                "shape": list(values.shape),
                "type": str(values.dtype),
            }

    def _write_model(self) -> Path:
        """The part that is run, for other runtimes: of known sizes, its weights inside."""
        source = self.model.graph
        taken = self._inputs()
        makers = {name: node for node in source.node for name in node.output if name}
        needed: set[str] = set()
        waiting = list(self.results)
        while waiting:
            name = waiting.pop()
            if not name or name in needed:
                continue
            needed.add(name)
            if name in makers and name not in taken:
                waiting += makers[name].input
                waiting += [of for _, inner in subgraphs(makers[name]) for of in captured(inner)]
        part = ModelProto(ir_version=self.model.ir_version)
        part.opset_import.extend(self.model.opset_import)
        part.graph.name = source.name or "part"
        part.graph.node.extend(
            node for node in source.node if needed & set(node.output) - set(taken)
        )
        weights = {tensor.name for tensor in source.initializer}
        part.graph.initializer.extend(of for of in source.initializer if of.name in needed)
        for name in needed - weights:
            values = self.run.feed.get(name) if name not in taken else None
            if name in taken:
                values = self.run.arrays.get(name, self.run.feed.get(name))
            if values is not None and (name in taken or name in self.run.feed):
                kind = helper.np_dtype_to_tensor_dtype(values.dtype)
                info = helper.make_tensor_value_info(name, kind, values.shape)
                # The image first: it is what the harness calls the input.
                place = 0 if name == self.input else len(part.graph.input)
                part.graph.input.insert(place, info)
        part.graph.output.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, self.run.arrays[name].shape)
            for name in self.results
        )
        self.part = part
        path = self.work / "part.onnx"
        onnx.save(part, path)
        return path


def _fields(node: GraphNode) -> dict[str, Any]:
    return {"name": node.name, "operation": node.operation, "sources": node.sources, "gain": 1}


def operator(node: NodeProto) -> str:
    return f"{node.domain}.{node.op_type}" if node.domain else node.op_type


def printable(name: str) -> str:
    """A name without what a terminal would obey, and other than that of the input."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name).strip()
    return f"{shown}." if shown in ("", Images.INPUT) else shown


def run(model: ModelProto, work: Path, seed: int) -> Run:
    """Runs a model with every tensor as an output, and with whole numbers that work."""
    watched = ModelProto()
    watched.CopyFrom(model)
    known = {value.name for value in watched.graph.output}
    for node in watched.graph.node:
        for name in node.output:
            if name and name not in known:
                known.add(name)
                watched.graph.output.append(ValueInfoProto(name=name))
    failure = ""
    for whole in WHOLE_NUMBERS:
        feed = {value.name: _drawn(value, seed, whole) for value in open_inputs(model)}
        try:
            names = run_apart(lambda feed=feed: _save(watched, feed, work), LONGEST_RUN)
        except ApartError as error:
            failure = failure or str(error)
            continue
        arrays = {name: np.load(work / f"{place}.npy") for place, name in names}
        for place, _ in names:
            (work / f"{place}.npy").unlink()
        return Run(arrays, feed)
    raise NoGraphError(f"a run of it in onnxruntime failed: {failure.splitlines()[0][:200]}")


def _save(model: ModelProto, feed: dict[str, np.ndarray], work: Path) -> list[tuple[int, str]]:
    """Runs a model and keeps what comes out in files; their numbers and names."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    path = work / "watched.onnx"
    onnx.save(model, path)
    try:
        session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
    finally:
        path.unlink()
    names = [output.name for output in session.get_outputs()]
    saved = []
    for place, (name, values) in enumerate(zip(names, session.run(names, feed), strict=True)):
        if isinstance(values, np.ndarray) and values.dtype != object:
            np.save(work / f"{place}.npy", values)
            saved.append((place, name))
    return saved


def _drawn(value: ValueInfoProto, seed: int, whole: int) -> np.ndarray:
    """Uniform values in [−1, 1) for floats, else a number."""
    shape = [axis.dim_value for axis in value.type.tensor_type.shape.dim]
    if math.prod(shape) > MOST_ELEMENTS:
        raise NoGraphError(
            f"its input ‘{printable(value.name)}’ is {text(value)}; accepted are at most "
            f"{MOST_ELEMENTS} elements"
        )
    kind = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    if kind == np.dtype(object):
        return np.full(shape, "", dtype=object)
    if not np.issubdtype(kind, np.floating):
        return np.full(shape, whole).astype(kind)
    draws = np.random.default_rng([seed, len(value.name)])
    return draws.uniform(-1, 1, shape).astype(kind)


def _inline(model: ModelProto, node: NodeProto, is_true: bool) -> None:
    """Puts a branch in the place of an If."""
    wanted = "then_branch" if is_true else "else_branch"
    branch = next(given.g for given in node.attribute if given.name == wanted)
    prefix = f"{printable(label(node))}/"
    own = {tensor.name for tensor in branch.initializer}
    own |= {name for inner in branch.node for name in inner.output if name}
    names = {name: prefix + name for name in own}
    results = {of.name: to for of, to in zip(branch.output, node.output, strict=True)}
    copies = []
    for inner in branch.node:
        copy = NodeProto()
        copy.CopyFrom(inner)
        _rename(copy, names)
        copy.name = prefix + label(inner)
        copies.append(copy)
    for name, target in results.items():
        copies.append(helper.make_node("Identity", [names.get(name, name)], [target],
                                       name=f"{prefix}{target}"))  # fmt: skip
    for tensor in branch.initializer:
        added = model.graph.initializer.add()
        added.CopyFrom(tensor)
        added.name = names[tensor.name]
    place = list(model.graph.node).index(node)
    nodes = [*model.graph.node[:place], *copies, *model.graph.node[place + 1 :]]
    kept = [NodeProto.FromString(of.SerializeToString()) for of in nodes]
    del model.graph.node[:]
    model.graph.node.extend(kept)


def _rename(node: NodeProto, names: dict[str, str]) -> None:
    """Other names for what a node reads and makes, inside its graphs, too."""
    node.input[:] = [names.get(name, name) for name in node.input]
    node.output[:] = [names.get(name, name) for name in node.output]
    for _, inner in subgraphs(node):
        hidden = {tensor.name for tensor in inner.initializer}
        hidden |= {name for of in inner.node for name in of.output}
        below = {old: new for old, new in names.items() if old not in hidden}
        for of in inner.node:
            _rename(of, below)
        for output in inner.output:
            output.name = below.get(output.name, output.name)


def listing(model: ModelProto, folder: Path, work: Path, seed: int) -> dict[str, Any]:
    """The graph of a model with its files in `work`, or why there is none."""
    graph = None
    try:
        graph = ModelGraph(model, folder, work, seed)
        return graph.write()
    except NoGraphError as reason:
        missing = [vars(gone) for gone in graph.missing] if graph else []
        return {"reason": str(reason), "missing": missing}
    except Exception as error:
        # A model can be wrong in ways that nobody has thought of; its layers remain.
        said = " ".join([type(error).__name__, *str(error).splitlines()[:1]])[:200]
        return {"reason": f"it cannot be read as a whole ({said})", "missing": []}
