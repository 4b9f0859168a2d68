#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what the program makes of files from the field: exit codes, notes, errors and suites.

CONVSCOPE=PROGRAM peers/.venv/bin/python peers/test_import.py
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from onnx import ModelProto, TensorProto, helper, save
from test_onnx_convolutions import convolution, model, zeros

PROGRAM = os.environ.get("CONVSCOPE") or str(
    Path(__file__).parent.parent / ".build" / "release" / "convscope"
)
PLAIN = {"w": [8, 8, 1, 1]}
TENSORS = "src_f32::blocked:abcd:f0 wei_f32::blocked:abcd:f0 dst_f32::blocked:abcd:f0"
PROBLEM = "mb1_ic8oc8_ih9oh9kh3sh1dh0ph1_iw9ow9kw3sw1dw0pw1"
EXECUTED = f"onednn_verbose,exec,cpu,convolution,jit,forward_inference,{TENSORS},,alg:direct,"


def single(shape=None, weights=None, kind=TensorProto.FLOAT, opset=13, **given) -> ModelProto:
    made = [convolution("c", "x", "y", "w", **given)]
    return model(made, weights or PLAIN, shape, kind=kind, opset=opset)


def mixed() -> ModelProto:
    nodes = [
        convolution("first", "x", "a", "w"),
        helper.make_node("ConvTranspose", ["a", "w"], ["t"], name="up"),
        convolution("tail", "t", "y", "w"),
    ]
    return model(nodes, PLAIN)


def changed(change, made: ModelProto | None = None) -> ModelProto:
    made = made or single()
    change(made)
    return made


def circle(made: ModelProto) -> None:
    made.graph.node[0].input[0] = "y"


def large(made: ModelProto) -> None:
    made.graph.initializer[0].dims[:] = [1 << 20, 1 << 12, 1, 1]


def half_filter(made: ModelProto) -> None:
    made.graph.initializer[0].CopyFrom(zeros("w", [8, 8, 1, 1], TensorProto.FLOAT16))


OPEN = ["N", 8, "H", "W"]

# A name of the row, the file's name and content, further words, the exit code, and what standard
# error and standard output must hold.
Row = tuple[str, str, str | bytes | ModelProto, list[str], int, list[str], list[str]]
ROWS: list[Row] = [
    # ONNX models that are read.
    (
        "both axes",
        "m.onnx",
        single([1, 8, 30, 20], {"w": [8, 8, 3, 5]}, strides=[2, 2], dilations=[2, 2]),
        [],
        0,
        ["note: m.onnx: 1 of 1 convolutions read"],
        ["ic8ih30iw20oc8kh3kw5sh2sw2dh1dw1"],
    ),
    (
        "padding of one side",
        "m.onnx",
        single([1, 8, 8, 8], {"w": [8, 8, 3, 3]}, strides=[2, 2], pads=[1, 1, 0, 0]),
        [],
        0,
        [],
        ["ic8ih8oc8kh3sh2ph1rh0"],
    ),
    (
        "one axis",
        "m.onnx",
        single([1, 8, 100], {"w": [8, 8, 5]}, pads=[4, 0]),
        [],
        0,
        [],
        ["ic8ih1iw100oc8oh1ow100kh1kw5", "pw4"],
    ),
    ("upper case", "UPPER.ONNX", single(), [], 0, ["1 of 1"], ["UPPER:c"]),
    ("a name with spaces", "a model.onnx", single(), [], 0, ["1 of 1"], ["a_model:c"]),
    ("a name with a dash", "-m.onnx", single(), [], 0, ["1 of 1"], ["m:c"]),
    (
        "half precision",
        "m.onnx",
        single(kind=TensorProto.FLOAT16),
        [],
        0,
        ["note: m.onnx: it is of 16-bit floats and runs in 32-bit floats"],
        ["ic8ih32oc8kh1"],
    ),
    *(
        (f"operator set {opset}", "m.onnx", single(opset=opset), [], 0, ["1 of 1"], ["ic8ih32"])
        for opset in range(7, 23)
    ),
    # Sizes.
    (
        "an open size",
        "m.onnx",
        single(OPEN),
        [],
        65,
        ["0 of 1 convolutions read", "c (Conv) not read", "give --shape x=1x8x?x?"],
        [],
    ),
    (
        "a shape",
        "m.onnx",
        single(OPEN),
        ["--shape", "x=2x8x5x6"],
        0,
        ["1 of 1"],
        ["mb2ic8ih5iw6oc8"],
    ),
    (
        "sizes by name",
        "m.onnx",
        single(OPEN),
        ["--dim", "H=5", "--dim=W=6"],
        0,
        ["the open first axis of the input ‘x’ is taken as 1"],
        ["ic8ih5iw6oc8"],
    ),
    (
        "a shape of another input",
        "m.onnx",
        single(OPEN),
        ["--shape", "z=1"],
        64,
        ["no input is called ‘z’; accepted are x (?x8x?x?)"],
        [],
    ),
    ("a shape that is none", "m.onnx", single(OPEN), ["--shape", "x=1xAx3"], 64, ["1xAx3"], []),
    ("a size of no axis", "m.onnx", single(OPEN), ["--dim", "Q=1"], 64, ["‘Q’", "N, H, W"], []),
    (
        "a shape for a batch file",
        "m.txt",
        "mb1ic8ih9oc8kh3",
        ["--shape", "x=1x3"],
        64,
        ["--shape is ‘x=1x3’", "none is named"],
        [],
    ),
    # Models of which something, or everything, is missing.
    (
        "a part",
        "m.onnx",
        mixed(),
        [],
        4,
        ["2 of 3 convolutions read (2 of 2 Conv, 0 of 1 ConvTranspose)", "up (ConvTranspose) not"],
        ["ic8ih32oc8kh1"],
    ),
    (
        "three axes",
        "m.onnx",
        single([1, 8, 4, 4, 4], {"w": [8, 8, 1, 1, 1]}),
        [],
        65,
        ["0 of 1", "c (Conv) not read: its input has 3 spatial axes; accepted are 1 and 2"],
        [],
    ),
    (
        "no convolution",
        "m.onnx",
        model([helper.make_node("Relu", ["x"], ["y"])], {}),
        [],
        65,
        ["0 of 0 convolutions read", "accepted is a model with convolutions"],
        [],
    ),
    (
        "too large to run",
        "m.onnx",
        single([1, 8, 1 << 26, 1 << 26]),
        [],
        65,
        ["m:c (Conv) not read", "is too large"],
        [],
    ),
    # What is no whole model.
    ("empty", "m.onnx", b"", [], 65, ["m.onnx: this is no ONNX model"], []),
    ("text", "m.onnx", b"mb1ic8ih9oc8kh3", [], 65, ["no ONNX model"], []),
    ("cut in two", "m.onnx", single().SerializeToString()[:200], [], 65, ["no ONNX model"], []),
    ("a circle", "m.onnx", changed(circle), [], 65, ["its nodes form a circle: ‘c’"], []),
    ("16 GB declared", "m.onnx", changed(large), [], 65, ["17179869184 bytes and has 256"], []),
    (
        "types that differ",
        "m.onnx",
        changed(half_filter),
        [],
        65,
        ["its input is of FLOAT and its filter of FLOAT16"],
        [],
    ),
    ("whole numbers", "m.onnx", single(kind=TensorProto.INT32), [], 65, ["is of INT32"], []),
    ("a stride of zero", "m.onnx", single(strides=[0, 0]), [], 65, ["its strides are [0, 0]"], []),
    (
        "a later operator set",
        "m.onnx",
        changed(lambda made: setattr(made.opset_import[0], "version", 999)),
        [],
        65,
        ["its operator set is 999; accepted are 1 to"],
        [],
    ),
    # Batch files.
    (
        "another batch",
        "b.txt",
        '--mb=16,32 mb256ic64ih28oc64kh3ph1n"a"',
        [],
        0,
        [],
        ["mb16ic64ih28", "mb32ic64ih28"],
    ),
    (
        "an unknown option",
        "b.txt",
        "mb1ic8ih9oc8kh3\n--g=4 mb1ic8ih9oc8kh1",
        [],
        0,
        ["note: b.txt:2: the option ‘--g=4’ is skipped: it is no option that is known here"],
        ["ic8ih9oc8kh1"],
    ),
    (
        "another driver",
        "b.txt",
        "--deconv mb1ic8ih9oc8kh3",
        [],
        65,
        ["b.txt:1:1: the driver --deconv is not accepted; accepted is --conv"],
        [],
    ),
    (
        "a pasted command",
        "b.txt",
        "benchdnn --matmul 8x8:8x8",
        [],
        65,
        ["b.txt:1:10: the driver --matmul"],
        [],
    ),
    (
        "a pasted convolution",
        "b.txt",
        "\ufeffbenchdnn --conv --stag=axb g1mb64_ic64id1ih56iw56_oc128_kd1kh3kw3_ph0pw0\r\n",
        [],
        0,
        ["note: b.txt:1: the option ‘--stag=axb’ is skipped"],
        ["mb64ic64ih56oc128kh3"],
    ),
    (
        "performance",
        "b.txt",
        "Output template: perf,%engine%,%prb%\n"
        "perf,cpu,jit,,--conv --mode=P mb64ic64ih58oc512oh56kh3ph0,118.38,0,605.2\n"
        "tests:1 passed:1\n",
        [],
        0,
        [],
        ["mb64ic64ih58oc512kh3"],
    ),
    # Logs.
    (
        "a cut line",
        "log.txt",
        f"{EXECUTED}{PROBLEM[:44]}\n{PROBLEM[44:]},0.1\n{EXECUTED}{PROBLEM},0.1\n",
        [],
        0,
        ["note: log.txt:1: a line that is cut inside its problem is left out"],
        ["ic8ih9oc8kh3ph1"],
    ),
    (
        "only cut lines",
        "log.txt",
        f"{EXECUTED}{PROBLEM[:-6]}\n",
        [],
        65,
        ["a line that is cut inside its problem is left out"],
        [],
    ),
    (
        "MKL-DNN 0.x",
        "log.txt",
        f"mkldnn_verbose,exec,convolution,jit,forward_inference,fsrc:nChw8c,alg:a,{PROBLEM},0.6",
        [],
        65,
        ["lines of MKL-DNN 0.x are left out", "as oneDNN 1 to 3 write them"],
        [],
    ),
    ("binary", "b.bin", b"\xff\xfe\x00", [], 65, ["no UTF-8 text", "by the extension .onnx"], []),
]


class Import(unittest.TestCase):
    def program(self, folder: str, *words: str) -> tuple[int, str, str]:
        ended = subprocess.run(
            [PROGRAM, *words], cwd=folder, capture_output=True, text=True, timeout=300
        )
        return ended.returncode, ended.stdout, ended.stderr

    @staticmethod
    def write(folder: str, name: str, content: str | bytes | ModelProto) -> None:
        path = Path(folder, name)
        if isinstance(content, ModelProto):
            save(content, path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)

    def test_import(self) -> None:
        for title, name, content, words, code, errors, output in ROWS:
            with self.subTest(title), tempfile.TemporaryDirectory() as folder:
                self.write(folder, name, content)
                found = self.program(folder, "import", *words, "--", name)
                self.assertEqual(found[0], code, found)
                for text in errors:
                    self.assertIn(text, found[2])
                for text in output:
                    self.assertIn(text, found[1])
                self.assertEqual(found[1] == "", not output, found)

    def test_what_is_imported_is_read_back(self) -> None:
        for title, name, content, words, code, _, _ in ROWS:
            if code not in (0, 4):
                continue
            with self.subTest(title), tempfile.TemporaryDirectory() as folder:
                self.write(folder, name, content)
                written = self.program(folder, "import", *words, "--output", "s.json5", "--", name)
                self.assertEqual(written[:2], (code, ""), written)
                again = self.program(folder, "import", "s.json5")
                self.assertEqual(again[0], 0, again)
                text = Path(folder, "s.json5").read_text()
                self.assertEqual(again[1], text)
                table = self.program(folder, "list", "cases", *words, "--", name)
                self.assertEqual(table[0], code, table)

    def test_models_whose_weights_are_elsewhere(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "m.onnx")
            save(single(), path, save_as_external_data=True, location="m.bin", size_threshold=0)
            self.assertEqual(self.program(folder, "import", "m.onnx")[0], 0)
            Path(folder, "m.bin").unlink()
            code, output, errors = self.program(folder, "import", "m.onnx")
            self.assertEqual((code, output), (65, ""))
            self.assertIn("‘w’ lie in the file ‘m.bin’ beside the model, which is not", errors)

    def test_verify_runs_models_and_says_what_is_missing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.write(folder, "m.onnx", mixed())
            self.write(folder, "open.onnx", single(OPEN))
            self.write(folder, "none.onnx", single([1, 8, 4, 4, 4], {"w": [8, 8, 1, 1, 1]}))
            for words, code, error in (
                (["m.onnx"], 4, "note: m.onnx: 2 of 3 convolutions read"),
                (["open.onnx", "--shape", "x=1x8x9x9"], 0, "1 of 1 convolutions read"),
                (["m.onnx", "none.onnx"], 65, "none.onnx: there is nothing to measure"),
                (["absent.onnx"], 64, "no suite and no file is called ‘absent.onnx’"),
            ):
                found = self.program(folder, "verify", "--no-progress", *words)
                self.assertEqual(found[0], code, found)
                self.assertIn(error, found[2])

    def test_what_is_mostly_padding_is_trusted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            text = "mb2_g1ic8oc8_ih1oh16kh2ph1\nmb1ic16ih1iw1oc16oh1ow100kh1kw3ph0pw100\n"
            self.write(folder, "b.txt", text)
            found = self.program(folder, "verify", "--no-progress", "--kernels", "*", "b.txt")
            self.assertEqual(found[0], 0, found)
            self.assertNotIn("mistrusted", found[1])

    def test_what_does_not_fit_into_memory_is_said_before_anything_is_planned(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            # More than any machine has, and less than a problem may have.
            self.write(folder, "b.txt", "mb1ic4096ih16384oc1kh1sh16384\n")
            found = self.program(folder, "run", "--no-progress", "b.txt")
            self.assertEqual(found[0], 1, found)
            self.assertIn("MiB of memory are free", found[2])


if __name__ == "__main__":
    unittest.main()
