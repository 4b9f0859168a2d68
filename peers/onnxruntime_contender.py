# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime on the CPU: a model of convolutions, input and output bound in advance."""

import argparse
from typing import ClassVar

import numpy as np
from contender import FLOAT, Contender, Operation, Prepared, main


class OnnxRuntime(Contender):
    """ONNX Runtime's CPU provider."""

    name = "onnxruntime"
    layouts: ClassVar[list[str]] = ["nchw"]
    threads = (
        "its own pool of as many threads as workers, not pinned one by one; the calling thread is "
        "one of them"
    )
    clock = (
        "Inside: run_with_iobinding on NCHW input and output that are allocated before; its "
        "conversions to and from the blocked layout NCHWc, where it chooses that."
    )

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        import onnxruntime
        from onnx_model import convolution_model

        self._library = onnxruntime
        self._model = convolution_model
        onnxruntime.set_default_logger_severity(3)

    def version(self) -> str:
        return self._library.__version__

    def build(self, operation: Operation) -> Prepared:
        library = self._library
        options = library.SessionOptions()
        options.intra_op_num_threads = operation.workers
        options.inter_op_num_threads = 1
        options.execution_mode = library.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = library.GraphOptimizationLevel.ORT_ENABLE_ALL
        session = library.InferenceSession(
            self._model(operation).SerializeToString(), options, ["CPUExecutionProvider"]
        )
        given = library.OrtValue.ortvalue_from_numpy(operation.input)
        result = library.OrtValue.ortvalue_from_numpy(np.zeros(operation.output_shape, FLOAT))
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", given)
        binding.bind_ortvalue_output("y", result)
        run = session.run_with_iobinding
        return Prepared(lambda: run(binding), result.numpy, keeps=(session, given))


if __name__ == "__main__":
    main(OnnxRuntime)
