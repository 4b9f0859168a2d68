# SPDX-License-Identifier: Apache-2.0
"""Networks that no suite lists: their activations, gates and splits are what newer models have."""

from collections.abc import Callable

import numpy as np
from onnx_networks import Graph


def gated(g: Graph, x: str, name: str, narrow: int, hard: bool) -> str:
    """Squeeze and excitation."""
    wide = g.channels[x]
    s = g.conv(g.mean(x), f"{name}_se_reduce", narrow, 1, relu=hard, norm=False)
    if not hard:
        s = swish(g, s)
    s = g.conv(s, f"{name}_se_expand", wide, 1, relu=False, norm=False)
    gate = g.node("HardSigmoid", s, alpha=1 / 6) if hard else g.node("Sigmoid", s)
    return g.node("Mul", x, gate)


def swish(g: Graph, x: str) -> str:
    return g.node("Mul", x, g.node("Sigmoid", x))


def hard_swish(g: Graph, x: str) -> str:
    return g.node("Mul", x, g.node("HardSigmoid", x, alpha=1 / 6))


def resnet18(g: Graph) -> None:
    x = g.pool(g.conv(g.input("image", 3, 224, 224), "conv1", 64, 7, stride=2), 3, 2, 1)
    for stage, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            name, stride = f"layer{stage + 1}_{block}", 2 if stage and not block else 1
            y = g.conv(x, f"{name}_a", channels, 3, stride=stride)
            y = g.conv(y, f"{name}_b", channels, 3, relu=False)
            if stride > 1:
                x = g.conv(x, f"{name}_skip", channels, 1, stride=2, relu=False)
            x = g.relu(g.add(y, x))
    g.classify(x)


def mobilenet_v3_small(g: Graph) -> None:
    x = hard_swish(g, g.conv(g.input("image", 3, 224, 224), "conv1", 16, 3, stride=2, relu=False))
    # Kernel, expanded channels, output channels, gate, hard swish, stride.
    layers = [
        (3, 16, 16, True, False, 2),
        (3, 72, 24, False, False, 2),
        (3, 88, 24, False, False, 1),
        (5, 96, 40, True, True, 2),
        (5, 240, 40, True, True, 1),
        (5, 240, 40, True, True, 1),
        (5, 120, 48, True, True, 1),
        (5, 144, 48, True, True, 1),
        (5, 288, 96, True, True, 2),
        (5, 576, 96, True, True, 1),
        (5, 576, 96, True, True, 1),
    ]
    for number, (kernel, wide, channels, has_gate, is_hard, stride) in enumerate(layers):
        name, y = f"b{number}", x
        if wide != g.channels[x]:
            y = g.conv(y, f"{name}/expand", wide, 1, relu=not is_hard)
            y = hard_swish(g, y) if is_hard else y
        y = g.conv(y, f"{name}/dw", wide, kernel, stride=stride, groups=wide, relu=not is_hard)
        y = hard_swish(g, y) if is_hard else y
        if has_gate:
            y = gated(g, y, name, (wide // 4 + 7) // 8 * 8, hard=True)
        y = g.conv(y, f"{name}/project", channels, 1, relu=False)
        x = g.add(x, y) if stride == 1 and g.channels[x] == channels else y
    g.classify(hard_swish(g, g.conv(x, "conv_last", 576, 1, relu=False)))


def efficientnet_b0(g: Graph) -> None:
    x = swish(g, g.conv(g.input("image", 3, 224, 224), "stem", 32, 3, stride=2, relu=False))
    # Expansion, kernel, channels, how often, stride of the first.
    stages = [
        (1, 3, 16, 1, 1),
        (6, 3, 24, 2, 2),
        (6, 5, 40, 2, 2),
        (6, 3, 80, 3, 2),
        (6, 5, 112, 3, 1),
        (6, 5, 192, 4, 2),
        (6, 3, 320, 1, 1),
    ]
    for stage, (factor, kernel, channels, count, first) in enumerate(stages, start=1):
        for block in range(count):
            name, stride, inside = f"b{stage}_{block}", 1 if block else first, g.channels[x]
            wide, y = factor * inside, x
            if factor > 1:
                y = swish(g, g.conv(y, f"{name}/expand", wide, 1, relu=False))
            y = g.conv(y, f"{name}/dw", wide, kernel, stride=stride, groups=wide, relu=False)
            y = gated(g, swish(g, y), name, max(1, inside // 4), hard=False)
            y = g.conv(y, f"{name}/project", channels, 1, relu=False)
            x = g.add(x, y) if block else y
    g.classify(swish(g, g.conv(x, "head", 1280, 1, relu=False)))


def shufflenet_v2(g: Graph) -> None:
    x = g.pool(g.conv(g.input("image", 3, 224, 224), "conv1", 24, 3, stride=2), 3, 2, 1)
    size = 28
    for stage, (channels, count) in enumerate([(116, 4), (232, 8), (464, 4)], start=2):
        half = channels // 2
        for block in range(count):
            name, stride = f"stage{stage}_{block}", 1 if block else 2
            if block:
                kept, y = (part(g, x, f"{name}/half{n}", n * half, half) for n in (0, 1))
            else:
                inside = g.channels[x]
                kept = g.conv(x, f"{name}/dw0", inside, 3, stride=2, groups=inside, relu=False)
                kept, y = g.conv(kept, f"{name}/pw0", half, 1), x
            y = g.conv(y, f"{name}/pw1", half, 1)
            y = g.conv(y, f"{name}/dw", half, 3, stride=stride, groups=half, relu=False)
            x = g.shuffle(g.concat(kept, g.conv(y, f"{name}/pw2", half, 1)), 2, size)
        size //= 2
    g.classify(g.conv(x, "conv5", 1024, 1))


def part(g: Graph, x: str, name: str, first: int, count: int) -> str:
    """Channels of a tensor."""
    values = {"from": first, "to": first + count, "axis": 1}
    inputs = [
        g.constant(f"{name}/{key}", np.array([value], np.int64)) for key, value in values.items()
    ]
    return g.node("Slice", x, *inputs, channels=count)


def convnext_tiny(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 224, 224), "stem", 96, 4, stride=4, padding=0, relu=False)
    x = layer_norm(g, x, "stem")
    for stage, (channels, count) in enumerate([(96, 3), (192, 3), (384, 9), (768, 3)]):
        if stage:
            x = layer_norm(g, x, f"down{stage}")
            x = g.conv(x, f"down{stage}", channels, 2, stride=2, padding=0, relu=False)
        for block in range(count):
            name = f"stage{stage}_{block}"
            y = g.conv(x, f"{name}/dw", channels, 7, groups=channels, relu=False)
            y = layer_norm(g, y, name)
            y = gelu(g, g.conv(y, f"{name}/expand", 4 * channels, 1, relu=False), name)
            x = g.add(x, g.conv(y, f"{name}/project", channels, 1, relu=False))
    g.classify(x)


def layer_norm(g: Graph, x: str, name: str) -> str:
    """Over channels, which the operator has last."""
    count = g.channels[x]
    scale = g.constant(f"{name}/scale", np.ones(count, np.float32))
    shift = g.constant(f"{name}/shift", np.zeros(count, np.float32))
    last = g.node("Transpose", x, perm=[0, 2, 3, 1])
    last = g.node("LayerNormalization", last, scale, shift, axis=-1, epsilon=1e-6)
    return g.node("Transpose", last, perm=[0, 3, 1, 2])


def gelu(g: Graph, x: str, name: str) -> str:
    """By the error function, as operator sets before 20 write it."""
    root = g.constant(f"{name}/root", np.array(2**0.5, np.float32))
    one, half = (g.constant(f"{name}/{v}", np.array(v, np.float32)) for v in (1.0, 0.5))
    both = g.node("Add", g.node("Erf", g.node("Div", x, root)), one)
    return g.node("Mul", g.node("Mul", x, both), half)


NEWER: dict[str, Callable[[Graph], None]] = {
    "resnet18": resnet18,
    "mobilenet_v3_small": mobilenet_v3_small,
    "efficientnet_b0": efficientnet_b0,
    "shufflenet_v2": shufflenet_v2,
    "convnext_tiny": convnext_tiny,
}
