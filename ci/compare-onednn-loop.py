#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times oneDNN through ConvScope's harness and through a plain C loop, in alternating visits.

The harness must not add to what it measures. For each problem, `convscope serve` (the same measured
path as `convscope run`) and `onednn-loop` compute the same convolution with the same library on the
same CPU, in an order drawn anew for each round; the table shows the ratio of their times.

    ci/compare-onednn-loop.py [--program .build/release/convscope] [--rounds 41]

Exit 0 where every median ratio lies within the tolerance (2 %), 2 where one does not.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from array import array
from dataclasses import astuple, dataclass
from pathlib import Path

import children

ROOT = Path(__file__).resolve().parent.parent
# How long one visit should take: long against the clock and the wake-up of a process.
VISIT_NS = 10_000_000
EXIT_DIFFERENT = 2


@dataclass(frozen=True)
class Problem:
    """One convolution, in the order in which onednn-loop takes its numbers."""

    groups: int
    batch: int
    in_channels: int
    in_height: int
    in_width: int
    out_channels: int
    kernel_height: int
    kernel_width: int
    stride_height: int
    stride_width: int
    pad_top: int
    pad_left: int
    pad_bottom: int
    pad_right: int
    dilation_height: int
    dilation_width: int

    @classmethod
    def square(cls, ic, size, oc, kernel, *, groups=1, stride=1, dilation=1):
        """A square problem whose padding keeps the size at stride 1."""
        pad = dilation * (kernel - 1) // 2
        return cls(
            *(groups, 1, ic, size, size, oc, kernel, kernel),
            *(stride, stride, pad, pad, pad, pad, dilation, dilation),
        )

    def out(self, size, kernel, stride, before, after, dilation):
        return (size + before + after - dilation * (kernel - 1) - 1) // stride + 1

    @property
    def out_height(self):
        return self.out(
            *(self.in_height, self.kernel_height, self.stride_height),
            *(self.pad_top, self.pad_bottom, self.dilation_height),
        )

    @property
    def out_width(self):
        return self.out(
            *(self.in_width, self.kernel_width, self.stride_width),
            *(self.pad_left, self.pad_right, self.dilation_width),
        )

    @property
    def fields(self):
        """The problem as the contender protocol passes it."""
        return {**self.__dict__, "out_height": self.out_height, "out_width": self.out_width}

    @property
    def input_count(self):
        return self.batch * self.in_channels * self.in_height * self.in_width

    @property
    def filter_count(self):
        taps = self.kernel_height * self.kernel_width
        return self.out_channels * self.in_channels // self.groups * taps


# Large and small, dense, grouped and depthwise, each format; the smallest takes some microseconds,
# where a harness that costs anything per call would show.
PROBLEMS = [
    ("3x3 256 at 28", "any", Problem.square(256, 28, 256, 3)),
    ("3x3 64 at 56", "nhwc", Problem.square(64, 56, 64, 3)),
    ("3x3 dilated 256 at 28", "any", Problem.square(256, 28, 256, 3, dilation=2)),
    ("7x7/2 3 to 64 at 224", "any", Problem.square(3, 224, 64, 7, stride=2)),
    ("1x1 64 at 56", "any", Problem.square(64, 56, 64, 1)),
    ("1x1 2048 to 512 at 7", "nhwc", Problem.square(2048, 7, 512, 1)),
    ("3x3 in 32 groups, 256 at 28", "any", Problem.square(256, 28, 256, 3, groups=32)),
    ("3x3 depthwise 128 at 56", "any", Problem.square(128, 56, 128, 3, groups=128)),
    ("1x1 in 3 groups, 240 to 60 at 28", "nchw", Problem.square(240, 28, 60, 1, groups=3)),
    ("1x1 128 at 14", "any", Problem.square(128, 14, 128, 1)),
]


class Harness:
    """ConvScope, asked through the contender protocol."""

    def __init__(self, program, kernel, cpu):
        self.requests = 0
        self.cpu = cpu
        self.process = start([program, "serve", "--kernels", kernel], cpu)
        self.ask("hello")

    def ask(self, what, **keys):
        self.requests += 1
        request = {"convscope": 1, "id": self.requests, "do": what, **keys}
        answer = json.loads(exchange(self.process, json.dumps(request)))
        if "error" in answer or "unsupported" in answer:
            sys.exit(f"convscope serve: {answer.get('error') or answer.get('unsupported')}")
        return answer

    def prepare(self, problem):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, count in ("input", problem.input_count), ("filter", problem.filter_count):
                path = Path(folder, name)
                path.write_bytes(array("f", ((i % 17) / 17 - 0.5 for i in range(count))).tobytes())
                paths[f"{name}_path"] = str(path)
            answer = self.ask(
                "prepare",
                **{"problem": problem.fields, "bias": False, "relu": False},
                **{"workers": 1, "cpus": [self.cpu], **paths},
            )
        self.handle = answer["handle"]
        return answer["implementation"]

    def run(self, iterations):
        return self.ask("run", handle=self.handle, iterations=iterations)["time_ns"] / iterations

    def quit(self):
        self.ask("quit")
        self.process.wait()


class Loop:
    """The C program."""

    def __init__(self, program, data_format, problem, cpu):
        self.process = start([program, data_format, *map(str, astuple(problem))], cpu)

    def run(self, iterations):
        return int(exchange(self.process, str(iterations))) / iterations

    def quit(self):
        self.process.stdin.close()
        self.process.wait()


def start(command, cpu):
    return children.start(
        ["taskset", "-c", str(cpu), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def exchange(process, line):
    process.stdin.write(line + "\n")
    answer = process.stdout.readline()
    if not answer:
        sys.exit(f"{process.args[3]} ended with {process.wait()}")
    return answer


def sign_test_interval(values, confidence=0.95):
    """The exact interval of the median: order statistics under the binomial distribution."""
    ordered, count = sorted(values), len(values)
    tail, rank = 0.0, 0
    while rank < count // 2:
        tail += math.comb(count, rank) / 2**count
        if 2 * tail > 1 - confidence:
            break
        rank += 1
    return ordered[max(0, rank - 1)], ordered[count - max(1, rank)]


def compare(options, data_format, problem, dice):
    """Both times in nanoseconds, the ratio with its interval, and what the library picked."""
    harness = Harness(options.program, f"onednn/{data_format}", options.cpu)
    implementation = harness.prepare(problem)
    loop = Loop(options.loop, data_format, problem, options.cpu)
    sides = [harness, loop]
    for side in sides:
        side.run(2)
    iterations = max(1, round(VISIT_NS / loop.run(max(1, 1_000_000 // int(loop.run(2))))))
    times = {side: [] for side in sides}
    for _ in range(options.rounds):
        for side in dice.sample(sides, 2):
            times[side].append(side.run(iterations))
    for side in sides:
        side.quit()
    logs = [math.log(h / c) for h, c in zip(times[harness], times[loop], strict=True)]
    low, high = (math.exp(edge) for edge in sign_test_interval(logs))
    medians = [statistics.median(times[side]) for side in sides]
    return *medians, math.exp(statistics.median(logs)), low, high, implementation


def build_loop(folder):
    program = Path(folder, "onednn-loop")
    source = ROOT / "ci" / "onednn-loop.c"
    compiler = os.environ.get("CC", "cc")
    words = [compiler, "-O2", "-Wall", source, "-o", program, "-ldnnl", "-lgomp"]
    if children.run(words) != 0:
        sys.exit(f"cannot compile {source}")
    return str(program)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/convscope"))
    parser.add_argument("--rounds", type=int, default=41, help="visits of each side (41)")
    parser.add_argument("--tolerance", type=float, default=0.02, help="of the ratio (0.02)")
    parser.add_argument("--cpu", type=int, default=min(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1, help="of the order of visits (1)")
    parser.add_argument("--only", default="", help="problems whose name contains this")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    worst = 0.0
    print("| problem | format | oneDNN picked | harness µs | C loop µs | ratio | 95 % interval |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        options.loop = build_loop(folder)
        for name, data_format, problem in PROBLEMS:
            if options.only not in name:
                continue
            harness, loop, ratio, low, high, implementation = compare(
                options, data_format, problem, dice
            )
            worst = max(worst, abs(math.log(ratio)))
            picked = implementation.split()[3].rstrip(",")
            print(
                f"| {name} | {data_format} | `{picked}` | {harness / 1000:.2f} | "
                f"{loop / 1000:.2f} | {ratio:.4f} | {low:.4f} … {high:.4f} |",
                flush=True,
            )
    print(f"\nlargest difference of a median: {100 * math.expm1(worst):.2f} %", file=sys.stderr)
    return 0 if worst <= math.log1p(options.tolerance) else EXIT_DIFFERENT


if __name__ == "__main__":
    sys.exit(main())
