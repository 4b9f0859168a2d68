# SPDX-License-Identifier: Apache-2.0
"""A complete contender in plain Python: what docs/Protocol.md describes, and nothing more."""

import json
import sys
import time
from array import array
from typing import Any

Fields = dict[str, Any]


def floats(path: str) -> array:
    """A tensor: raw little-endian 32-bit floats."""
    values = array("f")
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def convolve(p: Fields, x: array, w: array, bias: array | None, relu: bool) -> array:
    """The textbook loops, plain NCHW in and out."""
    y = array("f")
    in_group, out_group = p["in_channels"] // p["groups"], p["out_channels"] // p["groups"]
    for n in range(p["batch"]):
        for o in range(p["out_channels"]):
            for row in range(p["out_height"]):
                for column in range(p["out_width"]):
                    total = bias[o] if bias else 0.0
                    for c in range(in_group):
                        plane = n * p["in_channels"] + o // out_group * in_group + c
                        for i in range(p["kernel_height"]):
                            h = row * p["stride_height"] - p["pad_top"] + i * p["dilation_height"]
                            if not 0 <= h < p["in_height"]:
                                continue
                            for j in range(p["kernel_width"]):
                                v = column * p["stride_width"] - p["pad_left"]
                                v += j * p["dilation_width"]
                                if 0 <= v < p["in_width"]:
                                    at = (plane * p["in_height"] + h) * p["in_width"] + v
                                    tap = (o * in_group + c) * p["kernel_height"] + i
                                    total += x[at] * w[tap * p["kernel_width"] + j]
                    y.append(max(total, 0.0) if relu else total)
    return y


def compute(x: array, layers: list[tuple]) -> array:
    """A convolution, or several that follow each other."""
    for problem, w, bias, relu in layers:
        x = convolve(problem, x, w, bias, relu)
    return x


class Contender:
    """One method per request; each gives the keys of its answer."""

    def __init__(self) -> None:
        self.prepared: dict[int, tuple] = {}

    def hello(self, request: Fields) -> Fields:
        return {
            "name": "honest",
            "version": "1",
            "layouts": ["nchw"],
            "threads": "one, whatever the number of workers",
            "clock": "inside: the loops in Python and the allocation of the output",
            "accuracy": "exact",
            "chains": True,
        }

    def prepare(self, request: Fields) -> Fields:
        if request["problem"]["batch"] > 2:
            return {"unsupported": "more than two images"}
        layers = []
        for given in [request, *request.get("then", [])]:
            bias = floats(given["bias_path"]) if given["bias"] else None
            layers.append((given["problem"], floats(given["filter_path"]), bias, given["relu"]))
        handle = len(self.prepared) + 1
        self.prepared[handle] = floats(request["input_path"]), layers
        return {"handle": handle, "layout": "nchw", "implementation": "loops"}

    def output(self, request: Fields) -> Fields:
        with open(request["path"], "wb") as file:
            compute(*self.prepared[request["handle"]]).tofile(file)
        return {}

    def run(self, request: Fields) -> Fields:
        problem = self.prepared[request["handle"]]
        warm_up = request.get("warm_up", 0)
        for _ in range(warm_up):
            compute(*problem)
        start = time.perf_counter_ns()
        for _ in range(request["iterations"]):
            compute(*problem)
        return {"time_ns": time.perf_counter_ns() - start, "warm_up": warm_up}

    def release(self, request: Fields) -> Fields:
        self.prepared[request["handle"]] = ()
        return {}

    def quit(self, request: Fields) -> Fields:
        return {}


def serve(contender: Contender) -> None:
    """Answers each line until the harness quits or is gone."""
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"convscope": 1, "id": request["id"]}
        try:
            answer |= getattr(contender, request["do"])(request)
        except Exception as error:
            answer |= {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
        if request["do"] == "quit":
            return


if __name__ == "__main__":
    serve(Contender())
