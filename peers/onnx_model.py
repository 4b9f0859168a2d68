# SPDX-License-Identifier: Apache-2.0
"""A model of convolutions in ONNX, with bias and ReLU where they have them."""

import numpy as np
import onnx
from contender import FLOAT, Fields, Layer, Operation, Problem
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


def integer_model(operation: Operation) -> onnx.ModelProto:
    """A single convolution of integers, input and output of unsigned bytes.

    The input and the output count in steps of 1, the filter of each channel in those of its scale:
    then QLinearConv multiplies each sum with that.
    """
    (layer,), given = operation.layers, operation.quantization
    channels = layer.problem.out_channels
    constants = {
        "one": np.float32(1),
        "x_zero": np.uint8(given.input_zero),
        "w": layer.filter.astype(np.int8),
        "w_scale": given.scales,
        "w_zero": np.zeros(channels, np.int8),
        "y_zero": np.uint8(given.output_zero),
    }
    names = ["x", "one", "x_zero", "w", "w_scale", "w_zero", "one", "y_zero"]
    if layer.bias is not None:
        constants["b"] = layer.bias.astype(np.int32)
        names.append("b")
    sums = "sum" if layer.relu else "y"
    nodes = [helper.make_node("QLinearConv", names, [sums], **attributes(layer.problem))]
    if layer.relu:
        nodes.append(helper.make_node("Clip", [sums, "y_zero"], ["y"]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "convolution",
        [value("x", TensorProto.UINT8, layer.problem.input_shape)],
        [value("y", TensorProto.UINT8, operation.output_shape)],
        [numpy_helper.from_array(np.asarray(of), name) for name, of in constants.items()],
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)


def attributes(problem: Problem) -> Fields:
    """How a convolution is made, for Conv and QLinearConv."""
    return {
        "group": problem.groups,
        "kernel_shape": problem.kernel,
        "strides": problem.stride,
        "dilations": problem.dilation,
        "pads": [*problem.pads_before, *problem.pads_after],
    }


def layer_nodes(layer: Layer, source: str, result: str, number: int) -> tuple[list, list]:
    """The nodes of a layer from `source` to `result`, and their constants."""
    constants = [numpy_helper.from_array(layer.filter.astype(FLOAT), f"w{number}")]
    names = [source, f"w{number}"]
    if layer.bias is not None:
        constants.append(numpy_helper.from_array(layer.bias.astype(FLOAT), f"b{number}"))
        names.append(f"b{number}")
    sums = f"sum{number}" if layer.relu else result
    nodes = [helper.make_node("Conv", names, [sums], **attributes(layer.problem))]
    if layer.relu:
        nodes.append(helper.make_node("Relu", [sums], [result]))
    return nodes, constants
