# SPDX-License-Identifier: Apache-2.0
"""Which tensors a convolution of an ONNX model multiplies, and in which data type."""

from dataclasses import dataclass, field

from onnx import NodeProto

INTEGERS = "u8:s8:u8"
SUMS = "u8:s8:s32"
SCALED = "u8:s8:f32"


@dataclass(frozen=True)
class Operands:
    """The names of input and filter as they are stored; the data type of integers, else None."""

    x: str
    w: str
    has_bias: bool
    integers: str | None = None

    @property
    def names(self) -> tuple[str, str]:
        return self.x, self.w


@dataclass
class Neighbours:
    """What makes and what reads each tensor."""

    makers: dict[str, NodeProto] = field(default_factory=dict)
    readers: dict[str, list[NodeProto]] = field(default_factory=dict)

    def __init__(self, nodes: list[NodeProto]) -> None:
        self.makers = {name: node for node in nodes for name in node.output if name}
        self.readers = {}
        for node in nodes:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)

    def quantized(self, name: str) -> str | None:
        """What a tensor is dequantized from; nothing where it is not."""
        maker = self.makers.get(name)
        if maker is None or maker.op_type != "DequantizeLinear":
            return None
        return maker.input[0]

    def is_quantized_behind(self, name: str) -> bool:
        """Whether nothing but a quantization reads a tensor, be it behind a ReLU."""
        while len(readers := self.readers.get(name, [])) == 1:
            if readers[0].op_type not in ("Relu", "Clip"):
                return readers[0].op_type == "QuantizeLinear"
            name = readers[0].output[0]
        return False


def operands(node: NodeProto, neighbours: Neighbours) -> Operands | None:
    """What a convolution multiplies; nothing where it has no input or no filter."""
    given = list(node.input)
    places = {"QLinearConv": (0, 3, 8), "ConvInteger": (0, 1, None)}.get(node.op_type, (0, 1, 2))
    x, w, bias = (
        given[place] if place is not None and place < len(given) else "" for place in places
    )
    if not x or not w:
        return None
    if node.op_type == "QLinearConv":
        return Operands(x, w, bool(bias), INTEGERS)
    if node.op_type == "ConvInteger":
        return Operands(x, w, False, SUMS)
    stored = neighbours.quantized(x), neighbours.quantized(w)
    if None in stored:
        return Operands(x, w, bool(bias))
    is_quantized = neighbours.is_quantized_behind(node.output[0])
    return Operands(*stored, bool(bias), INTEGERS if is_quantized else SCALED)
