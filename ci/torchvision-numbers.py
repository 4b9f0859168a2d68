#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints Tests/ConvolutionTests/TorchvisionNumbers.swift: what torchvision computes.

Run it where torch and torchvision are installed; the tests need neither. Inputs are not stored:
both sides make them by the same rule, from multiples of 1/256, so that every place is exact.
"""

import argparse

import torch
import torchvision
from torchvision.ops import deform_conv2d

# Name, descriptor, offset groups, modulated, largest offset.
CASES = [
    ("v1", "ic4ih5iw6oc3kh3ph1", 1, False, 2),
    ("v2", "mb2g2ic8ih7iw5oc4kh3kw2sh2sw1ph1pw0dh0dw1", 4, True, 2),
    ("outside", "ic2ih4iw5oc2kh3ph2dh1", 2, True, 8),
    ("infinite", "ic2ih4oc2kh3ph1", 1, True, 1),
]


def numbers(count, seed, largest):
    """Multiples of 1/256 of at most `largest`."""
    span = 2 * largest * 256 + 1
    values = [
        ((index * 7919 + seed * 104729) % span - largest * 256) / 256 for index in range(count)
    ]
    return torch.tensor(values, dtype=torch.float64)


def fields(descriptor):
    """The descriptor's numbers by key, with what the deformable cases leave out."""
    found, key, value = {}, "", ""
    for character in descriptor + "z":
        if character.isdigit():
            value += character
        elif value:
            found[key], key, value = int(value), character, ""
        else:
            key += character
    found.setdefault("iw", found["ih"])
    found.setdefault("kw", found["kh"])
    for name, default in [("g", 1), ("mb", 1), ("sh", 1), ("ph", 0), ("dh", 0)]:
        found.setdefault(name, default)
    for name in ("s", "p", "d"):
        found.setdefault(name + "w", found[name + "h"])
    return found


def output_of(descriptor, offset_groups, is_modulated, largest, is_infinite):
    f = fields(descriptor)
    height = (f["ih"] + 2 * f["ph"] - f["kh"] - (f["kh"] - 1) * f["dh"]) // f["sh"] + 1
    width = (f["iw"] + 2 * f["pw"] - f["kw"] - (f["kw"] - 1) * f["dw"]) // f["sw"] + 1
    taps = offset_groups * f["kh"] * f["kw"]

    def tensor(seed, largest, *shape):
        return numbers(torch.Size(shape).numel(), seed, largest).reshape(shape)

    offset = tensor(2, largest, f["mb"], 2 * taps, height, width)
    if is_infinite:
        offset.view(-1)[::5] = float("inf")
        offset.view(-1)[3::7] = float("-inf")
    return deform_conv2d(
        tensor(1, 2, f["mb"], f["ic"], f["ih"], f["iw"]),
        offset,
        tensor(3, 1, f["oc"], f["ic"] // f["g"], f["kh"], f["kw"]),
        bias=tensor(4, 1, f["oc"]),
        stride=(f["sh"], f["sw"]),
        padding=(f["ph"], f["pw"]),
        dilation=(f["dh"] + 1, f["dw"] + 1),
        mask=tensor(5, 1, f["mb"], taps, height, width) if is_modulated else None,
    )


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    print("// SPDX-License-Identifier: Apache-2.0")
    print("// Printed by ci/torchvision-numbers.py with", end=" ")
    print(f"torch {torch.__version__} and torchvision {torchvision.__version__}.")
    print("\n/// What torchvision's `deform_conv2d` computes in double precision.")
    print("struct TorchvisionNumbers: Sendable {")
    print("  let name: String\n  let descriptor: String\n  let offsetGroups: Int")
    print("  let isModulated: Bool\n  let largestOffset: Int\n  let output: [Double]\n")
    print("  static let cases = [")
    for name, descriptor, groups, is_modulated, largest in CASES:
        output = output_of(descriptor, groups, is_modulated, largest, name == "infinite")
        flag = "true" if is_modulated else "false"
        print("    TorchvisionNumbers(")
        print(f'      name: "{name}", descriptor: "{descriptor}", offsetGroups: {groups},')
        print(f"      isModulated: {flag}, largestOffset: {largest},")
        print("      output: [")
        for value in output.flatten().tolist():
            print(f"        {value!r},")
        print("      ]),")
    print("  ]\n}")


if __name__ == "__main__":
    main()
