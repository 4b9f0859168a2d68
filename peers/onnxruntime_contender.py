# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime on the CPU: a model of convolutions, input and output bound in advance."""

import argparse
from typing import ClassVar

import numpy as np
from contender import F32, FLOAT, U8S8, Contender, Model, Operation, Prepared, joined, main


class OnnxRuntime(Contender):
    """ONNX Runtime's CPU provider."""

    name = "onnxruntime"
    models = True
    types: ClassVar[list[str]] = [F32, U8S8]
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
        from onnx_model import convolution_model, integer_model

        self._library = onnxruntime
        self._models = {F32: convolution_model, U8S8: integer_model}
        onnxruntime.set_default_logger_severity(3)

    def version(self) -> str:
        return self._library.__version__

    def build(self, operation: Operation) -> Prepared:
        library = self._library
        model = self._models[operation.type](operation)
        session = self._session(model.SerializeToString(), operation.workers)
        element = FLOAT if operation.type == F32 else np.uint8
        given = library.OrtValue.ortvalue_from_numpy(operation.input.astype(element))
        result = library.OrtValue.ortvalue_from_numpy(np.zeros(operation.output_shape, element))
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", given)
        binding.bind_ortvalue_output("y", result)
        run = session.run_with_iobinding
        return Prepared(lambda: run(binding), result.numpy, keeps=(session, given))

    def build_model(self, model: Model) -> Prepared:
        library = self._library
        session = self._session(model.path, model.workers)
        binding = session.io_binding()
        given = [library.OrtValue.ortvalue_from_numpy(of) for of in model.inputs.values()]
        for name, value in zip(model.inputs, given, strict=True):
            binding.bind_ortvalue_input(name, value)
        shapes = {of.name: of.shape for of in session.get_outputs()}
        results = [
            library.OrtValue.ortvalue_from_numpy(np.zeros(shapes[name], FLOAT))
            for name in model.results
        ]
        for name, value in zip(model.results, results, strict=True):
            binding.bind_ortvalue_output(name, value)
        run = session.run_with_iobinding
        return Prepared(
            lambda: run(binding),
            lambda: joined(of.numpy() for of in results),
            keeps=(session, given),
        )

    def _session(self, model: bytes | str, workers: int) -> object:
        library = self._library
        options = library.SessionOptions()
        options.intra_op_num_threads = workers
        options.inter_op_num_threads = 1
        options.execution_mode = library.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = library.GraphOptimizationLevel.ORT_ENABLE_ALL
        return library.InferenceSession(model, options, ["CPUExecutionProvider"])


if __name__ == "__main__":
    main(OnnxRuntime)
