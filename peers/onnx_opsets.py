# SPDX-License-Identifier: Apache-2.0
"""A small network as each operator set writes it: what was an attribute has become an input."""

from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper


def model_of(opset: int) -> ModelProto:
    """Convolution, normalisation, clip, border, part, other size, split, mean, product, softmax."""
    random = np.random.default_rng(opset)
    constants: list[TensorProto] = []

    def constant(name: str, values: Any, kind: type = np.float32) -> str:
        constants.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def moved(node: str, given: dict[str, Any], since: int, kind: type) -> dict[str, Any]:
        """Attributes that are inputs from an operator set on."""
        if opset < since:
            return {"inputs": [], "given": given}
        names = [constant(f"{node}/{key}", value, kind) for key, value in given.items()]
        return {"inputs": names, "given": {}}

    nodes: list[NodeProto] = []

    def node(kind: str, name: str, *inputs: str, outputs: int = 1, **given: Any) -> str:
        made = [f"{name}/{number}" if number else name for number in range(outputs)]
        nodes.append(helper.make_node(kind, inputs, made, name=name, **given))
        return made[0]

    def draw(*shape: int) -> Any:
        return random.standard_normal(shape)

    x = node("Conv", "conv", "x", constant("w", draw(8, 3, 3, 3)), pads=[1, 1, 1, 1])
    statistics = (constant(f"norm/{key}", np.abs(draw(8)) + 0.5) for key in "abcd")
    x = node("BatchNormalization", "norm", x, *statistics)
    limits = moved("clip", {"min": 0.0, "max": 6.0}, 11, np.float32)
    x = node("Clip", "clip", x, *limits["inputs"], **limits["given"])
    border = moved("pad", {"pads": [0, 0, 1, 0, 0, 0, 0, 2]}, 11, np.int64)
    x = node("Pad", "pad", x, *border["inputs"], **border["given"])
    ranges = moved("part", {"starts": [1], "ends": [7], "axes": [1]}, 10, np.int64)
    x = node("Slice", "part", x, *ranges["inputs"], **ranges["given"])
    scales = [1.0, 1.0, 2.0, 2.0]
    if opset < 9:
        x = node("Upsample", "larger", x, mode="nearest", scales=scales)
    elif opset < 11:
        kind = "Upsample" if opset == 9 else "Resize"
        x = node(kind, "larger", x, constant("larger/scales", scales), mode="nearest")
    else:
        roi, size = constant("larger/roi", []), constant("larger/scales", scales)
        given = {"coordinate_transformation_mode": "half_pixel", "mode": "linear"}
        x = node("Resize", "larger", x, roi, size, **given)
    parts = moved("split", {"split": [2, 4]}, 13, np.int64)
    x = node("Split", "split", x, *parts["inputs"], outputs=2, axis=1, **parts["given"])
    x = node("MaxPool", "pool", "split/1", kernel_shape=[2, 2], strides=[2, 2])
    x = node("Dropout", "dropout", node("LeakyRelu", "leaky", x, alpha=0.1))
    axes = moved("mean", {"axes": [2, 3]}, 18, np.int64)
    x = node("ReduceMean", "mean", x, *axes["inputs"], **axes["given"])
    axes = moved("squeezed", {"axes": [2, 3]}, 13, np.int64)
    x = node("Squeeze", "squeezed", x, *axes["inputs"], **axes["given"])
    x = node("Gemm", "product", x, constant("m", draw(4, 5)), constant("b", draw(5)))
    x = node("Softmax", "y", x, axis=1)
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 3, 9, 8))],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, None)],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
