# SPDX-License-Identifier: Apache-2.0
"""What a convolution of an ONNX model computes, as a problem descriptor and an epilogue."""

from dataclasses import dataclass

from onnx import AttributeProto, NodeProto, TensorProto, helper
from onnx_operands import Operands
from onnx_shapes import Shapes

FLOAT_TYPES = {
    TensorProto.FLOAT: "",
    TensorProto.FLOAT16: "16-bit",
    TensorProto.BFLOAT16: "",
    TensorProto.DOUBLE: "64-bit",
}
BYTES = (TensorProto.UINT8, TensorProto.INT8)
# The largest size of an axis that a descriptor may have.
LARGEST = 1 << 28
READ = {
    ("", "Conv"),
    ("", "ConvInteger"),
    ("", "QLinearConv"),
    ("com.microsoft", "FusedConv"),
}


class UnsupportedLayerError(Exception):
    """The layer has no descriptor; the text says why."""


@dataclass(frozen=True)
class Layer:
    """A convolution that can be run: what it computes, and what of the node that leaves out."""

    descriptor: str
    has_bias: bool
    has_relu: bool
    left_out: tuple[str, ...] = ()
    data_type: str = "f32"

    @property
    def typed(self) -> str:
        """The descriptor, its data type in front of it."""
        return f"--dt={self.data_type} {self.descriptor}"

    @property
    def epilogue(self) -> str:
        parts = [("bias", self.has_bias), ("relu", self.has_relu)]
        return "+".join(name for name, present in parts if present) or "none"


def is_convolution(node: NodeProto) -> bool:
    """Whether an operator convolves, in any of its forms and of whatever domain."""
    return "Conv" in node.op_type.replace("Convert", "")


def operator(node: NodeProto) -> str:
    return f"{node.domain}.{node.op_type}" if node.domain else node.op_type


def check_operator(node: NodeProto) -> None:
    """Refuses the forms of convolution that no descriptor can say."""
    if (node.domain, node.op_type) in READ:
        return
    if node.domain == "com.microsoft.nchwc":
        raise UnsupportedLayerError(
            "its channels are filled up to the vectors of the machine on which the model was "
            "optimised; accepted is the model before that"
        )
    accepted = "accepted are Conv, FusedConv, QLinearConv and ConvInteger"
    if node.op_type == "ConvTranspose":
        raise UnsupportedLayerError(f"it is transposed; {accepted}")
    if node.op_type == "DeformConv":
        raise UnsupportedLayerError(f"it is deformable, and its offsets are data; {accepted}")
    raise UnsupportedLayerError(f"{operator(node)} is no operator that is known here; {accepted}")


class _Attributes:
    """The attributes of a node, each of the type that it must have."""

    def __init__(self, node: NodeProto) -> None:
        self._given = {given.name: given for given in node.attribute}

    def integers(self, name: str, count: int, default: int, smallest: int) -> list[int]:
        values = self._value(name, AttributeProto.INTS, "a list of whole numbers")
        if values is None:
            return [default] * count
        values = list(values)
        if len(values) != count:
            raise UnsupportedLayerError(
                f"its {name} are {len(values)} numbers; accepted are {count}"
            )
        for value in values:
            if not smallest <= value <= LARGEST:
                raise UnsupportedLayerError(
                    f"its {name} are {values}; accepted are {smallest} to {LARGEST}"
                )
        return values

    def integer(self, name: str, default: int) -> int:
        value = self._value(name, AttributeProto.INT, "a whole number")
        return default if value is None else int(value)

    def text(self, name: str, default: str) -> str:
        value = self._value(name, AttributeProto.STRING, "text")
        return default if value is None else value.decode(errors="replace")

    def has(self, name: str) -> bool:
        return name in self._given

    def _value(self, name: str, kind: int, accepted: str) -> object:
        given = self._given.get(name)
        if given is None:
            return None
        if given.type != kind:
            found = AttributeProto.AttributeType.Name(given.type).lower()
            raise UnsupportedLayerError(f"its {name} is of type {found}; accepted is {accepted}")
        return helper.get_attribute_value(given)


def layer(node: NodeProto, operands: Operands | None, shapes: Shapes, relu_follows: bool) -> Layer:
    """What the node computes; raises UnsupportedLayerError where no descriptor can say it."""
    check_operator(node)
    if operands is None:
        raise UnsupportedLayerError("it has no input or no filter")
    left_out: list[str] = []
    data_type = _data_type(operands, shapes, left_out)
    x, w = (_shape(operands, index, shapes) for index in (0, 1))
    given = _Attributes(node)
    descriptor = _descriptor(given, x, w)
    activation = given.text("activation", "")
    if activation not in ("", "Relu"):
        left_out.append(f"the activation {activation} that is fused into it is left out")
    has_sum = node.op_type == "FusedConv" and len(node.input) > 3 and bool(node.input[3])
    if has_sum:
        left_out.append("the addition that is fused into it is left out")
    return Layer(
        descriptor,
        has_bias=operands.has_bias,
        has_relu=activation == "Relu" or (not activation and relu_follows),
        left_out=tuple(left_out),
        data_type=data_type,
    )


def _data_type(operands: Operands, shapes: Shapes, left_out: list[str]) -> str:
    """The data type in which it runs; what that changes goes to `left_out`."""
    kinds = [shapes.kinds.get(name) for name in operands.names]
    accepted = BYTES if operands.integers else tuple(FLOAT_TYPES)
    for tensor, kind in zip(("input", "filter"), kinds, strict=True):
        if kind is not None and kind not in accepted:
            known = kind in TensorProto.DataType.values()
            name = TensorProto.DataType.Name(kind) if known else f"type {kind}"
            what = "bytes" if operands.integers else "floats"
            raise UnsupportedLayerError(f"its {tensor} is of {name}; accepted are {what}")
    if operands.integers:
        if kinds[0] == TensorProto.INT8:
            left_out.append("its signed input runs as an unsigned one, 128 higher as its zero is")
        if kinds[1] == TensorProto.UINT8:
            left_out.append("its unsigned filter runs as a signed one")
        return operands.integers
    if None not in kinds and kinds[0] != kinds[1]:
        names = [TensorProto.DataType.Name(kind) for kind in kinds]
        raise UnsupportedLayerError(
            f"its input is of {names[0]} and its filter of {names[1]}; accepted are equal types"
        )
    kind = FLOAT_TYPES[kinds[1] or TensorProto.FLOAT]
    if kind:
        left_out.append(f"it is of {kind} floats and runs in 32-bit floats")
    return "bf16" if kinds[1] == TensorProto.BFLOAT16 else "f32"


def _shape(operands: Operands, index: int, shapes: Shapes) -> list[int]:
    name = operands.names[index]
    role = ("input", "filter")[index]
    if not shapes.known(name):
        reason = shapes.reasons.get(name, "it does not follow from the model")
        raise UnsupportedLayerError(f"the shape of its {role} is open: {reason}")
    shape = shapes.sizes[name]
    if len(shape) not in (3, 4):
        raise UnsupportedLayerError(
            f"its {role} has {len(shape) - 2} spatial axes; accepted are 1 and 2"
        )
    if min(shape) < 1 or max(shape) > LARGEST:
        sizes = "x".join(map(str, shape))
        raise UnsupportedLayerError(f"its {role} is {sizes}; accepted are sizes 1 to {LARGEST}")
    return shape


def _descriptor(given: _Attributes, x: list[int], w: list[int]) -> str:
    axes = len(x) - 2
    if len(w) != len(x):
        raise UnsupportedLayerError(
            f"its input has {axes} spatial axes and its filter {len(w) - 2}; accepted are as many"
        )
    groups = given.integer("group", 1)
    if groups < 1 or w[1] * groups != x[1] or w[0] % groups:
        raise UnsupportedLayerError(
            f"its input has {x[1]} channels, and its filter {w[0]}x{w[1]} in {groups} groups "
            "does not fit them"
        )
    kernel = given.integers("kernel_shape", axes, 0, 1) if given.has("kernel_shape") else w[2:]
    if kernel != w[2:]:
        raise UnsupportedLayerError(f"its kernel_shape is {kernel} and its filter's {w[2:]}")
    stride = given.integers("strides", axes, 1, 1)
    dilation = given.integers("dilations", axes, 1, 1)
    covered = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    before, after = _padding(given, x[2:], covered, stride)
    output = []
    for size, first, last, taps, step in zip(x[2:], before, after, covered, stride, strict=True):
        if taps > size + first + last:
            raise UnsupportedLayerError(
                f"its kernel covers {taps}, more than the {size + first + last} of its padded input"
            )
        output.append((size + first + last - taps) // step + 1)
    # Both axes are always written: what is left out would be deduced, and differently.
    height_first = [
        ("i", x[2:], 1),
        ("o", output, 1),
        ("k", kernel, 1),
        ("s", stride, 1),
        ("p", before, 0),
        ("d", [value - 1 for value in dilation], 0),
    ]
    if after != _deduced(x[2:], output, covered, stride, before):
        height_first.insert(5, ("r", after, 0))
    parts = {key: _pair(key, values, missing) for key, values, missing in height_first}
    channels = {"i": f"ic{x[1]}", "o": f"oc{w[0]}"}
    text = "".join(channels.get(key, "") + part for key, part in parts.items())
    return (f"g{groups}" if groups > 1 else "") + f"mb{x[0]}" + text


def _deduced(
    size: list[int], output: list[int], covered: list[int], stride: list[int], before: list[int]
) -> list[int]:
    """The padding after each axis that a descriptor means where it does not say."""
    after = []
    for length, count, taps, step, first in zip(size, output, covered, stride, before, strict=True):
        free = length + 2 * first - taps
        needed = max(0, (count - 1) * step + taps - length - first)
        after.append(first if free >= 0 and free // step + 1 == count else needed)
    return after


def _pair(key: str, values: list[int], missing: int) -> str:
    """Both axes of a key; a single one is the width of an image of height 1."""
    height, width = values if len(values) == 2 else (missing, values[0])
    return f"{key}h{height}{key}w{width}"


def _padding(
    given: _Attributes, size: list[int], covered: list[int], stride: list[int]
) -> tuple[list[int], list[int]]:
    """Zeros before and after each axis."""
    axes = len(size)
    auto = given.text("auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        total = [
            max(0, (-(-length // step) - 1) * step + taps - length)
            for length, step, taps in zip(size, stride, covered, strict=True)
        ]
        small = [value // 2 for value in total]
        large = [value - value // 2 for value in total]
        return (small, large) if auto == "SAME_UPPER" else (large, small)
    if auto not in ("NOTSET", "VALID", ""):
        raise UnsupportedLayerError(
            f"its auto_pad is {auto}; accepted are NOTSET, VALID, SAME_UPPER and SAME_LOWER"
        )
    pads = [0] * (2 * axes) if auto == "VALID" else given.integers("pads", 2 * axes, 0, 0)
    return pads[:axes], pads[axes:]
