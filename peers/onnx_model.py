# SPDX-License-Identifier: Apache-2.0
"""A model of convolutions in ONNX, with bias and ReLU where they have them."""

import onnx
from contender import FLOAT, Layer, Operation
from onnx import TensorProto, helper, numpy_helper

# Old enough for every reader, new enough for 2-D convolutions with all attributes.
OPSET = 13
IR_VERSION = 8


def convolution_model(operation: Operation) -> onnx.ModelProto:
    """The model, with input `x` and output `y`, both NCHW."""
    constants, nodes, source = [], [], "x"
    for number, layer in enumerate(operation.layers):
        is_last = number == len(operation.layers) - 1
        result = "y" if is_last else f"x{number + 1}"
        own_nodes, own_constants = layer_nodes(layer, source, result, number)
        nodes += own_nodes
        constants += own_constants
        source = result
    shapes = operation.layers[0].problem.input_shape, operation.output_shape
    graph = helper.make_graph(
        nodes,
        "convolution",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shapes[0])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shapes[1])],
        constants,
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)


def layer_nodes(layer: Layer, source: str, result: str, number: int) -> tuple[list, list]:
    """The nodes of a layer from `source` to `result`, and their constants."""
    problem = layer.problem
    constants = [numpy_helper.from_array(layer.filter.astype(FLOAT), f"w{number}")]
    names = [source, f"w{number}"]
    if layer.bias is not None:
        constants.append(numpy_helper.from_array(layer.bias.astype(FLOAT), f"b{number}"))
        names.append(f"b{number}")
    sums = f"sum{number}" if layer.relu else result
    nodes = [
        helper.make_node(
            "Conv",
            names,
            [sums],
            group=problem.groups,
            kernel_shape=problem.kernel,
            strides=problem.stride,
            dilations=problem.dilation,
            pads=[*problem.pads_before, *problem.pads_after],
        )
    ]
    if layer.relu:
        nodes.append(helper.make_node("Relu", [sums], [result]))
    return nodes, constants
