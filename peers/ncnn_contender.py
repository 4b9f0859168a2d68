# SPDX-License-Identifier: Apache-2.0
"""ncnn: a net of convolution layers, 32-bit floats in storage and arithmetic."""

import argparse
import importlib.util
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

import numpy as np
from contender import (
    FLOAT,
    Contender,
    Layer,
    Model,
    Operation,
    Prepared,
    Problem,
    UnsupportedProblemError,
    joined,
    main,
)

# Relative to the largest sum of |x*w|: ten times what peers/selftest.py measures on unit-normal
# data, with the most on small layers (3e-6).
WINOGRAD_BOUND = 3e-5


class Ncnn(Contender):
    """ncnn on the CPU."""

    name = "ncnn"
    models = True
    layouts: ClassVar[list[str]] = ["nchw"]
    threads = "OpenMP with as many threads as workers, not pinned one by one"
    clock = (
        "Inside: a fresh extractor per image, its allocation of the output, and the conversions "
        "between NCHW and its packed layout. It has no batch: images run one after the other."
    )

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        import ncnn

        self._library = ncnn

    @classmethod
    def add_options(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--exact", action="store_true", help="without Winograd")

    def version(self) -> str:
        return self._library.__version__ + (" without Winograd" if self.options.exact else "")

    def build(self, operation: Operation) -> Prepared:
        net = self._net(operation)
        images = [self._library.Mat(image).clone() for image in operation.input]
        results: list = [None] * len(images)
        last = f"y{len(operation.layers)}"

        def step() -> None:
            for index, image in enumerate(images):
                extractor = net.create_extractor()
                extractor.input("y0", image)
                _, results[index] = extractor.extract(last)

        def output() -> np.ndarray:
            return np.stack([np.array(one) for one in results]).reshape(operation.output_shape)

        winograd = not self.options.exact and any(
            may_use_winograd(layer.problem) for layer in operation.layers
        )
        return Prepared(
            step,
            output,
            implementation="Winograd allowed" if winograd else None,
            error_bound=WINOGRAD_BOUND if winograd else None,
        )

    def build_model(self, model: Model) -> Prepared:
        if any(values.shape[:1] != (1,) for values in model.inputs.values()):
            raise UnsupportedProblemError("ncnn runs one image at a time")
        net = self._empty_net(model.workers)
        with tempfile.TemporaryDirectory() as folder:
            convert(model.path, Path(folder))
            load(net, Path(folder, "net.ncnn.param"), Path(folder, "net.ncnn.bin"))
        names = [f"in{number}" for number in range(len(model.inputs))]
        if list(net.input_names()) != names or len(net.output_names()) != len(model.results):
            raise UnsupportedProblemError("pnnx has made other inputs and outputs of the model")
        given = [self._library.Mat(values[0]).clone() for values in model.inputs.values()]
        results: list = [None] * len(model.results)

        def step() -> None:
            extractor = net.create_extractor()
            for name, image in zip(names, given, strict=True):
                extractor.input(name, image)
            for number in range(len(results)):
                _, results[number] = extractor.extract(f"out{number}")

        return Prepared(
            step,
            lambda: joined(np.array(of) for of in results),
            implementation=None if self.options.exact else "Winograd allowed",
        )

    def _empty_net(self, workers: int) -> object:
        net = self._library.Net()
        options = net.opt
        options.num_threads = workers
        options.use_vulkan_compute = False
        for name in dir(options):
            if name.startswith(("use_fp16", "use_bf16", "use_int8")):
                setattr(options, name, False)
            if name.startswith("use_winograd"):
                setattr(options, name, not self.options.exact)
        return net

    def _net(self, operation: Operation) -> object:
        net = self._empty_net(operation.workers)
        with tempfile.TemporaryDirectory() as folder:
            param, weights = Path(folder, "net.param"), Path(folder, "net.bin")
            param.write_text(parameters(operation))
            with weights.open("wb") as file:
                for layer in operation.layers:
                    # A tag of four zero bytes says that raw 32-bit floats follow.
                    file.write(bytes(4))
                    layer.filter.astype(FLOAT).tofile(file)
                    if layer.bias is not None:
                        layer.bias.astype(FLOAT).tofile(file)
            load(net, param, weights)
        return net


def load(net: object, parameters: Path, weights: Path) -> None:
    if net.load_param(str(parameters)) != 0 or net.load_model(str(weights)) != 0:
        raise RuntimeError("ncnn does not load the net")


def convert(model: str, folder: Path) -> None:
    """Has pnnx write `net.ncnn.param` and `net.ncnn.bin` for an ONNX file, in 32-bit floats."""
    # Not imported: it would ask for PyTorch, which only its other formats need.
    found = importlib.util.find_spec("pnnx")
    if found is None or found.origin is None:
        raise UnsupportedProblemError("pnnx is not installed; peers/setup ncnn installs it")
    # Its results go beside what it reads.
    (folder / "net.onnx").symlink_to(model)
    program = Path(found.origin).parent / "pnnx"
    done = subprocess.run(
        [program, "net.onnx", "fp16=0"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not (folder / "net.ncnn.param").exists():
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UnsupportedProblemError(f"pnnx does not convert the model: {' '.join(last)[:200]}")


def parameters(operation: Operation) -> str:
    """The net in ncnn's text format: an input and convolutions, their results `y1` and on."""
    layers = [parameters_of(layer, number) for number, layer in enumerate(operation.layers, 1)]
    count = len(layers) + 1
    return "\n".join(["7767517", f"{count} {count}", "Input in 0 1 y0", *layers]) + "\n"


def parameters_of(layer: Layer, number: int) -> str:
    """A convolution's line."""
    problem = layer.problem
    keys = {
        0: problem.out_channels,
        1: problem.kernel_width,
        11: problem.kernel_height,
        2: problem.dilation_width,
        12: problem.dilation_height,
        3: problem.stride_width,
        13: problem.stride_height,
        4: problem.pad_left,
        14: problem.pad_top,
        15: problem.pad_right,
        16: problem.pad_bottom,
        5: int(layer.bias is not None),
        6: layer.filter.size,
        9: int(layer.relu),
    }
    kind = "Convolution"
    if problem.groups > 1:
        kind = "ConvolutionDepthWise"
        keys[7] = problem.groups
    written = " ".join(f"{key}={value}" for key, value in keys.items())
    return f"{kind} conv{number} 1 1 y{number - 1} y{number} {written}"


def may_use_winograd(problem: Problem) -> bool:
    """Whether the layer is of the only kind for which ncnn has Winograd on x86-64."""
    per_group = max(problem.in_channels, problem.out_channels) // problem.groups
    return (
        problem.kernel == (3, 3)
        and problem.stride == (1, 1)
        and problem.dilation == (1, 1)
        and per_group > 8
    )


if __name__ == "__main__":
    main(Ncnn)
