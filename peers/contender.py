# SPDX-License-Identifier: Apache-2.0
"""What the contenders of this folder share: the protocol of docs/Protocol.md, the clock, the data.

A contender is a subclass of `Contender` in a file of its own; `main` serves it. Needs numpy.
"""

import argparse
import ctypes
import gc
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any, ClassVar

import numpy as np

Fields = dict[str, Any]

PROTOCOL = 1
FLOAT = np.dtype("<f4")
F32, BF16, U8S8 = "f32", "bf16", "u8:s8:u8"


class UnsupportedProblemError(Exception):
    """The library cannot compute the problem; the text is the reason of its row."""


@dataclass(frozen=True)
class Problem:
    """One convolution; dilation 1 is dense."""

    groups: int
    batch: int
    in_channels: int
    in_height: int
    in_width: int
    out_channels: int
    out_height: int
    out_width: int
    kernel_height: int
    kernel_width: int
    stride_height: int
    stride_width: int
    pad_top: int
    pad_left: int
    pad_bottom: int
    pad_right: int
    dilation_height: int
    dilation_width: int

    @classmethod
    def read(cls, given: Fields) -> "Problem":
        return cls(**{field.name: given[field.name] for field in fields(cls)})

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        return self.batch, self.in_channels, self.in_height, self.in_width

    @property
    def filter_shape(self) -> tuple[int, int, int, int]:
        per_group = self.in_channels // self.groups
        return self.out_channels, per_group, self.kernel_height, self.kernel_width

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return self.batch, self.out_channels, self.out_height, self.out_width

    @property
    def kernel(self) -> tuple[int, int]:
        return self.kernel_height, self.kernel_width

    @property
    def stride(self) -> tuple[int, int]:
        return self.stride_height, self.stride_width

    @property
    def dilation(self) -> tuple[int, int]:
        return self.dilation_height, self.dilation_width

    @property
    def pads_before(self) -> tuple[int, int]:
        return self.pad_top, self.pad_left

    @property
    def pads_after(self) -> tuple[int, int]:
        return self.pad_bottom, self.pad_right


@dataclass(frozen=True)
class Quantization:
    """What integers stand for: output = clamp(round(sum * scale of the channel) + output_zero)."""

    input_zero: int
    output_zero: int
    scales: np.ndarray

    @classmethod
    def read(cls, given: Fields) -> "Quantization":
        scales = np.array(given["scales"], FLOAT)
        return cls(given["input_zero"], given["output_zero"], scales)


@dataclass(frozen=True)
class Layer:
    """A convolution with its constants: [Co][Ci/G][Kh][Kw] filter, and what follows the sum."""

    problem: Problem
    filter: np.ndarray
    bias: np.ndarray | None
    relu: bool

    @classmethod
    def read(cls, given: Fields) -> "Layer":
        problem = Problem.read(given["problem"])

        def tensor(key: str, shape: Sequence[int]) -> np.ndarray:
            return np.fromfile(given[key], FLOAT).reshape(shape)

        return cls(
            problem,
            tensor("filter_path", problem.filter_shape),
            tensor("bias_path", (problem.out_channels,)) if given["bias"] else None,
            given["relu"],
        )


@dataclass(frozen=True)
class Operation:
    """Convolutions that follow each other, mostly a single one, with a plain NCHW input."""

    layers: tuple[Layer, ...]
    input: np.ndarray
    workers: int
    # The type of the tensors; values are always given as 32-bit floats.
    type: str = F32
    quantization: Quantization | None = None

    @classmethod
    def read(cls, request: Fields) -> "Operation":
        layers = tuple(Layer.read(given) for given in (request, *request.get("then", ())))
        shape = layers[0].problem.input_shape
        values = np.fromfile(request["input_path"], FLOAT).reshape(shape)
        given = request.get("quantization")
        quantization = Quantization.read(given) if given else None
        return cls(layers, values, request["workers"], request.get("dt", F32), quantization)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return self.layers[-1].problem.output_shape


@dataclass(frozen=True)
class Model:
    """A whole network as an ONNX file of known sizes."""

    path: str
    # The inputs by name, with values.
    inputs: dict[str, np.ndarray]
    # The outputs that count, in order.
    results: tuple[str, ...]
    workers: int

    @classmethod
    def read(cls, request: Fields) -> "Model":
        given = request["model"]
        inputs = {
            of["name"]: np.fromfile(of["path"], np.dtype(of["type"])).reshape(of["shape"])
            for of in given["inputs"]
        }
        return cls(given["path"], inputs, tuple(given["results"]), request["workers"])


def joined(results: Iterable[np.ndarray]) -> np.ndarray:
    """Several results one after the other."""
    return np.concatenate([np.asarray(result, FLOAT).reshape(-1) for result in results])


@dataclass
class Prepared:
    """An operation or a network ready to run."""

    # Computes once; what this calls is exactly what stands between start and stop.
    step: Callable[[], object]
    # Gives the result of the last step as plain NCHW.
    output: Callable[[], np.ndarray]
    layout: str = "nchw"
    implementation: str | None = None
    # The error bound relative to the largest sum of |x*w|, where the library transforms.
    error_bound: float | None = None
    # What must live as long as this: memory that the library only borrows.
    keeps: tuple = ()
    cpus: frozenset[int] = frozenset()
    workers: int = 1


class Contender(ABC):
    """A library behind the protocol."""

    name: ClassVar[str]
    layouts: ClassVar[list[str]] = ["nchw"]
    # Whether an operation may have several layers.
    chains: ClassVar[bool] = True
    # The types of tensors of single convolutions.
    types: ClassVar[list[str]] = [F32]
    # Whether it computes whole networks, by `build_model`.
    models: ClassVar[bool] = False
    threads: ClassVar[str]
    clock: ClassVar[str]

    def __init__(self, options: argparse.Namespace) -> None:
        """Imports the library: not before standard output is safe from it."""
        self.options = options
        self._prepared: dict[int, Prepared] = {}
        self._last_handle = 0

    @classmethod  # noqa: B027
    def add_options(cls, parser: argparse.ArgumentParser) -> None:
        """Options of the library's own; most have none."""

    @abstractmethod
    def version(self) -> str:
        """The library's version."""

    @abstractmethod
    def build(self, operation: Operation) -> Prepared:
        """Does everything that a user does once; raises UnsupportedProblemError where it cannot."""

    def build_model(self, model: Model) -> Prepared:
        """The same for a whole network."""
        raise UnsupportedProblemError(f"{self.name} reads no whole networks here")

    # One method per request of the protocol; each gives the keys of its answer.

    def hello(self, request: Fields) -> Fields:
        return {
            "name": self.name,
            "version": self.version(),
            "layouts": self.layouts,
            "threads": self.threads,
            "clock": f"{self.clock} {COMMON_CLOCK}",
            "accuracy": "exact",
            "chains": self.chains,
            "types": self.types,
            "models": self.models,
        }

    def prepare(self, request: Fields) -> Fields:
        cpus = frozenset(request.get("cpus") or os.sched_getaffinity(0))
        # Before the library makes its threads, which inherit it.
        os.sched_setaffinity(0, cpus)
        try:
            if "model" in request:
                prepared = self.build_model(Model.read(request))
            else:
                prepared = self.build(Operation.read(request))
        except UnsupportedProblemError as reason:
            return {"unsupported": str(reason)}
        prepared.cpus, prepared.workers = cpus, request["workers"]
        self._last_handle += 1
        self._prepared[self._last_handle] = prepared
        answer: Fields = {"handle": self._last_handle, "layout": prepared.layout}
        if prepared.implementation:
            answer["implementation"] = prepared.implementation
        if prepared.error_bound is not None:
            answer |= {"accuracy": "fast", "error_bound": prepared.error_bound}
        return answer

    def output(self, request: Fields) -> Fields:
        prepared = self._ready(request)
        prepared.step()
        np.ascontiguousarray(prepared.output(), FLOAT).tofile(request["path"])
        settle(prepared.workers)
        return {}

    def run(self, request: Fields) -> Fields:
        prepared = self._ready(request)
        warm_up = request.get("warm_up")
        nanoseconds = timed(prepared.step, request["iterations"], warm_up or 0)
        settle(prepared.workers)
        answer: Fields = {"time_ns": nanoseconds}
        if warm_up is not None:
            answer["warm_up"] = warm_up
        return answer

    def release(self, request: Fields) -> Fields:
        self._prepared.pop(request["handle"], None)
        return {}

    def quit(self, request: Fields) -> Fields:
        return {}

    def _ready(self, request: Fields) -> Prepared:
        prepared = self._prepared[request["handle"]]
        os.sched_setaffinity(0, prepared.cpus)
        return prepared


COMMON_CLOCK = (
    "Inside too: the loop in Python and its call of the library, once per iteration. Outside: "
    "loading, building and compiling the model, packing the filter, Python's garbage collection; "
    "freed memory is kept for the next call (mallopt)."
)


def timed(step: Callable[[], object], iterations: int, warm_up: int) -> int:
    """Nanoseconds of `iterations` calls behind `warm_up` others; nothing is subtracted."""
    gc.disable()
    try:
        for _ in repeat(None, warm_up):
            step()
        start = time.perf_counter_ns()
        for _ in repeat(None, iterations):
            step()
        return time.perf_counter_ns() - start
    finally:
        gc.enable()


def settle(workers: int) -> None:
    """Waits until the library's threads sleep: spinning ones would slow whoever runs next.

    At most 0.3 s: libraries spin for 1 to 200 ms after their last call.
    """
    if workers < 2:
        return
    deadline = time.perf_counter() + 0.3
    while time.perf_counter() < deadline:
        before = time.process_time_ns()
        time.sleep(0.002)
        if time.process_time_ns() - before < 200_000:
            return


def keep_freed_memory() -> None:
    """Has glibc keep what is freed: otherwise each call would pay for fresh pages."""
    trim_threshold, top_pad, map_threshold = -1, -2, -3
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(map_threshold, 32 << 20)
        libc.mallopt(trim_threshold, 1 << 30)
        libc.mallopt(top_pad, 64 << 20)


def serve(name: str, make: Callable[[], Contender]) -> int:
    """Answers each line of standard input until `quit` or until the harness is gone."""
    # Libraries print as they like: they get standard error, the answers the real output.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    keep_freed_memory()
    try:
        contender = make()
    except ImportError as error:
        sys.stderr.write(f"not installed: {error}; peers/setup {name} installs it\n")
        return 69
    for line in sys.stdin:
        request = json.loads(line)
        answer: Fields = {"convscope": PROTOCOL, "id": request["id"]}
        try:
            answer |= getattr(contender, request["do"])(request)
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}".replace("\n", " ")[:400]
        answers.write(json.dumps(answer) + "\n")
        if request["do"] == "quit":
            break
    return 0


def main(contender: type[Contender]) -> None:
    """Serves `contender` with the options of the command line."""
    parser = argparse.ArgumentParser(description=contender.__doc__)
    contender.add_options(parser)
    options = parser.parse_args()
    # Without the destructors of libraries, some of which wait for threads.
    status = serve(contender.name, lambda: contender(options))
    sys.stderr.flush()
    os._exit(status)
