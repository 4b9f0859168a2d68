# SPDX-License-Identifier: Apache-2.0
"""A model of a single convolution in ONNX, with bias and ReLU where the operation has them."""

import onnx
from contender import FLOAT, Operation
from onnx import TensorProto, helper, numpy_helper

# Old enough for every reader, new enough for 2-D convolutions with all attributes.
OPSET = 13
IR_VERSION = 8


def convolution_model(operation: Operation) -> onnx.ModelProto:
    """The model, with input `x` and output `y`, both NCHW."""
    problem = operation.problem
    constants = [numpy_helper.from_array(operation.filter.astype(FLOAT), "w")]
    names = ["x", "w"]
    if operation.bias is not None:
        constants.append(numpy_helper.from_array(operation.bias.astype(FLOAT), "b"))
        names.append("b")
    nodes = [
        helper.make_node(
            "Conv",
            names,
            ["sum" if operation.relu else "y"],
            group=problem.groups,
            kernel_shape=problem.kernel,
            strides=problem.stride,
            dilations=problem.dilation,
            pads=[*problem.pads_before, *problem.pads_after],
        )
    ]
    if operation.relu:
        nodes.append(helper.make_node("Relu", ["sum"], ["y"]))
    graph = helper.make_graph(
        nodes,
        "convolution",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, problem.input_shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, problem.output_shape)],
        constants,
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)
