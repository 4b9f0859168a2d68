#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of onnx_convolutions.py on models that are made here.

peers/.venv/bin/python peers/test_onnx_convolutions.py
"""

import contextlib
import io
import json
import os
import random
import signal
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import onnx_convolutions
from onnx import FunctionProto, GraphProto, ModelProto, NodeProto, TensorProto, helper, save

Size = int | str
MICROSOFT = helper.make_opsetid("com.microsoft", 1)


def convolution(name: str, x: str, y: str, w: str, bias: str = "", **given: object) -> NodeProto:
    inputs = [x, w, bias] if bias else [x, w]
    return helper.make_node("Conv", inputs, [y], name=name, **given)


def value(name: str, kind: int = TensorProto.FLOAT, shape: list[Size] | None = None):
    return helper.make_tensor_value_info(name, kind, shape)


def zeros(name: str, sizes: list[int], kind: int = TensorProto.FLOAT) -> TensorProto:
    count = 1
    for size in sizes:
        count *= size
    bits = {TensorProto.FLOAT16: 2, TensorProto.DOUBLE: 8, TensorProto.BFLOAT16: 2}
    bits = (bits | {TensorProto.UINT8: 1, TensorProto.INT8: 1}).get(kind, 4)
    return helper.make_tensor(name, kind, sizes, bytes(bits * count), raw=True)


def model(
    nodes: list[NodeProto],
    weights: dict[str, list[int]],
    shape: list[Size] | None = None,
    kind: int = TensorProto.FLOAT,
    opset: int = 13,
    inputs: list | None = None,
) -> ModelProto:
    """A model from `x` to `y` whose weights are zeros."""
    graph = helper.make_graph(
        nodes,
        "test",
        [value("x", kind, shape or [1, 8, 32, 32]), *(inputs or [])],
        [value("y", kind)],
        [zeros(name, sizes, kind) for name, sizes in weights.items()],
    )
    opsets = [helper.make_opsetid("", opset), MICROSOFT]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def body(nodes: list[NodeProto], inputs: list, outputs: list[str], constants=()) -> GraphProto:
    """A branch or a loop's body."""
    return helper.make_graph(nodes, "body", inputs, [value(name) for name in outputs], constants)


# What a descriptor says of a 1x1 convolution of 8 channels at 32x32.
PLAIN = "mb1ic8ih32iw32oc8oh32ow32kh1kw1sh1sw1ph0pw0dh0dw0"


class OnnxConvolutions(unittest.TestCase):
    def run_reader(self, made: ModelProto | bytes, *options: str) -> tuple[int, list[str], str]:
        """Exit code, lines and errors."""
        printed, errors = io.StringIO(), io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "net.onnx")
            if isinstance(made, bytes):
                path.write_bytes(made)
            else:
                save(made, path)
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
                code = onnx_convolutions.main([str(path), *options])
        return code, printed.getvalue().splitlines(), errors.getvalue()

    def lines(self, made: ModelProto, *options: str, code: int = 0) -> list[str]:
        found, lines, errors = self.run_reader(made, *options)
        self.assertEqual((found, errors), (code, ""), lines)
        return lines

    def single(self, shape: list[Size], filter_shape: list[int], **given: object) -> str:
        made = model([convolution("c", "x", "y", "w", **given)], {"w": filter_shape}, shape)
        return self.lines(made)[-1].removesuffix('n"net:c"')

    def reason(self, made: ModelProto, code: int = 65) -> str:
        return self.lines(made, code=code)[-1].partition("): ")[2]

    def refusal(self, made: ModelProto | bytes, *options: str, code: int = 65) -> str:
        found, lines, errors = self.run_reader(made, *options)
        self.assertEqual((found, lines), (code, []), errors)
        return errors.rstrip()

    def test_every_attribute_reaches_its_key(self) -> None:
        line = self.single(
            [2, 8, 30, 20],
            [12, 2, 3, 5],
            group=4,
            strides=[2, 1],
            dilations=[1, 3],
            pads=[1, 6, 1, 6],
        )
        self.assertEqual(line, "g4mb2ic8ih30iw20oc12oh15ow20kh3kw5sh2sw1ph1pw6dh0dw2")

    def test_what_both_axes_share_is_written_for_both(self) -> None:
        shapes = [1, 8, 30, 20], [8, 8, 3, 5]
        self.assertEqual(
            self.single(*shapes, strides=[2, 2], pads=[1, 2, 1, 2]),
            "mb1ic8ih30iw20oc8oh15ow10kh3kw5sh2sw2ph1pw2dh0dw0",
        )
        self.assertEqual(
            self.single(*shapes, dilations=[2, 2], pads=[2, 4, 2, 4]),
            "mb1ic8ih30iw20oc8oh30ow20kh3kw5sh1sw1ph2pw4dh1dw1",
        )
        self.assertEqual(
            self.single(*shapes, pads=[1, 1, 1, 1]),
            "mb1ic8ih30iw20oc8oh30ow18kh3kw5sh1sw1ph1pw1dh0dw0",
        )

    def test_asymmetric_padding_is_said_by_the_output(self) -> None:
        self.assertEqual(
            self.single([1, 8, 30, 20], [8, 8, 3, 5], pads=[0, 0, 2, 4]),
            "mb1ic8ih30iw20oc8oh30ow20kh3kw5sh1sw1ph0pw0dh0dw0",
        )
        self.assertEqual(
            self.single([1, 8, 30, 20], [8, 8, 3, 5], pads=[2, 4, 0, 0]),
            "mb1ic8ih30iw20oc8oh30ow20kh3kw5sh1sw1ph2pw4dh0dw0",
        )

    def test_padding_that_does_not_follow_from_the_output_is_written(self) -> None:
        # No tap reaches the row and the column after the image, and none is missing without them.
        self.assertEqual(
            self.single([1, 8, 8, 8], [8, 8, 3, 3], strides=[2, 2], pads=[1, 1, 0, 0]),
            "mb1ic8ih8iw8oc8oh4ow4kh3kw3sh2sw2ph1pw1rh0rw0dh0dw0",
        )
        self.assertEqual(
            self.single([1, 8, 7, 7], [8, 8, 3, 3], strides=[2, 2], pads=[0, 0, 1, 1]),
            "mb1ic8ih7iw7oc8oh3ow3kh3kw3sh2sw2ph0pw0rh1rw1dh0dw0",
        )

    def test_automatic_padding_is_computed(self) -> None:
        sizes = [1, 8, 6, 6], [8, 8, 3, 3]
        for auto, stride, expected in (
            ("SAME_UPPER", 2, "oh3ow3kh3kw3sh2sw2ph0pw0"),
            ("SAME_LOWER", 2, "oh3ow3kh3kw3sh2sw2ph1pw1rh0rw0"),
            ("SAME_UPPER", 1, "oh6ow6kh3kw3sh1sw1ph1pw1"),
            ("VALID", 1, "oh4ow4kh3kw3sh1sw1ph0pw0"),
        ):
            line = self.single(*sizes, auto_pad=auto, strides=[stride, stride])
            self.assertEqual(line, f"mb1ic8ih6iw6oc8{expected}dh0dw0", auto)

    def test_one_axis_is_an_image_of_height_one(self) -> None:
        self.assertEqual(
            self.single([1, 8, 100], [8, 8, 5], pads=[2, 2], strides=[2], dilations=[1]),
            "mb1ic8ih1iw100oc8oh1ow50kh1kw5sh1sw2ph0pw2dh0dw0",
        )
        self.assertEqual(
            self.single([1, 8, 100], [8, 8, 5], pads=[4, 0]),
            "mb1ic8ih1iw100oc8oh1ow100kh1kw5sh1sw1ph0pw4dh0dw0",
        )

    def test_equal_layers_are_one_line_with_a_multiplicity(self) -> None:
        nodes = [
            convolution("first/Conv", "x", "a", "w", "b", pads=[1] * 4),
            helper.make_node("Relu", ["a"], ["r"]),
            convolution("second", "r", "s", "w", "b", pads=[1] * 4),
            helper.make_node("Relu", ["s"], ["t"]),
            convolution("third", "t", "y", "v"),
        ]
        made = model(nodes, {"w": [8, 8, 3, 3], "v": [16, 8, 1, 1], "b": [8]})
        shared = "mb1ic8ih32iw32oc{}oh32ow32kh{}kw{}sh1sw1ph{}pw{}dh0dw0"
        self.assertEqual(
            self.lines(made, "--name", "tiny"),
            [
                "# tiny: 3 of 3 convolutions read",
                shared.format(8, 3, 3, 1, 1) + 'n"tiny:first/Conv*2"   # bias+relu',
                shared.format(16, 1, 1, 0, 0) + 'n"tiny:third"',
            ],
        )
        self.assertEqual(len(self.lines(made, "--separate")), 4)

    def test_only_a_relu_that_alone_reads_the_output_is_part_of_the_layer(self) -> None:
        def epilogue(*after: NodeProto) -> str:
            made = model(
                [convolution("c", "x", "a", "w", "b"), *after], {"w": [8, 8, 1, 1], "b": [8]}
            )
            return self.lines(made)[1].partition("# ")[2]

        relu = helper.make_node("Relu", ["a"], ["y"])
        self.assertEqual(epilogue(relu), "bias+relu")
        # The sum before the ReLU is read by another node, too.
        self.assertEqual(epilogue(relu, helper.make_node("Neg", ["a"], ["z"])), "bias")
        clip = helper.make_node("LeakyRelu", ["a"], ["y"])
        self.assertEqual(epilogue(clip), "bias")

    def test_open_axes_are_given(self) -> None:
        nodes = [convolution("c", "x", "y", "w")]
        made = model(nodes, {"w": [8, 8, 1, 1]}, ["N", 8, "H", "W"])
        open_size = "the shape of its input is open: it depends on the size of the model's input; "
        self.assertEqual(self.reason(made), open_size + "give --shape x=1x8x?x?")
        shared = "mb{}ic8ih{}iw{}oc8oh{}ow{}kh1kw1sh1sw1ph0pw0dh0dw0"
        for options, batch, height, width in (
            (["--batch", "4", "--dim", "H=10", "--dim", "W=20"], 4, 10, 20),
            (["--shape", "x=1x8x5x5"], 1, 5, 5),
            (["--shape", "x=2,8,5,6"], 2, 5, 6),
        ):
            line = self.lines(made, *options)[1]
            expected = shared.format(batch, height, width, height, width)
            self.assertEqual(line, f'{expected}n"net:c"', options)
        # What a batch that nobody named is taken as, is said.
        self.assertIn(
            "# the open first axis of the input ‘x’ is taken as 1",
            self.lines(made, "--dim", "H=10", "--dim", "W=20"),
        )

    def test_a_size_that_a_model_names_twice_is_the_same(self) -> None:
        nodes = [
            helper.make_node("Concat", ["x", "z"], ["a"], axis=1),
            convolution("c", "a", "y", "w"),
        ]
        made = model(
            nodes,
            {"w": [8, 16, 1, 1]},
            ["N", 8, "S", "S"],
            inputs=[value("z", shape=["N", 8, "S", "S"])],
        )
        line = self.lines(made, "--shape", "x=2x8x6x6")[-1]
        self.assertTrue(line.startswith("mb2ic16ih6iw6oc8"), line)

    def test_sizes_that_do_not_fit_are_refused(self) -> None:
        made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]}, ["N", 8, "H", "W"])
        for options, message in (
            (["--shape", "z=1"], "no input is called ‘z’; accepted are x (?x8x?x?)"),
            (["--shape", "x=1x2"], "the input has 4 axes (?x8x?x?); accepted are as many"),
            (["--shape", "x=1x8x0x5"], "‘x=1x8x0x5’ is not understood; accepted is --shape"),
            (["--shape", "x=1x8x9x99999999999999999999"], "sizes from 1 to 268435456"),
            (["--shape", "1x8x5x5"], "‘1x8x5x5’ is not understood"),
            (["--dim", "Q=3"], "no axis is called ‘Q’; accepted are N, H, W"),
            (["--dim", "H=3x4"], "‘H=3x4’ is not understood; accepted is --dim NAME=N"),
            (["--dim", "H=268435457"], "sizes from 1 to 268435456"),
            (["--unknown"], "unrecognized arguments"),
        ):
            self.assertIn(message, self.refusal(made, *options, code=64), options)

    def test_what_has_no_descriptor_is_named(self) -> None:
        nodes = [
            convolution("good one", "x", "a", "w"),
            helper.make_node("ConvTranspose", ["a", "w"], ["t"], name="up"),
            convolution("tail", "t", "y", "w"),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]})
        self.assertEqual(
            self.lines(made, code=4),
            [
                "# net: 2 of 3 convolutions read (2 of 2 Conv, 0 of 1 ConvTranspose)",
                f'{PLAIN}n"net:good_one*2"',
                "# not read: up (ConvTranspose): it is transposed; "
                "accepted are Conv, FusedConv, QLinearConv and ConvInteger",
            ],
        )
        printed = json.loads(self.lines(made, "--json", code=4)[0])
        self.assertEqual((printed["read"], printed["found"]), (2, 3))
        self.assertEqual([gone["node"] for gone in printed["missing"]], ["up"])
        self.assertEqual(printed["layers"][0]["descriptor"], PLAIN)
        self.assertEqual(printed["layers"][0]["count"], 2)

    def test_convolutions_of_other_forms_and_domains_are_named(self) -> None:
        weights = {"w": [8, 8, 1, 1]}
        for domain, kind, expected in (
            ("", "DeformConv", "it is deformable"),
            ("com.microsoft", "NhwcFusedConv", "com.microsoft.NhwcFusedConv is no operator"),
            ("com.microsoft.nchwc", "Conv", "filled up to the vectors of the machine"),
            ("my.own", "Conv", "my.own.Conv is no operator that is known here"),
        ):
            node = helper.make_node(kind, ["x", "w"], ["y"], name="c", domain=domain)
            made = model([node], weights)
            self.assertIn(expected, self.reason(made), kind)

    def test_a_fused_convolution_keeps_what_a_layer_can_say(self) -> None:
        def fused(inputs: list[str], **given: object) -> list[str]:
            nodes = [
                helper.make_node(
                    "FusedConv", inputs, ["a"], name="f", domain="com.microsoft", **given
                ),
                # What follows it is known by inference, too.
                convolution("after", "a", "y", "v"),
            ]
            return self.lines(model(nodes, {"w": [8, 8, 1, 1], "v": [4, 8, 1, 1], "b": [8]}))

        lines = fused(["x", "w", "b"], activation="Relu")
        self.assertEqual(
            lines[0],
            "# net: 2 of 2 convolutions read (1 of 1 com.microsoft.FusedConv, 1 of 1 Conv)",
        )
        self.assertEqual(lines[1], f'{PLAIN}n"net:f"   # bias+relu')
        self.assertIn("oc4", lines[2])
        lines = fused(["x", "w", "", "x"], activation="Clip", activation_params=[0.0, 6.0])
        self.assertEqual(lines[1], f'{PLAIN}n"net:f"')
        self.assertEqual(
            lines[3:],
            [
                "# the activation Clip that is fused into it is left out, as of f (1 of them)",
                "# the addition that is fused into it is left out, as of f (1 of them)",
            ],
        )

    def test_the_standard_domain_has_two_names(self) -> None:
        node = helper.make_node("Conv", ["x", "w"], ["a"], name="c", domain="ai.onnx")
        made = model([node, convolution("d", "a", "y", "w")], {"w": [8, 8, 1, 1]})
        self.assertEqual(self.lines(made)[1], f'{PLAIN}n"net:c*2"')
        made.opset_import[0].domain = "ai.onnx"
        self.assertEqual(self.lines(made)[1], f'{PLAIN}n"net:c*2"')

    def test_other_floats_run_in_32_bits_and_whole_numbers_do_not(self) -> None:
        for kind, word in (
            (TensorProto.FLOAT16, "16-bit"),
            (TensorProto.DOUBLE, "64-bit"),
        ):
            made = model([convolution("h", "x", "y", "w")], {"w": [8, 8, 1, 1]}, kind=kind)
            self.assertEqual(
                self.lines(made)[1:],
                [
                    f'{PLAIN}n"net:h"',
                    f"# it is of {word} floats and runs in 32-bit floats, as of h (1 of them)",
                ],
            )
        made = model([convolution("h", "x", "y", "w")], {"w": [8, 8, 1, 1]}, kind=TensorProto.INT32)
        self.assertEqual(self.reason(made), "its input is of INT32; accepted are floats")

    def test_bf16_is_a_data_type(self) -> None:
        made = model(
            [convolution("h", "x", "y", "w")], {"w": [8, 8, 1, 1]}, kind=TensorProto.BFLOAT16
        )
        self.assertEqual(self.lines(made)[1:], [f'--dt=bf16 {PLAIN}n"net:h"'])

    def integers(
        self, nodes: list[NodeProto], x: int, w: int, *options: str, code: int = 0, more=()
    ) -> list[str]:
        """The lines of a model from bytes, with a filter of bytes, to whatever its nodes make."""
        constants = [
            zeros("w", [8, 8, 1, 1], w),
            helper.make_tensor("scale", TensorProto.FLOAT, [], [0.5]),
            helper.make_tensor("xz", x, [], [3]),
            helper.make_tensor("wz", w, [], [0]),
            zeros("b", [8], TensorProto.INT32),
            *more,
        ]
        graph = helper.make_graph(
            nodes, "test", [value("x", x, [1, 8, 32, 32])], [value("y", x)], constants
        )
        opsets = [helper.make_opsetid("", 13)]
        made = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        return self.lines(made, *options, code=code)

    def test_whole_numbers_are_a_data_type(self) -> None:
        linear = helper.make_node(
            "QLinearConv",
            ["x", "scale", "xz", "w", "scale", "wz", "scale", "xz", "b"],
            ["y"],
            name="q",
        )
        lines = self.integers([linear], TensorProto.UINT8, TensorProto.INT8)
        self.assertEqual(lines[1:], [f'--dt=u8:s8:u8 {PLAIN}n"net:q"   # bias'])
        lines = self.integers([linear], TensorProto.INT8, TensorProto.INT8)
        self.assertIn("its signed input runs as an unsigned one", lines[-1])
        whole = helper.make_node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], name="i")
        lines = self.integers([whole], TensorProto.UINT8, TensorProto.UINT8)
        self.assertEqual(lines[1], f'--dt=u8:s8:s32 {PLAIN}n"net:i"')
        self.assertIn("its unsigned filter runs as a signed one", lines[2])

    def test_scales_and_zero_points_that_do_not_fit_are_reasons(self) -> None:
        def scales(*values: float) -> TensorProto:
            shape = [len(values)] if len(values) != 1 else []
            return helper.make_tensor("s", TensorProto.FLOAT, shape, values)

        points = zeros("z", [8], TensorProto.INT8)
        three = zeros("z", [3], TensorProto.INT8)
        eight = scales(*[0.5] * 8)
        fits = ["x", "scale", "xz", "w", "scale", "wz", "scale", "xz", "b"]
        for place, name, reason in [
            (1, "", "its input has no scale"),
            (2, "", "its input has no zero point"),
            (4, "", "its filter has no scale"),
            (7, "", "its output has no zero point"),
            (1, scales(0.0), "a scale of its input is 0; accepted are finite numbers above 0"),
            (4, scales(-0.5), "a scale of its filter is -0.5; accepted are finite numbers above 0"),
            (6, scales(float("nan")), "a scale of its output is nan; accepted are finite numbers"),
            (4, scales(*[0.5] * 7, float("inf")), "a scale of its filter is inf; accepted are"),
            (1, eight, "its input has 8 scales; accepted is one"),
            (4, scales(0.5, 0.5, 0.5), "its filter has 3 scales; accepted is one, or 8 along axis"),
            (5, three, "its filter has 3 zero points; accepted is one, or 8 along axis 0"),
            (5, points, "its filter has 1 scales and 8 zero points; accepted are as many"),
            (2, "wz", "its input is of UINT8 and its zero point of INT8; accepted are equal types"),
        ]:
            with self.subTest(place=place, reason=reason):
                more = [] if isinstance(name, str) else [name]
                given = [*fits]
                given[place] = name if isinstance(name, str) else name.name
                node = helper.make_node("QLinearConv", given, ["y"], name="q")
                kinds = TensorProto.UINT8, TensorProto.INT8
                if reason.startswith("a scale of its filter is inf"):
                    given[5], more = "z", [*more, points]
                    node.input[5] = "z"
                lines = self.integers([node], *kinds, code=65, more=more)
                self.assertEqual(lines[0], "# net: 0 of 1 convolutions read")
                self.assertTrue(lines[-1].partition("): ")[2].startswith(reason), lines[-1])
        short = helper.make_node("QLinearConv", fits[:4], ["y"], name="q")
        lines = self.integers([short], TensorProto.UINT8, TensorProto.INT8, code=65)
        self.assertIn("its filter has no scale", lines[-1])
        whole = helper.make_node("QLinearConv", [*fits[:4], "s", "z", *fits[6:]], ["y"], name="q")
        more = [eight, points]
        lines = self.integers([whole], TensorProto.UINT8, TensorProto.INT8, more=more)
        self.assertEqual(lines[1:], [f'--dt=u8:s8:u8 {PLAIN}n"net:q"   # bias'])
        for axis, reason in [(0, ""), (1, "its filter has 8 scales along axis 1; accepted is one")]:
            nodes = [
                helper.make_node("DequantizeLinear", ["x", "scale", "xz"], ["a"]),
                helper.make_node("DequantizeLinear", ["w", "s", "z"], ["v"], axis=axis),
                convolution("c", "a", "d", "v"),
                helper.make_node("QuantizeLinear", ["d", "scale", "xz"], ["y"]),
            ]
            kinds = TensorProto.UINT8, TensorProto.INT8
            lines = self.integers(nodes, *kinds, code=65 if reason else 0, more=more)
            self.assertIn(reason or "--dt=u8:s8:u8", lines[-1])

    def test_a_model_that_ends_its_reader_is_refused(self) -> None:
        made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]})
        with mock.patch.object(onnx_convolutions, "flat", side_effect=KeyError("odd")):
            self.assertEqual(self.refusal(made), "it cannot be read (KeyError 'odd')")

    def test_what_stands_between_quantizations_computes_whole_numbers(self) -> None:
        def nodes(*behind: NodeProto) -> list[NodeProto]:
            return [
                helper.make_node("DequantizeLinear", ["x", "scale", "xz"], ["a"]),
                helper.make_node("DequantizeLinear", ["w", "scale", "wz"], ["v"]),
                convolution("c", "a", "d", "v"),
                *behind,
            ]

        rectified = helper.make_node("Relu", ["d"], ["e"])
        quantized = helper.make_node("QuantizeLinear", ["e", "scale", "xz"], ["y"])
        lines = self.integers(nodes(rectified, quantized), TensorProto.UINT8, TensorProto.INT8)
        self.assertEqual(lines[1:], [f'--dt=u8:s8:u8 {PLAIN}n"net:c"   # relu'])
        added = helper.make_node("Add", ["d", "d"], ["e"])
        lines = self.integers(nodes(added, quantized), TensorProto.UINT8, TensorProto.INT8)
        self.assertEqual(lines[1:], [f'--dt=u8:s8:f32 {PLAIN}n"net:c"'])

    def test_three_axes_are_named(self) -> None:
        made = model([convolution("v", "x", "y", "w")], {"w": [8, 8, 1, 1, 1]}, [1, 8, 4, 4, 4])
        self.assertEqual(self.reason(made), "its input has 3 spatial axes; accepted are 1 and 2")

    def test_branches_and_bodies_are_read(self) -> None:
        weights = {"w": [8, 8, 1, 1]}
        inner = body([convolution("inside", "x", "z", "w")], [], ["z"])
        other = body(
            [convolution("else", "x", "z", "own")], [], ["z"], [zeros("own", [8, 8, 3, 3])]
        )
        made = model(
            [
                helper.make_node(
                    "If", ["on"], ["y"], name="if", then_branch=inner, else_branch=other
                )
            ],
            weights,
        )
        made.graph.initializer.append(helper.make_tensor("on", TensorProto.BOOL, [], [True]))
        lines = self.lines(made)
        self.assertEqual(lines[0], "# net: 2 of 2 convolutions read")
        self.assertEqual(lines[1], f'{PLAIN}n"net:if.then_branch/inside"')
        self.assertIn("oh30ow30kh3kw3", lines[2])
        self.assertTrue(lines[2].endswith('n"net:if.else_branch/else"'), lines[2])
        self.assertIn("inside control flow counts once", lines[3])

    def test_loops_scans_and_nested_branches_are_read(self) -> None:
        branch = body([convolution("deep", "state", "d", "w")], [], ["d"])
        loop_body = helper.make_graph(
            [
                helper.make_node(
                    "If", ["goes"], ["next"], name="if", then_branch=branch, else_branch=branch
                ),
                helper.make_node("Identity", ["goes"], ["again"]),
            ],
            "body",
            [
                value("turn", TensorProto.INT64, []),
                value("goes", TensorProto.BOOL, []),
                value("state"),
            ],
            [value("again", TensorProto.BOOL, []), value("next")],
        )
        loop = helper.make_node("Loop", ["trips", "", "x"], ["y"], name="loop", body=loop_body)
        made = model([loop], {"w": [8, 8, 1, 1]})
        made.graph.initializer.append(helper.make_tensor("trips", TensorProto.INT64, [], [3]))
        lines = self.lines(made)
        self.assertEqual(lines[0], "# net: 2 of 2 convolutions read")
        self.assertEqual(lines[1], f'{PLAIN}n"net:loop.body/if.then_branch/deep*2"')
        scan_body = body(
            [
                convolution("step", "slice", "out", "w"),
                helper.make_node("Identity", ["state"], ["kept"]),
            ],
            [value("state"), value("slice")],
            ["kept", "out"],
        )
        scan = helper.make_node(
            "Scan", ["s", "x"], ["t", "y"], name="scan", body=scan_body, num_scan_inputs=1
        )
        made = model([scan], {"w": [8, 8, 1, 1], "s": [1]}, [5, 1, 8, 32, 32])
        self.assertEqual(self.lines(made)[1], f'{PLAIN}n"net:scan.body/step"')

    def test_functions_are_put_in_place(self) -> None:
        function = helper.make_function(
            "own",
            "Block",
            ["a", "b"],
            ["c"],
            [convolution("inside", "a", "c", "b")],
            [helper.make_opsetid("", 13)],
        )
        nodes = [
            helper.make_node("Block", ["x", "w"], ["m"], name="one", domain="own"),
            helper.make_node("Block", ["m", "w"], ["y"], name="two", domain="own"),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]})
        made.functions.append(function)
        made.opset_import.append(helper.make_opsetid("own", 1))
        lines = self.lines(made)
        self.assertEqual(lines[0], "# net: 2 of 2 convolutions read")
        self.assertTrue(lines[1].startswith(PLAIN) and '*2"' in lines[1], lines[1])

    def test_where_inference_ends_the_model_is_run(self) -> None:
        # A shape that is computed from values of the input's own shape and from data.
        nodes = [
            helper.make_node("NonZero", ["mask"], ["places"]),
            helper.make_node("Shape", ["places"], ["size"]),
            helper.make_node("Gather", ["size", "one"], ["count"]),
            helper.make_node("Concat", ["head", "count", "count"], ["to"], axis=0),
            helper.make_node("Reshape", ["x", "to"], ["image"]),
            convolution("c", "image", "y", "w"),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]}, [1, 8, 4, 4])
        made.graph.initializer.extend(
            [
                helper.make_tensor("mask", TensorProto.FLOAT, [5], [1, 1, 0, 1, 1]),
                helper.make_tensor("one", TensorProto.INT64, [1], [1]),
                helper.make_tensor("head", TensorProto.INT64, [2], [1, 8]),
            ]
        )
        lines = self.lines(made)
        self.assertTrue(lines[1].startswith("mb1ic8ih4iw4oc8oh4ow4"), lines[1])
        self.assertEqual(lines[2], "# the shapes are of a run in onnxruntime, as of c (1 of them)")

    def test_a_run_that_fails_leaves_the_others(self) -> None:
        nodes = [
            helper.make_node("Mystery", ["x"], ["q"], name="unknown", domain="my.own"),
            convolution("behind", "q", "z", "w"),
            helper.make_node("Trilu", ["x"], ["t"]),
            convolution("good", "t", "y", "w"),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]}, opset=14)
        made.opset_import.append(helper.make_opsetid("my.own", 1))
        lines = self.lines(made, code=4)
        self.assertEqual(lines[0], "# net: 1 of 2 convolutions read")
        self.assertIn("not read: behind (Conv): the shape of its input is open", lines[-1])
        self.assertIn("a run of it in onnxruntime failed", lines[-1])

    def run_of(self, example, seconds: float = 60) -> str:
        """Why a run whose inputs are made by `example` is said to have failed."""
        nodes = [
            helper.make_node("Mul", ["x", "n"], ["a"]),
            # Its shape depends on values, so that inference ends.
            helper.make_node("Compress", ["a", "keep"], ["b"], axis=0),
            convolution("c", "b", "y", "w"),
        ]
        number = value("n", shape=[])
        made = model(nodes, {"w": [8, 8, 1, 1]}, inputs=[number])
        made.graph.initializer.append(helper.make_tensor("keep", TensorProto.BOOL, [1], [True]))
        with (
            mock.patch("onnx_shapes._example", example),
            mock.patch("onnx_shapes.LONGEST_RUN", seconds),
        ):
            return self.reason(made)

    def test_a_run_may_crash_hang_or_need_too_much(self) -> None:
        start = "the shape of its input is open: the model does not say, and a run of it in "
        start += "onnxruntime failed: "
        for example, seconds, expected in (
            (lambda *_: os.kill(os.getpid(), signal.SIGSEGV), 60, "its process was ended by a"),
            (lambda *_: time.sleep(3600), 0.5, "it took more than 0.5 seconds"),
            (lambda *_: np.empty(1 << 50, np.uint8), 60, "Unable to allocate"),
            (lambda *_: [][0], 60, "list index out of range"),
        ):
            self.assertTrue(self.run_of(example, seconds).startswith(start + expected), expected)

    def test_inputs_that_are_numbers_need_no_shape(self) -> None:
        made = model(
            [
                helper.make_node("Mul", ["x", "n"], ["a"]),
                helper.make_node("Compress", ["a", "keep"], ["b"], axis=0),
                convolution("c", "b", "y", "w"),
            ],
            {"w": [8, 8, 1, 1]},
            inputs=[value("n", shape=[])],
        )
        made.graph.initializer.append(helper.make_tensor("keep", TensorProto.BOOL, [1], [True]))
        self.assertEqual(self.lines(made)[1], f'{PLAIN}n"net:c"')
        self.assertIn("has 0 axes (a single number)", self.refusal(made, "--shape", "n=1", code=64))

    def test_nodes_that_contradict_themselves_are_named(self) -> None:
        shapes = {"w": [8, 8, 3, 3]}
        for given, expected in (
            ({"strides": [0, 1]}, "its strides are [0, 1]; accepted are 1 to 268435456"),
            ({"strides": [1]}, "its strides are 1 numbers; accepted are 2"),
            ({"strides": 2}, "its strides is of type int; accepted is a list of whole numbers"),
            ({"strides": [1.5, 2.5]}, "its strides is of type floats"),
            ({"dilations": [1, -1]}, "its dilations are [1, -1]"),
            ({"dilations": [20, 20]}, "its kernel covers 41, more than the 32 of its padded input"),
            ({"pads": [-1, 0, 0, 0]}, "its pads are [-1, 0, 0, 0]; accepted are 0 to 268435456"),
            ({"pads": [1, 1]}, "its pads are 2 numbers; accepted are 4"),
            ({"group": 3}, "its input has 8 channels, and its filter 8x8 in 3 groups"),
            ({"group": "two"}, "its group is of type string; accepted is a whole number"),
            ({"kernel_shape": [5, 5]}, "its kernel_shape is [5, 5] and its filter's [3, 3]"),
            ({"auto_pad": "SAME"}, "its auto_pad is SAME; accepted are NOTSET, VALID, SAME_UPPER"),
        ):
            made = model([convolution("c", "x", "y", "w", **given)], shapes)
            self.assertIn(expected, self.reason(made), given)
        made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 3]})
        self.assertIn("2 spatial axes and its filter 1", self.reason(made))
        made = model([convolution("c", "x", "y", "w")], shapes)
        made.graph.initializer[0].CopyFrom(zeros("w", [8, 8, 3, 3], TensorProto.FLOAT16))
        self.assertIn("of FLOAT and its filter of FLOAT16", self.reason(made))
        made = model([helper.make_node("Conv", ["x"], ["y"], name="c")], {})
        self.assertEqual(self.reason(made), "it has no input or no filter")

    def test_all_operator_sets_are_read(self) -> None:
        for opset in range(7, 23):
            made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]}, opset=opset)
            self.assertEqual(self.lines(made)[1], f'{PLAIN}n"net:c"', opset)

    def test_what_is_no_whole_model_is_refused(self) -> None:
        sound = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]})
        data = sound.SerializeToString()
        for content in (b"", b"no model", b"\x00" * 100, data[: len(data) // 2], data[:-9]):
            self.assertRegex(self.refusal(content), "no ONNX model|no operator set", content[:20])

    def broken(self, change) -> str:
        made = model(
            [convolution("c", "x", "a", "w"), convolution("d", "a", "y", "w")],
            {"w": [8, 8, 1, 1]},
        )
        change(made)
        return self.refusal(made)

    def test_models_that_no_runtime_takes_are_refused(self) -> None:
        def circle(made: ModelProto) -> None:
            made.graph.node[0].input[0] = "y"

        def nothing_makes_it(made: ModelProto) -> None:
            made.graph.node[0].input[0] = "missing"

        def made_twice(made: ModelProto) -> None:
            made.graph.node[1].output[0] = "a"

        def no_output(made: ModelProto) -> None:
            made.graph.output[0].name = "nowhere"

        def future(made: ModelProto) -> None:
            made.opset_import[0].version = 999

        def no_operator_set(made: ModelProto) -> None:
            del made.opset_import[:]

        def declared_large(made: ModelProto) -> None:
            made.graph.initializer[0].dims[:] = [1 << 20, 1 << 20, 1, 1]

        def cut_weights(made: ModelProto) -> None:
            made.graph.initializer[0].raw_data = bytes(12)

        def no_weights(made: ModelProto) -> None:
            made.graph.initializer[0].ClearField("raw_data")

        def negative(made: ModelProto) -> None:
            made.graph.initializer[0].dims[0] = -8

        for change, expected in (
            (circle, "its nodes form a circle: ‘c’ waits for what waits for it"),
            (nothing_makes_it, "the node ‘c’ reads ‘missing’, which nothing makes"),
            (made_twice, "the tensor ‘a’ is made twice, by ‘c’ and ‘d’"),
            (no_output, "its output ‘nowhere’ is made by no node"),
            (future, "its operator set is 999; accepted are 1 to"),
            (no_operator_set, "it names no operator set"),
            (declared_large, "‘w’ should have 4398046511104 bytes and has 256"),
            (cut_weights, "‘w’ should have 256 bytes and has 12"),
            (no_weights, "‘w’ should have 64 elements and has 0"),
            (negative, "‘w’ has a negative size"),
        ):
            self.assertIn(expected, self.broken(change), change.__name__)

    def test_nodes_may_stand_in_any_order(self) -> None:
        nodes = [convolution("d", "a", "y", "w"), convolution("c", "x", "a", "w")]
        self.assertEqual(self.lines(model(nodes, {"w": [8, 8, 1, 1]}))[1], f'{PLAIN}n"net:c*2"')

    def test_weights_in_other_files_must_be_there(self) -> None:
        made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "net.onnx")
            save(made, path, save_as_external_data=True, location="net.bin", size_threshold=0)
            weights = Path(folder, "net.bin")
            for content, expected in (
                (weights.read_bytes(), None),
                (bytes(10), "‘net.bin’ beside the model, which is shorter than they are"),
                (None, "‘net.bin’ beside the model, which is not there"),
            ):
                weights.unlink()
                if content is not None:
                    weights.write_bytes(content)
                printed, errors = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
                    code = onnx_convolutions.main([str(path)])
                self.assertEqual(code, 65 if expected else 0, errors.getvalue())
                self.assertIn(expected or "", errors.getvalue())

    def test_weights_outside_of_the_folder_are_not_read(self) -> None:
        made = model([convolution("c", "x", "y", "w")], {"w": [8, 8, 1, 1]})
        with tempfile.TemporaryDirectory() as folder:
            inner = Path(folder, "inner")
            inner.mkdir()
            Path(folder, "net.bin").write_bytes(bytes(256))
            for location in ("../net.bin", "x/../../net.bin", str(Path(folder, "net.bin"))):
                tensor = made.graph.initializer[0]
                del tensor.external_data[:]
                tensor.ClearField("raw_data")
                tensor.data_location = TensorProto.EXTERNAL
                entry = tensor.external_data.add()
                entry.key, entry.value = "location", location
                path = inner / "net.onnx"
                path.write_bytes(made.SerializeToString())
                printed, errors = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
                    code = onnx_convolutions.main([str(path)])
                self.assertEqual(code, 65, location)
                self.assertIn("files in the folder of the model", errors.getvalue())

    def test_names_that_are_no_text_are_refused(self) -> None:
        data = model([convolution("name", "x", "y", "filter")], {"filter": [8, 8, 1, 1]})
        for name in (b"name", b"filter", b"test", b"kernel_shape", b"Conv"):
            content = data.SerializeToString().replace(name, b"\xff" * len(name))
            if b"\xff" in content:
                self.assertIn("in it is no text; accepted is UTF-8", self.refusal(content))

    def test_damaged_models_end_with_a_code(self) -> None:
        inner = body([convolution("inside", "x", "z", "w")], [], ["z"])
        branches = {"then_branch": inner, "else_branch": inner}
        nodes = [
            convolution("first", "x", "a", "w", pads=[1, 1, 1, 1], strides=[2, 2]),
            helper.make_node("If", ["on"], ["y"], name="if", **branches),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]})
        made.graph.initializer.append(helper.make_tensor("on", TensorProto.BOOL, [], [True]))
        whole = made.SerializeToString()
        seed = 20261130
        draw = random.Random(seed)
        for number in range(400):
            content = bytearray(whole)
            for _ in range(draw.choice([1, 1, 2, 4])):
                place = draw.randrange(len(content))
                if draw.random() < 0.7:
                    content[place] = draw.randrange(256)
                elif draw.random() < 0.5:
                    del content[place : place + draw.randrange(1, 5)]
                else:
                    content[place:place] = draw.randbytes(draw.randrange(1, 5))
            code, _, _ = self.run_reader(bytes(content))
            self.assertIn(code, (0, 4, 65), f"seed {seed}, number {number}")

    def test_a_model_without_convolutions_has_nothing(self) -> None:
        made = model([helper.make_node("Relu", ["x"], ["y"])], {})
        self.assertEqual(self.lines(made, code=65), ["# net: 0 of 0 convolutions read"])

    def test_words_of_a_model_do_not_command_the_terminal(self) -> None:
        node = helper.make_node("Conv\x1b[31m", ["x", "w"], ["y"], name="c\x1b[2J\n", domain="d\r")
        lines = self.lines(model([node], {"w": [8, 8, 1, 1]}), code=65)
        self.assertTrue(all(line.isprintable() for line in lines), lines)
        made = model([convolution("c", "x", "y", "w\x1b[2J")], {"w": [8, 8, 1, 1]})
        self.assertTrue(self.refusal(made).isprintable())

    def test_nesting_has_a_bound(self) -> None:
        node = helper.make_node("Relu", ["x"], ["y"])
        for _ in range(12):
            branch = helper.make_graph([node], "b", [], [value("y")])
            node = helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)
        self.assertIn("its control flow has ", self.refusal(model([node], {})))

    def test_functions_have_a_bound(self) -> None:
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("f", 1)]

        def calls(first: str, inner: str) -> FunctionProto:
            nodes = [
                helper.make_node(inner, ["x"], ["t"], domain="f"),
                helper.make_node(inner, ["t"], ["y"], domain="f"),
            ]
            return helper.make_function("f", first, ["x"], ["y"], nodes, opsets)

        for functions, message in (
            ([calls(f"F{index}", f"F{index + 1}") for index in range(40)], "than 200000 nodes"),
            ([calls("F0", "F1"), calls("F1", "F0")], "calls itself"),
        ):
            made = model([helper.make_node("F0", ["x"], ["y"], domain="f")], {})
            made.functions.extend(functions)
            made.opset_import.append(opsets[1])
            self.assertIn(message, self.refusal(made))

    def test_other_files_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            os.mkfifo(Path(folder, "pipe.onnx"))
            Path(folder, "endless.onnx").symlink_to("/dev/zero")
            for path, expected in (
                (Path(folder, "none.onnx"), "No such file"),
                (Path(folder, "pipe.onnx"), "a pipe or a device"),
                (Path(folder, "endless.onnx"), "a pipe or a device"),
                (Path(folder), "Is a directory"),
            ):
                errors = io.StringIO()
                with contextlib.redirect_stderr(errors):
                    self.assertEqual(onnx_convolutions.main([str(path)]), 65)
                self.assertIn(expected, errors.getvalue())


if __name__ == "__main__":
    unittest.main()
