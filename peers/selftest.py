#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the contenders of this folder against a reference in float64, over the protocol itself.

    peers/.venv/bin/python peers/selftest.py [NAME…] [--seed N] [--workers N]

Prints, for each problem, the largest error relative to the largest output, its share of what the
contender is held to, and the time of one iteration. Exit 1 where one is wrong; what is not
installed is skipped with its reason.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from contender import BF16, F32, FLOAT, U8S8, Fields, Layer, Operation, Problem, Quantization

FOLDER = Path(__file__).resolve().parent
UNIT_ROUNDOFF = 2.0**-24


def problem(**given: int) -> Problem:
    """A problem from what differs from a dense 3x3 on 13x11 with padding 1."""
    sizes = {"groups": 1, "batch": 1, "in_channels": 16, "in_height": 13, "in_width": 11}
    sizes |= {"out_channels": 24, "kernel_height": 3, "kernel_width": 3}
    sizes |= {f"{key}_{axis}": 1 for key in ("stride", "dilation") for axis in ("height", "width")}
    sizes |= {f"pad_{side}": 1 for side in ("top", "left", "bottom", "right")}
    sizes |= given
    for axis, sides in (("height", ("top", "bottom")), ("width", ("left", "right"))):
        covered = sizes[f"dilation_{axis}"] * (sizes[f"kernel_{axis}"] - 1) + 1
        padded = sizes[f"in_{axis}"] + sum(sizes[f"pad_{side}"] for side in sides)
        sizes[f"out_{axis}"] = (padded - covered) // sizes[f"stride_{axis}"] + 1
    return Problem(**sizes)


# Name, problem, bias, ReLU.
PROBLEMS = [
    ("dense 3x3", problem(), False, False),
    ("dense 3x3, wide", problem(in_channels=64, out_channels=64, in_height=28, in_width=28), 0, 0),
    ("1x1, bias", problem(kernel_height=1, kernel_width=1, **dict.fromkeys(
        ("pad_top", "pad_left", "pad_bottom", "pad_right"), 0)), True, False),
    ("bias and ReLU", problem(), True, True),
    ("ReLU", problem(), False, True),
    ("two images", problem(batch=2), True, True),
    ("stride 2", problem(stride_height=2, stride_width=2), False, False),
    ("stride 2x1", problem(stride_height=2), False, False),
    ("dilation 2", problem(dilation_height=2, dilation_width=2, pad_top=2, pad_left=2,
                           pad_bottom=2, pad_right=2), False, False),
    ("dilation 1x3", problem(dilation_width=3), False, False),
    ("asymmetric padding", problem(pad_top=0, pad_left=2, pad_bottom=3, pad_right=1), True, False),
    ("rectangular 1x7", problem(kernel_height=1, kernel_width=7, pad_top=0, pad_bottom=0,
                                pad_left=3, pad_right=3), False, False),
    ("5x5", problem(kernel_height=5, kernel_width=5), False, False),
    ("3 input channels, stride 2", problem(in_channels=3, kernel_height=7, kernel_width=7,
                                           stride_height=2, stride_width=2), True, True),
    ("groups", problem(groups=4), True, True),
    ("groups, stride, dilation", problem(groups=2, stride_width=2, dilation_height=2), False, 0),
    ("odd groups", problem(groups=3, in_channels=15, out_channels=21), False, False),
    ("depthwise", problem(groups=16, out_channels=16), True, False),
    ("depthwise, stride 2, ReLU", problem(groups=16, out_channels=16, stride_height=2,
                                          stride_width=2), False, True),
    ("depthwise, multiplier 2", problem(groups=16, out_channels=32), False, False),
]  # fmt: skip


# A chain is a tuple of problems.
POINTWISE = dict.fromkeys(("kernel_height", "kernel_width"), 1) | dict.fromkeys(
    ("pad_top", "pad_left", "pad_bottom", "pad_right"), 0
)
PROBLEMS += [
    ("depthwise, pointwise", (problem(groups=16, out_channels=16), problem(**POINTWISE)), 0, 0),
    ("bottleneck, bias, ReLU", (
        problem(out_channels=8, **POINTWISE), problem(in_channels=8, out_channels=8),
        problem(in_channels=8, out_channels=16, **POINTWISE)), True, True),
]  # fmt: skip


def example(
    shapes: Problem | tuple[Problem, ...], bias: bool, relu: bool, seed: int, workers: int
) -> Operation:
    """The problem, or the chain of them, with unit-normal data."""
    random = np.random.default_rng(seed)

    def normal(*sizes: int) -> np.ndarray:
        return random.standard_normal(sizes).astype(FLOAT)

    shapes = shapes if isinstance(shapes, tuple) else (shapes,)
    given = normal(*shapes[0].input_shape)
    layers = [
        Layer(
            shape,
            normal(*shape.filter_shape),
            normal(shape.out_channels) if bias else None,
            bool(relu),
        )
        for shape in shapes
    ]
    return Operation(tuple(layers), given, workers)


def narrowed(operation: Operation, kind: str, seed: int) -> Operation:
    """The same in another type: data rounded to bf16, or drawn anew as integers."""
    (layer,) = operation.layers
    if kind == BF16:
        layer = Layer(layer.problem, bf16(layer.filter), layer.bias, layer.relu)
        return Operation((layer,), bf16(operation.input), operation.workers, kind)
    random = np.random.default_rng(seed)
    given = random.integers(0, 256, operation.input.shape).astype(FLOAT)
    weights = random.integers(-128, 128, layer.filter.shape).astype(FLOAT)
    bias = None
    if layer.bias is not None:
        bias = random.integers(-9999, 9999, layer.bias.shape).astype(FLOAT)
    channels = np.arange(layer.problem.out_channels) % 16
    scales = (40 + channels) / (256 * 254 / 12 * np.sqrt(layer.filter[0].size))
    quantization = Quantization(125, 130, scales.astype(FLOAT))
    layer = Layer(layer.problem, weights, bias, layer.relu)
    return Operation((layer,), given, operation.workers, kind, quantization)


def bf16(values: np.ndarray) -> np.ndarray:
    """The nearest numbers with 8 significant bits, of two the even one."""
    bits = values.astype(FLOAT).view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16 << 16).astype(np.uint32).view(FLOAT)


def integer_reference(operation: Operation) -> tuple[np.ndarray, np.ndarray]:
    """The exact outputs of integers, and the one that a library may be off by."""
    (layer,), given = operation.layers, operation.quantization
    bias = np.zeros(1) if layer.bias is None else layer.bias
    sums = convolve(layer.problem, operation.input.astype(float) - given.input_zero, layer.filter)
    sums = (sums + bias.reshape(1, -1, 1, 1)).astype(FLOAT)
    scaled = sums * given.scales.reshape(1, -1, 1, 1)
    low = 0 if layer.relu else -given.output_zero
    y = np.rint(np.clip(scaled, low, 255 - given.output_zero)) + given.output_zero
    return y, np.ones_like(y)


def convolve(p: Problem, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The sums in float64."""
    rows, columns = (p.pad_top, p.pad_bottom), (p.pad_left, p.pad_right)
    x = np.pad(x, ((0, 0), (0, 0), rows, columns))
    w = w.reshape(p.groups, -1, *p.filter_shape[1:])
    covered = [d * (k - 1) + 1 for d, k in zip(p.dilation, p.kernel, strict=True)]
    windows = np.lib.stride_tricks.sliding_window_view(x, covered, axis=(2, 3))
    windows = windows[
        :, :, :: p.stride_height, :: p.stride_width, :: p.dilation_height, :: p.dilation_width
    ]
    windows = windows.reshape(p.batch, p.groups, -1, *windows.shape[2:])
    return np.einsum("ngcpqij,gocij->ngopq", windows, w, optimize=True).reshape(p.output_shape)


def reference(operation: Operation, bound: float | None) -> tuple[np.ndarray, np.ndarray]:
    """The result in float64, and what each output may be off by: what its layer may, on top of what
    the error of the input does to it.
    """
    x, slack = operation.input.astype(float), None
    for layer in operation.layers:
        w = layer.filter.astype(float)
        bias = np.zeros(1) if layer.bias is None else layer.bias.astype(float)
        bias = bias.reshape(1, -1, 1, 1)
        passed = 0.0 if slack is None else convolve(layer.problem, slack, np.abs(w))
        scale = convolve(layer.problem, np.abs(x), np.abs(w)) + np.abs(bias) + passed
        terms = layer.filter[0].size + (layer.bias is not None)
        gamma = terms * UNIT_ROUNDOFF / (1 - terms * UNIT_ROUNDOFF)
        own = gamma * scale if bound is None else np.full_like(scale, bound * scale.max())
        y = convolve(layer.problem, x, w) + bias
        if operation.type == BF16:
            # The output is rounded to 8 significant bits.
            own = own + 2.0**-9 * (np.abs(y) + own)
        slack = passed + own
        x = np.maximum(y, 0) if layer.relu else y
    return x, slack


class Peer:
    """A contender as a child process."""

    def __init__(self, name: str, options: list[str]) -> None:
        self.child = subprocess.Popen(
            [FOLDER / "run", name, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.count = 0

    def ask(self, action: str, **given: object) -> Fields:
        self.count += 1
        request = {"convscope": 1, "id": self.count, "do": action} | given
        try:
            self.child.stdin.write(json.dumps(request) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            return {"error": self.last_words()}
        line = self.child.stdout.readline()
        if not line:
            return {"error": self.last_words()}
        answer = json.loads(line)
        assert answer["id"] == self.count, answer
        return answer

    def last_words(self) -> str:
        lines = self.child.communicate()[1].strip().splitlines()
        return lines[-1] if lines else f"exit code {self.child.returncode}"


def write(path: Path, values: np.ndarray | None) -> str:
    (np.zeros(0, FLOAT) if values is None else values).tofile(path)
    return str(path)


def typed(operation: Operation) -> Fields:
    """What a request to prepare says of types other than 32-bit floats."""
    if operation.type == F32:
        return {}
    given = operation.quantization
    if given is None:
        return {"dt": operation.type}
    fields = vars(given) | {"scales": given.scales.tolist()}
    return {"dt": operation.type, "quantization": fields}


def check(peer: Peer, operation: Operation, folder: Path) -> tuple[str, bool]:
    """One problem through the protocol: what to print, and whether it is right."""

    def given(number: int, layer: Layer) -> Fields:
        return {
            "problem": vars(layer.problem),
            "bias": layer.bias is not None,
            "relu": layer.relu,
            "filter_path": write(folder / f"filter-{number}", layer.filter),
            "bias_path": write(folder / f"bias-{number}", layer.bias),
        }

    first, *rest = (given(number, layer) for number, layer in enumerate(operation.layers))
    ready = peer.ask(
        "prepare",
        **first,
        **({"then": rest} if rest else {}),
        input_path=write(folder / "input", operation.input),
        workers=operation.workers,
        **typed(operation),
        cpus=sorted(os.sched_getaffinity(0))[: operation.workers],
    )
    if "unsupported" in ready:
        return f"unsupported: {ready['unsupported']}", True
    if "error" in ready:
        return ready["error"], False
    answer = peer.ask("output", handle=ready["handle"], path=str(folder / "output"))
    if "error" in answer:
        return answer["error"], False
    output = np.fromfile(folder / "output", FLOAT).reshape(operation.output_shape)
    expected, limits = (
        integer_reference(operation)
        if operation.type == U8S8
        else reference(operation, ready.get("error_bound"))
    )
    error = np.abs(output - expected)
    share = (error / limits).max()
    time = peer.ask("run", handle=ready["handle"], iterations=20)["time_ns"] / 20
    peer.ask("release", handle=ready["handle"])
    said = ", ".join(str(ready[key]) for key in ("implementation", "accuracy") if key in ready)
    right = bool(share <= 1)
    largest = error.max() / np.abs(expected).max()
    text = f"{largest:8.1e} {share:8.4f} of the bound {time / 1e3:9.1f} us  {said}"
    return text + ("" if right else "  WRONG"), right


def test(name: str, options: list[str], seed: int, workers: int) -> bool:
    """All problems on one contender; False where one is wrong."""
    peer = Peer(name, options)
    hello = peer.ask("hello")
    if "error" in hello:
        print(f"{name}: skipped: {hello['error']}")
        return True
    print(f"{name} {' '.join(options)}: {hello['name']} {hello['version']}")
    passed = True
    with tempfile.TemporaryDirectory() as folder:
        for title, shape, bias, relu in PROBLEMS:
            plain = example(shape, bias, relu, seed, workers)
            for kind in hello.get("types", [F32]) if len(plain.layers) == 1 else [F32]:
                operation = plain if kind == F32 else narrowed(plain, kind, seed)
                text, right = check(peer, operation, Path(folder))
                passed &= right
                print(f"  {title:27} {kind:8} {text}", flush=True)
    peer.ask("quit")
    if peer.child.wait(timeout=10) != 0:
        print(f"  ends with code {peer.child.returncode}")
        passed = False
    return passed


def main() -> int:
    known = sorted(
        path.name.removesuffix("_contender.py") for path in FOLDER.glob("*_contender.py")
    )
    variants = {"ncnn": [[], ["--exact"]], "pytorch": [[], ["--channels-last"]]}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.workers} workers")
    results = [
        test(name, variant, options.seed, options.workers)
        for name in options.names or known
        for variant in variants.get(name, [[]])
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
