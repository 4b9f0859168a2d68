#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The models of onnx_networks.py have the convolutions that the suites list, as the reader finds.

peers/.venv/bin/python peers/test_onnx_networks.py
"""

import re
import unittest
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import numpy_helper
from onnx_convolutions import convolutions
from onnx_networks import NETWORKS, network

SUITES = Path(__file__).parent.parent / "suites" / "networks"
# A layer of its own stands alone in its line; the convolutions of blocks have no input size.
LAYER = re.compile(r"""^ *'(?P<keys>\w+)n"[^"*]+(\*(?P<count>\d+))?"',$""", re.MULTILINE)


def problem(keys: str) -> tuple[tuple[str, int], ...]:
    """What a descriptor says, without outputs and with every other key for both axes."""
    given = {key: int(value) for key, value in re.findall(r"([a-z]+)(\d+)", keys)}
    own_width = "iw" in given and "kw" in given
    whole = {"g": given.get("g", 1), "ic": given["ic"], "oc": given["oc"]}
    for key, default in (("i", None), ("k", None), ("s", 1), ("p", 0), ("d", 0)):
        height = given.get(f"{key}h", default)
        width = given.get(f"{key}w", default if own_width else height)
        whole |= {f"{key}h": height, f"{key}w": width}
    return tuple(whole.items())


def listed(name: str) -> Counter:
    """The layers of a suite."""
    text = (SUITES / f"{name}.json5").read_text()
    layers: Counter = Counter()
    for found in LAYER.finditer(text):
        layers[problem(found["keys"])] += int(found["count"] or 1)
    return layers


class OnnxNetworks(unittest.TestCase):
    def test_every_network_has_a_model(self) -> None:
        self.assertEqual(sorted(NETWORKS), sorted(file.stem for file in SUITES.glob("*.json5")))

    def test_every_convolution_is_read_as_the_layer_of_the_suite(self) -> None:
        for name in NETWORKS:
            with self.subTest(name):
                listing = convolutions(network(name), Path())
                self.assertEqual(listing.missing, [])
                self.assertEqual(listing.notes, [])
                read: Counter = Counter()
                for layer, _, count in listing.layers():
                    read[problem(layer.descriptor)] += count
                self.assertEqual(read, listed(name))

    def test_weights_are_of_the_seed(self) -> None:
        def weights(seed: int) -> list[np.ndarray]:
            return [
                numpy_helper.to_array(constant)
                for constant in network("shufflenet_v1_g3", seed).graph.initializer
            ]

        pairs = zip(weights(1), weights(1), weights(2), strict=True)
        equal = [(np.array_equal(a, b), np.array_equal(a, c)) for a, b, c in pairs]
        self.assertTrue(all(same for same, _ in equal))
        self.assertTrue(any(not other for _, other in equal))

    def test_models_run_and_their_activations_keep_their_size(self) -> None:
        for name, batch_norm in (("mobilenet_v2", False), ("shufflenet_v1_g3", True)):
            made = network(name, batch_norm=batch_norm)
            kinds = Counter(node.op_type for node in made.graph.node)
            self.assertEqual(kinds["BatchNormalization"] > 0, batch_norm)
            session = onnxruntime.InferenceSession(
                made.SerializeToString(), providers=["CPUExecutionProvider"]
            )
            image = np.random.default_rng(3).standard_normal((1, 3, 224, 224), np.float32)
            (output,) = session.run(None, {"image": image})
            self.assertEqual(output.shape, (1, 1000))
            self.assertTrue(np.isfinite(output).all())
            self.assertTrue(1e-4 < np.abs(output).max() < 1e3, np.abs(output).max())


if __name__ == "__main__":
    unittest.main()
