# SPDX-License-Identifier: Apache-2.0
"""A contender for integers alone."""

from honest import Contender, Fields, array, convolve, floats, serve


class Integers(Contender):
    """Sums as the contender without a fault has them, scaled and rounded."""

    def hello(self, request: Fields) -> Fields:
        return super().hello(request) | {"types": ["u8:s8:u8"]}

    def prepare(self, request: Fields) -> Fields:
        assert request["dt"] == "u8:s8:u8"
        self.given = request["quantization"]
        # Outside the image the input is its zero point.
        zero = self.given["input_zero"]
        x = array("f", (value - zero for value in floats(request["input_path"])))
        bias = floats(request["bias_path"]) if request["bias"] else None
        self.problem = request["problem"], x, floats(request["filter_path"]), bias, request["relu"]
        return {"handle": 1}

    def output(self, request: Fields) -> Fields:
        p, zero, scales = self.problem[0], self.given["output_zero"], self.given["scales"]
        plane = p["out_height"] * p["out_width"]
        y = array("f")
        for place, total in enumerate(convolve(*self.problem)):
            scaled = total * scales[place // plane % p["out_channels"]]
            y.append(round(min(max(scaled, -zero), 255 - zero)) + zero)
        with open(request["path"], "wb") as file:
            y.tofile(file)
        return {}


if __name__ == "__main__":
    serve(Integers())
