#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes ONNX models of the networks in suites/networks and of newer ones, with random weights.

    peers/.venv/bin/python peers/onnx_networks.py FOLDER [NAME…] [--seed N] [--batch-norm]

The graphs are those of the papers that the suites name, with every convolution that the suite
lists; what follows the last one is a pooling over the image and one fully connected layer, so that
a model stays small. Two suites list layers of several networks: their models have an input a layer.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper, save

OPSET = 17
IR_VERSION = 8
CLASSES = 1000


class Graph:
    """A graph under construction. Tensors are their names; the channels of each are known."""

    def __init__(self, seed: int, batch_norm: bool) -> None:
        self._random = np.random.default_rng(seed)
        self._batch_norm = batch_norm
        self._nodes: list = []
        self._constants: list[TensorProto] = []
        self._inputs: list = []
        self._outputs: list = []
        self._counts: dict[str, int] = {}
        self.channels: dict[str, int] = {}

    def input(self, name: str, *shape: int) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *shape]))
        self.channels[name] = shape[0]
        return name

    def output(self, x: str) -> None:
        self._outputs.append(helper.make_tensor_value_info(x, TensorProto.FLOAT, None))

    def constant(self, name: str, values: np.ndarray) -> str:
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind: str, *inputs: str, channels: int | None = None, **given: object) -> str:
        """Adds a node that keeps the channels of its first input unless they are given."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        name = str(given.pop("name", f"{kind.lower()}{self._counts[kind]}"))
        y = f"{name}/out"
        self._nodes.append(helper.make_node(kind, inputs, [y], name=name, **given))
        self.channels[y] = self.channels[inputs[0]] if channels is None else channels
        return y

    def conv(
        self,
        x: str,
        name: str,
        channels: int,
        kernel: int,
        stride: int = 1,
        padding: int | None = None,
        groups: int = 1,
        dilation: int = 1,
        relu: bool = True,
        axes: int = 2,
        norm: bool = True,
    ) -> str:
        """A convolution that keeps the size of the image where no padding is given."""
        inside = self.channels[x] // groups
        pads = dilation * (kernel - 1) // 2 if padding is None else padding
        # Activations keep their size, of which a ReLU behind the layer leaves half.
        scale = np.sqrt((2 if relu else 1) / (inside * kernel**axes), dtype=np.float32)
        shape = (channels, inside, *(axes * [kernel]))
        filters = self._random.standard_normal(shape, dtype=np.float32) * scale
        inputs = [x, self.constant(f"{name}/w", filters)]
        has_norm = self._batch_norm and norm
        if not has_norm:
            bias = self._random.standard_normal(channels, dtype=np.float32) * np.float32(0.1)
            inputs.append(self.constant(f"{name}/b", bias))
        y = self.node(
            "Conv",
            *inputs,
            channels=channels,
            name=name,
            kernel_shape=axes * [kernel],
            strides=axes * [stride],
            pads=2 * axes * [pads],
            dilations=axes * [dilation],
            group=groups,
        )
        if has_norm:
            y = self.norm(y)
        return self.relu(y) if relu else y

    def norm(self, x: str) -> str:
        """Batch normalisation with drawn statistics."""
        count = self.channels[x]
        name = f"norm{len(self._nodes)}"
        values = {
            "scale": self._random.uniform(0.8, 1.2, count),
            "shift": self._random.normal(0, 0.1, count),
            "mean": self._random.normal(0, 0.1, count),
            "variance": self._random.uniform(0.8, 1.2, count),
        }
        inputs = [
            self.constant(f"{name}/{key}", drawn.astype(np.float32))
            for key, drawn in values.items()
        ]
        return self.node("BatchNormalization", x, *inputs, name=name)

    def relu(self, x: str) -> str:
        return self.node("Relu", x)

    def add(self, x: str, y: str) -> str:
        return self.node("Add", x, y)

    def pool(self, x: str, kernel: int, stride: int, padding: int = 0, ceil: bool = False) -> str:
        return self.node(
            "MaxPool",
            x,
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            pads=[padding] * 4,
            ceil_mode=int(ceil),
        )

    def average(self, x: str, kernel: int, stride: int, padding: int = 0) -> str:
        return self.node(
            "AveragePool",
            x,
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            pads=[padding] * 4,
        )

    def concat(self, *parts: str) -> str:
        total = sum(self.channels[part] for part in parts)
        return self.node("Concat", *parts, channels=total, axis=1)

    def mean(self, x: str) -> str:
        return self.node("GlobalAveragePool", x)

    def classify(self, x: str) -> None:
        """Pooling over the image and a fully connected layer."""
        flat = self.node("Flatten", self.mean(x))
        shape = (CLASSES, self.channels[x])
        weights = self._random.standard_normal(shape, dtype=np.float32) * np.float32(0.01)
        bias = self.constant("classes/b", np.zeros(CLASSES, np.float32))
        self.output(
            self.node(
                "Gemm", flat, self.constant("classes/w", weights), bias, name="classes", transB=1
            )
        )

    def shuffle(self, x: str, groups: int, size: int) -> str:
        """Channels of each group spread over all: a transposition of groups and their channels."""
        channels = self.channels[x]
        name = f"shuffle{len(self._nodes)}"
        split = np.array([-1, groups, channels // groups, size, size], np.int64)
        whole = np.array([-1, channels, size, size], np.int64)
        apart = self.node("Reshape", x, self.constant(f"{name}/split", split))
        mixed = self.node("Transpose", apart, perm=[0, 2, 1, 3, 4])
        return self.node("Reshape", mixed, self.constant(f"{name}/whole", whole))

    def model(self, name: str) -> ModelProto:
        graph = helper.make_graph(self._nodes, name, self._inputs, self._outputs, self._constants)
        opset = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)


def alexnet(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 227, 227), "conv1", 96, 11, stride=4, padding=0)
    x = g.conv(g.pool(x, 3, 2), "conv2", 256, 5, groups=2)
    x = g.conv(g.pool(x, 3, 2), "conv3", 384, 3)
    x = g.conv(x, "conv4", 384, 3, groups=2)
    x = g.conv(x, "conv5", 256, 3, groups=2)
    g.classify(g.pool(x, 3, 2))


def vgg16(g: Graph) -> None:
    x = g.input("image", 3, 224, 224)
    for stage, (count, channels) in enumerate([(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]):
        for layer in range(count):
            x = g.conv(x, f"conv{stage + 1}_{layer + 1}", channels, 3)
        x = g.pool(x, 2, 2)
    g.classify(x)


def nin(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 224, 224), "conv1", 96, 11, stride=4, padding=0)
    for number, (channels, kernel) in enumerate([(96, 0), (256, 5), (384, 3)]):
        if kernel:
            x = g.conv(x, f"conv{number + 1}", channels, kernel)
        for layer in (1, 2):
            x = g.conv(x, f"cccp{2 * number + layer}", channels, 1)
        x = g.pool(x, 3, 2, ceil=number == 0)
    x = g.conv(x, "conv4", 1024, 3)
    x = g.conv(x, "cccp7", 1024, 1)
    g.output(g.mean(g.conv(x, "cccp8", 1000, 1)))


def googlenet(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 224, 224), "conv1/7x7_s2", 64, 7, stride=2)
    x = g.conv(g.pool(x, 3, 2, ceil=True), "conv2/3x3_reduce", 64, 1)
    x = g.pool(g.conv(x, "conv2/3x3", 192, 3), 3, 2, ceil=True)
    modules = {
        "3a": (64, 96, 128, 16, 32, 32),
        "3b": (128, 128, 192, 32, 96, 64),
        "4a": (192, 96, 208, 16, 48, 64),
        "4b": (160, 112, 224, 24, 64, 64),
        "4c": (128, 128, 256, 24, 64, 64),
        "4d": (112, 144, 288, 32, 64, 64),
        "4e": (256, 160, 320, 32, 128, 128),
        "5a": (256, 160, 320, 32, 128, 128),
        "5b": (384, 192, 384, 48, 128, 128),
    }
    for module, (one, reduce3, three, reduce5, five, project) in modules.items():
        name = f"inception_{module}"
        parts = [
            g.conv(x, f"{name}/1x1", one, 1),
            g.conv(g.conv(x, f"{name}/3x3_reduce", reduce3, 1), f"{name}/3x3", three, 3),
            g.conv(g.conv(x, f"{name}/5x5_reduce", reduce5, 1), f"{name}/5x5", five, 5),
            g.conv(g.pool(x, 3, 1, 1), f"{name}/pool_proj", project, 1),
        ]
        x = g.concat(*parts)
        if module in ("3b", "4e"):
            x = g.pool(x, 3, 2, ceil=True)
    g.classify(x)


def residual(
    g: Graph, width: int = 64, groups: int = 1, strides_first: bool = False, squeezes: bool = False
) -> None:
    """ResNet-50 and its relatives; `width` is that of the 3x3 in the first stage."""
    x = g.pool(g.conv(g.input("image", 3, 224, 224), "conv1", 64, 7, stride=2), 3, 2, 1)
    for stage, count in enumerate([3, 4, 6, 3]):
        narrow, wide = width << stage, 256 << stage
        for block in range(count):
            name = f"res{stage + 2}{chr(ord('a') + block)}"
            stride = 2 if stage > 0 and block == 0 else 1
            first, second = (stride, 1) if strides_first else (1, stride)
            y = g.conv(x, f"{name}_branch2a", narrow, 1, stride=first)
            y = g.conv(y, f"{name}_branch2b", narrow, 3, stride=second, groups=groups)
            y = g.conv(y, f"{name}_branch2c", wide, 1, relu=False)
            if squeezes:
                s = g.conv(g.mean(y), f"{name}_se_reduce", wide // 16, 1, norm=False)
                s = g.conv(s, f"{name}_se_expand", wide, 1, relu=False, norm=False)
                y = g.node("Mul", y, g.node("Sigmoid", s))
            if block == 0:
                x = g.conv(x, f"{name}_branch1", wide, 1, stride=stride, relu=False)
            x = g.relu(g.add(x, y))
    g.classify(x)


def mobilenet_v1(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 224, 224), "conv1", 32, 3, stride=2)
    layers = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
    layers += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    for number, (channels, stride) in enumerate(layers, start=2):
        inside = g.channels[x]
        x = g.conv(x, f"conv{number}/dw", inside, 3, stride=stride, groups=inside)
        x = g.conv(x, f"conv{number}/pw", channels, 1)
    g.classify(x)


def mobilenet_v2(g: Graph) -> None:
    x = g.conv(g.input("image", 3, 224, 224), "conv1", 32, 3, stride=2)
    stages = [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ]
    for stage, (factor, channels, count, first) in enumerate(stages, start=1):
        for block in range(count):
            name, stride = f"b{stage}_{block}", first if block == 0 else 1
            wide = factor * g.channels[x]
            y = g.conv(x, f"{name}/expand", wide, 1) if factor > 1 else x
            y = g.conv(y, f"{name}/dw", wide, 3, stride=stride, groups=wide)
            y = g.conv(y, f"{name}/project", channels, 1, relu=False)
            x = g.add(x, y) if block > 0 else y
    g.classify(g.conv(x, "conv_last", 1280, 1))


def shufflenet_v1_g3(g: Graph) -> None:
    x = g.pool(g.conv(g.input("image", 3, 224, 224), "conv1", 24, 3, stride=2), 3, 2, 1)
    size = 56
    for stage, (channels, count) in enumerate([(240, 4), (480, 8), (960, 4)], start=2):
        for block in range(count):
            name, narrow, stride = f"stage{stage}_{block}", channels // 4, 1 if block else 2
            inside = g.channels[x]
            # The first layer has too few channels for groups.
            groups = 3 if inside > 24 else 1
            y = g.conv(x, f"{name}/gconv1", narrow, 1, groups=groups)
            y = g.shuffle(y, 3, size)
            y = g.conv(y, f"{name}/dw", narrow, 3, stride=stride, groups=narrow, relu=False)
            added = channels if block else channels - inside
            y = g.conv(y, f"{name}/gconv2", added, 1, groups=3, relu=False)
            x = g.add(x, y) if block else g.concat(g.average(x, 3, 2, 1), y)
            x = g.relu(x)
            size //= stride
    g.classify(x)


def densenet121(g: Graph) -> None:
    x = g.pool(g.conv(g.input("image", 3, 224, 224), "conv0", 64, 7, stride=2), 3, 2, 1)
    for block, count in enumerate([6, 12, 24, 16], start=1):
        for layer in range(1, count + 1):
            name = f"dense{block}_l{layer}"
            y = g.conv(g.relu(g.norm(x)), f"{name}/1x1", 128, 1)
            x = g.concat(x, g.conv(y, f"{name}/3x3", 32, 3, relu=False, norm=False))
        if block < 4:
            half = g.channels[x] // 2
            y = g.conv(g.relu(g.norm(x)), f"transition{block}/1x1", half, 1, relu=False, norm=False)
            x = g.average(y, 2, 2)
    g.classify(g.relu(g.norm(x)))


def xception(g: Graph) -> None:
    def separable(x: str, name: str, channels: int) -> str:
        inside = g.channels[x]
        x = g.conv(x, f"{name}/dw", inside, 3, groups=inside, relu=False, norm=False)
        return g.conv(x, f"{name}/pw", channels, 1, relu=False)

    def reduced(x: str, name: str, first: int, second: int) -> str:
        skip = g.conv(x, f"{name}_shortcut", second, 1, stride=2, relu=False)
        y = separable(g.relu(x), f"{name}_sep1", first)
        y = separable(g.relu(y), f"{name}_sep2", second)
        return g.add(skip, g.pool(y, 3, 2, 1))

    x = g.conv(g.input("image", 3, 299, 299), "conv1", 32, 3, stride=2, padding=0)
    x = g.conv(x, "conv2", 64, 3, padding=0)
    for number, channels in ((2, 128), (3, 256), (4, 728)):
        x = reduced(x, f"block{number}", channels, channels)
    for number in range(5, 13):
        y = x
        for layer in (1, 2, 3):
            y = separable(g.relu(y), f"block{number}_sep{layer}", 728)
        x = g.add(x, y)
    x = reduced(x, "block13", 728, 1024)
    x = g.relu(separable(x, "block14_sep1", 1536))
    g.classify(g.relu(separable(x, "block14_sep2", 2048)))


def wavenet_atrous(g: Graph) -> None:
    x = g.input("sound", 64, 4096)
    skips = []
    for power in range(10):
        dilation = 1 << power
        pads = g.constant(f"pads{dilation}", np.array([0, 0, dilation, 0, 0, 0], np.int64))
        gate = g.conv(
            g.node("Pad", x, pads),
            f"gate_k2_d{dilation}",
            128,
            2,
            padding=0,
            dilation=dilation,
            relu=False,
            axes=1,
        )
        halves = [
            g.node("Slice", gate, *_range(g, f"half{dilation}_{half}", half), channels=64)
            for half in (0, 1)
        ]
        y = g.node("Mul", g.node("Tanh", halves[0]), g.node("Sigmoid", halves[1]))
        skips.append(g.conv(y, f"skip_1x1_{power}", 256, 1, relu=False, axes=1))
        x = g.add(x, g.conv(y, f"res_1x1_{power}", 64, 1, relu=False, axes=1))
    total = skips[0]
    for skip in skips[1:]:
        total = g.add(total, skip)
    g.output(g.relu(total))
    g.output(x)


def _range(g: Graph, name: str, half: int) -> list[str]:
    """Starts, ends and axes of a half of 128 channels."""
    values = {"from": 64 * half, "to": 64 * (half + 1), "axis": 1}
    return [
        g.constant(f"{name}/{key}", np.array([value], np.int64)) for key, value in values.items()
    ]


def deeplab_atrous(g: Graph) -> None:
    vgg = ((512, 1024, 41, d, f"v2_aspp_vgg/fc6_d{d}", 1) for d in (6, 12, 18, 24))
    deep = ((2048, 21, 41, d, f"v2_aspp_r101/d{d}", 1) for d in (6, 12, 18, 24))
    blocks = ((512, 512, 33, d, f"v3_os16/block4_mg_d{d}", 1) for d in (2, 4, 8))
    pyramid = ((2048, 256, 33, d, f"v3_os16/aspp_d{d}", 1) for d in (6, 12, 18))
    wide = ((2048, 256, 65, d, f"v3_tv50_os8/aspp_d{d}", 1) for d in (12, 24, 36))
    context = enumerate((1, 1, 2, 4, 8, 16, 1), start=1)
    layers = [
        (512, 512, 41, 2, "largefov/conv5_d2", 3),
        (512, 1024, 41, 12, "largefov/fc6_d12", 1),
        *vgg,
        *deep,
        (256, 256, 41, 2, "v2_r101/res4_d2", 23),
        (512, 512, 41, 4, "v2_r101/res5_d4", 3),
        *blocks,
        *pyramid,
        (256, 256, 65, 2, "v3_tv50_os8/layer3_d2", 5),
        (512, 512, 65, 2, "v3_tv50_os8/layer4_d2", 1),
        (512, 512, 65, 4, "v3_tv50_os8/layer4_d4", 2),
        *wide,
        (256, 256, 65, 1, "v3_tv50_os8/head_3x3", 1),
        *((21, 21, 64, d, f"context/l{number}_d{d}", 1) for number, d in context),
    ]
    for inside, channels, size, dilation, name, count in layers:
        x = g.input(f"{name}/in", inside, size, size)
        for number in range(count):
            x = g.conv(x, f"{name}/{number}", channels, 3, dilation=dilation)
        g.output(x)
    ones = [
        (1024, 1024, 41, "largefov/fc7"),
        (2048, 256, 33, "v3_os16/aspp_1x1"),
        (2048, 256, 1, "v3_os16/aspp_pool"),
        (1280, 256, 33, "v3_os16/aspp_proj"),
        (2048, 256, 65, "v3_tv50_os8/aspp_1x1"),
        (1280, 256, 65, "v3_tv50_os8/aspp_proj"),
    ]
    for inside, channels, size, name in ones:
        g.output(g.conv(g.input(f"{name}/in", inside, size, size), name, channels, 1))
    x = g.input("rfcn/in", 512, 38, 57)
    g.output(g.conv(x, "rfcn/dilated", 512, 3, dilation=3))


def deformable(g: Graph) -> None:
    """The deformed layers, as plain ones, and the convolutions that give their offsets."""
    layers = [
        ("dcnv2_c3", 128, 100, 168, 1, 27, 3),
        ("dcnv2_c4", 256, 50, 84, 1, 27, 5),
        ("dcnv2_c5", 512, 25, 42, 1, 27, 2),
        ("dcnv1_c5_d2", 512, 38, 57, 2, 72, 3),
        *((f"dcn_sq{size}", 64 * 56 // size, size, size, 1, 18, 1) for size in (56, 28, 14, 7)),
    ]
    for name, channels, height, width, dilation, offsets, count in layers:
        x = g.input(f"{name}/in", channels, height, width)
        for number in range(count):
            given = {"dilation": dilation, "relu": False}
            g.output(g.conv(x, f"{name}/offset{number}", offsets, 3, **given))
            x = g.conv(x, f"{name}/main{number}", channels, 3, **given)
        g.output(x)


NETWORKS: dict[str, Callable[[Graph], None]] = {
    "alexnet": alexnet,
    "vgg16": vgg16,
    "nin": nin,
    "googlenet": googlenet,
    "resnet50": residual,
    "resnet50_v1": lambda g: residual(g, strides_first=True),
    "resnext50_32x4d": lambda g: residual(g, width=128, groups=32),
    "se_resnet50": lambda g: residual(g, strides_first=True, squeezes=True),
    "mobilenet_v1": mobilenet_v1,
    "mobilenet_v2": mobilenet_v2,
    "shufflenet_v1_g3": shufflenet_v1_g3,
    "densenet121": densenet121,
    "xception": xception,
    "wavenet_atrous": wavenet_atrous,
    "deeplab_atrous": deeplab_atrous,
    "deformable": deformable,
}


def network(name: str, seed: int = 1, batch_norm: bool = False) -> ModelProto:
    """The model of a network, of the same weights for the same seed."""
    from onnx_newer_networks import NEWER

    graph = Graph(seed, batch_norm)
    (NETWORKS | NEWER)[name](graph)
    return graph.model(name)


def main(arguments: list[str] | None = None) -> int:
    from onnx_newer_networks import NEWER

    known = NETWORKS | NEWER
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the models go")
    parser.add_argument("names", nargs="*", help=f"which; else all: {', '.join(known)}")
    parser.add_argument("--seed", type=int, default=1, help="of the weights (1)")
    parser.add_argument(
        "--batch-norm", action="store_true", help="normalisation behind each convolution, no bias"
    )
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in known:
            parser.error(f"no network is called ‘{name}’; accepted are {', '.join(known)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names or known:
        path = options.folder / f"{name}.onnx"
        save(network(name, options.seed, options.batch_norm), path)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
