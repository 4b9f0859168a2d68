# SPDX-License-Identifier: Apache-2.0
"""OpenVINO on the CPU: a model of convolutions in 32-bit floats, bf16 or integers."""

import argparse
from typing import ClassVar

import numpy as np
from contender import (
    BF16,
    F32,
    FLOAT,
    U8S8,
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


class OpenVino(Contender):
    """OpenVINO's CPU plugin."""

    name = "openvino"
    models = True
    types: ClassVar[list[str]] = [F32, BF16, U8S8]
    layouts: ClassVar[list[str]] = ["nchw"]
    threads = "its own pool (TBB) of as many threads as workers, one stream, not pinned one by one"
    clock = (
        "Inside: infer() on NCHW input and output that are allocated before, about 20 us of it in "
        "its Python layer; its conversions to and from the layout it chooses."
    )

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        import openvino

        self._library = openvino
        self._core = openvino.Core()

    def version(self) -> str:
        return self._library.__version__.split("-")[0]

    def build(self, operation: Operation) -> Prepared:
        if operation.type == BF16 and operation.layers[0].bias is not None:
            raise UnsupportedProblemError("it rounds the bias to bf16 as well")
        graph = self._integers(operation) if operation.type == U8S8 else self._graph(operation)
        compiled = self._compiled(graph, operation.workers, bf16=operation.type == BF16)
        request = compiled.create_infer_request()
        # Of bf16, values are given and taken as 32-bit floats: NumPy has no type for it.
        element = np.uint8 if operation.type == U8S8 else FLOAT
        given = operation.input.astype(element)
        result = np.zeros(operation.output_shape, element)
        request.set_input_tensor(self._library.Tensor(given, shared_memory=True))
        request.set_output_tensor(self._library.Tensor(result, shared_memory=True))
        return Prepared(
            lambda: request.infer(share_inputs=True, share_outputs=True),
            lambda: result,
            implementation=self._implementation(compiled),
            keeps=(compiled, given),
        )

    def build_model(self, model: Model) -> Prepared:
        compiled = self._compiled(self._core.read_model(model.path), model.workers)
        request = compiled.create_infer_request()
        tensor = self._library.Tensor
        for name, values in model.inputs.items():
            request.set_tensor(name, tensor(values.copy()))
        results = []
        for name in model.results:
            result = np.zeros(list(compiled.output(name).shape), FLOAT)
            request.set_tensor(name, tensor(result, shared_memory=True))
            results.append(result)
        return Prepared(
            lambda: request.infer(share_inputs=True, share_outputs=True),
            lambda: joined(results),
            keeps=(compiled,),
        )

    def _compiled(self, model: object, workers: int, bf16: bool = False) -> object:
        return self._core.compile_model(
            model,
            "CPU",
            {
                # Newer CPUs have bf16, which it would use unasked.
                "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": "1",
                "INFERENCE_NUM_THREADS": str(workers),
                "ENABLE_CPU_PINNING": "NO",
            },
        )

    def _graph(self, operation: Operation) -> object:
        from openvino import opset8 as ops

        x = ops.parameter(operation.layers[0].problem.input_shape, np.float32, "x")
        y = x
        for layer in operation.layers:
            y = self._layer(ops, layer, y)
        return self._library.Model([y], [x], "convolution")

    def _integers(self, operation: Operation) -> object:
        """Bytes in and out, as a quantized model has them; the plugin drops the floats between."""
        from openvino import opset8 as ops

        (layer,), given = operation.layers, operation.quantization
        shape = self._filter_shape(layer.problem)
        weights = ops.convert(ops.constant(layer.filter.astype(np.int8).reshape(shape)), "f32")
        scales = given.scales.reshape(*shape[: len(shape) - 3], 1, 1, 1)
        # Where a step of the input is 1, the plugin takes it for no scale and computes floats.
        step = np.float32(2.0**-7)
        weights = ops.multiply(weights, ops.constant(scales / step))
        x = ops.parameter(layer.problem.input_shape, np.uint8, "x")
        zero = ops.convert(ops.constant(np.array([[[[given.input_zero]]]], np.uint8)), "f32")
        real = ops.multiply(ops.subtract(ops.convert(x, "f32"), zero), ops.constant(step))
        y = self._sums(ops, layer.problem, real, weights)
        if layer.bias is not None:
            y = ops.add(y, ops.constant((layer.bias * given.scales).reshape(1, -1, 1, 1)))
        y = ops.relu(y) if layer.relu else y
        low, high = np.float32(-given.output_zero), np.float32(255 - given.output_zero)
        ends = [ops.constant(of) for of in (low, high, np.float32(0), np.float32(255))]
        y = ops.convert(ops.fake_quantize(y, *ends, 256), "u8")
        return self._library.Model([y], [x], "convolution")

    @staticmethod
    def _filter_shape(problem: Problem) -> tuple[int, ...]:
        if problem.groups == 1:
            return problem.filter_shape
        per_group = problem.out_channels // problem.groups
        return problem.groups, per_group, *problem.filter_shape[1:]

    @staticmethod
    def _sums(ops: object, problem: Problem, x: object, weights: object) -> object:
        attributes = [problem.stride, problem.pads_before, problem.pads_after, problem.dilation]
        make = ops.convolution if problem.groups == 1 else ops.group_convolution
        return make(x, weights, *attributes)

    @classmethod
    def _layer(cls, ops: object, layer: Layer, x: object) -> object:
        weights = ops.constant(layer.filter.reshape(cls._filter_shape(layer.problem)))
        y = cls._sums(ops, layer.problem, x, weights)
        if layer.bias is not None:
            y = ops.add(y, ops.constant(layer.bias.reshape(1, -1, 1, 1)))
        return ops.relu(y) if layer.relu else y

    @staticmethod
    def _implementation(compiled: object) -> str | None:
        """The kernel that the plugin says it runs."""
        for node in compiled.get_runtime_model().get_ordered_ops():
            info = node.get_rt_info()
            if "primitiveType" in info and "onvolution" in str(info["layerType"].astype(str)):
                kinds = ("primitiveType", "runtimePrecision")
                return " ".join(str(info[kind].astype(str)) for kind in kinds if kind in info)
        return None


if __name__ == "__main__":
    main(OpenVino)
