# SPDX-License-Identifier: Apache-2.0
"""PyTorch on the CPU: torch.nn.functional.conv2d, eager, without gradients."""

import argparse
from collections.abc import Callable
from functools import partial, reduce
from typing import ClassVar

import numpy as np
from contender import Contender, Layer, Operation, Prepared, main


class PyTorch(Contender):
    """PyTorch's conv2d."""

    name = "pytorch"
    layouts: ClassVar[list[str]] = ["nchw", "nhwc"]
    threads = "OpenMP with as many threads as workers, not pinned one by one"
    clock = (
        "Inside: conv2d in eager mode with its dispatch, its reordering of the filter and its "
        "allocation of the output; ReLU in place as a call of its own; where padding differs "
        "between the sides, a call of pad."
    )

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        import torch

        self._library = torch
        torch.set_grad_enabled(False)

    @classmethod
    def add_options(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--channels-last", action="store_true", help="NHWC in and out")

    def version(self) -> str:
        return self._library.__version__

    def build(self, operation: Operation) -> Prepared:
        torch = self._library
        torch.set_num_threads(operation.workers)
        last = self.options.channels_last
        order = torch.channels_last if last else torch.contiguous_format

        def tensor(values: np.ndarray) -> object:
            return torch.from_numpy(values.copy()).contiguous(memory_format=order)

        x = tensor(operation.input)
        calls = [self._call(layer, tensor(layer.filter)) for layer in operation.layers]
        compute = calls[0] if len(calls) == 1 else partial(reduce, lambda y, call: call(y), calls)
        problems = [layer.problem for layer in operation.layers]
        is_even = all(problem.pads_before == problem.pads_after for problem in problems)
        held: list = [None]

        def step() -> None:
            held[0] = compute(x)

        return Prepared(
            step,
            lambda: held[0].contiguous().numpy(),
            layout="nhwc" if last else "nchw",
            implementation="conv2d" if is_even else "pad, conv2d",
        )

    def _call(self, layer: Layer, w: object) -> Callable:
        problem = layer.problem
        bias = None if layer.bias is None else self._library.from_numpy(layer.bias.copy())
        functional = self._library.nn.functional
        rest = problem.stride, problem.pads_before, problem.dilation, problem.groups
        if problem.pads_before != problem.pads_after:
            rest = problem.stride, (0, 0), problem.dilation, problem.groups
        sides = problem.pad_left, problem.pad_right, problem.pad_top, problem.pad_bottom

        def compute(x: object) -> object:
            if problem.pads_before != problem.pads_after:
                x = functional.pad(x, sides)
            y = functional.conv2d(x, w, bias, *rest)
            return y.relu_() if layer.relu else y

        return compute


if __name__ == "__main__":
    main(PyTorch)
