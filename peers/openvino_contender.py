# SPDX-License-Identifier: Apache-2.0
"""OpenVINO on the CPU: a model of convolutions in 32-bit floats."""

import argparse
from typing import ClassVar

import numpy as np
from contender import FLOAT, Contender, Layer, Model, Operation, Prepared, joined, main


class OpenVino(Contender):
    """OpenVINO's CPU plugin."""

    name = "openvino"
    models = True
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
        compiled = self._compiled(self._graph(operation), operation.workers)
        request = compiled.create_infer_request()
        given = operation.input.copy()
        result = np.zeros(operation.output_shape, FLOAT)
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

    def _compiled(self, model: object, workers: int) -> object:
        return self._core.compile_model(
            model,
            "CPU",
            {
                # Newer CPUs have bf16, which it would use unasked.
                "INFERENCE_PRECISION_HINT": "f32",
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

    @staticmethod
    def _layer(ops: object, layer: Layer, x: object) -> object:
        problem = layer.problem
        attributes = [problem.stride, problem.pads_before, problem.pads_after, problem.dilation]
        if problem.groups == 1:
            y = ops.convolution(x, ops.constant(layer.filter), *attributes)
        else:
            per_group = problem.out_channels // problem.groups
            grouped = layer.filter.reshape(problem.groups, per_group, *layer.filter.shape[1:])
            y = ops.group_convolution(x, ops.constant(grouped), *attributes)
        if layer.bias is not None:
            y = ops.add(y, ops.constant(layer.bias.reshape(1, -1, 1, 1)))
        return ops.relu(y) if layer.relu else y

    @staticmethod
    def _implementation(compiled: object) -> str | None:
        """The kernel that the plugin says it runs."""
        for node in compiled.get_runtime_model().get_ordered_ops():
            info = node.get_rt_info()
            if "primitiveType" in info and "onvolution" in str(info["layerType"].astype(str)):
                return str(info["primitiveType"].astype(str))
        return None


if __name__ == "__main__":
    main(OpenVino)
