#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the designs of suites/rules/activations-against-macs.json5, as RegNetX is parametrised.

ci/draw-regnet.py           prints the values of the suite's axis, a line each
ci/draw-regnet.py --check   exit 1 where the suite has other designs than it draws

Depth, initial width, slope, step and group width are drawn; block widths follow a line that is
rounded to powers of the step and to eights; designs with four stages and 150 to 1200 MMAC are kept.
Source: Radosavovic et al., Designing Network Design Spaces, CVPR 2020, sections 3.3 and 4.
"""

import argparse
import math
import random
import sys
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent / "suites/rules/activations-against-macs.json5"
SEED = 2020
COUNT = 60
STEM = 32


def widths(draw):
    """Width and depth of each stage of a drawn design."""
    depth = draw.randint(8, 24)
    first = 8 * draw.randint(2, 8)
    slope = math.exp(draw.uniform(math.log(8), math.log(80)))
    step = draw.uniform(1.8, 3.0)
    blocks = []
    for block in range(depth):
        power = round(math.log((first + slope * block) / first) / math.log(step))
        blocks.append(8 * round(first * step**power / 8))
    stages = sorted(set(blocks))
    return stages, [blocks.count(width) for width in stages]


def macs(stages):
    """Multiply-accumulates of stem and stages, for an image of 224."""
    total = 27 * STEM * 112 * 112
    size, before = 112, STEM
    for width, depth, groups in stages:
        inner = 9 * width * width // groups
        total += before * width * size * size
        size //= 2
        total += (inner + width * width + before * width) * size * size
        total += (depth - 1) * (2 * width * width + inner) * size * size
        before = width
    return total


def designs():
    """The kept designs: width, depth and groups of four stages each."""
    draw = random.Random(SEED)
    found = []
    while len(found) < COUNT:
        wide, deep = widths(draw)
        group = 8 * draw.randint(1, 6)
        stages = []
        for width, depth in zip(wide, deep, strict=True):
            per_group = min(group, width)
            width = max(per_group, per_group * round(width / per_group))
            stages.append((width, depth, width // per_group))
        if len(stages) == 4 and 150e6 <= macs(stages) <= 1.2e9:
            found.append(stages)
    return found


def lines():
    for number, stages in enumerate(designs(), 1):
        fields = [f"n: {number}"]
        for stage, (width, depth, groups) in enumerate(stages, 1):
            fields.append(f"w{stage}: {width}, d{stage}: {depth}, g{stage}: {groups}")
        yield "      { " + ", ".join(fields) + " },"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if not arguments.check:
        print("\n".join(lines()))
        return 0
    if "\n".join(lines()) in SUITE.read_text():
        return 0
    print(f"{SUITE}: other designs than {Path(__file__).name} draws", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
