#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole models are read as graphs that compute what onnxruntime does, node by node.

peers/.venv/bin/python peers/test_onnx_graph.py

The graphs are computed here by plain NumPy from the files that the harness would read.
"""

import math
import re
import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx_graph import listing
from onnx_networks import network
from onnx_newer_networks import NEWER
from onnx_operators import OPERATORS
from onnx_opsets import model_of

Array = np.ndarray
CHECKED = sorted(name for name in OPERATORS if name != "FusedConv")


def problem(text: str) -> dict[str, int]:
    given = {key: int(value) for key, value in re.findall(r"([a-z]+)(\d+)", text)}
    return {"rh": given["ph"], "rw": given["pw"]} | given


def windows(x: Array, p: dict[str, int], fill: float) -> Array:
    """`[N][C][Oh][Ow][Kh][Kw]`: what each output sees."""
    below = max(0, (p["oh"] - 1) * p["sh"] + p["dh"] * (p["kh"] - 1) + p["kh"] - p["ih"] - p["ph"])
    behind = max(0, (p["ow"] - 1) * p["sw"] + p["dw"] * (p["kw"] - 1) + p["kw"] - p["iw"] - p["pw"])
    padded = np.pad(x, ((0, 0), (0, 0), (p["ph"], below), (p["pw"], behind)), constant_values=fill)
    rows = np.arange(p["oh"])[:, None] * p["sh"] + np.arange(p["kh"])[None, :] * (p["dh"] + 1)
    columns = np.arange(p["ow"])[:, None] * p["sw"] + np.arange(p["kw"])[None, :] * (p["dw"] + 1)
    return padded[:, :, rows[:, None, :, None], columns[None, :, None, :]]


def convolve(x: Array, p: dict[str, int], weights: Array, bias: Array | None) -> Array:
    seen = windows(x, p, 0)
    groups, inside = p["g"], p["ic"] // p["g"]
    seen = seen.reshape(p["mb"], groups, inside, *seen.shape[2:])
    shaped = weights.reshape(groups, p["oc"] // groups, inside, p["kh"], p["kw"])
    sums = np.einsum("ngihwkl,goikl->ngohw", seen, shaped, optimize=True)
    sums = sums.reshape(p["mb"], p["oc"], p["oh"], p["ow"])
    return sums if bias is None else sums + bias.reshape(1, -1, 1, 1)


def pooled(x: Array, given: dict[str, Any]) -> Array:
    p = problem(given["window"])
    seen = windows(x, p, np.nan)
    return (np.nanmax if given["kind"] == "max" else np.nanmean)(seen, axis=(4, 5))


def resized(x: Array, given: dict[str, Any]) -> Array:
    for axis, key in ((2, "rows"), (3, "columns")):
        taps = given[key]
        weight = np.array([tap["weight"] for tap in taps]).reshape([-1] + [1] * (3 - axis))
        first, second = (
            x.take([tap[place] for tap in taps], axis) for place in ("first", "second")
        )
        x = (1 - weight) * first + weight * second
    return x


def selected(x: Array, given: dict[str, Any]) -> Array:
    is_fill = np.zeros((1, 1, 1, 1), bool)
    for axis, key in enumerate(("images", "channels", "rows", "columns")):
        places = np.array(given[key])
        shape = [1] * 4
        shape[axis] = -1
        is_fill = is_fill | (places < 0).reshape(shape)
        x = x.take(np.maximum(places, 0), axis)
    return np.where(is_fill, given["fill"], x)


def rearranged(x: Array, given: dict[str, Any]) -> Array:
    places = np.zeros(1, np.int64)
    for digit in given["digits"]:
        places = (places[:, None] + np.arange(digit["size"]) * digit["step"]).reshape(-1)
    shape = given["shape"]
    sizes = (shape["batch"], shape["channels"], shape["extent"]["height"], shape["extent"]["width"])
    return x.reshape(-1)[places].reshape(sizes)


erf = np.vectorize(math.erf)
FUNCTIONS = {
    "clip": lambda x, g: np.clip(x, g["least"], g["most"]),
    "leakyReLU": lambda x, g: np.where(x < 0, g["slope"] * x, x),
    "hardSigmoid": lambda x, g: np.clip(g["slope"] * x + g["offset"], 0, 1),
    "hardSwish": lambda x, g: x * np.clip(x / 6 + 0.5, 0, 1),
    "swish": lambda x, g: x / (1 + np.exp(-x)),
    "tanh": lambda x, g: np.tanh(x),
    "erf": lambda x, g: erf(x),
    "gelu": lambda x, g: x * (0.5 + 0.5 * erf(x / math.sqrt(2))),
    "squareRoot": lambda x, g: np.sqrt(x),
    "absolute": lambda x, g: np.abs(x),
    "mish": lambda x, g: x * np.tanh(np.log1p(np.exp(x))),
}
COMBINATIONS = {
    "plus": np.add,
    "minus": np.subtract,
    "times": np.multiply,
    "over": np.divide,
    "largest": np.maximum,
    "smallest": np.minimum,
    "prelu": lambda x, s: np.where(x < 0, x * s, x),
}


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def normalized(x: Array, epsilon: float) -> Array:
    distance = x - x.mean(axis=1, keepdims=True)
    return distance / np.sqrt((distance**2).mean(axis=1, keepdims=True) + epsilon)


def computed(operation: dict[str, Any], sources: list[Array], constants: list[Array]) -> Array:
    ((kind, given),) = operation.items()
    inner = given.get("_0")
    if kind == "convolution":
        bias = constants[1] if given["hasBias"] else None
        return convolve(sources[0], problem(inner), constants[0], bias)
    if kind == "point":
        ((name, numbers),) = inner.items()
        return FUNCTIONS[name](sources[0], numbers)
    if kind == "shuffle":
        n, c, h, w = sources[0].shape
        apart = sources[0].reshape(n, given["groups"], c // given["groups"], h, w)
        return apart.transpose(0, 2, 1, 3, 4).reshape(n, c, h, w)
    return {
        "pooling": lambda: pooled(sources[0], inner),
        "relu": lambda: np.maximum(sources[0], 0),
        "sigmoid": lambda: 1 / (1 + np.exp(-sources[0])),
        "add": lambda: sources[0] + sources[1],
        "scale": lambda: sources[0] * sources[1],
        "concatenation": lambda: np.concatenate(sources, axis=1),
        "combination": lambda: COMBINATIONS[inner](*sources),
        "constant": lambda: constants[0],
        "selection": lambda: selected(sources[0], inner),
        "rearrangement": lambda: rearranged(sources[0], inner),
        "resize": lambda: resized(sources[0], inner),
        "softmax": lambda: softmax(sources[0]),
        "normalization": lambda: normalized(sources[0], given["epsilon"]),
    }[kind]()


def size(shape: dict[str, Any]) -> tuple[int, int, int, int]:
    return shape["batch"], shape["channels"], shape["extent"]["height"], shape["extent"]["width"]


class Reader:
    def __init__(self, path: str) -> None:
        self._values = np.fromfile(path, "<f4").astype(np.float64)
        self._place = 0

    def take(self, *shape: int) -> Array:
        count = math.prod(shape)
        self._place += count
        return self._values[self._place - count : self._place].reshape(shape)

    def is_at_end(self) -> bool:
        return self._place == self._values.size


def differences(found: dict[str, Any]) -> dict[str, float]:
    """By how much each node differs from what onnxruntime gives, relative to its rms."""
    graph, files = found["graph"], found["files"]
    values = {"input": Reader(files["input"]).take(*size(graph["input"]))}
    weights, expected = Reader(files["weights"]), Reader(files["expected"])
    errors = {}
    for node in graph["nodes"]:
        ((kind, given),) = node["operation"].items()
        constants = []
        if kind == "convolution":
            p = problem(given["_0"])
            constants.append(weights.take(p["oc"], p["ic"] // p["g"], p["kh"], p["kw"]))
            constants += [weights.take(p["oc"])] if given["hasBias"] else []
        elif kind == "constant":
            constants.append(weights.take(*size(given["_0"])))
        result = computed(node["operation"], [values[name] for name in node["sources"]], constants)
        values[node["name"]] = result
        if node["name"] in files["checked"]:
            wanted = expected.take(*result.shape)
            rms = math.sqrt(np.square(wanted).mean())
            errors[node["name"]] = math.sqrt(np.square(result - wanted).mean()) / (rms or 1)
    assert weights.is_at_end()
    assert expected.is_at_end()
    return errors


def found_in(model: ModelProto, seed: int = 1) -> tuple[dict[str, Any], dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        found = listing(model, Path(folder), Path(folder, "files"), seed)
        return found, {} if "reason" in found else differences(found)


def behind_convolution(model: ModelProto) -> ModelProto | None:
    """A node model with a convolution in front of its first input, so that it is a network."""
    first = model.graph.input[0]
    shape = [axis.dim_value for axis in first.type.tensor_type.shape.dim]
    is_float = first.type.tensor_type.elem_type == TensorProto.FLOAT
    if not is_float or min(shape, default=1) < 1:
        return None
    if len(shape) not in (3, 4):
        return behind_reshape(model, shape)
    made = ModelProto()
    made.CopyFrom(model)
    made.ir_version = 8
    ones = np.zeros((shape[1], shape[1], *[1] * (len(shape) - 2)), np.float32)
    ones[np.arange(shape[1]), np.arange(shape[1])] = 1
    made.graph.initializer.append(numpy_helper.from_array(ones, "one/w"))
    # Operators with roots and logarithms take what is positive.
    made.graph.initializer.append(
        numpy_helper.from_array(np.full(shape[1], 1.5, np.float32), "one/b")
    )
    conv = helper.make_node("Conv", ["one/x", "one/w", "one/b"], [first.name], name="one")
    nodes = [conv, *made.graph.node]
    kept = [type(of).FromString(of.SerializeToString()) for of in nodes]
    del made.graph.node[:]
    made.graph.node.extend(kept)
    made.graph.input[0].name = "one/x"
    for value in made.graph.output:
        value.type.tensor_type.ClearField("shape")
    return made


def behind_reshape(model: ModelProto, shape: list[int]) -> ModelProto:
    """The same for any number of axes: an image of one row, in another shape."""
    made = ModelProto()
    made.CopyFrom(model)
    made.ir_version = 8
    name = model.graph.input[0].name
    made.graph.initializer.append(
        numpy_helper.from_array(np.ones((1, 1, 1, 1), np.float32), "one/w")
    )
    made.graph.initializer.append(numpy_helper.from_array(np.full(1, 1.5, np.float32), "one/b"))
    made.graph.initializer.append(numpy_helper.from_array(np.array(shape, np.int64), "one/shape"))
    nodes = [
        helper.make_node("Conv", ["one/x", "one/w", "one/b"], ["one/y"], name="one"),
        helper.make_node("Reshape", ["one/y", "one/shape"], [name], name="shaped"),
        *(type(of).FromString(of.SerializeToString()) for of in made.graph.node),
    ]
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    value = helper.make_tensor_value_info("one/x", TensorProto.FLOAT, (1, 1, 1, math.prod(shape)))
    made.graph.input[0].CopyFrom(value)
    for output in made.graph.output:
        output.type.tensor_type.ClearField("shape")
    return made


def with_constants(model: ModelProto, inputs: list[Array]) -> ModelProto:
    """Inputs behind the first as constants: in networks they are weights, axes and sizes."""
    made = ModelProto()
    made.CopyFrom(model)
    for value, given in list(zip(model.graph.input, inputs, strict=True))[1:]:
        made.graph.initializer.append(numpy_helper.from_array(np.asarray(given), value.name))
    del made.graph.input[1:]
    return made


class OnnxGraph(unittest.TestCase):
    def test_networks_are_read_whole(self) -> None:
        for name in ("mobilenet_v1", "shufflenet_v1_g3", "wavenet_atrous"):
            with self.subTest(name):
                found, errors = found_in(network(name, batch_norm=name == "mobilenet_v1"))
                self.assertEqual(found["missing"], [])
                self.assertLess(max(errors.values()), 1e-5)

    def test_newer_networks_are_read_whole(self) -> None:
        for name in NEWER:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                found = listing(network(name), Path(folder), Path(folder, "files"), 1)
                self.assertEqual(found["missing"], [])
                kinds = [str(node["operation"]) for node in found["graph"]["nodes"]]
                self.assertEqual(sum("gelu" in kind for kind in kinds), 18 * ("next" in name))

    def test_every_operator_set_is_read_whole(self) -> None:
        for opset in range(7, 23):
            with self.subTest(opset):
                found, errors = found_in(model_of(opset))
                self.assertEqual(found["missing"], [])
                self.assertLess(max(errors.values()), 1e-5)

    def test_what_is_not_known_is_named_and_the_rest_runs(self) -> None:
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 4, 5, 5))
        y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
        weights = numpy_helper.from_array(np.eye(4, dtype=np.float32).reshape(4, 4, 1, 1), "w")
        nodes = [
            helper.make_node("Conv", ["x", "w"], ["a"], name="first"),
            helper.make_node("Celu", ["a"], ["b"], name="odd"),
            helper.make_node("Conv", ["b", "w"], ["y"], name="second"),
        ]
        graph = helper.make_graph(nodes, "g", [x], [y], [weights])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        found, errors = found_in(model)
        self.assertEqual(
            found["missing"],
            [{"node": "odd", "operator": "Celu", "reason": "this operator is not known"}],
        )
        # What it gives is a constant, and what it reads a result.
        self.assertEqual(
            [node["name"] for node in found["graph"]["nodes"]], ["first", "b", "second"]
        )
        self.assertEqual(found["graph"]["kept"], ["first"])
        self.assertEqual([given["name"] for given in found["files"]["inputs"]], ["x", "b"])
        self.assertLess(max(errors.values()), 1e-6)

    def test_models_that_cannot_be_run_are_refused_with_the_reason(self) -> None:
        open_size = network("mobilenet_v1")
        open_size.graph.input[0].type.tensor_type.shape.dim[2].dim_param = "height"
        self.assertIn("open size; give --shape image=1x3x?x224", found_in(open_size)[0]["reason"])
        large = network("mobilenet_v1")
        large.graph.input[0].type.tensor_type.shape.dim[2].dim_value = 1 << 20
        self.assertIn(
            "its input ‘image’ is 1x3x1048576x224; accepted are at most",
            found_in(large)[0]["reason"],
        )
        without = network("mobilenet_v1")
        del without.graph.node[1:]
        without.graph.node[0].op_type = "Celu"
        del without.graph.node[0].input[1:]
        del without.graph.node[0].attribute[:]
        without.graph.output[0].name = without.graph.node[0].output[0]
        self.assertIn("no convolution", found_in(without)[0]["reason"])

    def test_node_models_compute_what_onnxruntime_does(self) -> None:
        seen: dict[str, int] = {}
        reasons: dict[str, str] = {}
        for case in collect_testcases(None):
            if not case.name.startswith("test_") or case.model is None or "expanded" in case.name:
                continue
            nodes = case.model.graph.node
            if len(nodes) != 1 or nodes[0].op_type not in OPERATORS or nodes[0].domain:
                continue
            inputs = case.data_sets[0][0]
            if not all(isinstance(of, np.ndarray | np.generic) for of in inputs):
                continue
            model = behind_convolution(with_constants(case.model, inputs))
            if model is None:
                continue
            with self.subTest(case.name):
                found, errors = found_in(model)
                for gone in found.get("missing", []):
                    reasons[case.name] = gone["reason"]
                if "reason" in found:
                    reasons[case.name] = found["reason"]
                    continue
                if not found["missing"]:
                    seen[nodes[0].op_type] = seen.get(nodes[0].op_type, 0) + 1
                self.assertLess(max(errors.values()), 1e-5, case.name)
        if __name__ == "__main__" and "-v" in __import__("sys").argv:
            print(seen, *(f"{name}: {reason}" for name, reason in reasons.items()), sep="\n")
        # Of these the models of the package are of other forms than those that are read.
        left = {
            "ReduceMax",
            "BatchNormalization",
            "Cast",
            "Conv",
            "ConvTranspose",
            "FusedConv",
            "Gemm",
            "Upsample",
        }
        self.assertEqual(sorted(set(CHECKED) - seen.keys() - left), [])


if __name__ == "__main__":
    unittest.main()
