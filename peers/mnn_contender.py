# SPDX-License-Identifier: Apache-2.0
"""MNN: a converted single-convolution model, high precision, 32-bit floats."""

import argparse
import tempfile
from pathlib import Path
from typing import ClassVar

import numpy as np
from contender import FLOAT, Contender, Operation, Prepared, Problem, main

# Relative to the largest sum of |x*w|. Its Winograd takes tiles so large that three to four digits
# are lost: measured up to 3e-4 on unit-normal data.
WINOGRAD_BOUND = 3e-3
# Its 1x1 layers multiply by Strassen's scheme where they are large; measured up to 3e-7.
STRASSEN_BOUND = 1e-5


class Mnn(Contender):
    """MNN on the CPU."""

    name = "mnn"
    layouts: ClassVar[list[str]] = ["nchw"]
    threads = "its own pool of as many threads as workers, not pinned one by one"
    clock = (
        "Inside: runSession on input and output that its session holds, and its conversions "
        "between NCHW and its packed layout."
    )

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        import _tools
        import MNN
        from onnx_model import convolution_model

        self._library = MNN
        self._convert = _tools.mnnconvert
        self._model = convolution_model

    def version(self) -> str:
        return self._library.version()

    def build(self, operation: Operation) -> Prepared:
        interpreter, session = self._session(operation)
        given = interpreter.getSessionInput(session)
        given.copyFrom(self._host(operation.input))
        result = interpreter.getSessionOutput(session)
        shape = operation.output_shape

        def output() -> np.ndarray:
            values = np.zeros(shape, FLOAT)
            host = self._host(values)
            result.copyToHostTensor(host)
            return np.array(host.getData(), FLOAT).reshape(shape)

        found = [fast_algorithm(layer.problem) for layer in operation.layers]
        algorithm = " and ".join(dict.fromkeys(name for name, _ in found if name))
        bound = max((bound for _, bound in found if bound), default=None)
        return Prepared(
            lambda: interpreter.runSession(session),
            output,
            implementation=f"{algorithm} allowed" if algorithm else None,
            error_bound=bound,
        )

    def _session(self, operation: Operation) -> tuple:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "net.onnx"), Path(folder, "net.mnn")
            source.write_bytes(self._model(operation).SerializeToString())
            self._convert(
                [
                    *("mnnconvert", "-f", "ONNX", "--bizCode", "convscope"),
                    *("--modelFile", str(source), "--MNNModel", str(target)),
                ]
            )
            if not target.exists():
                raise RuntimeError("MNN does not convert the model")
            interpreter = self._library.Interpreter(str(target))
        session = interpreter.createSession(
            {"backend": "CPU", "precision": "high", "numThread": operation.workers}
        )
        return interpreter, session

    def _host(self, values: np.ndarray) -> object:
        kind = self._library.Tensor_DimensionType_Caffe
        return self._library.Tensor(values.shape, self._library.Halide_Type_Float, values, kind)


def fast_algorithm(problem: Problem) -> tuple[str | None, float | None]:
    """The transform that MNN has for this kind of layer, depthwise ones included, and its bound."""
    height, width = problem.kernel
    if height == width == 1 and problem.groups == 1:
        return "Strassen", STRASSEN_BOUND
    if height == width > 1 and problem.stride == problem.dilation == (1, 1):
        return "Winograd", WINOGRAD_BOUND
    return None, None


if __name__ == "__main__":
    main(Mnn)
