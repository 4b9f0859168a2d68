#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the convolutions of an ONNX model as problem descriptors, one a line.

    peers/.venv/bin/python peers/onnx_convolutions.py MODEL.onnx [--name NAME] [--batch N]
        [--shape NAME=1x3x224x224]… [--dim NAME=N]… [--separate] [--json]
        [--graph FOLDER] [--seed N]

Equal layers become one line with a multiplicity, under the name of the first. Convolutions inside
functions, branches and loop bodies are among them. Where shapes do not follow from the model, it is
run once in onnxruntime. What cannot be read is named with the reason: exit code 4 where that is
anything, 65 where nothing is left or the file is no model.
"""

import argparse
import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

try:
    import onnx  # noqa: F401
    from onnx import ModelProto, NodeProto
except ImportError as missing:
    sys.stderr.write(f"not installed: {missing}; peers/setup onnx installs it\n")
    sys.exit(69)

import onnx_graph
import onnx_quantization
from onnx_file import InvalidModelError, label, load
from onnx_flat import Flat, flat
from onnx_layer import Layer, UnsupportedLayerError, check_operator, is_convolution, layer, operator
from onnx_operands import Neighbours, operands
from onnx_shapes import UsageError, find, fix_inputs

INCOMPLETE = 4
USAGE = 64
INVALID = 65
# As a problem's, in ConvolutionProblem.
LARGEST_AXIS = 1 << 28


@dataclass
class Missing:
    """A convolution that was not read."""

    node: str
    operator: str
    reason: str


@dataclass
class Listing:
    """The layers in the order of the model, and what was not read."""

    names: dict[Layer | tuple[Layer, str], str] = field(default_factory=dict)
    counts: Counter[Layer | tuple[Layer, str]] = field(default_factory=Counter)
    missing: list[Missing] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # How many there are and how many of them were read, by operator.
    found: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)

    def add(self, found: Layer, name: str, separate: bool) -> None:
        key = (found, name) if separate else found
        self.names.setdefault(key, name)
        self.counts[key] += 1

    def layers(self) -> Iterator[tuple[Layer, str, int]]:
        """Each different layer, its name and how often it occurs."""
        for key, name in self.names.items():
            yield key[0] if isinstance(key, tuple) else key, name, self.counts[key]

    def summary(self) -> str:
        """How many convolutions were read of how many, by operator where there are several."""
        total = f"{self.read.total()} of {self.found.total()} convolutions read"
        each = [f"{self.read[name]} of {count} {name}" for name, count in self.found.items()]
        return f"{total} ({', '.join(each)})" if len(each) > 1 else total

    def code(self) -> int:
        if not self.read.total():
            return INVALID
        return INCOMPLETE if self.missing else 0

    def lines(self, model: str) -> Iterator[str]:
        yield f"# {model}: {self.summary()}"
        typed = any(found.data_type != "f32" for found, _, _ in self.layers())
        for found, name, count in self.layers():
            epilogue = "" if found.epilogue == "none" else f"   # {found.epilogue}"
            times = f"*{count}" if count > 1 else ""
            # In a batch file an option holds until it changes.
            descriptor = found.typed if typed else found.descriptor
            yield f'{descriptor}n"{model}:{name}{times}"{epilogue}'
        yield from (f"# {note}" for note in self.notes)
        for gone in self.missing:
            yield f"# not read: {gone.node} ({gone.operator}): {gone.reason}"

    def json(self, model: str) -> dict:
        return {
            "found": self.found.total(),
            "read": self.read.total(),
            "summary": self.summary(),
            "layers": [
                {
                    "descriptor": found.typed if found.data_type != "f32" else found.descriptor,
                    "name": f"{model}:{name}",
                    "count": count,
                    "bias": found.has_bias,
                    "relu": found.has_relu,
                }
                for found, name, count in self.layers()
            ],
            "missing": [vars(gone) for gone in self.missing],
            "notes": self.notes,
        }


def clean(text: str) -> str:
    """A text of a model's words without what a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def printable(name: str) -> str:
    """A name that a descriptor can hold: no quotes, spaces, or stars, which mean a multiplicity."""
    return re.sub(r"[^\w./:+-]+", "_", name).strip("/_") or "conv"


def convolutions(model: ModelProto, folder: Path, separate: bool = False) -> Listing:
    """All convolutions of a model, also of what stands inside control flow."""
    everything = flat(model)
    nodes = [(node, place) for node, place in everything.nodes() if is_convolution(node)]
    neighbours = Neighbours([node for node, _ in everything.nodes()])
    multiplied = [operands(node, neighbours) for node, _ in nodes]
    wanted = {
        name: None
        for (node, _), each in zip(nodes, multiplied, strict=True)
        if each and _can_be_read(node)
        for name in each.names
    }
    shapes = find(everything, wanted, folder)
    constants = {tensor.name: tensor for tensor in everything.model.graph.initializer}
    constants |= everything.weights
    followed = _followed_by_relu(everything)
    listing = Listing()
    left_out: Counter[str] = Counter()
    for (node, place), each in zip(nodes, multiplied, strict=True):
        name = printable(label(node))
        listing.found[clean(operator(node))] += 1
        try:
            found = layer(node, each, shapes, relu_follows=node.output[0] in followed)
            onnx_quantization.check(node, neighbours, shapes, constants)
        except UnsupportedLayerError as reason:
            listing.missing.append(Missing(name, clean(operator(node)), clean(str(reason))))
            continue
        listing.read[clean(operator(node))] += 1
        listing.add(found, name, separate)
        left_out.update(f"{remark}, as of {name}" for remark in found.left_out)
        if place:
            left_out[f"what stands inside control flow counts once, as {name}"] += 1
        if each and each.x in shapes.measured:
            left_out[f"the shapes are of a run in onnxruntime, as of {name}"] += 1
    listing.notes += [clean(note) for note in _summed(left_out)]
    return listing


def _can_be_read(node: NodeProto) -> bool:
    try:
        check_operator(node)
    except UnsupportedLayerError:
        return False
    return True


def _summed(remarks: Counter[str]) -> list[str]:
    """One line for each kind of remark: the first of its nodes, and how many there are."""
    firsts: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for remark, count in remarks.items():
        kind = remark.rsplit(", as ", 1)[0]
        firsts.setdefault(kind, remark)
        counts[kind] += count
    return [f"{firsts[kind]} ({count} of them)" for kind, count in counts.items()]


def _followed_by_relu(everything: Flat) -> set[str]:
    """What is read by nothing but a ReLU."""
    return {
        node.input[0]
        for node, _ in everything.nodes()
        if node.op_type == "Relu"
        and not node.domain
        and node.input
        and everything.readers.get(node.input[0]) == 1
    }


def assignment(text: str, separators: str, count: int | None = None) -> tuple[str, list[int]]:
    name, _, sizes = text.rpartition("=")
    try:
        values = [int(size) for size in re.split(separators, sizes)]
    except ValueError:
        values = []
    fits = values and min(values) >= 1 and max(values) <= LARGEST_AXIS
    if not name or not fits or (count and len(values) != count):
        option = "--dim NAME=N" if count else "--shape NAME=1x3x224x224"
        raise UsageError(
            f"‘{text}’ is not understood; accepted is {option}, with sizes from 1 to {LARGEST_AXIS}"
        )
    return name, values


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        raise UsageError(message)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the ONNX file")
    parser.add_argument("--name", help="what stands before the colon; else the file's name")
    parser.add_argument("--batch", type=int, default=1, help="for inputs that leave it open: 1")
    parser.add_argument("--shape", action="append", default=[], metavar="NAME=1x3x224x224")
    parser.add_argument("--dim", action="append", default=[], metavar="NAME=N")
    parser.add_argument("--separate", action="store_true", help="equal layers stay apart")
    parser.add_argument("--json", action="store_true", help="for programs: all in one object")
    parser.add_argument(
        "--graph", type=Path, metavar="FOLDER", help="with --json: the whole model, its files there"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the input of the whole model (1)")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        options = _options(arguments)
        shapes = dict(assignment(text, "[x,]") for text in options.shape)
        sizes = {name: of[0] for name, of in (assignment(text, "x", 1) for text in options.dim)}
        model = load(options.model)
        notes = fix_inputs(model, options.batch, sizes, shapes)
        listing = convolutions(model, Path(options.model).parent, options.separate)
    except Exception as error:
        kind, code = ("usage", USAGE) if isinstance(error, UsageError) else ("invalid", INVALID)
        said = str(error)
        if not isinstance(error, UsageError | InvalidModelError):
            # A model can be wrong in ways that nobody has thought of.
            said = " ".join([type(error).__name__, *said.splitlines()[:1]])
            said = f"it cannot be read ({said[:200]})"
        if as_json:
            print(json.dumps({kind: clean(said)}))
        else:
            sys.stderr.write(f"{clean(said)}\n")
        return code
    listing.notes[:0] = [clean(note) for note in notes]
    name = printable(options.name or Path(options.model).stem)
    if as_json:
        found = listing.json(name)
        if options.graph:
            folder = Path(options.model).parent
            found["graph"] = onnx_graph.listing(model, folder, options.graph, options.seed)
        print(json.dumps(found))
    else:
        for line in listing.lines(name):
            print(line)
    return listing.code()


if __name__ == "__main__":
    # Whoever reads only the first lines wants no error.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
