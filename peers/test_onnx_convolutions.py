#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of onnx_convolutions.py on models that are made here.

peers/.venv/bin/python peers/test_onnx_convolutions.py
"""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import onnx_convolutions
from onnx import ModelProto, NodeProto, TensorProto, helper, save

Size = int | str


def convolution(name: str, x: str, y: str, w: str, bias: str = "", **given: object) -> NodeProto:
    inputs = [x, w, bias] if bias else [x, w]
    return helper.make_node("Conv", inputs, [y], name=name, **given)


def model(
    nodes: list[NodeProto],
    weights: dict[str, list[int]],
    shape: list[Size] | None = None,
    kind: int = TensorProto.FLOAT,
) -> ModelProto:
    """A model from `x` to `y` whose weights are zeros."""
    tensors = [
        helper.make_tensor(name, kind, sizes, bytes(4 * _count(sizes)), raw=True)
        for name, sizes in weights.items()
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", kind, shape or [1, 8, 32, 32])],
        [helper.make_tensor_value_info("y", kind, None)],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def _count(sizes: list[int]) -> int:
    count = 1
    for size in sizes:
        count *= size
    return count


class OnnxConvolutions(unittest.TestCase):
    def lines(self, made: ModelProto, *options: str, code: int = 0) -> list[str]:
        printed = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "net.onnx")
            save(made, path)
            with contextlib.redirect_stdout(printed):
                self.assertEqual(onnx_convolutions.main([str(path), *options]), code)
        return printed.getvalue().splitlines()

    def single(self, shape: list[Size], filter_shape: list[int], **given: object) -> str:
        made = model([convolution("c", "x", "y", "w", **given)], {"w": filter_shape}, shape)
        return self.lines(made)[-1]

    def test_every_attribute_reaches_its_key(self) -> None:
        line = self.single(
            [2, 8, 30, 20],
            [12, 2, 3, 5],
            group=4,
            strides=[2, 1],
            dilations=[1, 3],
            pads=[1, 6, 1, 6],
        )
        self.assertEqual(line, 'g4mb2ic8ih30iw20oc12oh15ow20kh3kw5sh2sw1ph1pw6dh0dw2n"net:c"')

    def test_asymmetric_padding_is_said_by_the_output(self) -> None:
        line = self.single([1, 8, 7, 7], [8, 8, 3, 3], pads=[0, 0, 2, 2])
        self.assertEqual(line, 'mb1ic8ih7oc8oh7kh3ph0n"net:c"')

    def test_automatic_padding_is_computed(self) -> None:
        sizes = [1, 8, 6, 6], [8, 8, 3, 3]
        upper = self.single(*sizes, auto_pad="SAME_UPPER", strides=[2, 2])
        lower = self.single(*sizes, auto_pad="SAME_LOWER", strides=[2, 2])
        valid = self.single(*sizes, auto_pad="VALID")
        self.assertEqual(upper, 'mb1ic8ih6oc8oh3kh3sh2ph0n"net:c"')
        self.assertEqual(lower, 'mb1ic8ih6oc8oh3kh3sh2ph1n"net:c"')
        self.assertEqual(valid, 'mb1ic8ih6oc8oh4kh3ph0n"net:c"')

    def test_one_axis_is_an_image_of_height_one(self) -> None:
        line = self.single([1, 8, 100], [8, 8, 5], pads=[2, 2], strides=[2], dilations=[1])
        self.assertEqual(line, 'mb1ic8ih1iw100oc8oh1ow50kh1kw5sh1sw2ph0pw2n"net:c"')

    def test_equal_layers_are_one_line_with_a_multiplicity(self) -> None:
        nodes = [
            convolution("first/Conv", "x", "a", "w", "b", pads=[1] * 4),
            helper.make_node("Relu", ["a"], ["r"]),
            convolution("second", "r", "s", "w", pads=[1] * 4),
            convolution("third", "s", "y", "v"),
        ]
        made = model(nodes, {"w": [8, 8, 3, 3], "v": [16, 8, 1, 1], "b": [8]})
        self.assertEqual(
            self.lines(made, "--name", "tiny"),
            [
                "# tiny: 3 convolutions, 2 different",
                "# 1 of them have a bias, which is not part of a descriptor",
                'mb1ic8ih32oc8oh32kh3ph1n"tiny:first/Conv*2"',
                'mb1ic8ih32oc16oh32kh1ph0n"tiny:third"',
            ],
        )
        self.assertEqual(len(self.lines(made, "--separate")), 5)

    def test_open_axes_are_given(self) -> None:
        nodes = [convolution("c", "x", "y", "w")]
        made = model(nodes, {"w": [8, 8, 1, 1]}, ["N", 8, "H", "W"])
        self.assertIn("its input is 1x8x?x?", self.lines(made, code=1)[-1])
        sized = self.lines(made, "--batch", "4", "--dim", "H=10", "--dim", "W=20")
        self.assertEqual(sized[-1], 'mb4ic8ih10iw20oc8oh10ow20kh1ph0n"net:c"')
        self.assertEqual(
            self.lines(made, "--input", "x=1,8,5,5")[-1], 'mb1ic8ih5oc8oh5kh1ph0n"net:c"'
        )

    def test_what_has_no_descriptor_is_a_comment(self) -> None:
        inner = helper.make_graph(
            [convolution("inside", "a", "z", "w")],
            "branch",
            [],
            [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)],
        )
        nodes = [
            convolution("good one", "x", "a", "w"),
            helper.make_node("ConvTranspose", ["a", "w"], ["t"], name="up"),
            helper.make_node("If", ["on"], ["i"], name="if", then_branch=inner, else_branch=inner),
            helper.make_node("Add", ["t", "i"], ["y"]),
        ]
        made = model(nodes, {"w": [8, 8, 1, 1]})
        made.graph.initializer.append(helper.make_tensor("on", TensorProto.BOOL, [], [True]))
        self.assertEqual(
            self.lines(made, "--strict", code=1)[1:],
            [
                'mb1ic8ih32oc8oh32kh1ph0n"net:good_one"',
                "# skipped: up: ConvTranspose",
                "# skipped: if: 2 convolutions inside If",
            ],
        )

    def test_three_axes_and_other_types_are_a_comment(self) -> None:
        volume = model([convolution("v", "x", "y", "w")], {"w": [8, 8, 1, 1, 1]}, [1, 8, 4, 4, 4])
        self.assertIn("3 spatial axes", self.lines(volume, code=1)[-1])
        nodes = [convolution("h", "x", "y", "w")]
        whole = model(nodes, {"w": [8, 8, 1, 1]}, kind=TensorProto.INT32)
        self.assertIn("its filter is of INT32", self.lines(whole, code=1)[-1])

    def test_other_files_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "not.onnx")
            path.write_text("no model")
            with self.assertRaisesRegex(SystemExit, "no ONNX model"):
                onnx_convolutions.main([str(path)])
            with self.assertRaisesRegex(SystemExit, "No such file"):
                onnx_convolutions.main([str(path.with_suffix(".none"))])


if __name__ == "__main__":
    unittest.main()
